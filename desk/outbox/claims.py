"""Taking messages in hand: checked once more, stored as `sending`, and only then given to whoever calls the channel.

What is looked at (superseded, quiet hours, a reviewer's word, the parts) is looked at before the store is locked;
inside, each message is taken only if it is still what was looked at. So two workers never have one in hand.
"""

from __future__ import annotations

import mimetypes
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from desk import schema
from desk.i18n import N_, _
from desk.outbox.book import Book, queued
from desk.outbox.retries import key_of
from desk.outbox.states import GONE_OUT, SEND, TELL, queue
from desk.place import Place
from desk.plugins import messages as handed
from desk.plugins.channels import Capabilities
from desk.plugins.send_errors import SendError
from desk.records import Attempt, AttemptState, Message, Record
from desk.store import RecordTable

TRAINING = N_("training: nothing left the desk")
REHEARSED = N_("it was made in training, which is over")
TOO_LATE = N_("it would have come too late")
BURST = 1.0  # seconds of its rate that a channel may be given at once
LEASE = timedelta(seconds=60)  # beside the time that the calls may take

S = AttemptState
Cutter = Callable[[Message], tuple[str, ...]]  # may raise a SendError
Reviewed = Callable[[Sequence[Message]], Sequence[Message]]


class Pace(Record, frozen=True, kw_only=True):
    """How fast a channel may be used, over all workers: not before `until`, and its rate is used up to `used`."""

    channel: str
    until: datetime | None = None
    used: float = 0.0  # seconds since 1970


class Planned(Protocol):
    """What is asked of routing before a message goes: is it still true, may it go now, in which pieces."""

    def refreshed(self, messages: Sequence[Message], now: datetime) -> Sequence[Message]: ...
    def cutter(self) -> Cutter: ...


class Claimed(NamedTuple):
    """One message in hand: its tries stored as `sending`, and what the channel is handed for each."""

    message: Message
    attempts: tuple[Attempt, ...]
    payloads: tuple[handed.Message, ...]


class Taken(NamedTuple):
    """What one look into a channel's queue came to: in hand, and ended or held without being sent."""

    claimed: list[Claimed]
    settled: Counter[AttemptState]


class Ready(NamedTuple):
    """A message that was looked at: as it was read, as it is to be, and the pieces it goes in (none: it does not)."""

    seen: Message
    after: Message
    pieces: tuple[tuple[int, str], ...] = ()
    parts: int = 1


class Claims:
    """Takes messages of one channel in hand, in one short transaction."""

    def __init__(self, place: Place, book: Book, planned: Planned, reviewed: Reviewed) -> None:
        self._place = place
        self._book = book
        self._planned = planned
        self._reviewed = reviewed

    @cached_property
    def paces(self) -> RecordTable[Pace]:
        return self._place.store.records(schema.PACES, Pace)

    def take(self, channel: str, can: Capabilities, worker: str, limit: int) -> Taken:
        """Up to `limit` messages that are due over `channel`; the longest waiting first."""
        now, settled = self._place.now(), Counter[AttemptState]()
        pace = self.paces.get(channel)
        if pace and pace.until and pace.until > now:
            return Taken([], settled)
        seen = self._book.ripe(SEND, now, limit, channel)
        if not seen:
            return Taken([], settled)
        ready = self._looked_at(seen, now)
        lease = now + LEASE + timedelta(seconds=can.timeout * sum(len(one.pieces) for one in ready))
        with self._place.store.transaction():
            return self._stored(self._within_pace(channel, can, ready), worker, now, lease)

    def hold_back(self, channel: str, until: datetime) -> None:
        """Leave a channel alone until then; called inside a transaction."""
        pace = self.paces.get(channel) or Pace(channel=channel)
        if pace.until is None or pace.until < until:
            self.paces.put(replace(pace, until=until))

    def _looked_at(self, seen: Sequence[Message], now: datetime) -> list[Ready]:
        # What was held until now waits like any other: whether it may go is asked anew.
        waiting = [replace(one, state=S.QUEUED, why="") if one.state is S.HELD else one for one in seen]
        true = [_in_time(self._in_earnest(one), now) for one in self._planned.refreshed(waiting, now)]
        goes = self._reviewed([after for after in true if _may_go(after)])
        reviewed = {message.id: message for message in goes}
        after = [reviewed.get(message.id, message) for message in true]
        tried = self._book.tries_of([message.id for message in after if message.tries and _may_go(message)])
        cut = self._planned.cutter()
        return [
            _cut(before, message, tried.get(message.id, []), cut, now)
            if _may_go(message)
            else _kept(before, message, now)
            for before, message in zip(seen, after, strict=True)
        ]

    def _in_earnest(self, message: Message) -> Message:
        """What was made in training ends with it; its duty is told anew."""
        over = message.training and not self._place.config.messages.training
        return replace(message, state=S.SKIPPED, why=_(REHEARSED)) if over else message

    def _within_pace(self, channel: str, can: Capabilities, ready: Sequence[Ready]) -> Sequence[Ready]:
        """As many as the channel's rate allows; what they use up is written down."""
        if can.rate <= 0 or not any(one.pieces for one in ready):
            return ready
        pace, now = self.paces.get(channel) or Pace(channel=channel), time.time()
        used, count = max(pace.used, now - BURST), 0
        while count < len(ready) and used <= now:
            used += len(ready[count].pieces) / can.rate
            count += 1
        self.paces.put(replace(pace, used=used))
        return ready[:count]

    def _stored(self, ready: Sequence[Ready], worker: str, now: datetime, lease: datetime) -> Taken:
        taken = Taken([], Counter())
        fresh = self._book.fresh([one.seen for one in ready])
        kept: list[Message] = []
        for one in ready:
            if fresh.get(one.seen.id) != one.seen:
                continue  # another worker, or a person, was quicker
            if not one.pieces:
                kept.append(one.after)
                taken.settled[one.after.state] += 1
            elif self._place.config.messages.training:
                taken.claimed.append(_rehearsed(one, now))
                taken.settled[S.SENT] += 1
            else:
                taken.claimed.append(_claimed(one, worker, now, lease, self._place.config.data))
        self._book.messages.put_many([*kept, *(one.message for one in taken.claimed)])
        self._book.attempts.put_many(attempt for one in taken.claimed for attempt in one.attempts)
        real = [one for one in taken.claimed if not one.message.training]
        return Taken(real, taken.settled)


def _may_go(message: Message) -> bool:
    return message.state in (S.CREATED, S.QUEUED)


def _in_time(message: Message, now: datetime) -> Message:
    late = message.valid_until is not None and message.valid_until <= now
    return replace(message, state=S.EXPIRED, why=_(TOO_LATE)) if late and _may_go(message) else message


def _cut(seen: Message, message: Message, tries: Sequence[Attempt], cut: Cutter, now: datetime) -> Ready:
    """The pieces of a message that did not go out yet over its channel."""
    try:
        pieces = cut(message)
    except SendError as error:
        return Ready(seen, ended(message, S.REJECTED, str(error), error.code, now))
    here = [one for one in tries if (one.channel, one.address) == (message.channel, message.address)]
    out = {one.part for one in here if one.state in GONE_OUT}
    left = tuple((part, text) for part, text in enumerate(pieces, 1) if part not in out)
    return Ready(seen, message, left or ((1, pieces[0]),), len(pieces))


def _kept(seen: Message, after: Message, now: datetime) -> Ready:
    """A message that does not go now. One that came too late is told to its duty: a person takes over."""
    if after.state is S.HELD:
        return Ready(seen, queued(after, now) if after.due != seen.due else after)
    if after.state is S.EXPIRED:
        return Ready(seen, ended(after, S.EXPIRED, after.why, "expired", now))
    return Ready(seen, replace(after, due=""))


def ended(message: Message, state: AttemptState, why: str, error: str, now: datetime) -> Message:
    """A message that ends without having been sent; its duty is told, so that somebody takes over."""
    return replace(message, state=state, why=why, error=error, due=queue(TELL, now))


def _claimed(one: Ready, worker: str, now: datetime, lease: datetime, data: Path) -> Claimed:
    message = replace(
        one.after, state=S.SENDING, due="", worker=worker, tries=one.after.tries + 1, parts=one.parts, why="", error=""
    )
    attempts = _attempts(message, one, now)
    held = tuple(replace(attempt, worker=worker, leased_until=lease) for attempt in attempts)
    payloads = tuple(_payload(message, part, text, data) for part, text in one.pieces)
    return Claimed(message, held, payloads)


def _rehearsed(one: Ready, now: datetime) -> Claimed:
    """Training: the states run through, and nothing is handed to anybody."""
    message = replace(
        one.after, state=S.SENT, due="", training=True, tries=one.after.tries + 1, parts=one.parts, why=_(TRAINING)
    )
    done = [replace(attempt, state=S.SENT, words=_(TRAINING), ended_at=now) for attempt in _attempts(message, one, now)]
    return Claimed(message, tuple(done), ())


def _attempts(message: Message, one: Ready, now: datetime) -> list[Attempt]:
    return [
        Attempt(
            id=f"{message.id}.{message.tries}.{part}",
            message=message.id,
            channel=message.channel,
            at=now,
            state=S.SENDING,
            key=key_of(message, part),
            number=message.tries,
            part=part,
            parts=one.parts,
            address=message.address,
        )
        for part, _text in one.pieces
    ]


def _payload(message: Message, part: int, text: str, data: Path) -> handed.Message:
    return handed.Message(
        recipient=message.recipient.name or message.recipient.id,
        address=message.address,
        body=text,
        id=message.id,
        key=key_of(message, part),
        subject=message.subject,
        part=part,
        parts=message.parts,
        reference=int(key_of(message, 0)[:2], 16),
        language=message.language,
        outage=message.outage,
        account_no=message.account_no,
        valid_until=message.valid_until,
        attachments=tuple(_attachment(data, name) for name in message.attachments),
    )


def _attachment(data: Path, name: str) -> handed.Attachment:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return handed.Attachment(name=Path(name).name, type=kind, path=str(data / name))
