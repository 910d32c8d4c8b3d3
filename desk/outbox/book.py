"""The book of messages: every message, every try at one, the releases; who reads it never waits for who sends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from functools import cached_property

from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.clock import zone_named
from desk.outbox.states import SEND, queue, queue_range
from desk.place import Place
from desk.records import Attempt, AttemptState, Batch, Message
from desk.store import RecordTable

SLICE = 32  # messages stored in one transaction: some 5 ms, so that no call waits long to be saved


class Book:
    """Reads and writes what the outbox keeps. Whoever changes a message read before is inside a transaction."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @cached_property
    def messages(self) -> RecordTable[Message]:
        return self._place.store.records(schema.MESSAGES, Message)

    @cached_property
    def attempts(self) -> RecordTable[Attempt]:
        return self._place.store.records(schema.ATTEMPTS, Attempt)

    @cached_property
    def batches(self) -> RecordTable[Batch]:
        return self._place.store.records(schema.BATCHES, Batch)

    def get(self, id: str) -> Message | None:
        """The message called `id`, however it was typed."""
        name = id.strip().upper()
        return self.messages.get(name if name.startswith("M") else f"M{name}")

    def fresh(self, seen: Iterable[Message]) -> dict[str, Message]:
        """The messages as they are stored now; asked inside a transaction before they are changed."""
        return {message.id: message for message in self.messages.where(id=[message.id for message in seen])}

    def tries_of(self, ids: Iterable[str]) -> dict[str, list[Attempt]]:
        """Every try at each of these messages, in order."""
        found: dict[str, list[Attempt]] = defaultdict(list)
        for attempt in self.attempts.each(message=list(ids)):
            found[attempt.message].append(attempt)
        return found

    @property
    def zone(self) -> tzinfo:
        """The county's time."""
        return zone_named(self._place.config.county.time_zone)

    def ripe(self, stage: str, now: datetime, limit: int, channel: str = "") -> list[Message]:
        """The messages that the worker has something to do with by `now`, the longest waiting first."""
        low, high = queue_range(stage, now, channel)
        return self.messages.range("due", low, high, limit=limit)

    def waiting_channels(self) -> list[str]:
        """The channels that something waits for, now or later: one look into the index for each."""
        found: list[str] = []
        low = f"{SEND}|"
        while some := self.messages.range("due", low, f"{SEND}}}", limit=1):
            channel = some[0].due.split("|")[1]
            found.append(channel)
            low = f"{SEND}|{channel}}}"  # "}" is what follows "|"
        return found

    def add(self, messages: Iterable[Message], batches: Sequence[Batch] = ()) -> list[Message]:
        """Number and store new messages, with the releases they belong to; returns those that were stored.

        A message whose duty has one over the same family already is left out: two workers may have had the same
        thought. Stored a slice at a time, the releases with the first.
        """
        found, stored = list(messages), []
        for start in range(0, max(len(found), 1), SLICE):
            with self._place.store.transaction():
                for batch in batches if start == 0 else ():
                    if self.batches.get(batch.id) is None:  # else another worker's, confirmed perhaps
                        self.batches.put(batch)
                        self._released(batch)
                stored += self._added(found[start : start + SLICE])
        return stored

    def _released(self, batch: Batch) -> None:
        said = {"release": batch.id, "people": batch.people, "parts": batch.parts, "waits": batch.needs_confirmation}
        Access(self._place).note("messages.release", batch.outage, said)

    def _added(self, some: Sequence[Message]) -> list[Message]:
        duties = [message.duty for message in some if message.duty]
        standing = self.messages.where(duty=duties) if duties else []
        training = self._place.config.messages.training  # what was rehearsed told nobody
        has = [one for one in standing if one.state not in _MADE_AGAIN and one.training <= training]
        taken = {way for message in has for way in _ways(message)}
        stored = []
        for message in some:
            if message.duty and (message.duty, message.family) in taken:
                continue
            taken.add((message.duty, message.family))
            stored.append(self._numbered(message))
        return stored

    def _numbered(self, message: Message) -> Message:
        due = queued(message, self._place.now())
        return self.messages.add(lambda number: replace(due, id=f"M{number}"))


# A message that never went out may be made anew. One that failed is not: its duty is for a person now.
_MADE_AGAIN = frozenset({AttemptState.SKIPPED, AttemptState.CANCELLED})


def _ways(message: Message) -> set[tuple[str, str]]:
    return {(message.duty, family) for family in (message.family, *(way.partition(" ")[0] for way in message.tried))}


def queued(message: Message, now: datetime) -> Message:
    """A message as routing made it, in the worker's queue: its `due` is a plain moment, or empty while it is held."""
    if message.state is AttemptState.CREATED:
        message = replace(message, state=AttemptState.QUEUED)
    if "|" in message.due or message.state not in (AttemptState.QUEUED, AttemptState.HELD):
        return message
    if not message.due and message.state is AttemptState.HELD:
        return message
    at = datetime.fromisoformat(message.due) if message.due else message.not_before or now
    return replace(message, due=queue(SEND, at, message.channel))
