"""The messages of one outage at one moment: each ready duty is routed and worded, or left to people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from desk.outbox.escalation import next_route
from desk.outbox.lines import Line, carries, wanted_now
from desk.outbox.making import Making, Said
from desk.outbox.preview import Tally
from desk.outbox.reaching import Known, Reaching
from desk.outbox.ready import Page
from desk.outbox.routing import PAST, Fits, Route, routes
from desk.outbox.wording import sector_of
from desk.place import Place
from desk.records import Customer, Duty, Message


class Sending:
    """Routes and words the duties of one outage; keeps nothing of them."""

    def __init__(self, place: Place, making: Making, reaching: Reaching, lines: Sequence[Line], now: datetime) -> None:
        self._place = place
        self._making = making
        self._reaching = reaching
        self._lines = lines
        self._now = now
        self._prefer = place.config.messages.prefer
        self._language = place.config.messages.language

    def page(self, page: Page, tally: Tally) -> Iterator[Message]:
        """The messages for the ready duties of a sheet; what becomes of each duty is counted."""
        tally.wait(page.waiting)
        machine = [duty for duty in page.ready if self._for_a_machine(duty)]
        known = self._reaching.known(machine, self._lines, self._now) if machine else {}
        for duty in page.ready:
            if self._making.is_past(duty):
                tally.left_over(duty, PAST)
                continue
            about = known.get(duty.id) or NOTHING_KNOWN
            yield from self._told(duty, about, page.told.get(duty.id, set()), tally)

    def elsewhere(self, message: Message, code: str, duty: Duty) -> tuple[Known, Route, Said] | None:
        """Where `message` goes after it failed for `code`, and what it says there; None: people do it."""
        known = self._reaching.known([duty], self._lines, self._now)[duty.id]
        fits, advice = self._fits(duty, known), self._advice(known.customer)
        route = next_route(message, code, duty, known.reach, self._lines, self._prefer, advice=advice, fits=fits)
        said = self._making.said(duty, known, route.line) if route and route.line else None
        return (known, route, said) if route and said else None

    def known(self, duties: Sequence[Duty]) -> dict[str, Known]:
        """How the recipients of these duties are reached."""
        return self._reaching.known(duties, self._lines, self._now)

    def _told(self, duty: Duty, known: Known, already: set[str], tally: Tally) -> Iterator[Message]:
        advice, fits = self._advice(known.customer), self._fits(duty, known)
        found = routes(duty, known.reach, self._lines, self._prefer, advice=advice, fits=fits)
        made = [self._over(duty, known, route, tally) for route in found if route.line and route.wanted not in already]
        messages = [message for message in made if message]
        if messages:
            tally.told(max(one.not_before or self._now for one in messages), self._now)
        elif why := next((route.why for route in found if route.why), ""):
            tally.left_over(duty, why)
        yield from messages

    def _over(self, duty: Duty, known: Known, route: Route, tally: Tally) -> Message | None:
        line = route.line
        said = self._making.said(duty, known, line) if line else None
        if line is None or said is None:
            return None
        tally.sent(line, self._label(line), _reader(known), duty, said)
        return self._making.message(duty, known, route, said, self._language)

    def _for_a_machine(self, duty: Duty) -> bool:
        """Whether any channel could carry it: nobody's numbers are read for a duty that is a person's anyway."""
        wanted = wanted_now(duty)
        return any(carries(line, wanted, duty.recipient.kind) for line in self._lines)

    def _fits(self, duty: Duty, known: Known) -> Fits:
        return lambda line: self._making.said(duty, known, line) is not None

    def _advice(self, customer: Customer | None) -> Callable[[Sequence[str]], Sequence[str] | None]:
        host, outage = self._place.plugins, self._making.outage
        return lambda names: host.route(outage, customer, names)

    def _label(self, line: Line) -> str:
        channel = self._place.plugins.channels.get(line.name)
        return channel.label if channel else line.name


NOTHING_KNOWN = Known.nothing()


def _reader(known: Known) -> str:
    """Whose words they are: those of a sector, or a group's."""
    return "group" if known.sites else sector_of(known.customer)
