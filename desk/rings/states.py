"""What each word about a call makes of its ring; pure, and late or repeated words change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from desk.records import Ring, RingState

Seats = Sequence[str]


def placed(ring: Ring, seats: Seats) -> Ring:
    """The ring at these seats; none: at every seat."""
    return replace(ring, seat=seats[0] if seats else "", also=tuple(seats[1:]))


def _rings(ring: Ring, seats: Seats, _now: datetime) -> Ring:
    """It rings now at other telephones, while nobody has picked it up."""
    return placed(ring, seats) if ring.state is RingState.RINGING and seats else ring


def _picked_up(ring: Ring, seats: Seats, now: datetime) -> Ring:
    """A telephone was picked up; where an agent took it already, the desk knows better."""
    if ring.state is not RingState.RINGING:
        return ring
    there = placed(ring, seats[:1]) if seats else ring
    return replace(there, state=RingState.ANSWERED, answered_at=now)


def over(ring: Ring, _seats: Seats, now: datetime) -> Ring:
    """It is hung up."""
    if ring.state not in AFTER:
        return ring
    return replace(ring, state=AFTER[ring.state], ended_at=now)


AFTER: Mapping[RingState, RingState] = {RingState.RINGING: RingState.MISSED, RingState.ANSWERED: RingState.ENDED}
TOLD: Mapping[str, Callable[[Ring, Seats, datetime], Ring]] = {
    "ringing": _rings,
    "answered": _picked_up,
    "ended": over,
}
