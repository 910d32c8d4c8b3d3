"""What may be done to an outage in which status, and what it becomes. Pure: an outage in, an outage out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from desk.errors import BadInput, Refused
from desk.i18n import N_, _
from desk.outages.facts import merged
from desk.outages.requests import OutageChange
from desk.records import ACTIVE, LIVE, Affected, Change, Outage, Status

if TYPE_CHECKING:
    from desk.plugins import OutageType


class Act(StrEnum):
    START = "start"
    CHANGE = "change"
    RESTORE = "restore"
    CANCEL = "cancel"
    CLOSE = "close"


# What listeners are told of an act.
EVENTS: Mapping[Act, str] = {
    Act.START: "outage_started",
    Act.CHANGE: "outage_changed",
    Act.RESTORE: "outage_restored",
    Act.CANCEL: "outage_cancelled",
    Act.CLOSE: "outage_closed",
}
# act → status it may be done in → status it leads to. Whatever is not here is refused.
TRANSITIONS: Mapping[Act, Mapping[Status, Status]] = {
    Act.START: {Status.SCHEDULED: Status.CONFIRMED, Status.PREDICTED: Status.CONFIRMED},
    Act.CHANGE: {status: status for status in Status if status in LIVE},
    Act.RESTORE: {status: Status.RESTORED for status in Status if status in ACTIVE},
    Act.CANCEL: {Status.SCHEDULED: Status.CANCELLED, Status.PREDICTED: Status.CANCELLED},
    Act.CLOSE: {Status.RESTORED: Status.CLOSED, Status.CANCELLED: Status.CLOSED},
}

STATUS_WORDS: Mapping[Status, str] = {
    Status.PREDICTED: N_("predicted"),
    Status.SCHEDULED: N_("scheduled"),
    Status.CONFIRMED: N_("off"),
    Status.PARTIALLY_RESTORED: N_("partly restored"),
    Status.RESTORED: N_("restored"),
    Status.CLOSED: N_("closed"),
    Status.CANCELLED: N_("cancelled"),
}
ACT_WORDS: Mapping[Act, str] = {
    Act.START: N_("start"),
    Act.CHANGE: N_("change"),
    Act.RESTORE: N_("restore"),
    Act.CANCEL: N_("cancel"),
    Act.CLOSE: N_("close"),
}


class By(msgspec.Struct, frozen=True, kw_only=True):
    """Who does something to an outage, and when the desk hears of it."""

    agent: str
    now: datetime


def status_word(status: Status, kind: OutageType | None = None) -> str:
    """The word for a status, as an outage of this type has it."""
    return (kind.status_word(status.value) if kind else "") or _(STATUS_WORDS[status])


def possible(status: Status) -> tuple[Act, ...]:
    """What may be done to an outage in this status."""
    return tuple(act for act, leads in TRANSITIONS.items() if status in leads)


def leads_to(outage: Outage, act: Act) -> Status:
    """The status `act` brings the outage to; raises Refused with what can be done instead."""
    status = TRANSITIONS[act].get(outage.status)
    if status is not None:
        return status
    names = {"id": outage.id, "status": _(STATUS_WORDS[outage.status]), "act": _(ACT_WORDS[act])}
    others = possible(outage.status)
    if not others:
        raise Refused(_("{id} is {status}; “{act}” is not possible, nothing more can be done to it").format(**names))
    words = ", ".join(_(ACT_WORDS[other]) for other in others)
    raise Refused(_("{id} is {status}; “{act}” is not possible, only: {others}").format(**names, others=words))


def started(outage: Outage, at: datetime | None, by: By, reason: str = "") -> Outage:
    """The outage once its supply was switched off at `at` (now, when None)."""
    at = _past(at, by)
    done = {
        "status": leads_to(outage, Act.START),
        "actual_start": at,
        "etr": outage.etr or outage.planned_end,
    }
    if outage.status is Status.PREDICTED:  # known from now on: what is owed counts from here
        done["received_at"] = by.now
    return _recorded(outage, Act.START, done, by, reason=reason)


def restored(outage: Outage, at: datetime | None, by: By) -> Outage:
    """The outage once supply was back at `at` (now, when None)."""
    status = leads_to(outage, Act.RESTORE)
    at = _past(at, by)
    if outage.actual_start and at < outage.actual_start:
        words = {"at": shown(at), "start": shown(outage.actual_start)}
        raise BadInput(_("restored at {at} is before the outage began at {start}").format(**words))
    return _recorded(outage, Act.RESTORE, {"status": status, "actual_end": at}, by)


def cancelled(outage: Outage, at: datetime | None, reason: str, by: By) -> Outage:
    """The outage that will not take place after all."""
    status = leads_to(outage, Act.CANCEL)
    return _recorded(outage, Act.CANCEL, {"status": status}, by, at=_past(at, by), reason=reason)


def closed(outage: Outage, at: datetime | None, by: By) -> Outage:
    """The outage once nothing more is to be done about it."""
    return _recorded(outage, Act.CLOSE, {"status": leads_to(outage, Act.CLOSE)}, by, at=_past(at, by))


def changed(outage: Outage, change: OutageChange, affected: Affected | None, by: By) -> Outage:
    """The outage with new times, scope or words; `affected` is who the new scope touches.

    Raises BadInput when the reason is missing or times contradict, Refused when nothing would change
    or the start is over.
    """
    leads_to(outage, Act.CHANGE)
    if not change.reason.strip():
        raise BadInput(_("a change needs its reason"))
    if change.start and outage.actual_start:
        raise Refused(_("{id} has begun; its planned start can no longer move").format(id=outage.id))
    wanted = _wanted(outage, change, affected)
    _check_times(outage, wanted)
    moved = {name: value for name, value in wanted.items() if value != getattr(outage, name)}
    if not moved.keys() - {"affected"}:
        raise Refused(_("nothing would change about {id}").format(id=outage.id))
    reported = {"reported_by": change.reported_by, "reported_at": change.reported_at}
    return _recorded(outage, Act.CHANGE, moved, by, reason=change.reason.strip(), **reported)


def _wanted(outage: Outage, change: OutageChange, affected: Affected | None) -> dict[str, Any]:
    # Once supply is off, a new end is also the new estimate: people ask when it comes back.
    etr = change.etr or (change.end if outage.status in ACTIVE else None)
    wanted = {
        "planned_start": change.start,
        "planned_end": change.end,
        "etr": etr,
        "scope": change.scope,
        "affected": affected,
        "cause": change.cause,
        "area": change.area,
        "danger_to_life": change.danger_to_life,
        "facts": merged(outage.facts, change.facts),
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _check_times(outage: Outage, wanted: Mapping[str, Any]) -> None:
    start = outage.actual_start or wanted.get("planned_start", outage.planned_start)
    end = wanted.get("planned_end", outage.planned_end)
    check_order(start, end)
    if wanted.get("etr") and outage.actual_start:
        check_order(outage.actual_start, wanted["etr"])


def check_order(start: datetime | None, end: datetime | None) -> None:
    """Raises BadInput unless the end, where both are known, comes after the start."""
    if start and end and end <= start:
        words = {"end": shown(end), "start": shown(start)}
        raise BadInput(_("the end {end} is not after the start {start}").format(**words))


def _past(at: datetime | None, by: By) -> datetime:
    if at is None:
        return by.now
    if at > by.now:
        raise BadInput(_("{at} is still to come; what was done is recorded, not what will be").format(at=shown(at)))
    return at


def _recorded(outage: Outage, act: Act, values: dict[str, Any], by: By, **words: Any) -> Outage:
    # `affected` follows from the scope and would only swell the record of the change.
    told = {name: _before_after(outage, name, value) for name, value in values.items() if name != "affected"}
    at = words.pop("at", by.now)
    line = Change(at=at, act=act.value, by=by.agent, values=told, **words)
    return msgspec.structs.replace(outage, **values, history=(*outage.history, line))


def _before_after(outage: Outage, name: str, after: Any) -> list[Any]:
    return [msgspec.to_builtins(value) for value in (getattr(outage, name), after)]


def shown(moment: datetime) -> str:
    """A moment as a person reads it in a sentence."""
    return moment.strftime("%Y-%m-%d %H:%M")


def opening(outage: Outage, act: str, by: By) -> Outage:
    """A new outage with the first line of its history."""
    return msgspec.structs.replace(outage, history=(Change(at=by.now, act=act, by=by.agent),))
