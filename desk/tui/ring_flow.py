"""Telephones that ring, on screen: the caller's card on an idle desk, else the strip and one key that takes the call.

A ring that was put on screen is nobody's until an agent deals with it: the first key, an answer or the saving takes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from desk.errors import Refused
from desk.i18n import _, ngettext
from desk.records import Ring
from desk.tui.calls import OpenCall
from desk.tui.widgets.bars import Notice

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.calls import Found
    from desk.tui.app import DeskApp
    from desk.tui.call_flow import CallFlow
    from desk.tui.lookup_flow import LookupFlow
    from desk.tui.screens.desk import DeskScreen


class RingFlow:
    """Puts rings on screen and into the strip; holds those that wait."""

    def __init__(self, screen: DeskScreen, calls: CallFlow, lookup: LookupFlow) -> None:
        self._screen, self._calls, self._lookup = screen, calls, lookup
        self._waiting: dict[str, Ring] = {}
        self._found: dict[str, Sequence[Found]] = {}
        calls.touched = self.touched

    # what the telephone tells

    def moved(self, new: Sequence[Ring], gone: Sequence[Ring]) -> None:
        """Rings that came, and rings that were hung up or taken."""
        for ring in gone:
            self._app.go(self._went, ring)
        for ring in new:
            if ring.id not in self._waiting and self._calls.of_ring(ring.id) is None:
                self._waiting[ring.id] = ring
                self._app.go(self._came, ring)

    async def _came(self, ring: Ring) -> None:
        self._found[ring.id] = await self._app.work.look(self._desk.rings.candidates, ring)
        if ring.id in self._waiting and self._is_idle():
            await self._open(ring)
        self.show()

    async def _went(self, ring: Ring) -> None:
        who = self._who(ring)
        self._found.pop(ring.id, None)
        call, waited = self._calls.of_ring(ring.id), self._waiting.pop(ring.id, None)
        self.show()
        if call is not None and call.answered:
            return
        now = await self._app.work.look(self._desk.rings.get, ring.id)
        elsewhere = bool(now.agent) and now.seat != self._desk.place.seat
        if not elsewhere and self._desk.place.now() - ring.at >= self._longest:
            return  # nobody told of its end: it may well be the one that is talked to
        if call is not None and not call.answered and not call.note:
            await self._put_away(call)
        if call is not None or waited is not None:
            taken = _("{who} was taken at seat {seat}").format(who=who, seat=now.seat)
            self._app.say(taken if elsewhere else _("{who} hung up before being answered").format(who=who), "warn")

    async def _put_away(self, call: OpenCall) -> None:
        await self._app.work.do(self._forget, call)
        self._calls.closed(call)

    def _forget(self, call: OpenCall) -> None:
        if call.id:
            self._desk.calls.drop_draft(call.id)
        self._desk.kept_here.drop_draft(call.key)
        if call in self._calls.open_calls:
            self._calls.open_calls.remove(call)

    # what the agent does

    def call_take_ring(self) -> None:
        """Take the call that has rung longest; the open one is kept as it stands."""
        ring = next(iter(self._waiting.values()), None)
        if ring is None:
            return
        while len(self._app.screen_stack) > 1:
            self._app.pop_screen()
        if self._screen.ask.display:
            self._screen.close_ask()
        self._calls.parked()
        self._app.go(self._take, ring)

    async def _take(self, ring: Ring) -> None:
        call = await self._open(ring)
        self.touched(call)

    async def _open(self, ring: Ring) -> OpenCall:
        self._waiting.pop(ring.id, None)
        at = min(ring.at, self._desk.place.now())  # whatever the clock of the machine that heard it says
        call = OpenCall(at=at, number=ring.written_number, ring=ring.id)
        await self._lookup.show_caller(call, self._found.get(ring.id, ()), self._number(ring))
        self.show()
        return call

    def open_waiting(self) -> None:
        """A call has ended: where nobody is in the middle of anything, the card of the next one that rings."""
        ring = next(iter(self._waiting.values()), None)
        if ring is not None and self._is_idle():
            self._app.go(self._open_next, ring)

    async def _open_next(self, ring: Ring) -> None:
        await self._open(ring)

    def touched(self, call: OpenCall) -> None:
        """An agent deals with this call: its ring is nobody else's any more."""
        if not call.answered:
            call.answered = True
            if call.ring:
                self._app.go(self._answer, call)

    async def _answer(self, call: OpenCall) -> None:
        try:
            await self._app.work.do(self._desk.rings.answer, call.ring)
        except Refused as problem:
            self._app.say(str(problem), "bad")
            if not call.note and call in self._calls.open_calls:
                await self._put_away(call)

    # what is shown

    @property
    def count(self) -> int:
        """How many wait to be taken."""
        return len(self._waiting)

    def notices(self) -> list[Notice]:
        """Who rings, the key that takes the call, and how many more there are."""
        if not self._waiting:
            return []
        first, more = next(iter(self._waiting.values())), len(self._waiting) - 1
        words = _("RINGING {who}  {key}").format(who=self._who(first), key=self._app.keymap.shown("call.take_ring"))
        if more:
            words += "  " + ngettext("and {count} more", "and {count} more", more).format(count=more)
        return [Notice(words, "sandbox", 0)]

    def show(self) -> None:
        """Paint the strip again, on whatever screen is open."""
        self._screen.show_strip()
        show = getattr(self._app.screen, "show_rings", None)
        if show is not None:
            show(self.notices())
        self._app.show_keys()

    def _is_idle(self) -> bool:
        """Nobody is in the middle of anything: a ring may take the screen."""
        return self._app.screen is self._screen and self._screen.input_context().where in ("board", "card")

    def _who(self, ring: Ring) -> str:
        found = self._found.get(ring.id, ())
        number = self._number(ring)
        return f"{number} {found[0].customer.name}" if len(found) == 1 else number

    def _number(self, ring: Ring) -> str:
        from desk.rings.words import number_words

        return number_words(ring, self._desk.place.config.county.area_code)

    @property
    def _longest(self) -> timedelta:
        return timedelta(seconds=self._desk.place.config.ring.longest_seconds)

    @property
    def _app(self) -> DeskApp:
        return self._screen.app

    @property
    def _desk(self) -> Desk:
        return self._screen.app.desk
