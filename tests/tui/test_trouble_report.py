"""A trouble report: danger and neighbours asked, a work order made, a callback promised; the customer's side first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from desk.app import Desk
from desk.tui.calls import OpenCall

OpenDesk = Callable[..., Any]
WITH_SUPPLY = "13800138003"


async def ring(hands: Any, desk: Desk, number: str = WITH_SUPPLY) -> None:
    desk.rings.ring(number, seat="3")
    for _round in range(200):
        await hands.pilot.pause(0.01)
        if hands.app.context.where == "call":
            break
    await hands.settle()


async def test_danger_and_neighbours_are_asked_and_all_is_saved_together(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await ring(hands, desk)
        await hands.press("enter")
        assert "a wire down" in hands.text()
        await hands.press("4")
        assert "DANGER TO LIFE" in hands.text()
        await hands.press("2", "enter")
        (call,) = desk.place.calls_table.all()
        assert (call.hazard, call.multiple_premises, call.callback) == ("wire_down", True, True)
        (order,) = desk.work_orders.listed()
        assert (order.call, order.hazard, order.urgency) == (call.id, "wire_down", "danger_to_life")
        assert [one.call for one in desk.callbacks.listed()] == [call.id]
        assert "work order W1 made" in hands.text()


async def test_f9_saves_at_once_whatever_was_not_asked(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await ring(hands, desk)
        await hands.press("f9")
        assert [call.hazard for call in desk.place.calls_table.all()] == [""]


async def test_the_callback_is_refused_with_one_choice(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await ring(hands, desk)
        await hands.press("tab", "tab", "tab", "tab", "left", "f9")
        assert [call.callback for call in desk.place.calls_table.all()] == [False]


async def test_nobody_is_sent_to_the_customers_own_side_before_the_customer_was_told(
    desk: Desk, open_desk: OpenDesk
) -> None:
    async with open_desk() as hands:
        await ring(hands, desk)
        call = hands.app.screen.calls.current
        call.trouble_code, call.order, call.hazard, call.neighbours = "customer_side_fault", "make", "none", "only"
        hands.app.screen.call.fill(call)
        await hands.press("enter")
        assert "customer's side" in hands.text()
        assert list(desk.place.calls_table.all()) == []
        await hands.press("escape")
        assert hands.app.screen.calls.current is call
        await hands.press("enter", "enter")
        (order,) = desk.work_orders.listed()
        assert order.customer_side


async def test_an_own_breaker_sends_nobody_by_default(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await ring(hands, desk)
        await hands.press("shift+tab", "2", "f9")
        (call,) = desk.place.calls_table.all()
        assert (call.trouble_code, desk.work_orders.listed()) == ("customer_side_fault", [])


async def test_who_calls_again_hurries_the_crew(desk: Desk, open_desk: OpenDesk) -> None:
    order = desk.work_orders.open(account_no="6400100003")
    async with open_desk() as hands:
        await ring(hands, desk)
        assert f"hurry {order.id}" in hands.text()
        await hands.press("enter", "1", "1", "enter")
        assert desk.work_orders.get(order.id).expedites == 1
        assert len(desk.work_orders.listed()) == 1


async def test_a_complaint_opens_a_case_and_needs_words(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await ring(hands, desk)
        await hands.press("tab", "5", "shift+tab", "enter")
        assert "Write it in the caller's words" in hands.text()
        await hands.type("停电没有通知")
        await hands.press("enter")
        (case,) = desk.cases.listed()
        assert (case.kind, case.about) == ("complaint", "停电没有通知")
        assert desk.work_orders.listed() == []


async def test_the_answers_survive_with_the_draft(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await ring(hands, desk)
        await hands.press("enter", "5", "2")
        await hands.settle(0.3)
    async with open_desk() as hands:
        await hands.press("f4")
        call = hands.app.screen.calls.current
        assert (call.hazard, call.neighbours, call.ring) == ("fire", "too", "R1")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_phrase_is_written_out_in_the_note(desk: Desk, open_desk: OpenDesk, size: tuple[int, int]) -> None:
    async with open_desk(size) as hands:
        await ring(hands, desk)
        await hands.type("::z")
        assert "::zl" in hands.text()
        await hands.type("l 三楼 ::tz")
        assert hands.app.screen.call.note.value == "整栋楼无电，邻居也停 三楼 ::tz"
        await hands.press("f9")
        assert [call.note for call in desk.place.calls_table.all()] == ["整栋楼无电，邻居也停 三楼 开关已跳，合不上"]


@pytest.mark.parametrize(
    ("number", "account_no", "promised"),
    [("13800138000", "", True), ("", "1000", True), ("", "", False), ("abc##", "", False)],
    ids=["a number", "an account", "withheld", "no digit"],
)
def test_nobody_is_promised_a_call_without_a_number_to_call(number: str, account_no: str, promised: bool) -> None:
    call = OpenCall(at=datetime(2026, 11, 23, tzinfo=UTC), number=number, account_no=account_no)
    assert call.callback_now is promised
    call.callback = "yes"
    assert call.callback_now
