"""What was typed into the outage form, read into a request or a change; nothing typed is lost. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from desk.errors import BadInput
from desk.i18n import _
from desk.outages.requests import OutageChange, OutageRequest
from desk.records import Outage
from desk.tui import times
from desk.tui.scope_names import ScopeName, from_scope, to_scope
from desk.tui.typed_facts import as_typed, changes, from_typed
from desk.tui.words import ACTS, say

if TYPE_CHECKING:
    from desk.plugins.facts import Fact


@dataclass
class TypedOutage:
    """The form as it stands."""

    type: str = ""
    scope: list[ScopeName] = field(default_factory=list)
    start: str = ""
    end: str = ""
    cause: str = ""
    area: str = ""
    danger: bool = False
    received: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    table: tuple[Fact, ...] = ()  # the facts of its type
    approved_by: str = ""  # names in the order of the steps
    approved_how: str = "written"
    approved_ref: str = ""
    reason: str = ""
    reported_by: str = ""

    @property
    def approvers(self) -> list[str]:
        """Who has approved already, in order."""
        return [name for name in re.split(r"[、,，;；\s]+", self.approved_by.strip()) if name]


def typed_from(outage: Outage, now: datetime, table: tuple[Fact, ...] = ()) -> TypedOutage:
    """The form for a change: the outage as it is; `table` are the facts of its type."""
    return TypedOutage(
        type=outage.type,
        scope=from_scope(outage.scope),
        start=times.typed(outage.planned_start, now),
        end=times.typed(outage.etr or outage.planned_end, now),
        cause=outage.cause,
        area=outage.area,
        danger=outage.danger_to_life,
        facts=as_typed(table, outage.facts, now),
        table=table,
    )


def read_moments(typed: TypedOutage, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Start and end as typed; `+4h` as an end counts from the start. Raises BadInput for the first that is no time."""
    start = times.read_time(typed.start, now, ahead=True) if typed.start.strip() else None
    if not typed.end.strip():
        return start, None
    base = start or now
    end = times.read_time(typed.end, base if typed.end.strip().startswith("+") else now, ahead=True)
    clock_only = ":" in typed.end and not any(sign in typed.end.strip() for sign in " -/月")
    if start and clock_only and end <= start:
        # "22:00" to "6:00": the end of a time alone is the next one after the start.
        end = times.read_time(typed.end, start, ahead=True)
    return start, end


def to_request(typed: TypedOutage, now: datetime) -> OutageRequest:
    """The outage to open; raises BadInput when a time cannot be read or no scope was chosen."""
    start, end = read_moments(typed, now)
    scope = to_scope(typed.scope)
    if not scope:
        raise BadInput(_("choose what is off: type part of a feeder, lateral, area or account and press Enter"))
    return OutageRequest(
        type=typed.type,
        feeders=scope.feeders,
        laterals=scope.laterals,
        transformer_areas=scope.transformer_areas,
        meter_boxes=scope.meter_boxes,
        accounts=scope.accounts,
        planned_start=start,
        planned_end=end,
        cause=typed.cause.strip(),
        area=typed.area.strip(),
        danger_to_life=typed.danger,
        received_at=times.read_time(typed.received, now) if typed.received.strip() else None,
        facts=from_typed(typed.table, typed.facts, now),
    )


def to_change(typed: TypedOutage, before: Outage, now: datetime) -> OutageChange:
    """What is to be different from `before`; only what was touched is in it."""
    was = typed_from(before, now)
    start, end = read_moments(typed, now)
    scope = to_scope(typed.scope)
    return OutageChange(
        reason=typed.reason.strip(),
        start=start if typed.start.strip() != was.start else None,
        end=end if typed.end.strip() != was.end else None,
        scope=scope if scope != before.scope else None,
        cause=typed.cause.strip() if typed.cause.strip() != before.cause else None,
        area=typed.area.strip() if typed.area.strip() != before.area else None,
        danger_to_life=typed.danger if typed.danger != before.danger_to_life else None,
        facts=changes(typed.table, typed.facts, before.facts, now),
        reported_by=typed.reported_by.strip(),
    )


def what_changed(before: Outage, after: Outage, now: datetime) -> list[str]:
    """What someone else did to an outage meanwhile, a sentence each."""
    done = after.history[len(before.history) :]
    return [
        _("{time} {by}: {act} {reason}").format(
            time=times.shown(change.at, now), by=change.by, act=say(ACTS, change.act), reason=change.reason
        )
        for change in done
    ]
