"""The board: outages as rows, by tab, those first whose supply must come back first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct, convert

from desk.notices.tally import DutyCounts, counts, next_due, overdue
from desk.outages.live import Held, is_due
from desk.records import ACTIVE, Affected, Outage, Status
from desk.trouble import Grounds, reason

TABS = ("active", "scheduled", "predicted", "restored")

# stage → tab. A planned start that has come is still on the scheduled tab: nobody said that power is off.
STAGES: Mapping[str, str] = {
    "off": "active",
    "overdue": "active",
    "due_to_start": "scheduled",
    "upcoming": "scheduled",
    "predicted": "predicted",
    "restored": "restored",
}

# How important customers rank; a grade in other words ranks last.
GRADES: Mapping[str, int] = {"special": 0, "first": 1, "second": 2, "temporary": 3}
_RANKS = range(5)


class BoardRow(Struct, frozen=True, kw_only=True):
    """One outage as the board shows it. `next_at` is the moment its countdown runs to, `next_duty` when the next
    open duty is due, or the first overdue one was."""

    id: str
    type: str
    type_label: str
    status: Status
    stage: str
    what: str
    area: str
    feeders: tuple[str, ...]
    planned_start: datetime | None
    planned_end: datetime | None
    actual_start: datetime | None
    actual_end: datetime | None
    etr: datetime | None
    next_at: datetime | None
    affected: Affected
    calls: int
    danger_to_life: bool
    revision: int
    type_short: str = ""
    duties: DutyCounts = DutyCounts()
    next_duty: datetime | None = None


class Board(Struct, frozen=True, kw_only=True):
    """The whole board at one moment. `data_age` is None while no outage was ever entered or confirmed."""

    at: datetime
    rows: dict[str, tuple[BoardRow, ...]]
    data_age: timedelta | None
    stale: bool

    @property
    def counts(self) -> dict[str, int]:
        return {tab: len(rows) for tab, rows in self.rows.items()}


def stage_of(outage: Outage, now: datetime) -> str:
    """Where an outage stands for the person reading the board; empty when it is not on it."""
    if outage.status in ACTIVE:
        end = expected_end(outage)
        return "overdue" if end and end <= now else "off"
    if outage.status is Status.SCHEDULED:
        return "due_to_start" if is_due(outage, now) else "upcoming"
    if outage.status is Status.PREDICTED:
        return "predicted"
    return "restored" if outage.actual_end else ""


def expected_end(outage: Outage) -> datetime | None:
    """When supply is expected back, as far as anyone has said."""
    return outage.etr or outage.planned_end


def began(outage: Outage) -> datetime:
    """When supply went, or is to go."""
    return outage.actual_start or outage.planned_start or outage.received_at


def restoration_order(outage: Outage) -> tuple[int | float, ...]:
    """Sorts outages as supply is to be given back: danger to life, important customers by grade,
    public services, number of customers, age."""
    affected = outage.affected
    by_grade = [0] * len(_RANKS)
    for grade, count in affected.grades.items():
        by_grade[GRADES.get(grade, _RANKS[-1])] -= count
    number = outage.id[1:]
    return (
        not outage.danger_to_life,
        *by_grade,
        -affected.public_services,
        -affected.customers,
        began(outage).timestamp(),
        int(number) if number.isdecimal() else 0,
    )


class RowMaker:
    """Turns held outages into rows, making a row again only when its outage or its stage has moved."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[tuple[int, str, tuple[str, str], int], BoardRow]] = {}
        self._order: dict[str, tuple[int, tuple[int | float, ...]]] = {}

    def rows(
        self, held: Iterable[Held], labels: Mapping[str, tuple[str, str]], now: datetime, restored_since: datetime
    ) -> dict[str, tuple[BoardRow, ...]]:
        """The board's rows by tab; `labels` are the names of the outage types, in full and short."""
        held = list(held)
        self._forget_all_but({item.outage.id for item in held})
        by_tab: dict[str, list[tuple[tuple[int | float, ...], BoardRow]]] = {tab: [] for tab in TABS}
        for item in held:
            stage = stage_of(item.outage, now)
            if not stage or (stage == "restored" and _restored_before(item.outage, restored_since)):
                continue
            row = self._row(item, stage, labels.get(item.outage.type, (item.outage.type,) * 2), now)
            by_tab[STAGES[stage]].append((self._key(item, stage), row))
        return {tab: tuple(row for _key, row in sorted(found, key=_first)) for tab, found in by_tab.items()}

    def _forget_all_but(self, ids: set[str]) -> None:
        # A desk stays open for weeks: what left the board must not pile up.
        for made in (self._made, self._order):
            if len(made) > len(ids):
                for name in made.keys() - ids:
                    made.pop(name, None)

    def _row(self, item: Held, stage: str, label: tuple[str, str], now: datetime) -> BoardRow:
        key = (item.revision, stage, label, overdue(item.outage.duties, now))
        made = self._made.get(item.outage.id)
        if made is None or made[0] != key:
            made = self._made[item.outage.id] = (key, make_row(item, stage, label, now))
        return made[1]

    def _key(self, item: Held, stage: str) -> tuple[int | float, ...]:
        outage = item.outage
        if stage == "restored":  # nothing is left to restore: the newest first
            return (-outage.actual_end.timestamp(),) if outage.actual_end else ()
        kept = self._order.get(outage.id)
        if kept is None or kept[0] != item.revision:
            kept = self._order[outage.id] = (item.revision, restoration_order(outage))
        if stage in ("upcoming", "due_to_start"):  # a plan waits for its hour, not for its weight
            return (began(outage).timestamp(), *kept[1])
        return kept[1]


def make_row(item: Held, stage: str, names: tuple[str, str], now: datetime) -> BoardRow:
    """The row of one outage in one stage; `names` are its type's, in full and short."""
    outage, (label, short) = item.outage, names
    return BoardRow(
        id=outage.id,
        type=outage.type,
        type_label=label,
        type_short=short,
        status=outage.status,
        stage=stage,
        what=outage.cause or why_predicted(outage) or label,
        area=outage.area or area_words(outage),
        feeders=outage.affected.feeders or outage.scope.feeders,
        planned_start=outage.planned_start,
        planned_end=outage.planned_end,
        actual_start=outage.actual_start,
        actual_end=outage.actual_end,
        etr=outage.etr,
        next_at=_next_at(outage, stage),
        affected=outage.affected,
        calls=outage.calls,
        danger_to_life=outage.danger_to_life,
        revision=item.revision,
        duties=counts(outage.duties, now),
        next_duty=next_due(outage.duties),
    )


def why_predicted(outage: Outage) -> str:
    """What speaks for a predicted outage, in a sentence; empty for any other."""
    if outage.status is not Status.PREDICTED:
        return ""
    grounds = outage.facts.get("grounds")
    return reason(convert(grounds, Grounds)) if grounds else str(outage.facts.get("reason", ""))


def area_words(outage: Outage) -> str:
    """Where the outage is, in the names of its devices, when nobody wrote it for the public."""
    scope = outage.scope
    names = [*scope.feeders, *scope.laterals, *scope.transformer_areas, *scope.meter_boxes, *scope.accounts]
    return "、".join(names[:3]) + (f" +{len(names) - 3}" if len(names) > 3 else "")


def _next_at(outage: Outage, stage: str) -> datetime | None:
    if stage in ("upcoming", "due_to_start"):
        return outage.planned_start
    if stage in ("off", "overdue"):
        return expected_end(outage)
    return None


def _restored_before(outage: Outage, moment: datetime) -> bool:
    return outage.actual_end is None or outage.actual_end < moment


def _first(pair: tuple[tuple[int | float, ...], BoardRow]) -> tuple[int | float, ...]:
    return pair[0]
