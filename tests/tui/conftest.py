"""A small county on a real store, the desk's app on it without a terminal, and keys that are counted."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

os.environ.update({"TEXTUAL_FPS": "240", "TEXTUAL_ANIMATIONS": "none", "ESCDELAY": "25"})
os.environ.pop("NO_COLOR", None)

import pytest
from lake_county import build
from textual.worker import WorkerCancelled

from desk.app import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = build(tmp_path / "county")
    yield opened
    opened.close()


class Hands:
    """An agent's hands on the desk: counts the keys, and reads the screen."""

    def __init__(self, pilot: Any) -> None:
        self.pilot, self.app = pilot, pilot.app
        self.keys = 0

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each as soon as the one before is done."""
        for key in keys:
            self.keys += 1
            await self.pilot.press(key)
        await self.settle()

    async def type(self, words: str) -> None:
        """Type words; they are not counted as keys of a flow."""
        await self.pilot.press(*words)
        await self.settle()

    async def settle(self, seconds: float = 0.0) -> None:
        """Wait until the desk has nothing left to do."""
        for _round in range(4):
            with suppress(WorkerCancelled):
                await self.app.workers.wait_for_complete()
            await self.pilot.pause(0.02)
        if seconds:
            await self.pilot.pause(seconds)

    def lines(self) -> list[str]:
        """The screen as lines of text."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    def text(self) -> str:
        return "\n".join(self.lines())


@asynccontextmanager
async def at_the_desk(desk: Desk, size: tuple[int, int] = (120, 36), *, strict: bool = True) -> AsyncIterator[Hands]:
    """The app on `desk`, ready; a fault that nobody expected fails the test, unless it is not `strict`."""
    from desk.tui.app import DeskApp

    DeskApp.strict = strict
    app = DeskApp(desk, desk.outages.board())
    async with app.run_test(size=size) as pilot:
        hands = Hands(pilot)
        while not app.screen.ready:  # type: ignore[attr-defined]
            await pilot.pause(0.02)
        await hands.settle()
        yield hands


@pytest.fixture
def open_desk(desk: Desk) -> Callable[..., Any]:
    return lambda size=(120, 36), *, strict=True: at_the_desk(desk, size, strict=strict)
