"""Callbacks told by a message: over the first text channel that can reach the number, in the order of the calls.

A callback that is told so waits as `messaged`; what its message comes to makes it done, or a person's again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from desk.durations import parse_duration
from desk.i18n import N_, _
from desk.outbox.addresses import Contact
from desk.outbox.book import Book
from desk.outbox.lines import Line
from desk.outbox.reaching import Known
from desk.outbox.releasing import Releases, in_batch
from desk.outbox.routing import Reach, Route, ways
from desk.outbox.splitting import Cut, cut, signed
from desk.outbox.states import ARRIVED, FAILED, GONE_OUT
from desk.outbox.wording import Worded
from desk.outbox.workshop import Workshop
from desk.phone_numbers import read_phone
from desk.place import Place
from desk.plugins.send_errors import Unsupported
from desk.records import Attempt, AttemptState, Batch, Callback, Duty, Message, Outage, Recipient

FAMILY = "callback"  # the template: callback.zh.j2
TEXTING = ("sms", "push")
VALID = timedelta(hours=24)

NOT_BACK = N_("supply is not back yet")
NO_NUMBER = N_("no number is known")
ONLY_BY_CALL = N_("a follow-up is asked on the telephone")
NO_WAY = N_("no text channel reaches this number")
NO_WORDS = N_("there are no words for it that the channel takes: {problem}")


class Foreseen(Struct, frozen=True, kw_only=True):
    """What telling these callbacks by message would mean: `left` are those whom a person calls, by id, with why.

    `confirm`: why a second person has to look before anything goes; empty when nobody has to.
    """

    messages: tuple[Message, ...]
    left: Mapping[str, str]
    price: float = 0.0
    confirm: str = ""


class TextedCallbacks:
    """Makes the messages of callbacks, and reads what became of them."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._workshop = Workshop(place)
        self._book = Book(place)
        self._releases = Releases(place)

    def foreseen(self, callbacks: Iterable[Callback]) -> Foreseen:
        """The messages for these callbacks, in their order; nothing is written."""
        made: list[Message] = []
        left: dict[str, str] = {}
        price, now = 0.0, self._place.now()
        for one in callbacks:
            found = self._message(one, now)
            if isinstance(found, Message):
                made.append(found)
                price += found.parts * self._price(found.channel)
            else:
                left[one.id] = found
        whys = (self._too_many(outage, len(some), now) for outage, some in _by_outage(made).items())
        return Foreseen(messages=tuple(made), left=left, price=price, confirm=next(filter(None, whys), ""))

    def stored(self, foreseen: Foreseen) -> list[Message]:
        """Store the messages with their releases, inside the caller's transaction; returns them numbered."""
        now, batches = self._place.now(), []
        released: list[Message] = []
        for outage, some in _by_outage(foreseen.messages).items():
            batch = self._batch(outage, some, now)
            batches.append(batch)
            released += [in_batch(message, batch) for message in some]
        order = {message.callback: place for place, message in enumerate(foreseen.messages)}
        return self._book.add(sorted(released, key=lambda one: order[one.callback]), batches)

    def outcomes(self, waiting: Sequence[Callback]) -> dict[str, tuple[Message, Literal["sent", "not_sent"]]]:
        """For each callback whose message has come to something: the message, and what it came to."""
        ids = [one.message for one in waiting]
        messages = {one.id: one for one in self._book.messages.where(id=ids)}
        tries = self._book.tries_of(ids)
        wait, now = parse_duration(self._place.config.messages.receipt_wait).length, self._place.now()
        found: dict[str, tuple[Message, Literal["sent", "not_sent"]]] = {}
        for one in waiting:
            message = messages.get(one.message)
            result = came_to(message.state, tries.get(message.id, ()), now - wait) if message else None
            if message and result:
                found[one.id] = (message, result)
        return found

    def _message(self, callback: Callback, now: datetime) -> Message | str:
        """The message, or why a person calls."""
        outage = self._workshop.outage(callback.outage)
        if callback.kind != "restored":
            return _(ONLY_BY_CALL)
        if outage is None or callback.not_before is None:
            return _(NOT_BACK)
        if not callback.number:
            return _(NO_NUMBER)
        duty = _as_duty(callback, now)
        known = self._known(callback, duty, outage, now)
        route = next(self._routes(known, outage), None)
        if route is None or route.line is None:
            return _(NO_WAY)
        said = self._said(known, duty, outage, route.line, now)
        return said if isinstance(said, str) else self._made(callback, known, duty, outage, route, *said, now)

    def _known(self, callback: Callback, duty: Duty, outage: Outage, now: datetime) -> Known:
        """Whom the callback is for, reached at its own number and no other."""
        known = self._workshop.sending(self._workshop.making(outage, now), now).known([duty])[duty.id]
        phone = read_phone(callback.number, self._place.config.county.area_code)
        contact = Contact(phones=(phone,), account_no=callback.account_no)
        places = {(line.family, address) for line in self._workshop.machines() for address in contact.of(line.takes)}
        bad = frozenset(self._workshop.memory.bad(lambda: places, now)) | frozenset(known.reach.bad)
        return Known(Reach(known.reach.names, contact, (), bad), known.customer)

    def _routes(self, known: Known, outage: Outage) -> Iterator[Route]:
        """The open ways in the order of use, as the county prefers them or a plugin advises."""
        found = list(
            ways(TEXTING, "customer", known.reach, self._workshop.machines(), self._place.config.messages.prefer)
        )
        names = list(dict.fromkeys(way.line.name for way in found if way.line))
        said = self._place.plugins.route(outage, known.customer, names) if names else None
        order = names if said is None else [name for name in said if name in names]
        return iter([way for name in order for way in found if way.line and way.line.name == name])

    def _said(self, known: Known, duty: Duty, outage: Outage, line: Line, now: datetime) -> tuple[Worded, Cut] | str:
        worded = self._workshop.wordings.of(outage, now).words(FAMILY, duty, known.customer)
        try:
            if worded.text:
                return worded, cut(signed(worded.text, line.sign), line.can)
            problem = worded.warning
        except Unsupported as refused:
            problem = str(refused)
        return _(NO_WORDS).format(problem=problem)

    def _made(
        self,
        callback: Callback,
        known: Known,
        duty: Duty,
        outage: Outage,
        route: Route,
        worded: Worded,
        pieces: Cut,
        now: datetime,
    ) -> Message:
        line = route.line
        assert line is not None
        at = max(self._workshop.making(outage, now).waits(duty, known, line), callback.not_before or now)
        return Message(
            id="",
            outage=outage.id,
            callback=callback.id,
            recipient=duty.recipient,
            account_no=callback.account_no,
            channel=line.name,
            family=line.family,
            address=route.address,
            subject=worded.subject,
            body=worded.text,
            language=self._workshop.wordings.language,
            template=worded.template,
            hash=worded.hash,
            made_at=now,
            state=AttemptState.QUEUED,
            not_before=at if at > now else None,
            valid_until=at + VALID,
            due=at.isoformat(),
            parts=len(pieces.pieces),
        )

    def _batch(self, outage: str, some: Sequence[Message], now: datetime) -> Batch:
        why = self._too_many(outage, len(some), now)
        channels: dict[str, int] = {}
        for message in some:
            channels[message.channel] = channels.get(message.channel, 0) + 1
        return Batch(
            id=f"{outage}-{self._book.batches.count(outage=outage) + 1}",
            outage=outage,
            at=now,
            by=self._place.agent,
            people=len(some),
            parts=sum(message.parts for message in some),
            price=sum(message.parts * self._price(message.channel) for message in some),
            channels=channels,
            needs_confirmation=bool(why),
            why=why,
        )

    def _too_many(self, outage_id: str, people: int, now: datetime) -> str:
        outage = self._workshop.outage(outage_id)
        return self._releases.too_many(outage, people, now) if outage else ""

    def _price(self, channel: str) -> float:
        found = self._place.plugins.channels.get(channel)
        return found.can.price if found else 0.0


def came_to(state: AttemptState, tries: Iterable[Attempt], sent_by: datetime) -> Literal["sent", "not_sent"] | None:
    """What a message says of its callback: told, not told, or nothing yet. Pure.

    What went out counts as told once its report has come, or none has for so long that it was out by `sent_by`.
    """
    if state in ARRIVED:
        return "sent"
    if state in GONE_OUT:
        return None if any(one.awaits and one.at > sent_by for one in tries) else "sent"
    return "not_sent" if state in FAILED | {AttemptState.CANCELLED, AttemptState.SKIPPED} else None


def _as_duty(callback: Callback, now: datetime) -> Duty:
    """As the outbox knows whom to tell what: nothing is owed by an article."""
    recipient = Recipient(kind="customer", id=callback.account_no, name=callback.customer_name)
    return Duty(id=callback.id, outage=callback.outage, key="", rules=(), articles=(), recipient=recipient, due=now)


def _by_outage(messages: Iterable[Message]) -> dict[str, list[Message]]:
    found: dict[str, list[Message]] = {}
    for message in messages:
        found.setdefault(message.outage, []).append(message)
    return found
