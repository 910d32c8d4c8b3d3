"""The desk's app without a terminal, at a seat: keys, and what stands on the screen."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any

os.environ.update({"TEXTUAL_FPS": "240", "TEXTUAL_ANIMATIONS": "none", "ESCDELAY": "25"})
os.environ.pop("NO_COLOR", None)

from textual.worker import WorkerCancelled

from desk.app import Desk

WIDE, NARROW = (120, 36), (80, 24)


class Hands:
    """An agent's hands and eyes."""

    def __init__(self, pilot: Any) -> None:
        self.pilot, self.app = pilot, pilot.app

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    async def type(self, words: str) -> None:
        await self.pilot.press(*words)
        await self.settle()

    async def settle(self) -> None:
        """Wait until the desk has nothing left to do."""
        for _round in range(3):
            with suppress(WorkerCancelled):
                await self.app.workers.wait_for_complete()
            await self.pilot.pause(0.02)

    def text(self) -> str:
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def sees(self, words: str, within: float = 5.0) -> None:
        """Wait until `words` are on the screen: within a second at a desk, longer on a busy test machine."""
        began = monotonic()
        while words not in self.text():
            assert monotonic() - began < within, f"{words!r} is not on the screen:\n{self.text()}"
            await self.pilot.pause(0.05)

    async def misses(self, words: str, within: float = 5.0) -> None:
        """Wait until `words` are not on the screen any more."""
        began = monotonic()
        while words in self.text():
            assert monotonic() - began < within, f"{words!r} is still on the screen:\n{self.text()}"
            await self.pilot.pause(0.05)


@asynccontextmanager
async def at_seat(desk: Desk, size: tuple[int, int] = WIDE) -> AsyncIterator[Hands]:
    """The app on `desk`, ready."""
    from desk.tui.app import DeskApp

    DeskApp.strict = True
    app = DeskApp(desk, desk.outages.board())
    async with app.run_test(size=size) as pilot:
        hands = Hands(pilot)
        while not app.screen.ready:  # type: ignore[attr-defined]
            await pilot.pause(0.02)
        await hands.settle()
        yield hands
