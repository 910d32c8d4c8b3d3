"""Calls in a real terminal at both sizes: Chinese typed and pasted, columns, the caret, rings, kill -9."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lake_county import NOW, build
from real_terminal import ROOT, Terminal

from desk.app import Desk
from desk.config import load_config
from desk.text import cell_width

SIZES = [(80, 24), (120, 40)]
ENTER, F9, CTRL_R, CTRL_N, LEFT = "\r", "\x1b[20~", "\x12", "\x0e", "\x1b[D"
LABELS = ("主题", "结果", "备注")


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """The county's folder, its screen in Chinese, its desk closed again: the program opens it."""
    build(tmp_path / "county", "zh_CN").close()
    return tmp_path / "county"


@pytest.fixture(params=SIZES, ids=str)
def terminal(county: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    with Terminal(county, request.param, DESK_NOW=NOW.isoformat()) as opened:
        opened.wait_for("F2")
        opened.read(0.6)
        yield opened


def ring(county: Path, number: str) -> None:
    """Another process tells of a call."""
    subprocess.run(
        [sys.executable, "-m", "desk", "ring", number, "--seat", "3", "--data", str(county)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DESK_NOW": NOW.isoformat()},
    )


def note_row(terminal: Terminal) -> int:
    """The row in which the note is typed: the last one that begins with its label."""
    rows = [y for y, line in enumerate(terminal.screen.display) if "备注" in line.replace(" ", "")]
    return rows[-1]


def test_a_ring_from_another_process_opens_the_card_and_one_key_saves(county: Path, terminal: Terminal) -> None:
    ring(county, "13800138001")
    terminal.wait_for("王建国", 3)
    terminal.wait_for("话术")
    terminal.send(ENTER)
    terminal.wait_for("已保存")
    with Desk.open(load_config(None, county)) as desk:
        assert [call.outage for call in desk.calls.search()] == ["O1"]


def test_the_caret_of_the_note_stands_where_the_next_sign_will_be(county: Path, terminal: Terminal) -> None:
    ring(county, "13800138001")
    terminal.wait_for("话术")
    terminal.read(0.4)
    y, start = note_row(terminal), terminal.screen.cursor.x
    assert terminal.screen.cursor.y == y
    typed = ""
    for piece in ("半小时前", "停", "12", "户"):
        terminal.send(piece)
        terminal.read(0.3)
        typed += piece
        assert (terminal.screen.cursor.y, terminal.screen.cursor.x) == (y, start + cell_width(typed))
    terminal.paste("，楼道黑\r\n  邻居也停\n")
    terminal.wait_for("邻居也停")
    terminal.read(0.2)
    assert terminal.screen.cursor.x == start + cell_width("半小时前停12户，楼道黑 邻居也停")
    terminal.send(LEFT)
    terminal.read(0.3)
    assert terminal.screen.cursor.x == start + cell_width("半小时前停12户，楼道黑 邻居也")


def test_a_long_pasted_note_scrolls_and_the_caret_stays_in_its_field(county: Path, terminal: Terminal) -> None:
    ring(county, "13800138001")
    terminal.wait_for("话术")
    terminal.read(0.4)
    y = note_row(terminal)
    terminal.paste("客户反映整栋楼停电" * 12 + "完")
    terminal.wait_for("完")
    terminal.read(0.3)
    assert terminal.screen.cursor.y == y
    assert terminal.screen.cursor.x < terminal.screen.columns
    assert "完" in terminal.screen.display[y]
    terminal.send(F9)
    terminal.wait_for("已保存")
    with Desk.open(load_config(None, county)) as desk:
        assert desk.calls.search()[0].note == "客户反映整栋楼停电" * 12 + "完"


def test_the_labels_and_choices_stand_in_their_columns(county: Path, terminal: Terminal) -> None:
    ring(county, "13800138003")
    terminal.wait_for("话术")
    terminal.send(ENTER)
    terminal.wait_for("1 无")
    terminal.rest()
    rows = range(terminal.line_of("主题"), note_row(terminal) + 1)
    left = {terminal.column_of("<", y) for y in rows if "<" in terminal.screen.display[y]}
    assert len(left) == 1
    if terminal.screen.columns >= 100:  # the rule between the panes is straight
        ruled = {terminal.column_of("│", y) for y in range(1, note_row(terminal) + 1)}
        assert len(ruled) == 1


def test_two_calls_with_chinese_notes_survive_kill_9(county: Path) -> None:
    with Terminal(county, DESK_NOW=NOW.isoformat()) as terminal:
        terminal.wait_for("F2")
        terminal.read(0.6)
        ring(county, "13800138001")
        terminal.wait_for("王建国")
        terminal.wait_for("话术")
        terminal.send("第一个来电")
        terminal.wait_for("第一个来电")
        ring(county, "13800138003")
        terminal.wait_for("Ctrl+R")
        terminal.send(CTRL_R)
        terminal.wait_for("6400100003")
        terminal.paste("第二个\n来电")
        terminal.wait_for("第二个 来电")
        terminal.read(0.6)
        terminal.kill()
    with Terminal(county, DESK_NOW=NOW.isoformat()) as terminal:
        terminal.wait_for("F2")
        terminal.wait_for("2")
        terminal.read(1.0)
        terminal.send("\x1bOS")  # F4
        terminal.wait_for("第一个来电")
        terminal.send(CTRL_N)
        terminal.wait_for("第二个 来电")
        terminal.send(F9)
        terminal.wait_for("已保存")
    with Desk.open(load_config(None, county)) as desk:
        assert [call.note for call in desk.calls.search()] == ["第二个 来电"]
        assert [draft.fields["note"] for draft in desk.calls.drafts("3")] == ["第一个来电"]
        assert desk.rings.get("R2").call == "C1"


def test_a_ring_is_on_screen_soon_after_it_is_stored(county: Path) -> None:
    with Terminal(county, DESK_NOW=NOW.isoformat()) as terminal:
        terminal.wait_for("F2")
        terminal.read(1.0)
        with Desk.open(load_config(None, county)) as desk:
            desk.rings.ring("13800138001", seat="3")
            begun = time.monotonic()
            terminal.wait_for("王建国", 3)
            assert time.monotonic() - begun < 1.0  # 200 ms on a machine that does nothing else
