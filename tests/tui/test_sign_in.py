"""The door: signing in before the board, locking, unlocking, another agent over the lock, the list of agents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from time import monotonic
from typing import Any

import pytest
from argon2 import PasswordHasher
from conftest import Hands
from msgspec.structs import replace
from textual.worker import WorkerCancelled

from desk.access import passwords
from desk.app import Desk
from desk.rings.reading import read_incoming
from desk.tui.app import DeskApp

PASSWORD = "42 geese"
AtTheDesk = Callable[..., AbstractAsyncContextManager[Hands]]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def guarded(desk: Desk) -> Desk:
    """The small county under password, with four agents; nobody is signed in."""
    place = desk.place
    place.config = replace(place.config, access=replace(place.config.access, sign_in="password"))
    place.agent, place.role = "owner", "supervisor"
    for name, role in {"li": "administrator", "wang": "agent", "zhao": "agent", "chen": "viewer"}.items():
        desk.agents.add(name, role, PASSWORD)
    place.agent = place.role = ""
    place.signs_in = True
    return desk


@asynccontextmanager
async def at_the_door(desk: Desk, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Hands]:
    DeskApp.strict = True
    app = DeskApp(desk, None)
    async with app.run_test(size=size) as pilot:
        hands = Hands(pilot)
        await hands.settle()
        yield hands


async def come_in(hands: Hands, name: str, password: str = PASSWORD) -> None:
    await hands.type(name)
    await hands.press("enter")
    await hands.type(password)
    await hands.press("enter")
    await until_ready(hands)


async def until_ready(hands: Hands) -> None:
    ends = monotonic() + 5
    while not (hasattr(hands.app.screen, "board") and hands.app.screen.ready) and monotonic() < ends:
        with suppress(WorkerCancelled):
            await hands.settle()
    await hands.settle()


def place_of(hands: Hands) -> str:
    return str(hands.app.context.where)


def drafted(desk: Desk) -> list[Any]:
    return [draft.fields.get("note") for draft in desk.place.drafts_table.all()]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_before_anyone_signs_in_nothing_of_the_desk_shows(guarded: Desk, size: tuple[int, int]) -> None:
    async with at_the_door(guarded, size) as hands:
        text = hands.text()
        assert "Agent" in text
        assert "Password" in text
        assert "东湖线" not in text
        assert "wang" not in text
        await hands.press("f2", "ctrl+p", "f7", "ctrl+l")
        assert place_of(hands) == "sign_in"


async def test_name_and_password_open_the_board(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        assert "东湖线" in hands.text()
        assert "3 wang agent" in hands.lines()[0]
        assert hands.keys == 2


async def test_the_password_is_not_on_screen(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await hands.type("wang")
        await hands.press("enter")
        await hands.type("secretwords")
        assert "secretwords" not in hands.text()
        assert "*" * 11 in hands.text()


async def test_the_caret_stands_after_what_was_typed(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        field = hands.app.screen.fields.texts["name"]
        await hands.type("王1")
        assert field.cursor_screen_offset.x == field.content_region.x + 3
        await hands.press("tab")
        await hands.type("王1")
        field = hands.app.screen.fields.texts["password"]
        assert field.cursor_screen_offset.x == field.content_region.x + 2


async def test_wrong_passwords_are_told_with_the_wait(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await hands.type("wang")
        await hands.press("enter")
        for _try in range(3):
            await hands.type("wrong")
            await hands.press("enter")
        assert "wait 1 second" in hands.text()
        assert place_of(hands) == "sign_in"


async def test_a_password_somebody_else_chose_is_changed_first(guarded: Desk) -> None:
    guarded.place.agent, guarded.place.role = "li", "administrator"
    guarded.agents.set_password("wang", "li chose", must_change=True)
    guarded.place.agent = guarded.place.role = ""
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang", "li chose")
        assert place_of(hands) == "password"
        await hands.type("my own 1")
        await hands.press("enter")
        await hands.type("my own 1")
        await hands.press("enter")
        await until_ready(hands)
        assert "东湖线" in hands.text()


async def test_the_lock_hides_everything_and_keeps_the_call(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        await hands.press("f3")
        await hands.type("13800138001")
        await hands.press("enter")
        await hands.type("wet box")
        hands.app.say("Copied: 13800138001")
        await hands.press("ctrl+l")
        shown = hands.text()
        for word in ("王建国", "1380", "东湖", "wet box", "Copied", "not saved"):
            assert word not in shown, word
        assert drafted(guarded) == ["wet box"]
        await hands.type(PASSWORD)
        await hands.press("enter")
        await hands.settle()
        assert place_of(hands) == "call"
        assert "wet box" in hands.text()


async def test_while_locked_no_key_reaches_the_desk(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        await hands.press("ctrl+l")
        await hands.press("ctrl+p", "f1", "f2", "f3", "f10", "escape", "ctrl+o", "ctrl+r", "ctrl+y")
        assert place_of(hands) == "locked"
        assert len(hands.app.screen_stack) == 2


async def test_what_was_asked_for_before_the_lock_does_not_open_over_it(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        hands.app.locking.desk_lock()
        hands.app.screens.screens_work()
        await hands.settle()
        assert place_of(hands) == "locked"


async def test_a_wrong_password_does_not_unlock(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        await hands.press("ctrl+l")
        await hands.type("wrong")
        await hands.press("enter")
        assert place_of(hands) == "locked"
        assert "name or password is wrong" in hands.text()


async def test_a_telephone_that_rings_is_told_without_the_number(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        await hands.press("ctrl+l")
        guarded.rings.hear(read_incoming({"number": "13800138001", "seat": "3"}), "command")
        await hands.settle(1.4)
        assert "A telephone rings" in hands.text()
        assert "1380" not in hands.text().replace(" ", "")
        assert "王建国" not in hands.text()


async def test_another_agent_signs_in_over_the_lock_and_the_firsts_calls_wait_for_the_first(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        await hands.press("f3")
        await hands.type("13800138001")
        await hands.press("enter")
        await hands.type("of wang")
        await hands.press("ctrl+l", "shift+tab", "ctrl+u")
        await come_in(hands, "zhao")
        assert "zhao" in hands.lines()[0]
        assert "of wang" not in hands.text()
        assert "not saved" not in hands.text()
        assert len(hands.app.screen_stack) == 1
        await hands.press("ctrl+l", "shift+tab", "ctrl+u")
        await come_in(hands, "wang")
        await hands.press("f4")
        assert "of wang" in hands.text()


async def test_the_screen_locks_when_no_key_was_pressed_for_long(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        hands.app.locking._touched -= 10 * 60
        await hands.settle(0.4)
        assert place_of(hands) == "locked"
        assert "10 minutes" in hands.text()


@pytest.mark.parametrize("act", ["disable", "passwd"])
async def test_the_open_screen_of_an_agent_who_may_not_any_more_locks_by_itself(guarded: Desk, act: str) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        office = Desk.open(guarded.place.config, clock=guarded.place.clock)
        office.sign_in("li", PASSWORD)
        if act == "disable":
            office.agents.disable("wang")
        else:
            office.agents.set_password("wang", "43 ganders")
        office.close()
        await hands.settle(1.0)
        assert place_of(hands) == "locked"
        assert "东湖线" not in hands.text()


async def test_signing_out_leaves_an_empty_door(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        await hands.press("ctrl+p")
        await hands.type("sign out")
        await hands.press("enter")
        await hands.settle()
        assert place_of(hands) == "sign_in"
        assert "wang" not in hands.text()
        assert guarded.needs_sign_in


async def test_an_agent_changes_the_password_on_screen(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        await hands.press("ctrl+p")
        await hands.type("change password")
        await hands.press("enter")
        for words in (PASSWORD, "43 ganders", "43 ganders"):
            await hands.type(words)
            await hands.press("enter")
        assert place_of(hands) == "board"
    guarded.sign_out()
    guarded.sign_in("wang", "43 ganders")


async def test_an_administrator_lists_an_agent_from_the_palette(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "li")
        await hands.press("ctrl+p")
        await hands.type("agents")
        await hands.press("enter", "n")
        await hands.type("sun")
        await hands.press("enter", "enter")
        row = guarded.agents.get("sun")
        assert (row.role, row.must_change) == ("agent", True)
        assert "sun signs in once with" in hands.text()
        assert hands.keys == 7


async def test_an_administrator_disables_an_agent(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "li")
        hands.app.locking.screens_agents()
        await hands.settle()
        await hands.press("home", "x", "enter")
        assert guarded.agents.get("chen").state == "disabled"


async def test_an_agent_is_offered_no_list_of_agents(guarded: Desk) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, "wang")
        await hands.press("ctrl+p")
        await hands.type("screens.agents")
        assert "No command is called like that" in hands.text()


@pytest.mark.parametrize("name", ["li", "chen"], ids=["administrator", "viewer"])
async def test_every_role_comes_in_without_a_complaint(guarded: Desk, name: str) -> None:
    async with at_the_door(guarded) as hands:
        await come_in(hands, name)
        await hands.settle(0.3)
        assert hands.app.said == ("", "")


# where nobody signs in


async def test_where_nobody_has_a_password_any_key_opens_the_hidden_screen(open_desk: AtTheDesk) -> None:
    async with open_desk() as hands:
        await hands.press("ctrl+l")
        assert "no password is asked for" in hands.text()
        assert "东湖线" not in hands.text()
        await hands.press("n")
        assert place_of(hands) == "board"


async def test_where_nobody_has_a_password_an_idle_screen_stays_as_it_is(open_desk: AtTheDesk) -> None:
    async with open_desk() as hands:
        hands.app.locking._touched -= 3600
        await hands.settle(0.4)
        assert place_of(hands) == "board"


async def test_where_nobody_signs_in_an_agent_with_a_password_is_asked_for_it(desk: Desk, open_desk: AtTheDesk) -> None:
    desk.agents.add("wang", "agent", PASSWORD)
    async with open_desk() as hands:
        await hands.press("ctrl+l")
        assert place_of(hands) == "locked"
        await hands.type(PASSWORD)
        await hands.press("enter")
        await hands.settle()
        assert place_of(hands) == "board"
