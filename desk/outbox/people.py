"""What people decide: what nobody knows, what was held, what is called off, whether so many may be told at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec.structs import replace

from desk.access import Access
from desk.errors import BadInput, NotFound, Refused
from desk.i18n import _
from desk.outbox.book import SLICE, Book
from desk.outbox.evidence import GIVEN_UP
from desk.outbox.states import ARRIVED, GONE_OUT, SEND, TELL, WORDS, queue
from desk.place import Place
from desk.records import AttemptState, Batch, Claim, Message
from desk.records.messages import WAITING
from desk.seats import Claims, message_claim

S = AttemptState
Decision = Literal["arrived", "again", "leave"]
DECISIONS: tuple[Decision, ...] = ("arrived", "again", "leave")

_MAY_ARRIVE = frozenset({S.UNKNOWN, S.WITH_AGENT, S.ACCEPTED, S.SENT})
_MAY_GO_AGAIN = frozenset({S.UNKNOWN, S.WITH_AGENT, S.HELD, S.UNDELIVERED, S.REJECTED, S.FAILED, S.EXPIRED})
_MAY_BE_LEFT = frozenset({S.UNKNOWN, S.WITH_AGENT, S.HELD})
ALLOWED = {"arrived": _MAY_ARRIVE, "again": _MAY_GO_AGAIN, "leave": _MAY_BE_LEFT}


class People:
    """Decisions, each one transaction, each with a line in the audit."""

    def __init__(self, place: Place, book: Book) -> None:
        self._place = place
        self._book = book
        self._access = Access(place)
        self._claims = Claims(place)

    def take(self, id: str) -> Claim:
        """This seat finds out what became of it, for a while nobody else; raises HeldElsewhere."""
        self._access.require("send_messages")
        message = self._found(id)
        return self._claims.take(message_claim(message.id), about=message.account_no)

    def let_go(self, id: str) -> None:
        """This seat does not decide after all."""
        self._claims.drop(message_claim(id))

    def held(self) -> dict[str, Claim]:
        """The messages that other seats deal with, by id."""
        return {one.id.removeprefix("message:"): one for one in self._claims.others().values()}

    def decide(self, id: str, decision: str, note: str) -> Message:
        """`arrived`, `again` or `leave` (a person sees to it); raises Refused where the state does not allow it,
        HeldElsewhere while another seat deals with it."""
        self._access.require("send_messages")
        if decision not in ALLOWED:
            words = {"decision": decision, "choices": ", ".join(DECISIONS)}
            raise BadInput(_("there is no decision {decision}; choose one of: {choices}").format(**words))
        with self._place.store.transaction():
            before = self._unheld(id)
            if before.state not in ALLOWED[decision]:
                words = {"id": before.id, "state": _(WORDS[before.state])}
                raise Refused(_("{id}: {state}; there is nothing to decide").format(**words))
            self._refuse_unconfirmed(before, decision)
            after = self._decided(before, decision, note.strip())
            self._book.messages.put(after)
            self._claims.end(message_claim(after.id))
            self._access.note("message.decide", after.id, {"decision": decision, "note": note.strip()})
        return after

    def cancel(self, id: str, why: str, take_back: Callable[[Message], bool]) -> Message:
        """Call a message off: before it went, or where the gateway takes it back (`take_back` asks it)."""
        self._access.require("send_messages")
        seen = self._found(id)
        if seen.state in GONE_OUT - ARRIVED and not take_back(seen):
            raise Refused(_("{id} has gone out already, and the gateway does not take it back").format(id=seen.id))
        with self._place.store.transaction():
            before = self._unheld(id)
            if before.state not in WAITING | {S.UNKNOWN, S.WITH_AGENT} | (GONE_OUT - ARRIVED):
                words = {"id": before.id, "state": _(WORDS[before.state])}
                raise Refused(_("{id}: {state}; it cannot be called off any more").format(**words))
            after = replace(before, state=S.CANCELLED, due="", why=why.strip())
            self._book.messages.put(after)
            self._claims.end(message_claim(after.id))
            self._access.note("message.cancel", after.id)
        return after

    def batches(self) -> list[Batch]:
        """The releases that wait for a second person."""
        waiting = (one for one in self._book.batches.all() if one.needs_confirmation)
        return [one for one in waiting if one.confirmed_at is None and one.cancelled_at is None]

    def confirm(self, batch_id: str) -> Batch:
        """The second person's word: what was held of this release goes. Raises Refused to whoever released it."""
        from desk.outbox.caps import second_person

        self._access.require("send_messages")
        batch, by, now = self._open_batch(batch_id), self._place.agent, self._place.now()
        second_person(batch, by)
        self._each_held(
            batch, lambda one: replace(one, state=S.QUEUED, why="", due=queue(SEND, one.not_before or now, one.channel))
        )
        # Marked when all of them wait: who is killed before finds the release still open, and says it again.
        return self._closed(replace(batch, confirmed_by=by, confirmed_at=now), "batch.confirm")

    def call_off(self, batch_id: str, why: str) -> Batch:
        """What was held of this release does not go."""
        self._access.require("send_messages")
        batch = self._open_batch(batch_id)
        self._each_held(batch, lambda one: replace(one, state=S.CANCELLED, due="", why=why.strip()))
        after = replace(batch, cancelled_at=self._place.now(), why=why.strip())
        return self._closed(after, "batch.call_off")

    def _decided(self, message: Message, decision: str, note: str) -> Message:
        by, now = self._place.agent, self._place.now()
        if decision == "arrived":
            return replace(message, state=S.DELIVERED, why=note, error="", due=queue(TELL, now))
        if decision == "again":
            due = queue(SEND, now, message.channel)
            return replace(message, state=S.QUEUED, why="", error="", told="", cleared_by=by, due=due)
        return replace(message, state=S.FAILED, why=note, error=GIVEN_UP, due=queue(TELL, now))

    def _refuse_unconfirmed(self, message: Message, decision: str) -> None:
        """One message of a release that waits for a second person does not slip past it."""
        batch = self._book.batches.get(message.batch) if message.batch and decision == "again" else None
        if batch and batch.needs_confirmation and batch.confirmed_at is None and message.state is S.HELD:
            words = {"id": message.id, "batch": batch.id}
            raise Refused(_("{id} waits for a second person: desk messages confirm {batch}").format(**words))

    def _each_held(self, batch: Batch, after: Callable[[Message], Message]) -> None:
        """A slice at a time: a release may be as large as a county."""
        ids = [one.id for one in self._book.messages.each(batch=batch.id, state=S.HELD) if not one.due]
        for start in range(0, len(ids), SLICE):
            with self._place.store.transaction():
                held = self._book.messages.where(id=ids[start : start + SLICE])
                self._book.messages.put_many(after(one) for one in held if one.state is S.HELD and not one.due)

    def _closed(self, batch: Batch, act: str) -> Batch:
        with self._place.store.transaction():
            self._book.batches.put(batch)
            self._access.note(act, batch.id, {"people": batch.people})
        return batch

    def _open_batch(self, id: str) -> Batch:
        batch = self._book.batches.get(id.strip().upper())
        if batch is None:
            open_ones = ", ".join(one.id for one in self.batches()) or _("none waits")
            raise NotFound(_("there is no release {id}; those that wait: {open}").format(id=id, open=open_ones))
        if batch.confirmed_at or batch.cancelled_at:
            raise Refused(_("{id} was decided already").format(id=batch.id))
        return batch

    def _unheld(self, id: str) -> Message:
        message = self._found(id)
        self._claims.require(message_claim(message.id))
        return message

    def _found(self, id: str) -> Message:
        message = self._book.get(id)
        if message is None:
            raise NotFound(_("there is no message {id}; `desk messages` lists them").format(id=id))
        return message


__all__: Sequence[str] = ("ALLOWED", "DECISIONS", "Decision", "People")
