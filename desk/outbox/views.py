"""Messages as they are shown: with their tries, why they wait and until when; and how many stand where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from desk.errors import BadInput
from desk.i18n import _
from desk.outbox.book import Book
from desk.outbox.states import ripe_at
from desk.records import Attempt, AttemptState, Message
from desk.records.messages import WAITING

FEW = 1000  # messages that are read at once to find the newest of them
MOST = AttemptState.DELIVERED


class MessageView(Struct, frozen=True, kw_only=True):
    """One message with its tries, in order. `waits_until` is when something is done with it next, in county time."""

    message: Message
    attempts: tuple[Attempt, ...] = ()
    waits_until: datetime | None = None

    @property
    def proof(self) -> str:
        """What shows that it arrived: the gateway's own id, and what it said of it."""
        said = [attempt for attempt in self.attempts if attempt.external_id or attempt.proof]
        return " ".join(part for part in (said[-1].external_id, said[-1].proof) if part) if said else ""


class Views:
    """Reads the book for whoever looks at it; touches nothing."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def listed(self, state: str, outage: str, limit: int) -> list[MessageView]:
        """The newest `limit` messages, newest last; of one state or outage where asked."""
        asked: dict[str, str] = {}
        if state:
            asked["state"] = known_state(state)
        if outage:
            asked["outage"] = outage
        messages = self._book.messages
        if not limit or (asked and messages.count(**asked) <= FEW):
            return self.with_tries(messages.where(**asked)[-limit:])
        return self.with_tries(self._newest(limit, asked))

    def _newest(self, limit: int, asked: Mapping[str, str]) -> list[Message]:
        """The newest of very many, without reading the others: further back only while too few were found."""
        reads = 2 * limit
        while True:
            page = self._book.messages.range("made_at", None, None, newest_first=True, limit=reads)
            found = [one for one in page if all(getattr(one, name) == value for name, value in asked.items())]
            if len(found) >= limit or len(page) < reads:
                return found[:limit][::-1]
            reads *= 4

    def with_tries(self, messages: Iterable[Message]) -> list[MessageView]:
        """These messages with their tries, all read at once."""
        found = list(messages)
        tries = self._book.tries_of([message.id for message in found]) if found else {}
        return [
            MessageView(message=one, attempts=tuple(tries.get(one.id, ())), waits_until=self._waits(one))
            for one in found
        ]

    def _waits(self, message: Message) -> datetime | None:
        at = ripe_at(message.due) if message.state in WAITING else None  # the queue counts in UTC
        return at and at.astimezone(self._book.zone)

    def counts(self) -> dict[str, int]:
        """How many messages stand in each state; states without any are left out."""
        messages = self._book.messages
        found = {state.value: messages.count(state=state) for state in AttemptState if state is not MOST}
        # Most messages of a county have arrived long ago: they are what is left, and not counted one by one.
        found[MOST.value] = messages.count() - sum(found.values())
        return {state.value: found[state.value] for state in AttemptState if found[state.value] > 0}


def known_state(name: str) -> str:
    """The state called `name`; raises BadInput with all of them."""
    if name not in list(AttemptState):
        words = {"state": name, "choices": ", ".join(AttemptState)}
        raise BadInput(_("there is no state {state}; choose one of: {choices}").format(**words))
    return name


__all__ = ["MessageView", "Views", "known_state"]
