"""What rounds of the worker came to, counted in messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from desk.outbox.states import FAILED, GONE_OUT
from desk.records import AttemptState, Message

S = AttemptState


class Done(Struct, frozen=True, kw_only=True):
    """What rounds of the worker came to, in messages."""

    counted: int = 0  # people of a large release that is counted before it is made
    made: int = 0
    taken: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    again: int = 0
    held: int = 0
    skipped: int = 0
    reports: int = 0
    told: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)


def settled(states: Counter[AttemptState]) -> Done:
    """What was decided without a channel being asked."""
    return Done(
        sent=states[S.SENT],
        held=states[S.HELD],
        skipped=states[S.SKIPPED] + states[S.CANCELLED],
        failed=sum(states[state] for state in FAILED),
    )


def counted(after: Iterable[Message]) -> Done:
    """What became of messages that a channel was handed."""
    after = list(after)
    return Done(
        sent=sum(one.state in GONE_OUT or one.state is S.WITH_AGENT for one in after),
        failed=sum(one.state in FAILED for one in after),
        unknown=sum(one.state is S.UNKNOWN for one in after),
        again=sum(one.state is S.QUEUED for one in after),
    )
