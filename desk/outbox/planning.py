"""What is to be sent: which duties are ripe, how each goes out, how many that are, what comes after a failure.

    planning.route_ready(now, limit=500)      messages for what is ripe, made and not stored
    planning.preview("O12")                   how many people, over what, at what cost, in which words
    planning.release("O12", by="张三")         the same, made, a slice at a time

Nothing here writes, except the notes on addresses: the outbox numbers and stores what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from time import monotonic

from msgspec import Struct
from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.errors import NotFound
from desk.i18n import _
from desk.notices.sheets import LINES
from desk.outbox.following import Following
from desk.outbox.preview import SendPreview, Tally
from desk.outbox.ready import MADE_AGAIN, Frontier, Page, Ready
from desk.outbox.releasing import Count, Releases, in_batch
from desk.outbox.sending import Sending
from desk.outbox.workshop import Workshop
from desk.place import Place
from desk.records import Batch, Duty, Message, Outage

SLICE = 1000  # messages made at a time by a release
PATIENCE = 0.2  # seconds of looking through the duties after which the next look waits
STRETCH = 0.5  # seconds that a release is counted at a time
REST = 5  # times as long as the look took

# What decides which duties are ripe and how they are told.
_WATCHED = (schema.DUTIES, schema.APPROVALS, schema.OUTAGES, schema.CUSTOMERS)


class Routed(Struct, frozen=True):
    """Messages to be stored, and the releases that they belong to where these are new.

    `counting`: so many people of a large release were counted before its first message is made; call again.
    """

    messages: list[Message]
    batches: list[Batch] = []
    counting: int = 0


Progress = Callable[[int], None]


def silent(_people: int) -> None:
    """Nobody wants to know how far it is."""


class Planning:
    """Routing for one place: knows which duties it has gone through."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._ready = Ready(place)
        self._workshop = Workshop(place)
        self._following = Following(self._workshop)
        self._frontier = Frontier(self._ready)
        self._releases = Releases(place)
        self._looked: tuple[object, ...] = ()
        self._look_again: datetime | None = None
        self._rests_until = 0.0

    # What is ripe

    def route_ready(self, now: datetime, limit: int = SLICE) -> Routed:
        """Messages for what has become ripe, some `limit` at a time; none where a person releases.

        Cheap when nothing moved. May be called by several workers: who stores leaves out what another one stored.
        """
        if self._place.config.messages.release != "auto" or not self._is_worth_a_look(now):
            return Routed([])
        started = monotonic()
        messages: list[Message] = []
        batches: list[Batch] = []
        counting = 0
        # A large release that is being made does not keep a small one waiting.
        outages = sorted(self._ready.outages(), key=lambda id: id in self._releases.filling)
        for outage in outages:
            some = self._ripe(outage, now, limit - len(messages))
            messages += some.messages
            batches += some.batches
            counting += some.counting
            if len(messages) >= limit:
                self._looked = ()  # there is more: the next call goes on
                return Routed(messages, batches)
        self._frontier.keep(outages)
        if counting:
            self._looked = ()
            return Routed(messages, batches, counting)
        self._look_again = self._frontier.next_hour()
        spent = monotonic() - started
        self._rests_until = monotonic() + spent * REST if spent > PATIENCE and not messages else 0.0
        return Routed(messages, batches)

    def forget(self) -> None:
        """Go through everything again: what was made could not be stored."""
        self._frontier.forget()
        self._releases.filling.clear()
        self._releases.counting.clear()
        self._looked = ()

    def _ripe(self, outage_id: str, now: datetime, room: int) -> Routed:
        sheets = list(self._frontier.sheets(outage_id, now))
        outage = self._place.outages_table.get(outage_id) if sheets else None
        if outage is None:
            return Routed([])
        sending, new = self._sending(outage, now), []
        batch = self._releases.still_filling(outage)
        if batch is None:
            count = self._releases.counting.setdefault(outage_id, Count(sheets))
            self._count(count, sending, now)
            if count.left:
                return Routed([], counting=max(1, count.tally.people))
            del self._releases.counting[outage_id]
            sheets = count.sheets
            if count.tally.people:
                batch = self._releases.made(outage, count.tally, _opener(outage), now)
                new.append(batch)
        return Routed(self._filled(outage_id, sheets, sending, batch, now, room), new)

    def _count(self, count: Count, sending: Sending, now: datetime) -> None:
        """Count on, as long as nobody minds: whoever else waits for the worker is not kept waiting for it."""
        until = monotonic() + STRETCH
        while count.left and monotonic() < until:
            for _message in sending.page(self._ready.page(count.left.pop(), now), count.tally):
                pass

    def _filled(
        self, outage: str, sheets: Sequence[str], sending: Sending, batch: Batch | None, now: datetime, room: int
    ) -> list[Message]:
        """The messages of these sheets, as many as there is room for; the rest is left for the next call."""
        messages: list[Message] = []
        revisions = self._ready.revisions(outage)
        for sheet in sheets:
            if batch is not None and len(messages) >= room:
                self._releases.filling[outage] = batch
                return messages
            page = self._ready.page(sheet, now)
            made = sending.page(page, Tally())
            messages += [in_batch(message, batch) for message in made if batch is not None]
            self._frontier.passed(outage, sheet, revisions.get(sheet, 0), page)
        self._releases.filling.pop(outage, None)
        return messages

    def _is_worth_a_look(self, now: datetime) -> bool:
        lines = self._workshop.machines()
        if self._looked and lines != self._looked[0]:
            self._frontier.forget()
        changes = self._place.changes
        state = (lines, *(changes.version(table) for table in _WATCHED))
        if state == self._looked and (self._look_again is None or self._look_again > now):
            return False
        if monotonic() < self._rests_until:
            return False
        self._looked = state
        return True

    # A release by a person

    def preview(self, outage_id: str, progress: Progress = silent) -> SendPreview:
        """What a release would send now; nothing is written. Raises NotFound.

        `progress` is told now and then how many people were counted; what it raises ends the counting.
        """
        outage, now = self._outage(outage_id), self._place.now()
        tally = Tally()
        for _message in self._all(outage, self._sending(outage, now), tally, now, progress):
            pass
        return self._shown(outage, tally, now)

    def preview_of(self, outage: Outage, duties: Iterable[Duty]) -> SendPreview:
        """The same for an outage that is not opened yet: over what all its duties would be told, each in its time."""
        now, tally, remaining = self._place.now(), Tally(), iter(duties)
        sending = self._sending(outage, now)
        while some := list(islice(remaining, LINES)):
            for _message in sending.page(Page(some, []), tally):
                pass
        return self._shown(outage, tally, now)

    def _shown(self, outage: Outage, tally: Tally, now: datetime) -> SendPreview:
        chosen = self._place.config.messages
        confirm = self._releases.too_many(outage, tally.people, now)
        by_itself = chosen.release == "auto"
        shown = tally.preview(outage.id, confirm=confirm, training=chosen.training, by_itself=by_itself)
        return replace(shown, out_of_use=self._workshop.out_of_use())

    def release(self, outage_id: str, by: str) -> Iterator[Routed]:
        """Everything that is ripe of an outage, as messages of one release, a slice at a time; above the caps they are
        held until a second person confirms. Nothing where nothing is ripe. Raises NotFound."""
        Access(self._place).require("send_messages")
        outage, now = self._outage(outage_id), self._place.now()
        sending, tally = self._sending(outage, now), Tally()
        for _message in self._all(outage, sending, tally, now):
            pass
        if not tally.people:
            return
        batch = self._releases.made(outage, tally, by, now)
        messages: list[Message] = []
        batches = [batch]
        for message in self._all(outage, sending, Tally(), now):
            messages.append(in_batch(message, batch))
            if len(messages) >= SLICE:
                yield Routed(messages, batches)
                messages, batches = [], []
                batch = self._releases.now(batch)
        if messages:
            yield Routed(messages, batches)

    def _all(
        self, outage: Outage, sending: Sending, tally: Tally, now: datetime, progress: Progress = silent
    ) -> Iterator[Message]:
        for sheet in self._ready.revisions(outage.id):
            yield from sending.page(self._ready.page(sheet, now, MADE_AGAIN), tally)
            progress(tally.people)

    # What is made already

    def refreshed(self, messages: Sequence[Message], now: datetime) -> list[Message]:
        """Each message as it should be now, just before it is sent; see `Following`."""
        return self._following.refreshed(messages, now)

    def escalated(self, failed: Sequence[tuple[Message, str]], now: datetime) -> list[Message | None]:
        """Each message that failed for good, on its next way; None where people do it."""
        return self._following.escalated(failed, now)

    def cutter(self) -> Callable[[Message], tuple[str, ...]]:
        """Gives the pieces in which a message is handed over; raises Unsupported where it would not go whole."""
        return self._following.cutter()

    def note_address(self, family: str, address: str, state: str, why: str = "") -> None:
        """Remember that an address reached nobody (`wrong_number`), or wants nothing this way (`opted_out`)."""
        self._workshop.memory.note(family, address, state, why, self._place.now())

    def forget_address(self, family: str, address: str) -> bool:
        """Use the address again; whether anything was remembered of it."""
        return self._workshop.memory.forget(family, address)

    # Inside

    def _sending(self, outage: Outage, now: datetime) -> Sending:
        return self._workshop.sending(self._workshop.making(outage, now), now)

    def _outage(self, outage_id: str) -> Outage:
        outage = self._workshop.outage(outage_id.strip().upper())
        if outage is None:
            raise NotFound(_("there is no outage {id}; `desk outages` lists them").format(id=outage_id))
        return outage


def _opener(outage: Outage) -> str:
    """Who opened an outage: what goes out by itself is released by them."""
    return outage.history[0].by if outage.history else ""
