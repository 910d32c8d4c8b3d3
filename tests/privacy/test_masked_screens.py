"""No screen shows a telephone number in clear unasked; a key shows it, and that is in the audit."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

os.environ.update({"TEXTUAL_FPS": "240", "TEXTUAL_ANIMATIONS": "none", "ESCDELAY": "25"})

import pytest
from marked_county import CALLER, MOBILE, TYPED, shown
from textual.worker import WorkerCancelled

from desk import schema
from desk.app import Desk
from desk.records import Ring

Size = tuple[int, int]
# How each screen is opened from the desk, and the keys that walk through what it holds.
SCREENS: dict[str, tuple[str, ...]] = {
    "the board": (),
    "the card of an outage": ("f4",),
    "the call log": ("f5", "down", "down"),
    "the duties": ("f6", "down", "down"),
    "the messages": ("m", "down", "down"),
    "the callbacks": ("b", "s", "s", "down", "down"),
    "the work orders": ("f", "down"),
    "the cases": ("c", "down"),
    "the predicted outages": ("q",),
    "the shift": ("h",),
    "the plugins": ("p",),
    "the telephone": ("f9",),
    "the search": ("f2", "1", "3", "8", "1"),
    "the palette": ("ctrl+p",),
    "the help": ("f1",),
    "the leaves": ("ctrl+p", "l", "e", "a", "v", "e", "enter"),
}
RINGING = ("ctrl+r", "f4", "ctrl+r", "f7", "escape", "ctrl+r", "f5")


@asynccontextmanager
async def screen_of(desk: Desk, size: Size = (150, 44), *, ringing: bool = False) -> AsyncIterator[Any]:
    """Keys in, text out."""
    from desk.tui.app import DeskApp

    for draft in desk.calls.drafts():  # an agent's own words in a field are not masked while they are written
        desk.calls.drop_draft(draft.id)
    if not ringing:
        rings = desk.place.store.records(schema.RINGS, Ring)
        for ring in [*rings.all()]:
            rings.remove(ring.id)
    app = DeskApp(desk, desk.outages.board())
    async with app.run_test(size=size) as pilot:
        while not app.screen.ready:  # type: ignore[attr-defined]
            await pilot.pause(0.02)
        yield pilot


async def read(pilot: Any) -> str:
    for _round in range(3):
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()
        await pilot.pause(0.02)
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


async def test_no_screen_shows_a_number_unasked(desk: Desk) -> None:
    wrong = {}
    async with screen_of(desk) as pilot:
        for name, keys in SCREENS.items():
            for key in keys:
                await pilot.press(key)
                if found := shown(await read(pilot)):
                    wrong[f"{name} after {key}"] = found
            while len(pilot.app.screen_stack) > 1:
                await pilot.press("escape")
                await read(pilot)
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())
    assert "number.reveal" not in {line.act for line in desk.place.audit_table.all()}


MORE = ("sending", "paper", "outage_messages", "outage_work", "oversight", "orders", "rules", "import")


async def test_no_screen_of_an_outage_shows_a_number_unasked(desk: Desk) -> None:
    async with screen_of(desk) as pilot:
        await read(pilot)
        for name in MORE:
            getattr(pilot.app.screens, f"screens_{name}")()
            assert not shown(await read(pilot)), name
            await pilot.press("down", "down")
            assert not shown(await read(pilot)), name
            while len(pilot.app.screen_stack) > 1:
                await pilot.press("escape")
                await read(pilot)


@pytest.mark.parametrize("size", [(150, 44), (80, 24)], ids=["large", "80x24"])
async def test_who_rings_and_who_was_taken_is_shown_without_a_number(desk: Desk, size: Size) -> None:
    async with screen_of(desk, size, ringing=True) as pilot:
        for key in RINGING:
            assert not shown(await read(pilot)), key
            await pilot.press(key)
        assert not shown(await read(pilot))


@pytest.mark.parametrize(
    ("keys", "number"),
    [(("f5", "down"), TYPED), (("c",), TYPED), (("m",), MOBILE)],
    ids=["the call log", "the cases", "the messages"],
)
async def test_a_key_shows_the_numbers_of_a_row_and_hides_them_again(
    desk: Desk, keys: tuple[str, ...], number: str
) -> None:
    async with screen_of(desk) as pilot:
        await pilot.press(*keys)
        assert number not in (await read(pilot)).replace(" ", "")
        await pilot.press("f6")
        assert number in (await read(pilot)).replace(" ", "")
        await pilot.press("f6")
        assert number not in (await read(pilot)).replace(" ", "")
    assert [line.act for line in desk.place.audit_table.all()].count("number.reveal") == 1


async def test_a_key_shows_the_number_of_a_caller_who_is_no_customer(desk: Desk) -> None:
    async with screen_of(desk) as pilot:
        await pilot.press("f3")
        await read(pilot)
        await pilot.press(*CALLER, "enter")
        await read(pilot)
        await pilot.press("f4")
        assert CALLER not in (await read(pilot)).replace(" ", "")
        await pilot.press("f6")
        assert CALLER in (await read(pilot)).replace(" ", "")
    assert "number.reveal" in {line.act for line in desk.place.audit_table.all()}


async def test_who_may_not_reveal_is_refused_in_one_sentence(desk: Desk) -> None:
    desk.place.role = "viewer"
    async with screen_of(desk) as pilot:
        await pilot.press("f5", "down", "f6")
        text = await read(pilot)
    assert "may not reveal" in text
    assert not shown(text)


async def test_leave_is_asked_for_and_given_on_the_screen(desk: Desk) -> None:
    async with screen_of(desk) as pilot:
        pilot.app.screens.screens_leaves()
        await read(pilot)
        await pilot.press("n")
        await read(pilot)
        await pilot.press("1", "enter")
        await read(pilot)
        await pilot.press(*"check", "enter")
        assert "asked for" in await read(pilot)
        await pilot.press("enter")
        await read(pilot)
        await pilot.press("enter")
        assert "desk export customers FILE --approval E1" in await read(pilot)
        await pilot.press("x")
        assert "refused" in await read(pilot)
