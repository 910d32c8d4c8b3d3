"""What nobody expected, in a worker, a key, a paint, a timer: no traceback, nothing is lost, the desk goes on."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from lake_county import build
from real_terminal import Terminal

from desk.app import Desk
from desk.tui.fault_log import FILE_NAME, MOST_BYTES, FaultLog, without_persons
from desk.tui.screens.desk import DeskScreen
from desk.tui.widgets.board import Board
from desk.tui.widgets.page import Page

if TYPE_CHECKING:
    from conftest import Hands

OpenDesk = Callable[..., "AbstractAsyncContextManager[Hands]"]


class Unforeseen(RuntimeError):
    """What the tests raise."""


def broken(*_arguments: Any, **_more: Any) -> NoReturn:
    raise Unforeseen("王建国 13800138000")


def logged(desk: Desk) -> str:
    return (desk.place.config.data / FILE_NAME).read_text(encoding="utf-8")


def assert_told(hands: Hands, desk: Desk) -> None:
    """One sentence on the screen, the rest in the file, nobody's name or number in it."""
    assert "Something went wrong in the desk; what was typed is kept" in hands.text()
    assert "Traceback" not in hands.text()
    assert "Unforeseen" in logged(desk)
    assert "test_faults.py" in logged(desk)
    assert "13800138000" not in logged(desk)
    assert "王建国" not in logged(desk)


async def test_a_fault_in_a_worker(desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_desk((160, 30), strict=False) as hands:
        monkeypatch.setattr(type(desk.calls), "find", broken)
        await hands.press("f2", "7")
        assert_told(hands, desk)
        monkeypatch.undo()
        await hands.press("ctrl+u")
        await hands.type("64001")
        assert "王建国" in hands.text()


async def test_a_fault_in_a_key(desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_desk((160, 30), strict=False) as hands:
        monkeypatch.setattr(DeskScreen, "board_next_tab", broken)
        await hands.press("right")
        assert_told(hands, desk)
        await hands.press("f4")
        assert hands.app.context.where == "card"


async def test_a_fault_in_a_paint_leaves_the_pane_empty_and_the_rest_as_it_is(
    desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk((160, 30), strict=False) as hands:
        monkeypatch.setattr(Page, "render_line", broken)
        hands.app.screen.card.refresh()
        await hands.settle()
        assert_told(hands, desk)
        assert "O1" in hands.text()
        monkeypatch.undo()
        await hands.press("up", "f4")
        assert hands.app.context.where == "card"


async def test_a_fault_in_a_tick_does_not_stop_the_clock(
    desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk((160, 30), strict=False) as hands:
        monkeypatch.setattr(Board, "tick", broken)
        await hands.settle(1.2)
        assert_told(hands, desk)
        monkeypatch.undo()
        beats = hands.app._beats
        await hands.settle(0.6)
        assert hands.app._beats > beats


async def test_the_same_fault_at_every_paint_is_told_and_written_once(
    desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk((160, 30), strict=False) as hands:
        monkeypatch.setattr(Board, "render_line", broken)
        for _round in range(5):
            hands.app.screen.board.refresh()
            await hands.settle()
        assert logged(desk).count(" fault ") == 1
        assert hands.app.is_running


async def test_what_was_typed_in_the_open_call_is_kept(
    desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk((160, 30), strict=False) as hands:
        await hands.press("f2")
        await hands.type("6400100003")
        await hands.press("enter")
        monkeypatch.setattr("desk.tui.call_flow.KEEP_AFTER", 999.0)
        await hands.type("电表冒烟")
        monkeypatch.setattr("desk.tui.call_flow.CallFlow.call_outage", broken)
        await hands.press("f5")
        assert_told(hands, desk)
        await hands.settle(0.2)
        assert [draft.fields["note"] for draft in desk.calls.drafts()] == ["电表冒烟"]
        await hands.press("f9")
        assert "is saved" in hands.text()


FAILING = """
import sys
from desk.tui.{module} import {kind}
def broken(*_arguments, **_more):
    raise RuntimeError("no screen of mine")
{when}{kind}.{name} = broken
from desk.cli import main
sys.exit(main(sys.argv[1:]))
"""
LATER = """
import desk.tui.app
begin = desk.tui.app.DeskApp.begin_idle
async def begin_idle(app, rest):
    await begin(app, rest)
    DeskScreen.input_context = broken
desk.tui.app.DeskApp.begin_idle = begin_idle
"""


@pytest.fixture
def county(tmp_path: Path) -> Path:
    build(tmp_path / "county").close()
    return tmp_path / "county"


def test_a_desk_that_cannot_begin_says_one_sentence_and_exits_with_1(county: Path) -> None:
    program = FAILING.format(module="screens.desk", kind="DeskScreen", name="compose", when="")
    with Terminal(county, (120, 24), program=("-c", program)) as terminal:
        assert terminal.exit_code() == 1
        assert "The desk had to stop" in terminal.text()
        assert "Traceback" not in terminal.written.decode()
        assert "RuntimeError" in (county / FILE_NAME).read_text(encoding="utf-8")


def test_a_desk_whose_every_key_fails_is_left_with_one_sentence(county: Path) -> None:
    program = FAILING.format(module="screens.desk", kind="DeskScreen", name="_broken", when=LATER)
    with Terminal(county, (120, 24), program=("-c", program)) as terminal:
        terminal.wait_for("F2")
        terminal.read(0.8)
        for _time in range(6):
            with suppress(OSError):  # it has gone
                terminal.send("\x1b[B")
                terminal.read(0.1)
        assert terminal.exit_code() == 1
        assert "The desk had to stop" in terminal.text()
        assert "Traceback" not in terminal.written.decode()


async def test_giving_up_stores_what_was_typed_first(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((160, 30), strict=False) as hands:
        await hands.press("f2")
        await hands.type("6400100003")
        await hands.press("enter")
        await hands.type("漏电")
        hands.app.faults.give_up()
        assert [draft.fields["note"] for draft in desk.calls.drafts()] == ["漏电"]
        assert hands.app.return_code == 1


async def test_a_screen_that_stands_still_is_written_down_with_what_ran(
    desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_DEBUG", "1")
    async with open_desk(strict=False) as hands:
        await asyncio.sleep(0.1)
        hands.app.call_later(stand_still)
        await hands.settle(0.2)
    assert "stalled" in logged(desk)
    assert "stand_still" in logged(desk)


async def test_nobody_watches_without_being_asked(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        assert hands.app.watchdog is None


def stand_still() -> None:
    time.sleep(0.15)


@pytest.mark.parametrize("words", ["0951-5550000", "张伟", "zhang@example.cn", "KeyError('6400100001')"])
def test_the_log_holds_nobodys_data(words: str) -> None:
    kept = without_persons(words)
    assert not re.search(r"\d{3}", kept)
    assert "张" not in kept
    assert "example" not in kept


def test_the_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    log = FaultLog(tmp_path)
    log.path.write_text("x" * (MOST_BYTES + 1), encoding="utf-8")
    log.stall(0.06, ["here"])
    assert log.path.stat().st_size < 1000
    assert (tmp_path / "desk.log.1").stat().st_size > MOST_BYTES


def test_a_log_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    FaultLog(tmp_path / "nowhere").stall(0.06, ["here"])
