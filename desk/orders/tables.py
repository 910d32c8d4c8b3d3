"""Order tables as records: which feeder is cut after which when there is too little power (Art. 11, 12, 19).

Pure: what a table is, which one is in force at a moment, and which consent it needs next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from msgspec.structs import replace

from desk.errors import BadInput, Refused
from desk.i18n import N_, _
from desk.records import Record


class Kind(StrEnum):
    """The two tables the county keeps."""

    EMERGENCY = "emergency"
    CAPACITY = "capacity"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.EMERGENCY: N_("emergency shedding order"),
    Kind.CAPACITY: N_("capacity limit order"),
}
# Outage type → the table its feeders are cut by, and the article that says so.
ORDERED: Mapping[str, tuple[Kind, str]] = {
    "grid_fault": (Kind.EMERGENCY, "11.3"),
    "supply_shortage": (Kind.CAPACITY, "12.1"),
}

# Art. 19: the government approves, then the leader consents; both before use.
STEPS = ("government", "leader")
STEP_WORDS: Mapping[str, str] = {"government": N_("approval of the government"), "leader": N_("consent of the leader")}
MODES: Mapping[str, str] = {"written": N_("in writing"), "phone": N_("by telephone")}


class OrderRow(Record, frozen=True, kw_only=True):
    """One feeder of a table. Several may share a position: they are cut together. `load` is in MW.

    A `protected` feeder is listed and never chosen: it carries a load that must stay on.
    """

    position: int
    feeder: str
    load: float
    protected: bool = False
    notes: str = ""


class Consent(Record, frozen=True, kw_only=True):
    """One step of Article 19: who agreed, how, when, under which reference."""

    step: str
    by: str
    at: datetime
    mode: str = "written"  # written | phone
    ref: str = ""


class OrderTable(Record, frozen=True, kw_only=True):
    """One version of one table. Its rows never change: another order is another version."""

    id: str
    kind: Kind
    version: int
    year: int  # the year it was compiled for
    compiled_at: datetime
    rows: tuple[OrderRow, ...]
    by: str = ""
    source: str = ""
    consents: tuple[Consent, ...] = ()
    in_force_from: datetime | None = None

    @property
    def load(self) -> float:
        """What can be shed in all, in MW: protected feeders do not count."""
        return round(sum(row.load for row in self.rows if not row.protected), 3)


def next_step(table: OrderTable) -> str:
    """The consent the table waits for; empty when it has both."""
    return STEPS[len(table.consents)] if len(table.consents) < len(STEPS) else ""


def in_force(tables: Iterable[OrderTable], kind: Kind, at: datetime) -> OrderTable | None:
    """The one version of `kind` that holds at `at`: the latest to come into force until then."""
    holding = ((table.in_force_from, table.version, table) for table in tables if table.kind is kind)
    begun = [(since, version, table) for since, version, table in holding if since is not None and since <= at]
    return max(begun, key=lambda one: one[:2])[2] if begun else None


def state(table: OrderTable, holding: OrderTable | None, now: datetime) -> str:
    """Where a version stands, as a word of `STATES`; `holding` is the one of its kind in force now."""
    if holding is not None and holding.id == table.id:
        return "in_force"
    if table.in_force_from is None:
        return f"waits_{next_step(table)}"
    return "to_come" if table.in_force_from > now else "replaced"


STATES: Mapping[str, str] = {
    "in_force": N_("in force"),
    "to_come": N_("agreed, still to come"),
    "replaced": N_("replaced"),
    "waits_government": N_("waits for the government"),
    "waits_leader": N_("waits for the leader"),
}


def consented(table: OrderTable, consent: Consent, since: datetime | None, now: datetime) -> OrderTable:
    """The table with one more consent; with the last one it comes into force at `since` (then, when None).

    Raises Refused when the consents would not come in order, BadInput when its words or times are wrong.
    """
    wanted = next_step(table)
    if not wanted:
        raise Refused(_("order table {id} has both its consents already").format(id=table.id))
    if consent.step != wanted:
        words = {"id": table.id, "wanted": _(STEP_WORDS[wanted])}
        raise Refused(_("order table {id} needs the {wanted} now; the order is fixed by Article 19").format(**words))
    _check(table, consent, now)
    if wanted != STEPS[-1]:
        if since is not None:
            raise BadInput(_("when the table comes into force is said with the consent of the leader"))
        return replace(table, consents=(*table.consents, consent))
    if since is not None and since < consent.at:
        raise BadInput(_("a table cannot come into force before the leader has consented"))
    return replace(table, consents=(*table.consents, consent), in_force_from=since or consent.at)


def _check(table: OrderTable, consent: Consent, now: datetime) -> None:
    if not consent.by.strip():
        raise BadInput(_("a consent needs the name of who gave it"))
    if consent.mode not in MODES:
        raise BadInput(_("{mode} is neither written nor phone").format(mode=consent.mode))
    if consent.at > now:
        raise BadInput(
            _("{at} is still to come; what was agreed is recorded").format(at=f"{consent.at:%Y-%m-%d %H:%M}")
        )
    if table.consents and consent.at < table.consents[-1].at:
        raise BadInput(_("the leader cannot have consented before the government approved"))
