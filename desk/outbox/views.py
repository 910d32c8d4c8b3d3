"""Messages as they are shown: with their tries, why they wait and until when; and how many stand where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from desk.errors import BadInput
from desk.i18n import _
from desk.outbox.book import Book
from desk.outbox.states import ripe_at
from desk.records import Attempt, AttemptState, Message
from desk.records.messages import WAITING


class MessageView(Struct, frozen=True, kw_only=True):
    """One message with its tries, in order. `waits_until` is when something is done with it next."""

    message: Message
    attempts: tuple[Attempt, ...] = ()

    @property
    def waits_until(self) -> datetime | None:
        return ripe_at(self.message.due) if self.message.state in WAITING else None

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
        ids = list(self._book.messages.revisions(**asked))[-limit:] if limit else None
        found = self._book.messages.where(**asked) if ids is None else self._book.messages.where(id=ids)
        return self.with_tries(found)

    def with_tries(self, messages: Iterable[Message]) -> list[MessageView]:
        """These messages with their tries, all read at once."""
        found = list(messages)
        tries = self._book.tries_of([message.id for message in found]) if found else {}
        return [MessageView(message=one, attempts=tuple(tries.get(one.id, ()))) for one in found]

    def counts(self) -> dict[str, int]:
        """How many messages stand in each state; states without any are left out."""
        found = {state.value: self._book.messages.count(state=state) for state in AttemptState}
        return {state: count for state, count in found.items() if count}


def known_state(name: str) -> str:
    """The state called `name`; raises BadInput with all of them."""
    if name not in list(AttemptState):
        words = {"state": name, "choices": ", ".join(AttemptState)}
        raise BadInput(_("there is no state {state}; choose one of: {choices}").format(**words))
    return name


__all__ = ["MessageView", "Views", "known_state"]
