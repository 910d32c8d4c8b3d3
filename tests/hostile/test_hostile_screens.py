"""On a desk full of attacks every screen shows text: nothing that a terminal obeys, nothing hidden, no markup."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hostile_county import ATTACK, bad_signs

from desk.app import Desk

SIZE = (120, 40)
# How each screen is reached: the keys and the commands, one after the other.
WALKS = {
    "the board": [],
    "the card of an outage": ["key:enter"],
    "the lookup": ["type:80"],
    "the card of a customer": ["type:80", "key:enter"],
    "the call": ["type:80", "key:enter", "key:enter"],
    "the call log": ["screens.log"],
    "the import": ["screens.import"],
    "the plugins": ["screens.plugins"],
    "the messages": ["screens.messages"],
    "a message": ["screens.messages", "key:down", "key:enter"],
    "what would be sent": ["screens.sending"],
    "the papers": ["screens.paper"],
    "the callbacks": ["screens.callbacks", "key:down"],
    "the work orders": ["screens.work_orders", "key:down"],
    "the cases": ["screens.cases", "key:down"],
    "what calls point to": ["screens.predicted", "key:down"],
    "the shift": ["screens.shift"],
    "the work list": ["screens.work", "key:down"],
    "the duties of an outage": ["screens.outage_work"],
    "the telephone": ["screens.dial"],
    "the oversight": ["screens.oversight", "key:down"],
    "the order tables": ["screens.orders"],
    "the rules": ["screens.rules"],
    "the help": ["desk.help"],
    "the palette": ["desk.palette"],
    "the jump": ["desk.jump"],
    "the form of a new outage": ["outage.open"],
    "the form of a change": ["outage.change"],
    "the question before an act": ["outage.restore"],
    "the approvals": ["open:approvals"],
    "the calls drawn": ["open:calls_picture"],
    "a new channel": ["open:new_channel"],
    "the settings of a channel": ["open:channel"],
}


@asynccontextmanager
async def at(desk: Desk) -> AsyncIterator[Any]:
    from desk.tui.app import DeskApp

    DeskApp.strict = True
    app = DeskApp(desk, desk.outages.board())
    async with app.run_test(size=SIZE) as pilot:
        while not app.screen.ready:  # type: ignore[attr-defined]
            await pilot.pause(0.02)
        yield pilot


async def walk(pilot: Any, steps: list[str]) -> None:
    app = pilot.app
    for step in steps:
        kind, _colon, what = step.partition(":")
        if kind == "key":
            await pilot.press(what)
        elif kind == "type":
            await pilot.press(*what)
        elif kind == "open":
            OPEN[what](app)
        else:
            app.perform_id(step)
        await settled(pilot)


OPEN = {
    "approvals": lambda app: app.screens.open_approvals("O2"),
    "calls_picture": lambda app: app.screens.open_calls_picture(),
    "new_channel": lambda app: app.screens.open_new_channel(),
    "channel": lambda app: app.screens.open_channel_settings("wecom"),
}


async def settled(pilot: Any) -> None:
    for _round in range(2):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(0)


def shown(app: Any) -> list[str]:
    """Every stretch of text that is painted, with the links that stand on it."""
    return [segment.text for strip in app.screen._compositor.render_strips() for segment in strip]


def actions(app: Any) -> list[Any]:
    """What a click on the screen would do because of a text: nothing, ever."""
    metas = [
        segment.style.meta for strip in app.screen._compositor.render_strips() for segment in strip if segment.style
    ]
    links = [
        segment.style.link for strip in app.screen._compositor.render_strips() for segment in strip if segment.style
    ]
    return [meta for meta in metas if any(key.startswith("@") for key in meta)] + [link for link in links if link]


async def test_no_screen_shows_what_a_terminal_obeys(hostile: Desk) -> None:
    said: list[str] = []
    async with at(hostile) as pilot:
        for name, steps in WALKS.items():
            await walk(pilot, steps)
            wrong = {sign for text in shown(pilot.app) for sign in bad_signs(text)}
            assert not wrong, f"{name} shows {sorted(wrong)}"
            assert not actions(pilot.app), f"{name} took markup for markup"
            said += shown(pilot.app)
            await back(pilot)
    assert "[red]" in "".join(said), "no attack was on any screen: nothing was tried"


async def back(pilot: Any) -> None:
    """To the board again, from wherever."""
    for _time in range(8):
        if len(pilot.app.screen_stack) == 1 and pilot.app.context.where == "board":
            return
        await pilot.press("escape")
        await settled(pilot)
    raise AssertionError(f"no way back from {pilot.app.context.where}")


async def test_what_is_said_in_the_status_line_is_text(hostile: Desk) -> None:
    async with at(hostile) as pilot:
        pilot.app.say(f"{ATTACK}", "bad")
        await settled(pilot)
        assert not [sign for text in shown(pilot.app) for sign in bad_signs(text)]


async def test_what_is_pasted_is_text(hostile: Desk) -> None:
    from textual import events

    async with at(hostile) as pilot:
        await pilot.press("slash")
        pilot.app.post_message(events.Paste(f"8001\x1b[201~{ATTACK}"))
        await settled(pilot)
        assert not [sign for text in shown(pilot.app) for sign in bad_signs(text)]


@pytest.mark.parametrize("width", [1, 5, 40])
def test_a_field_keeps_each_sign_in_its_place(width: int) -> None:
    from desk.text import marked

    assert len(marked(ATTACK)) == len(ATTACK)
    assert not re.search("[\x00-\x1f\x7f-\x9f]", marked(ATTACK * width))
