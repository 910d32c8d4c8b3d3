"""The outages that matter now, kept in memory and refreshed row by row: live ones, and those just restored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Lock

from msgspec import Struct

from desk import schema
from desk.grid import qualified
from desk.place import Place
from desk.records import ACTIVE, LIVE, Customer, Outage, Status, TransformerArea

JUST_RESTORED = timedelta(minutes=30)


class Held(Struct, frozen=True):
    """One outage with the revision of the document it was read from."""

    outage: Outage
    revision: int


class LiveOutages:
    """All live outages and those restored within the board's hours; safe to ask from several threads.

    A refresh asks the store for revisions only and reads the documents whose revision moved.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lock = Lock()
        self._version = -1
        self._held: dict[str, Held] = {}
        self._by_place: dict[tuple[str, str], list[str]] = {}

    def held(self) -> tuple[Held, ...]:
        """Everything held, as the store has it now, in no particular order."""
        with self._lock:
            self._refresh()
            return tuple(self._held.values())

    def touching(self, customer: Customer, area: TransformerArea | None) -> list[Outage]:
        """The held outages whose scope takes this customer's supply: off now, to come, just restored."""
        with self._lock:
            self._refresh()
            found = {name: None for key in _places(customer, area) for name in self._by_place.get(key, ())}
            return [self._held[name].outage for name in found]

    def _refresh(self) -> None:
        version = self._place.changes.version(schema.OUTAGES)
        if version == self._version:
            return
        before, self._held = self._held, self._read_moved()
        if not _same_scopes(before, self._held):  # a logged call raises a count, it moves no device
            self._by_place = _by_place(row.outage for row in self._held.values())
        self._version = version

    def _read_moved(self) -> dict[str, Held]:
        config = self._place.config
        # However short the board looks back: a caller may be "still out" of what was restored within these minutes.
        back = max(
            timedelta(hours=config.board.restored_hours),
            timedelta(minutes=config.trouble.still_out_minutes),
            JUST_RESTORED,
        )
        since, table = self._place.now() - back, self._place.outages_table
        revisions = table.revisions_from("actual_end", since.isoformat(), status=sorted(LIVE))
        kept = {name: row for name, row in self._held.items() if revisions.get(name) == row.revision}
        moved = [name for name in revisions if name not in kept]
        for outage in table.where(id=moved) if moved else ():
            kept[outage.id] = Held(outage, revisions[outage.id])
        return kept


def _same_scopes(before: dict[str, Held], after: dict[str, Held]) -> bool:
    if before.keys() != after.keys():
        return False
    moved = (name for name, row in after.items() if row is not before[name])
    return all(after[name].outage.scope == before[name].outage.scope for name in moved)


def _by_place(outages: Iterable[Outage]) -> dict[tuple[str, str], list[str]]:
    """(kind of device, its name) → ids of the outages declared on it."""
    found: dict[tuple[str, str], list[str]] = {}
    for outage in outages:
        scope = outage.scope
        for kind, names in (
            ("feeder", scope.feeders),
            ("lateral", scope.laterals),
            ("area", scope.transformer_areas),
            ("box", scope.meter_boxes),
            ("account", scope.accounts),
        ):
            for name in names:
                found.setdefault((kind, name), []).append(outage.id)
    return found


def _places(customer: Customer, area: TransformerArea | None) -> Iterable[tuple[str, str]]:
    """Every device and name under which an outage may touch this customer."""
    yield "account", customer.account_no
    yield "area", customer.transformer_area
    if customer.meter_box:
        yield "box", customer.meter_box
    if area:
        yield "feeder", area.feeder
        if area.lateral:
            yield "lateral", area.lateral
            yield "lateral", qualified(area)


def is_due(outage: Outage, now: datetime) -> bool:
    """Whether a planned start has come without anyone having said that supply is off."""
    return outage.status is Status.SCHEDULED and outage.planned_start is not None and outage.planned_start <= now


def takes_calls(outage: Outage, at: datetime, back: timedelta = JUST_RESTORED) -> bool:
    """Whether a call about no power at `at` belongs to this outage when it covers the caller."""
    if outage.status in ACTIVE or is_due(outage, at):
        return True
    return just_restored(outage, at, back)


def just_restored(outage: Outage, at: datetime, back: timedelta = JUST_RESTORED) -> bool:
    """Whether supply came back no more than `back` before `at`."""
    return outage.actual_end is not None and timedelta(0) <= at - outage.actual_end <= back
