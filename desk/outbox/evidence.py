"""What was sent is proof: written to the duties in batches, and what failed is handed on, in the same transaction.

A message that has something to tell waits in the queue `tell`. Its evidence, its next way and the mark that it was
told are stored together: whoever is killed has told all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from desk.notices.results import possible
from desk.notices.settling import Settlement
from desk.outbox.book import Book, queued
from desk.outbox.states import FAILED, HAND, RESULTS, TELL, WRONG, queue
from desk.place import Place
from desk.records import OPEN_DUTIES, Attempt, AttemptState, Duty, DutyState, Message, Spoken

if TYPE_CHECKING:
    from desk.notices import Notices

S = AttemptState

# What a message came to → the results that say so, the one that fits the channel first.
SAID: Mapping[str, tuple[str, ...]] = {
    "sent": ("sent", "published"),
    "delivered": ("delivered", "published", "received"),
    "failed": ("failed", "no_answer"),
    "wrong_number": ("wrong_number", "failed"),
}
REFUSED_HERE = {"opted_out": "opted_out", **dict.fromkeys(WRONG, "wrong_number")}
GIVEN_UP = "given_up"  # a person's word: no machine goes on


class Onward(Protocol):
    """What is asked of routing once a way of telling has failed."""

    def escalated(self, failed: Sequence[tuple[Message, str]], now: datetime) -> Sequence[Message | None]: ...
    def note_address(self, family: str, address: str, kind: str, why: str) -> None: ...


class Telling:
    """Writes evidence, and hands on what failed."""

    def __init__(self, place: Place, book: Book, notices: Notices, onward: Onward) -> None:
        self._place = place
        self._book = book
        self._notices = notices
        self._onward = onward

    def tell(self, limit: int, wait: timedelta) -> int:
        """Up to `limit` messages told to their duties; returns how many. `wait`: how long a receipt may take."""
        now = self._place.now()
        seen = self._book.ripe(TELL, now, limit)
        if not seen:
            return 0
        with self._place.store.transaction():
            fresh = self._book.fresh(seen)
            still = [one for one in seen if fresh.get(one.id) == one]
            onward = self._handed_on(still, now)
            told = self._settled(still, onward, now, wait)
            self._book.messages.put_many(_after(one, onward.get(one.id), told.get(one.id, one.told)) for one in still)
        return len(seen)

    def look_at_hands(self, limit: int, wait: timedelta) -> int:
        """What people have in hand ends once its duty is settled; returns how many were looked at."""
        now = self._place.now()
        seen = self._book.ripe(HAND, now, limit)
        duties = self._notices.several([one.duty for one in seen if one.duty]) if seen else {}
        if not seen:
            return 0
        with self._place.store.transaction():
            fresh = self._book.fresh(seen)
            for one in seen:
                if fresh.get(one.id) == one:
                    self._book.messages.put(_from_hand(one, duties.get(one.duty), now + wait))
        return len(seen)

    def _handed_on(self, still: Sequence[Message], now: datetime) -> dict[str, Message]:
        """The messages that go another way now, by id."""
        failed = [one for one in still if one.state in FAILED and not one.training]
        for one in failed:
            if one.error in REFUSED_HERE:
                self._onward.note_address(one.family, one.address, REFUSED_HERE[one.error], one.why)
        asked = [(one, one.error) for one in failed if one.error != GIVEN_UP]
        after = self._onward.escalated(asked, now) if asked else []
        return {one.id: new for (one, _code), new in zip(asked, after, strict=True) if new is not None}

    def _settled(
        self, still: Sequence[Message], onward: Mapping[str, Message], now: datetime, wait: timedelta
    ) -> dict[str, str]:
        """Write the evidence; returns for each message the result that was written, or that there is nothing to say."""
        real = [one for one in still if one.duty and not one.training and _result(one) != one.told]
        if not real:
            return {}
        duties = self._notices.several([one.duty for one in real])
        tries = self._book.tries_of([one.id for one in real])
        said: dict[str, list[tuple[str, Settlement]]] = {}  # by channel: it is who says so
        for one in real:
            again = now + wait if one.id in onward or one.state not in FAILED else now
            settlement = _settlement(one, duties.get(one.duty), tries.get(one.id, ()), again)
            if settlement is not None:
                said.setdefault(one.channel, []).append((one.duty, settlement))
        for channel, some in said.items():
            self._notices.settle_many(some, channel)
        return {one.id: _result(one) for one in real}


def _result(message: Message) -> str:
    if message.state in FAILED and message.error in WRONG:
        return "wrong_number"
    return RESULTS.get(message.state, "")


def _settlement(message: Message, duty: Duty | None, tries: Sequence[Attempt], again: datetime) -> Settlement | None:
    """The evidence of one message; None where its duty is settled, or this proves nothing for it."""
    if duty is None or duty.state not in (*OPEN_DUTIES, DutyState.UNREACHABLE):
        return None
    channel = (
        message.family if message.family in duty.channels or message.channel not in duty.channels else message.channel
    )
    can_be = {result.id for result in possible(duty, channel)}
    result = next((name for name in SAID.get(_result(message), ()) if name in can_be), "")
    if not result:
        return None
    last = max(tries, key=lambda one: (one.state is message.state, one.number), default=None)
    return Settlement(
        result=result,
        channel=channel,
        ref=last.external_id if last else "",
        note=_note(message, last),
        number=message.address,
        spoken=Spoken(template=message.template, hash=message.hash),
        again=again,
    )


def _note(message: Message, last: Attempt | None) -> str:
    words = [message.id, message.why, last.proof if last else ""]
    return " · ".join(dict.fromkeys(word for word in words if word))


def _after(message: Message, onward: Message | None, told: str) -> Message:
    if onward is None:
        return replace(message, due="", told=told)
    # Numbers of tries go on counting over all ways: each try has its own.
    new = replace(onward, tries=message.tries, told="", error="", worker="")
    return queued(new, datetime.fromisoformat(message.due.rpartition("|")[2]))


def _from_hand(message: Message, duty: Duty | None, later: datetime) -> Message:
    if duty is None or duty.state in OPEN_DUTIES:
        return replace(message, due=queue(HAND, later))
    done = duty.state is DutyState.DONE
    return replace(message, state=S.DELIVERED if done else S.CANCELLED, due="", told=RESULTS[S.DELIVERED])
