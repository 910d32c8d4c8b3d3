"""An interruption of supply: where, when, whom it touches, what was done about it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from desk.records.base import Record


class Status(StrEnum):
    """Where an outage stands. `predicted` comes from calls, `scheduled` from a plan."""

    PREDICTED = "predicted"
    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    PARTIALLY_RESTORED = "partially_restored"
    RESTORED = "restored"
    CLOSED = "closed"
    CANCELLED = "cancelled"


ACTIVE = frozenset({Status.CONFIRMED, Status.PARTIALLY_RESTORED})
LIVE = ACTIVE | {Status.SCHEDULED, Status.PREDICTED}
OVER = frozenset({Status.RESTORED, Status.CLOSED, Status.CANCELLED})


class Scope(Record, frozen=True, kw_only=True):
    """The devices and accounts an outage was declared on, before topology expands them."""

    feeders: tuple[str, ...] = ()
    laterals: tuple[str, ...] = ()
    transformer_areas: tuple[str, ...] = ()
    meter_boxes: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.feeders or self.laterals or self.transformer_areas or self.meter_boxes or self.accounts)


class Affected(Record, frozen=True, kw_only=True):
    """Who a scope touches, counted. `grades` counts important customers by grade."""

    customers: int = 0
    special: int = 0
    important: int = 0
    medal: int = 0
    public_services: int = 0
    grades: dict[str, int] = {}
    feeders: tuple[str, ...] = ()
    transformer_areas: tuple[str, ...] = ()
    service_branches: tuple[str, ...] = ()


class Phase(Record, frozen=True, kw_only=True):
    """A stretch of an outage with its own kind of supply (full stop, then a single circuit)."""

    start: datetime
    end: datetime
    supply: str = "none"  # none | single_circuit
    note: str = ""


class Change(Record, frozen=True, kw_only=True):
    """One recorded act on an outage: what was done, by whom, when, and which values moved."""

    at: datetime
    act: str  # open | start | change | restore | cancel | close | import
    by: str = ""
    reason: str = ""
    reported_by: str = ""
    reported_at: datetime | None = None
    values: dict[str, Any] = {}  # field -> [before, after]


class PackUsed(Record, frozen=True, kw_only=True):
    """Which version of a rule pack an outage was opened under; `hash` is of the pack's file.

    `figures` are those that the county's settings put in place of the pack's own (`immediately`: `PT10M`).
    """

    id: str
    version: str = ""
    hash: str = ""
    effective_from: str = ""
    figures: dict[str, str] = {}


class DutyTally(Record, frozen=True, kw_only=True):
    """An outage's duties, counted; kept with it so that the board reads no duty. `open` is by when they are due."""

    states: dict[str, int] = {}
    late: int = 0
    open: dict[str, int] = {}  # due, ISO 8601 → how many of the open ones


class Outage(Record, frozen=True, kw_only=True):
    """One interruption of supply, planned or not. `facts` holds what its type needs beyond this."""

    id: str
    type: str
    status: Status
    scope: Scope
    received_at: datetime
    opened_at: datetime
    reference: str = ""
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    actual_start: datetime | None = None
    actual_end: datetime | None = None
    etr: datetime | None = None
    cause: str = ""
    area: str = ""
    danger_to_life: bool = False
    facts: dict[str, Any] = {}
    phases: tuple[Phase, ...] = ()
    affected: Affected = Affected()
    calls: int = 0
    fingerprint: str = ""  # of the imported row it came from: the same row again changes nothing
    history: tuple[Change, ...] = ()
    packs: tuple[PackUsed, ...] = ()
    duties: DutyTally = DutyTally()
