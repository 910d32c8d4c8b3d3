"""Which duties still make sense once supply is back, rule by rule. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from desk.i18n import N_, _
from desk.records import OPEN_DUTIES, Duty, DutyState, Evidence

RESTORED = N_("supply was back before it was due")

# Rule → why it is still owed once supply is back. All others tell of an outage that is over: what was not due yet is
# withdrawn. What was overdue stays, and is shown as missed: that supply is back does not undo it.
STAYS: Mapping[str, str] = {
    "county:A11.3b": N_("the dispatcher's word is part of the record"),
    "county:A13b": N_("the authority's file must be complete"),
    "county:A14b": N_("the leader is told afterwards"),
    "county:A14c": N_("the form must be signed, whatever became of the supply"),
    "county:A15c": N_("the public is told what it was, also afterwards"),
    "county:A16c": N_("the leader is told afterwards"),
    "desk:cancelled": N_("who believes in it must hear"),
    "desk:correction": N_("who believes in it must hear"),
}


def lapsed(duty: Duty, restored_at: datetime, now: datetime, by: str) -> Duty:
    """The duty once supply is back: withdrawn, with the reason, where telling it has lost its sense."""
    if duty.state not in OPEN_DUTIES or duty.due < restored_at or any(rule in STAYS for rule in duty.rules):
        return duty
    return withdrawn(duty, _(RESTORED), now, by)


def withdrawn(duty: Duty, why: str, now: datetime, by: str) -> Duty:
    """The duty that is owed no more, with the reason beside what was tried for it."""
    line = Evidence(at=now, result="withdrawn", by=by, note=why)
    return replace(
        duty,
        state=DutyState.WITHDRAWN,
        evidence=(*duty.evidence, line),
        closed_at=now,
        next_try=None,
        next_channel="",
    )
