"""When a try that failed is made again, if at all. Pure: the stored schedule, the error and what was tried, in.

A time-out is never a failure here: what nobody knows is tried again only where the gateway sends one key once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from desk.plugins.send_errors import SEND_ERRORS
from desk.records import Attempt, AttemptState, Message

# Codes after which nothing went out, so that the machine may try again. Those that are no failure of this message are
# not counted: the gateway wants it slower, or somebody must mend the settings first.
RETRYABLE = frozenset(error.code for error in SEND_ERRORS if error.retryable) | {"config_problem"}
NOT_COUNTED = frozenset({"throttled", "config_problem"})
# What an error makes of the try: the gateway's or the channel's own no is `rejected`, all else `failed`.
ENDS_AS: Mapping[str, AttemptState] = {
    "bad_address": AttemptState.REJECTED,
    "opted_out": AttemptState.REJECTED,
    "unsupported": AttemptState.REJECTED,
    "refused": AttemptState.REJECTED,
    "unknown_outcome": AttemptState.UNKNOWN,
}
MEND_WAIT = timedelta(minutes=1)  # a channel that is not set up is looked at again
JITTER = 0.1  # of the wait, either way: what failed together is not tried again together


def tried_again_at(
    message: Message,
    tries: Sequence[Attempt],
    now: datetime,
    waits: Sequence[timedelta],
    *,
    retry_after: float = 0.0,
    keys_hold: bool = False,
) -> datetime | None:
    """When the last of `tries` (all of this message) is made again; None: never by the machine.

    `keys_hold`: the channel's gateway sends one idempotency key once. Never past `valid_until`.
    """
    last = tries[-1]
    here = [one for one in tries if (one.channel, one.address) == (last.channel, last.address)]
    if last.error not in RETRYABLE and not (last.state is AttemptState.UNKNOWN and keys_hold):
        return None
    if last.error in NOT_COUNTED:
        at = now + max(timedelta(seconds=retry_after), MEND_WAIT if last.error == "config_problem" else _SECOND)
    else:
        made = len({one.number for one in here if one.error not in NOT_COUNTED})
        if made > len(waits):
            return None
        at = now + jittered(waits[made - 1], last.key)
    return None if message.valid_until and at >= message.valid_until else at


_SECOND = timedelta(seconds=1)


def jittered(wait: timedelta, key: str) -> timedelta:
    """The wait, up to a tenth longer or shorter: always the same for the same key."""
    share = int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "big") / 2**32
    return timedelta(seconds=round(wait.total_seconds() * (1 + JITTER * (2 * share - 1))))


def key_of(message: Message, part: int) -> str:
    """The idempotency key of one part of a message over its channel to its address."""
    said = "\n".join((message.id, message.made_at.isoformat(), message.channel, message.address, str(part)))
    return blake2b(said.encode(), digest_size=12).hexdigest()
