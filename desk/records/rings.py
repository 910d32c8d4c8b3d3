"""A telephone that rings, from whatever system it was heard of."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from desk.records.base import Record


class RingState(StrEnum):
    """Where a ring stands. `answered`: the telephone was picked up, or an agent took it at the desk."""

    RINGING = "ringing"
    ANSWERED = "answered"
    MISSED = "missed"
    ENDED = "ended"


class Ring(Record, frozen=True, kw_only=True):
    """One incoming call. `written_number` is as it came (it may be withheld or malformed), `number` what was
    understood of it; `call_id` is the telephone system's, by which several words of one call are one ring.
    `agent` is who took it at the desk: empty while nobody did, also when the telephone was picked up already."""

    id: str
    at: datetime
    written_number: str = ""
    number: str = ""
    seat: str = ""  # empty: every seat
    also: tuple[str, ...] = ()  # the other seats at which it rings
    call_id: str = ""
    source: str = ""  # command | socket | http | the feed's name
    state: RingState = RingState.RINGING
    agent: str = ""
    call: str = ""  # once it is logged
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    closed: bool = False  # the agent is done with it: logged as `call`, or discarded with a reason
