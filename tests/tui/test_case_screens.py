"""Work orders, callbacks, cases, predicted outages and the shift on screen, at both sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk.app import Desk
from desk.calls import CallRequest
from desk.records import CallbackState, Outage, Topic, WorkOrderState

OpenDesk = Callable[..., Any]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


def customers(desk: Desk, area: str = "T1") -> list[str]:
    return [one.account_no for one in desk.place.customers.where(transformer_area=area)]


def calling(desk: Desk, count: int = 3, **more: Any) -> list[str]:
    """So many customers of one transformer report trouble; where an outage covers them they join it."""
    ids = []
    for account in customers(desk)[:count]:
        request = CallRequest(topic=Topic.TROUBLE, account_no=account, callback=True, **more)
        ids.append(desk.calls.log(request).id)
    return ids


@SIZES
async def test_a_work_order_is_taken_step_by_step_to_its_signature(
    desk: Desk, open_desk: OpenDesk, size: tuple[int, int]
) -> None:
    order = desk.work_orders.open(place="南街12号", hazard="wire_down")
    async with open_desk(size) as hands:
        await hands.press("f")
        assert "南街12号" in hands.text()
        assert "danger" in hands.text()
        await hands.press("enter")
        await hands.type("crew 1")
        await hands.press("enter")
        for choice in ("2", "1"):
            await hands.press("enter", choice, "enter")
        assert desk.work_orders.get(order.id).state is WorkOrderState.FIELD_COMPLETE
        await hands.press("enter")
        await hands.type("fuse, Zhang")
        await hands.press("enter")
        assert desk.work_orders.get(order.id).signed_by == "Zhang"
        await hands.press("f")
        assert hands.app.context.where == "board"


async def test_a_work_order_is_hurried_with_one_key(desk: Desk, open_desk: OpenDesk) -> None:
    order = desk.work_orders.open(place="南街12号")
    async with open_desk((100, 30)) as hands:
        await hands.press("f", "e")
        assert "hurried 1 times" in hands.text()
    assert desk.work_orders.get(order.id).expedites == 1


@SIZES
async def test_a_callback_is_taken_called_and_settled(desk: Desk, open_desk: OpenDesk, size: tuple[int, int]) -> None:
    outage = next(one for one in desk.outages.listed("active"))
    account = next(
        one.account_no for one in desk.place.customers.all() if one.phones and outage in desk.outages.touching(one)
    )
    desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no=account, callback=True))
    desk.outages.restore(outage.id)
    async with open_desk(size) as hands:
        await hands.press("b")
        assert "now" in hands.text()
        await hands.press("enter")
        number = desk.callbacks.number("B1")
        assert number in hands.text()
        await hands.press("enter", "enter")
        assert desk.callbacks.get("B1").state is CallbackState.DONE
        await hands.press("b")
        assert hands.app.context.where == "board"


@SIZES
async def test_a_case_is_assigned_answered_and_closed(desk: Desk, open_desk: OpenDesk, size: tuple[int, int]) -> None:
    case = desk.cases.open("complaint", "没有通知")
    async with open_desk(size) as hands:
        await hands.press("c")
        assert "没有通知" in hands.text()
        await hands.press("a")
        await hands.type("marketing")
        await hands.press("enter")
        await hands.press("enter")
        await hands.type("we are sorry")
        await hands.press("enter")
    assert desk.cases.get(case.id).answer == "we are sorry"


async def test_an_agent_sees_no_reports_of_misconduct(desk: Desk, open_desk: OpenDesk) -> None:
    desk.cases.open("report_of_misconduct", "收礼")
    desk.place.role = "agent"
    async with open_desk((100, 30)) as hands:
        await hands.press("c")
        assert "收礼" not in hands.text()
        assert "No case is open" in hands.text()


@pytest.fixture
def guess(desk: Desk) -> Outage:
    """A predicted outage: everything known is restored long ago, and three customers of one transformer call."""
    for outage in desk.outages.listed("active"):
        desk.outages.restore(outage.id, at=outage.actual_start)
    for account in customers(desk, "T4")[:3]:
        desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no=account, multiple_premises=True, callback=True))
    return desk.outages.listed("predicted")[0]


@SIZES
async def test_a_predicted_outage_shows_why_and_is_confirmed_by_name(
    desk: Desk, open_desk: OpenDesk, guess: Outage, size: tuple[int, int]
) -> None:
    async with open_desk(size) as hands:
        await hands.press("q")
        assert guess.id in hands.text()
        assert "customer" in hands.text()
        await hands.press("enter")
        await hands.type("Wang")
        await hands.press("enter")
    assert desk.outages.get(guess.id).status == "confirmed"


async def test_storm_mode_is_switched_by_a_person_and_stands_in_the_strip(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((120, 30)) as hands:
        await hands.press("q", "t", "enter")
        assert "STORM" in hands.text()
        await hands.press("q")
        await hands.settle(0.6)
        assert "STORM" in hands.text()
    assert desk.calls.predicting.storm().on


@SIZES
async def test_the_shift_shows_what_is_open_and_is_handed_over(
    desk: Desk, open_desk: OpenDesk, size: tuple[int, int]
) -> None:
    desk.work_orders.open(place="南街12号")
    async with open_desk(size) as hands:
        await hands.press("h")
        assert "work orders under way: 1" in hands.text()
        await hands.press("n")
        await hands.type("quiet night")
        await hands.press("enter")
    note = desk.shift.waiting()
    assert note
    assert note.note.startswith("quiet night")


async def test_the_next_agent_reads_and_takes_over(desk: Desk, open_desk: OpenDesk) -> None:
    note = desk.shift.hand_over("watch the east line")
    desk.place.agent = "li"
    async with open_desk((120, 40)) as hands:
        await hands.press("h")
        assert "watch the east line" in hands.text()
        await hands.press("a")
    assert desk.shift.get(note.id).accepted_by == "li"


async def test_the_calls_are_drawn_as_a_picture(desk: Desk, open_desk: OpenDesk) -> None:
    calling(desk)
    async with open_desk((100, 30)) as hands:
        await hands.press("h", "g")
        await hands.settle(0.3)
        assert "3 calls" in hands.text()
        await hands.press("escape")
        assert hands.app.context.where == "shift"
