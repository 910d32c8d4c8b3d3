"""The open desk hears of a ring, whoever stored it, before the telephone has rung a second time."""

from __future__ import annotations

import os
from time import monotonic
from typing import Any

os.environ.update({"TEXTUAL_FPS": "240", "TEXTUAL_ANIMATIONS": "none", "ESCDELAY": "25"})
os.environ.pop("NO_COLOR", None)

import pytest
from ring_county import County

from desk.app import Desk

SECONDS = 0.2  # from the ring to the screen: what an agent notices


class Heard:
    """What the first screen was told, and when."""

    def __init__(self) -> None:
        self.new: list[str] = []
        self.gone: list[str] = []
        self.at = 0.0

    def rings_moved(self, _screen: Any, new: list[Any], gone: list[Any]) -> None:
        self.new += [ring.id for ring in new]
        self.gone += [ring.id for ring in gone]
        self.at = monotonic()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    from desk.tui.screens.desk import DeskScreen

    found = Heard()
    told = lambda screen, new, gone: found.rings_moved(screen, new, gone)  # noqa: E731
    monkeypatch.setattr(DeskScreen, "rings_moved", told, raising=False)
    return found


async def test_the_seat_of_a_ring_hears_of_it_within_200_ms_and_others_do_not(
    desk: Desk, county: County, heard: Heard
) -> None:
    from desk.tui.app import DeskApp

    telephone_system = county.open(seat="9")
    app = DeskApp(desk, desk.outages.board())
    async with app.run_test(size=(120, 36)) as pilot:
        while not app.faults.is_painted:
            await pilot.pause(0.02)
        await pilot.pause(0.3)
        took = []
        for number in range(8):
            began = monotonic()
            ring = telephone_system.rings.ring(f"1380013800{number}", seat="1", call_id=str(number))
            telephone_system.rings.ring("13900139000", seat="2", call_id=f"other {number}")
            while ring.id not in heard.new:
                assert monotonic() - began < 2
                await pilot.pause(0.002)
            took.append(heard.at - began)
        assert sorted(took)[len(took) // 2] < SECONDS
        assert [one.seat for one in app.rings.waiting] == ["1"] * 8
        assert len(heard.new) == 8
        telephone_system.rings.end(heard.new[0])
        app.rings.look_now()
        while not heard.gone:
            await pilot.pause(0.01)
        assert heard.gone == heard.new[:1]
