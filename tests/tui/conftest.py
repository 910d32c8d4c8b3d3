"""A small county on a real store, the desk's app on it without a terminal, and keys that are counted."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.update({"TEXTUAL_FPS": "120", "TEXTUAL_ANIMATIONS": "none", "ESCDELAY": "25"})
os.environ.pop("NO_COLOR", None)

import pytest
from textual.worker import WorkerCancelled

from desk.app import Desk
from desk.clock import RunningClock
from desk.config import load_config
from desk.outages import OutageRequest
from desk.phone_numbers import read_phones
from desk.records import Customer, TransformerArea

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
CONFIG = """
[county]
name = "Qingshan"
area_code = "0951"
[desk]
language = "{language}"
seat = "3"
agent = "wang"
"""


def build(folder: Path, language: str = "en") -> Desk:
    """The county in `folder`: two feeders, twelve customers, three outages."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(CONFIG.format(language=language), encoding="utf-8")
    desk = Desk.create(load_config(None, folder), sandbox=True, clock=RunningClock(NOW))
    desk.place.network.put_many(_areas())
    desk.place.customers.put_many(_customers())
    _outages(desk)
    return desk


def _areas() -> Iterator[TransformerArea]:
    for number, (feeder, lateral) in enumerate(
        [("东湖线", "一支线"), ("东湖线", "二支线"), ("南河线", ""), ("南河线", "三支线")], start=1
    ):
        yield TransformerArea(
            transformer_area=f"T{number}",
            feeder=feeder,
            lateral=lateral,
            transformer_name=f"{feeder[:2]}{number}号公变",
            substation="城关变",
            kind="public",
            service_branch="城关供电所",
        )


def _customers() -> Iterator[Customer]:
    names = [
        "王建国",
        "李秀英",
        "张伟",
        "刘芳",
        "陈静",
        "杨洋",
        "赵敏",
        "黄磊",
        "周涛",
        "吴超",
        "县人民医院",
        "兴达化工",
    ]
    for number, name in enumerate(names, start=1):
        yield Customer(
            account_no=f"64001{number:05d}",
            name=name,
            transformer_area=f"T{1 + number % 4}",
            address=f"东湖镇幸福路{number}号",
            phones=read_phones(f"1380013{8000 + number}", "0951"),
            meter_no=f"M{number:06d}",
            important=name == "县人民医院",
            grade="一级" if name == "县人民医院" else "",
            sector="hospital" if name == "县人民医院" else "residential",
        )


def _outages(desk: Desk) -> None:
    now = desk.place.now()
    fault = OutageRequest(
        type="grid_fault", feeders=("东湖线",), cause="树障", area="东湖镇", etr=now + timedelta(hours=2, minutes=5)
    )
    plan = OutageRequest(
        type="planned_maintenance",
        transformer_areas=("T3",),
        cause="检修",
        area="南河镇",
        received_at=now - timedelta(days=8),
        planned_start=now + timedelta(days=1),
        planned_end=now + timedelta(days=1, hours=4),
    )
    desk.outages.open(fault)
    desk.outages.open(plan)


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
async def at_the_desk(desk: Desk, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Hands]:
    """The app on `desk`, ready."""
    from desk.tui.app import DeskApp

    app = DeskApp(desk, desk.outages.board())
    async with app.run_test(size=size) as pilot:
        hands = Hands(pilot)
        while not app.screen.ready:  # type: ignore[attr-defined]
            await pilot.pause(0.02)
        await hands.settle()
        yield hands


@pytest.fixture
def open_desk(desk: Desk) -> Callable[..., Any]:
    return lambda size=(120, 36): at_the_desk(desk, size)
