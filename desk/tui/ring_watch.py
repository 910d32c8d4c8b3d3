"""Hears that a telephone rings: ten times a second it looks whether anyone wrote to the table of rings.

    app.rings.waiting        what waits to be taken at this seat, the oldest first

A look costs microseconds while nothing was stored (see `desk.place.Changes`); it is a plain timer of the loop, as
one of Textual's own would cost ten times as much. The first screen is told by `rings_moved(new, gone)`.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, TimerHandle
from time import monotonic
from typing import TYPE_CHECKING

from desk import schema
from desk.errors import DeskError

if TYPE_CHECKING:
    from desk.records import Ring
    from desk.tui.app import DeskApp

LOOK = 0.1  # seconds: with reading and painting a ring is on screen within 200 ms
AGE = 5.0  # seconds after which what waits is read again: a ring grows old without anyone writing


class RingWatch:
    """What waits at this seat."""

    def __init__(self, app: DeskApp) -> None:
        self.waiting: tuple[Ring, ...] = ()
        self._app = app
        self._version = -1
        self._read_at = 0.0
        self._timer: TimerHandle | None = None

    def start(self, loop: AbstractEventLoop) -> None:
        """Look from here on, for as long as the desk is open."""
        self._timer = loop.call_later(LOOK, self._look, loop)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def look_now(self) -> None:
        """Read again, whatever was stored."""
        self._read_at = monotonic()
        self._app.go_last("rings", self._read)

    def _look(self, loop: AbstractEventLoop) -> None:
        self.start(loop)
        try:
            version = self._app.desk.place.changes.version(schema.RINGS)
        except DeskError:
            return  # the beat says what is wrong with the store
        grew_old = bool(self.waiting) and monotonic() - self._read_at >= AGE
        if version != self._version or grew_old:
            self._version = version
            self.look_now()

    async def _read(self) -> None:
        place, before = self._app.desk.place, self.waiting
        if not self._app.desk.access.may("log_call"):
            return  # nobody is here who takes calls
        now = await self._app.work.look(self._app.desk.rings.waiting, place.seat)
        self.waiting = tuple(now)
        if now == list(before):
            return
        there = {ring.id for ring in before}, {ring.id for ring in now}
        new, gone = [one for one in now if one.id not in there[0]], [one for one in before if one.id not in there[1]]
        tell = getattr(self._app.screen_stack[0], "rings_moved", None) if self._app.screen_stack else None
        if tell is not None:
            tell(new, gone)
