"""What an agent does most, in keys counted from the ring to the saved log; more than promised fails.

The words and times that are typed are not counted; docs/keystrokes.md has the same flows in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from desk.app import Desk
from desk.outages import OutageRequest

OpenDesk = Callable[..., Any]
SIZE = (80, 24)


async def rung(hands: Any, desk: Desk, number: str) -> None:
    """The telephone has rung and what it brings is on screen; from here on keys are counted."""
    desk.rings.ring(number, seat="3")
    for _round in range(300):
        await hands.pilot.pause(0.01)
        if hands.app.context.where in ("call", "results"):
            break
    await hands.settle()
    hands.keys = 0


async def test_known_number_known_outage_two_keys(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk(SIZE) as hands:
        await rung(hands, desk, "13800138001")
        assert "Say" in hands.text()
        assert "O1" in hands.text()
        await hands.press("enter")
        (call,) = desk.place.calls_table.all()
        assert (call.outage, call.topic, call.spoken is not None) == ("O1", "outage_inquiry", True)
        assert hands.keys <= 2


async def test_unknown_number_the_query_and_three_keys(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk(SIZE) as hands:
        await rung(hands, desk, "13912345678")
        await hands.type("王建")
        await hands.press("enter", "enter")
        (call,) = desk.place.calls_table.all()
        assert (call.written_number, call.account_no, call.outage) == ("13912345678", "6400100001", "O1")
        assert hands.keys <= 3


async def test_no_known_outage_six_keys(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk(SIZE) as hands:
        await rung(hands, desk, "13800138003")
        await hands.press("enter", "1", "2", "enter")
        (call,) = desk.place.calls_table.all()
        assert (call.topic, call.multiple_premises, call.callback) == ("trouble", True, True)
        assert [order.call for order in desk.work_orders.listed()] == [call.id]
        assert hands.keys <= 6


async def test_a_second_ring_one_key(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk(SIZE) as hands:
        await rung(hands, desk, "13800138001")
        desk.rings.ring("13800138003", seat="3")
        await hands.settle(0.4)
        await hands.press("ctrl+r")
        assert hands.app.screen.calls.current.account_no == "6400100003"
        assert hands.keys <= 1


async def test_the_next_phone_duty_three_keys(desk: Desk, open_desk: OpenDesk) -> None:
    desk.outages.open(OutageRequest(type="grid_fault", transformer_areas=("T4",), cause="树障", area="南河镇"))
    async with open_desk(SIZE) as hands:
        await hands.press("f9")
        before = _tried(desk)
        hands.keys = 0
        await hands.press("space", "1")
        await hands.type("张工")
        await hands.press("enter")
        assert hands.keys <= 3
        assert _tried(desk) == before + 1


async def test_a_plan_twelve_keys_and_its_times(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk(SIZE) as hands:
        await hands.press("f7", "shift+tab", "right")
        while hands.app.screen.fields.type.value != "planned_maintenance":
            await hands.press("right")
        await hands.press("tab")
        await hands.type("南河")
        await hands.press("enter", "tab")
        for words in ("12-03 8:00", "+4h", "线路检修", "南河镇"):
            await hands.type(words)
            await hands.press("f9" if words == "南河镇" else "tab")
        assert desk.outages.get("O3").cause == "线路检修"
        assert hands.keys <= 12


async def test_a_change_of_time_five_keys_and_the_time(desk: Desk, open_desk: OpenDesk) -> None:
    for step in desk.notices.approvals("O2"):
        desk.notices.approve("O2", step.step, by="李局", mode="written")
    async with open_desk(SIZE) as hands:
        await hands.press("right")
        hands.keys = 0
        await hands.press("e", "ctrl+u")
        await hands.type("11-24 16:00")
        await hands.press("tab")
        await hands.type("备品未到")
        await hands.press("f9")
        assert desk.outages.get("O2").history[-1].reason == "备品未到"
        assert hands.keys <= 5


async def test_does_this_address_lose_power_tomorrow_no_key_but_the_query(desk: Desk, open_desk: OpenDesk) -> None:
    plan = desk.outages.get("O2")
    assert plan.planned_start is not None
    assert plan.planned_start - desk.place.now() <= timedelta(days=1)
    async with open_desk((120, 40)) as hands:
        hands.keys = 0
        await hands.type("幸福路2号")
        await hands.settle(0.2)
        assert "李秀英" in hands.text()
        assert "O2" in hands.text()
        assert hands.keys == 0


def _tried(desk: Desk) -> int:
    """How many tries at duties are written down."""
    return sum(len(duty.evidence) for outage in ("O1", "O2", "O3") for duty in desk.notices.of(outage))
