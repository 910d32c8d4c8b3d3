"""What is done to outages on the board: asked once with its size, refused in a sentence, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from desk.app import Desk
from desk.outages import OutageChange
from desk.records import Status

OpenDesk = Callable[..., Any]


async def test_restoring_asks_once_and_says_how_many_customers(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("r")
        assert "6 customers" in hands.text()
        assert desk.outages.get("O1").status is Status.CONFIRMED
        await hands.press("enter")
        assert desk.outages.get("O1").status is Status.RESTORED
        assert "O1 is saved" in hands.text()


async def test_escape_leaves_the_outage_as_it_is(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("r", "escape")
        assert desk.outages.get("O1").status is Status.CONFIRMED
        assert hands.app.context.where == "board"


async def test_a_time_that_is_none_is_refused_and_stays_typed(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("r")
        await hands.type("99:99")
        await hands.press("enter")
        assert "is not a time" in hands.text()
        assert hands.app.screen.ask.answer() == "99:99"
        assert desk.outages.get("O1").status is Status.CONFIRMED


async def test_a_plan_is_begun_cancelled_and_closed_from_the_board(desk: Desk, open_desk: OpenDesk) -> None:
    for step in desk.notices.approvals("O2"):
        desk.notices.approve("O2", step.step, by="李局", mode="phone")
    async with open_desk() as hands:
        await hands.press("right", "s", "enter")
        assert desk.outages.get("O2").status is Status.CONFIRMED
        await hands.press("left", "down", "r", "enter")
        assert desk.outages.get("O2").status is Status.RESTORED
        hands.app.screen.board.open_tab("restored")
        await hands.settle()
        await hands.press("d", "enter")
        assert desk.outages.get("O2").status is Status.CLOSED


async def test_a_cancelled_plan_keeps_its_reason(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("right", "x")
        await hands.type("物资未到")
        await hands.press("enter")
        cancelled = desk.outages.get("O2")
        assert (cancelled.status, cancelled.history[-1].reason) == (Status.CANCELLED, "物资未到")


async def test_a_plan_from_dispatch_takes_twelve_keys_and_its_times(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("f7", "shift+tab", "right")
        while hands.app.screen.fields.type.value != "planned_maintenance":
            await hands.press("right")
        await hands.press("tab")
        await hands.type("南河")
        await hands.press("enter", "tab")
        await hands.type("12-03 8:00")
        await hands.press("tab")
        await hands.type("+4h")
        await hands.press("tab")
        await hands.type("线路检修")
        await hands.press("tab")
        await hands.type("南河镇")
        assert "6 customers" in hands.text()
        await hands.press("f9")
        made = desk.outages.get("O3")
        assert hands.keys <= 12
        assert (made.scope.feeders, made.status, made.cause) == (("南河线",), Status.SCHEDULED, "线路检修")
        assert made.planned_start is not None
        assert made.planned_end == made.planned_start + timedelta(hours=4)


async def test_a_fault_on_a_lateral_is_found_by_pinyin_initials(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("n")
        await hands.type("ezx")
        await hands.press("enter", "f9")
        assert desk.outages.get("O3").scope.laterals == ("二支线",)


async def test_the_cursor_goes_to_what_was_just_saved(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("n")
        await hands.type("ezx")
        await hands.press("enter", "f9")
        board = hands.app.screen.query_one("#board")
        await hands.settle(1.0)
        assert (board.tab, board.cursor_id) == ("active", desk.outages.get("O3").id)


async def test_a_form_that_is_wrong_says_so_and_keeps_what_was_typed(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("n", "f9")
        assert "choose what is off" in hands.text()
        await hands.type("南河线")
        await hands.press("enter", "tab")
        await hands.type("tomorow")
        await hands.press("f9")
        assert "is not a time" in hands.text()
        assert hands.app.screen.fields.texts["start"].value == "tomorow"
        assert len(desk.outages.listed()) == 2


async def test_a_change_needs_its_reason_and_five_keys(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("e")
        await hands.pilot.press("ctrl+u")
        await hands.type("+3h")
        await hands.press("f9")
        assert "reason" in hands.text()
        await hands.press("tab")
        await hands.type("抢修延误")
        await hands.press("f9")
        assert hands.keys <= 5
        changed = desk.outages.get("O1")
        assert changed.history[-1].reason == "抢修延误"
        assert changed.etr is not None
        assert timedelta(hours=2, minutes=58) < changed.etr - desk.place.now() <= timedelta(hours=3)


async def test_a_field_changed_by_two_is_shown_with_both_versions_and_decided_by_a_key(
    desk: Desk, open_desk: OpenDesk
) -> None:
    async with open_desk() as hands:
        await hands.press("e", "ctrl+u")
        await hands.type("+3h")
        await hands.press("tab")
        await hands.type("mine")
        later = desk.place.now() + timedelta(hours=5)
        desk.outages.change("O1", OutageChange(reason="other seat", etr=later))
        await hands.press("f9")
        assert "other seat" in hands.text()
        await hands.press("f9")
        assert desk.outages.get("O1").etr == later
        await hands.press("f5", "f9")
        assert [change.reason for change in desk.outages.get("O1").history[1:]] == ["other seat", "mine"]


async def test_letters_act_only_on_the_stage_they_belong_to(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        for letter in "sxd":
            await hands.press(letter)
            assert hands.app.context.where == "board"
