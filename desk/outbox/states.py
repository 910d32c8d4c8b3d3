"""Where messages and tries stand, what each state may become, and the queue that the worker works off. Pure.

A message waits in one of the worker's queues: its `due` is the queue, for `send` the channel, and the moment in UTC.

    send|sms-north|2026-12-01T00:00:00+00:00     to be handed over
    tell|2026-12-01T00:00:00+00:00               what became of it is to be written to its duty
    hand|2026-12-01T00:00:00+00:00               a person has it: look whether the duty is settled
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from desk.i18n import N_
from desk.records import Attempt, AttemptState
from desk.records.messages import ENDS, RANK, WAITING

S = AttemptState

SEND, TELL, HAND = "send", "tell", "hand"
AFTER = "~"  # sorts after every moment

WORDS: Mapping[AttemptState, str] = {
    S.CREATED: N_("made"),
    S.HELD: N_("held"),
    S.QUEUED: N_("waits"),
    S.SENDING: N_("being sent"),
    S.WITH_AGENT: N_("with an agent"),
    S.ACCEPTED: N_("taken by the gateway"),
    S.SENT: N_("sent"),
    S.DELIVERED: N_("delivered"),
    S.READ: N_("read"),
    S.UNDELIVERED: N_("not delivered"),
    S.REJECTED: N_("rejected"),
    S.FAILED: N_("failed"),
    S.UNKNOWN: N_("nobody knows"),
    S.EXPIRED: N_("too late to send"),
    S.CANCELLED: N_("called off"),
    S.SKIPPED: N_("not sent, no longer true"),
}

_REPORTS = frozenset(
    {S.ACCEPTED, S.SENT, S.DELIVERED, S.READ, S.UNDELIVERED, S.REJECTED, S.FAILED, S.EXPIRED, S.CANCELLED}
)
_BEFORE = frozenset({S.HELD, S.QUEUED, S.CANCELLED, S.SKIPPED, S.EXPIRED, S.FAILED})


def _risen(state: AttemptState) -> frozenset[AttemptState]:
    return frozenset(other for other in _REPORTS if RANK[other] > RANK[state])


# What a state may become. A report only ever raises the rank; a message whose try failed waits for the next one.
NEXT: Mapping[AttemptState, frozenset[AttemptState]] = {
    S.CREATED: _BEFORE,
    S.HELD: _BEFORE,
    S.QUEUED: _BEFORE | {S.SENDING, S.WITH_AGENT},
    S.SENDING: _REPORTS | {S.WITH_AGENT, S.UNKNOWN, S.QUEUED},
    S.WITH_AGENT: _REPORTS | {S.UNKNOWN, S.QUEUED},
    S.UNKNOWN: _REPORTS | {S.QUEUED},
    S.FAILED: _risen(S.FAILED) | {S.QUEUED},
    S.REJECTED: _risen(S.REJECTED) | {S.QUEUED},
    S.UNDELIVERED: _risen(S.UNDELIVERED) | {S.QUEUED},
    S.EXPIRED: _risen(S.EXPIRED) | {S.QUEUED},
    S.CANCELLED: _risen(S.CANCELLED),
    S.SKIPPED: _risen(S.SKIPPED),
    **{state: _risen(state) for state in (S.ACCEPTED, S.SENT, S.DELIVERED, S.READ)},
}

ARRIVED = frozenset({S.DELIVERED, S.READ})
GONE_OUT = frozenset({S.ACCEPTED, S.SENT}) | ARRIVED
FAILED = frozenset({S.UNDELIVERED, S.REJECTED, S.FAILED, S.EXPIRED})

# What a state of a message is as evidence of its duty; the others say nothing.
RESULTS: Mapping[AttemptState, str] = {
    S.ACCEPTED: "sent",
    S.SENT: "sent",
    S.DELIVERED: "delivered",
    S.READ: "delivered",
    **dict.fromkeys(FAILED, "failed"),
}
WRONG = frozenset({"bad_address", "wrong_number"})  # codes that say that nobody is at the address


def queue(stage: str, at: datetime, channel: str = "") -> str:
    """The `due` of a message that waits for `stage` at `at`."""
    moment = at.astimezone(UTC).isoformat()
    return f"{stage}|{channel}|{moment}" if channel else f"{stage}|{moment}"


def queue_range(stage: str, until: datetime, channel: str = "") -> tuple[str, str]:
    """From where to where the `due` of everything lies that is ripe by `until`."""
    return (f"{stage}|{channel}|" if channel else f"{stage}|"), queue(stage, until, channel) + AFTER


def ripe_at(due: str) -> datetime | None:
    """The moment in a `due`; None while nothing is to be done."""
    return datetime.fromisoformat(due.rpartition("|")[2]) if due else None


def standing(attempts: Iterable[Attempt]) -> AttemptState:
    """What the tries of one message come to: the best that any way of telling it came to.

    Over one channel and address it stands as its worst part does, and a part as its best try does.
    """
    ways: dict[tuple[str, str], dict[int, list[Attempt]]] = {}
    for attempt in attempts:
        ways.setdefault((attempt.channel, attempt.address), {}).setdefault(attempt.part, []).append(attempt)
    states = [_of_parts([_of_tries(tries) for tries in parts.values()], parts) for parts in ways.values()]
    out = [state for state in states if state in GONE_OUT]
    if out:
        return max(out, key=RANK.__getitem__)
    return states[-1] if states else S.CREATED


def _of_tries(tries: list[Attempt]) -> AttemptState:
    states = [attempt.state for attempt in sorted(tries, key=lambda attempt: attempt.number)]
    out = [state for state in states if state in GONE_OUT]
    return max(out, key=RANK.__getitem__) if out else states[-1]


def _of_parts(states: list[AttemptState], parts: Mapping[int, list[Attempt]]) -> AttemptState:
    for first in (S.SENDING, S.WITH_AGENT, S.UNKNOWN):
        if first in states:
            return first
    failed = [state for state in states if state not in GONE_OUT]
    if failed:
        return failed[0]
    expected = max(attempt.parts for tries in parts.values() for attempt in tries)
    return min(states, key=RANK.__getitem__) if len(states) >= expected else S.SENT


def may_become(before: AttemptState, after: AttemptState) -> bool:
    """Whether a state may become the other; staying what it is, is no change."""
    return before is after or after in NEXT[before]


def is_live(state: AttemptState) -> bool:
    """Whether a message in this state still stands for its duty: waits, is under way, arrived, or nobody knows."""
    return state in WAITING or state not in ENDS or state in ARRIVED
