"""A call from the ring to the saved log: as few keys as promised, and nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk.app import Desk

OpenDesk = Callable[..., Any]


async def test_a_known_number_with_a_known_outage_is_saved_with_one_key(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.app.screen.lookup.ring("13800138001")
        await hands.settle()
        assert "王建国" in hands.text()
        hands.keys = 0
        await hands.press("enter")
        [call] = desk.calls.search()
        assert (hands.keys <= 2, call.account_no, call.outage, call.topic) == (
            True,
            "6400100001",
            "O1",
            "outage_inquiry",
        )
        assert call.spoken is not None
        assert desk.calls.drafts() == []


@pytest.mark.parametrize("query", ["8003", "640010000", "M000003", "张伟", "zw", "幸福 3号", "张伟 东湖"])
async def test_an_unknown_number_takes_the_query_and_three_keys(desk: Desk, open_desk: OpenDesk, query: str) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("f2")
        await hands.type(query)
        if query == "640010000":
            await hands.type("3")
        await hands.press("enter", "f9")
        [call] = desk.calls.search()
        assert (hands.keys <= 3, call.account_no) == (True, "6400100003")


async def test_typing_digits_or_chinese_on_the_board_begins_the_search(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.type("县人民")
        assert hands.app.context.where == "results"
        assert "县人民医院" in hands.text()


async def test_enter_pressed_before_the_answer_takes_the_right_customer(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("f2")
        await hands.pilot.press(*"8007", "enter")
        await hands.settle()
        assert hands.app.screen.calls.current.account_no == "6400100007"


async def test_escape_keeps_the_call_and_f4_brings_it_back_with_its_note(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.type("8003")
        await hands.press("enter")
        await hands.type("半小时前停的")
        await hands.press("escape")
        assert hands.app.context.where == "board"
        assert "1 call not saved: 张伟" in hands.text()
        await hands.press("f4")
        assert hands.app.screen.call.note.value == "半小时前停的"
        await hands.press("f9")
        assert desk.calls.search()[0].note == "半小时前停的"


async def test_a_second_call_waits_and_both_are_kept(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.app.screen.lookup.ring("13800138001")
        await hands.type("first")
        await hands.press("f3")
        await hands.type("138 0013 8002")
        await hands.press("enter")
        assert hands.app.screen.calls.current.customer_name == "李秀英"
        await hands.type("second")
        await hands.press("ctrl+n")
        assert hands.app.screen.call.note.value == "first"
        assert {draft.fields["note"] for draft in desk.calls.drafts()} == {"first", "second"}


async def test_a_call_ends_unlogged_only_with_a_reason_and_leaves_an_audit_line(
    desk: Desk, open_desk: OpenDesk
) -> None:
    async with open_desk() as hands:
        await hands.type("8003")
        await hands.press("enter", "f8")
        assert "without logging" in hands.text()
        await hands.press("escape")
        assert hands.app.screen.calls.current is not None
        await hands.press("f8", "2", "enter")
        assert hands.app.screen.calls.open_calls == []
        assert desk.calls.drafts() == []
        assert [line.details for line in desk.place.audit_table.all() if line.act == "call.discard"] == [
            {"reason": "silent"}
        ]


async def test_a_number_nobody_has_opens_the_search_and_is_kept_for_the_log(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("f3")
        await hands.type("13912345678")
        await hands.press("enter")
        assert "Nobody has 139****5678" in hands.text()
        await hands.press("f4", "f9")
        [call] = desk.place.calls_table.all()
        assert (call.number, call.account_no) == ("13912345678", "")


async def test_a_number_of_several_customers_offers_them_all(desk: Desk, open_desk: OpenDesk) -> None:
    from msgspec.structs import replace

    first = desk.place.customers.get("6400100001")
    second = desk.place.customers.get("6400100002")
    assert first is not None
    assert second is not None
    desk.place.customers.put(replace(second, phones=first.phones))
    async with open_desk() as hands:
        await hands.app.screen.lookup.ring("13800138001")
        await hands.settle()
        assert "has 2 customers" in hands.text()
        await hands.press("down", "enter", "enter")
        assert [(call.account_no, call.number) for call in desk.place.calls_table.all()] == [
            ("6400100002", "13800138001")
        ]


async def test_phones_are_masked_until_f6_and_showing_them_leaves_an_audit_line(
    desk: Desk, open_desk: OpenDesk
) -> None:
    async with open_desk() as hands:
        await hands.type("8003")
        await hands.press("enter")
        assert "138****8003" in hands.text()
        assert "138 0013 8003" not in hands.text()
        await hands.press("f6")
        assert "138 0013 8003" in hands.text()
        assert [line.about for line in desk.place.audit_table.all() if line.act == "number.reveal"] == ["6400100003"]


async def test_the_agents_choice_of_topic_outage_and_outcome_is_logged(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.app.screen.lookup.ring("13800138001")
        await hands.settle()
        await hands.press("f5", "tab", "right")
        await hands.press("f9")
        [call] = desk.place.calls_table.all()
        assert call.topic == "trouble"


async def test_two_savings_save_one_call(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.type("8003")
        await hands.press("enter")
        await hands.pilot.press("f9", "f9", "enter")
        await hands.settle()
        assert len(desk.calls.search()) == 1


async def test_letters_typed_into_the_note_are_text_and_not_commands(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.type("8003")
        await hands.press("enter")
        await hands.type("nserxdlipy?/")
        assert hands.app.screen.call.note.value == "nserxdlipy?/"


async def test_drafts_left_behind_are_offered_at_the_next_start(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.type("8003")
        await hands.press("enter")
        await hands.type("abc")
        await hands.settle(0.4)
    async with open_desk() as hands:
        assert "1 call was not saved" in hands.text()
        await hands.press("f4")
        assert hands.app.screen.call.note.value == "abc"
        await hands.press("f9")
        assert desk.calls.search()[0].account_no == "6400100003"


async def test_a_saved_calls_note_does_not_pass_to_the_one_that_waits(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.app.screen.lookup.ring("13800138001")
        await hands.type("first")
        await hands.app.screen.lookup.ring("13800138002")
        await hands.settle()
        await hands.type("second")
        await hands.press("f9")
        assert [draft.fields["note"] for draft in desk.calls.drafts()] == ["first"]
        assert hands.app.screen.calls.current.note == "first"
