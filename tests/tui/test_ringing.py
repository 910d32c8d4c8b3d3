"""A telephone rings: the caller's card before the agent speaks, the second one in the strip, none taken by mistake."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from desk.app import Desk
from desk.records import RingState

OpenDesk = Callable[..., Any]
OFF, ON = "13800138001", "13800138003"  # a customer below an outage, and one with supply


async def until(hands: Any, words: str, seconds: float = 3.0) -> float:
    """Wait until `words` stand on the screen; how long that took."""
    begun = monotonic()
    while words not in hands.text():
        assert monotonic() - begun < seconds, f"no {words!r}:\n{hands.text()}"
        await hands.pilot.pause(0.01)
    return monotonic() - begun


async def test_a_ring_opens_the_callers_card_on_an_idle_desk(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.settle(0.3)
        ring = desk.rings.ring(OFF, seat="3")
        assert await until(hands, "6400100001") < 1.0
        await until(hands, "Say")
        assert desk.rings.get(ring.id).agent == ""  # nobody has taken it yet


async def test_a_ring_for_another_seat_is_not_shown(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        desk.rings.ring(OFF, seat="4")
        await hands.settle(0.4)
        assert hands.app.screen.calls.open_calls == []
        assert "RINGING" not in hands.text()


@pytest.mark.parametrize("number", ["13912345678", "anonymous", "", "12"])
async def test_a_number_nobody_has_opens_the_search_and_is_kept(desk: Desk, open_desk: OpenDesk, number: str) -> None:
    async with open_desk((80, 24)) as hands:
        ring = desk.rings.ring(number, seat="3")
        await until(hands, "Find")
        await hands.type("8003")
        await hands.press("enter", "f9")
        (call,) = desk.place.calls_table.all()
        assert (call.written_number, call.account_no) == (number, "6400100003")
        assert desk.rings.get(ring.id).call == call.id


async def test_a_second_ring_waits_in_the_strip_and_one_key_takes_it(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        desk.rings.ring(OFF, seat="3")
        await until(hands, "王建国")
        await hands.type("first")
        second = desk.rings.ring(ON, seat="3")
        await until(hands, "RINGING")
        assert "张伟" in hands.lines()[0]
        assert hands.app.screen.call.note.value == "first"
        await hands.press("ctrl+r")
        assert hands.app.screen.calls.current.customer_name == "张伟"
        assert desk.rings.get(second.id).agent == "wang"
        await hands.type("second")
        await hands.press("ctrl+n")
        assert hands.app.screen.call.note.value == "first"
        await hands.settle(0.3)
        assert {draft.fields["note"] for draft in desk.calls.drafts()} == {"first", "second"}


async def test_a_ring_is_taken_from_a_list_too(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("f6")
        desk.rings.ring(ON, seat="3")
        await until(hands, "RINGING")
        await hands.press("ctrl+r")
        assert hands.app.context.where == "call"
        assert hands.app.screen.calls.current.customer_name == "张伟"


async def test_while_a_caller_is_looked_up_a_ring_does_not_take_the_screen(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.type("8003")
        desk.rings.ring(OFF, seat="3")
        await until(hands, "RINGING")
        assert hands.app.context.where == "results"


async def test_who_hangs_up_unanswered_leaves_no_call_behind(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        ring = desk.rings.ring(OFF, seat="3", call_id="a1")
        await until(hands, "To be logged")
        desk.rings.hear(told_end(), "test")
        await until(hands, "hung up")
        assert (hands.app.screen.calls.open_calls, desk.calls.drafts()) == ([], [])
        assert desk.rings.get(ring.id).state is RingState.MISSED


async def test_a_call_with_words_stays_when_it_is_hung_up(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        ring = desk.rings.ring(OFF, seat="3", call_id="a1")
        await until(hands, "To be logged")
        await hands.type("停了半小时")
        desk.rings.hear(told_end(), "test")
        await hands.settle(0.4)
        await hands.press("enter")
        (call,) = desk.place.calls_table.all()
        assert (call.note, desk.rings.get(ring.id).call) == ("停了半小时", call.id)


async def test_what_another_seat_took_leaves_this_one(desk: Desk, open_desk: OpenDesk) -> None:
    from desk.config import load_config

    async with open_desk() as hands:
        ring = desk.rings.ring(OFF)
        await until(hands, "To be logged")
        other = load_config(None, desk.place.config.data)
        with Desk.open(other.__class__(**{**fields(other), "desk": seat_of(other)})) as there:
            there.rings.answer(ring.id)
        await until(hands, "was taken at seat 4")
        assert hands.app.screen.calls.open_calls == []


async def test_saving_takes_the_next_that_rings(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        desk.rings.ring(OFF, seat="3")
        await until(hands, "王建国")
        desk.rings.ring(ON, seat="3")
        await until(hands, "RINGING")
        await hands.press("enter")
        await until(hands, "6400100003")
        assert [call.account_no for call in desk.place.calls_table.all()] == ["6400100001"]


async def test_a_ring_discarded_with_a_reason_waits_no_longer(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        desk.rings.ring(OFF, seat="3")
        await until(hands, "To be logged")
        await hands.press("f8", "2", "enter")
        await hands.settle(0.3)
        assert desk.rings.waiting("3") == []
        assert desk.rings.unlogged("3") == []


def told_end() -> Any:
    from desk.rings import Incoming

    return Incoming(number="", call_id="a1", state="ended")


def fields(config: Any) -> dict[str, Any]:
    from dataclasses import fields as names

    try:
        return {one.name: getattr(config, one.name) for one in names(config)}
    except TypeError:
        return {name: getattr(config, name) for name in config.__struct_fields__}


def seat_of(config: Any) -> Any:
    from msgspec.structs import replace

    return replace(config.desk, seat="4", agent="li")
