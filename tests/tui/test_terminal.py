"""The whole program in a real terminal: Chinese typed and pasted, columns, the caret, two processes, kill -9."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lake_county import build
from real_terminal import ROOT, Terminal

from desk.app import Desk
from desk.config import load_config

F2, F3, F4, F9 = "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[20~"
SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """The county's folder, its desk closed again: the programs open it."""
    build(tmp_path / "county").close()
    return tmp_path / "county"


def other_process(county: Path, code: str) -> None:
    """Run `code` with an open `desk` in a process of its own."""
    script = (
        "import sys; from pathlib import Path; from desk.app import Desk; from desk.config import load_config\n"
        f"desk = Desk.open(load_config(None, Path({str(county)!r})))\n{code}\ndesk.close()"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_chinese_is_typed_and_found_and_columns_stay_in_line(county: Path, size: tuple[int, int]) -> None:
    with Terminal(county, size) as terminal:
        terminal.wait_for("F2")
        terminal.send(F2)
        terminal.wait_for("Find")
        terminal.send("幸福 王")
        terminal.wait_for("王建国")
        terminal.send("\x7f\x7f")
        terminal.wait_for("刘芳")
        terminal.read(0.3)
        rows = [y for y, line in enumerate(terminal.screen.display) if line.startswith(" addr")]
        assert len(rows) == 12
        assert len({terminal.column_of("东湖镇", y) for y in rows}) == 1
        assert len({terminal.column_of("64001", y) for y in rows}) == 1


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_caret_stands_where_the_next_sign_will_be(county: Path, size: tuple[int, int]) -> None:
    with Terminal(county, size) as terminal:
        terminal.wait_for("F2")
        terminal.send(F2)
        terminal.wait_for("Find")
        terminal.read(0.2)
        start = terminal.screen.cursor.x
        for typed, cells in (("东", 2), ("湖", 4), ("a", 5), ("镇", 7)):
            terminal.send(typed)
            terminal.read(0.25)
            assert terminal.screen.cursor.x == start + cells
            assert "Find" in terminal.screen.display[terminal.screen.cursor.y]
        terminal.send("\x1b[D")
        terminal.read(0.25)
        assert terminal.screen.cursor.x == start + 5


def test_pasted_lines_are_joined(county: Path) -> None:
    with Terminal(county) as terminal:
        terminal.wait_for("F2")
        terminal.send(F2)
        terminal.wait_for("Find")
        terminal.paste("幸福\r\n  张伟\n")
        terminal.wait_for("幸福 张伟")
        terminal.wait_for("6400100003")


def test_a_number_pasted_on_the_board_is_looked_up(county: Path) -> None:
    with Terminal(county) as terminal:
        terminal.wait_for("F2")
        terminal.paste("138 0013 8005\n")
        terminal.wait_for("陈静")


def test_an_outage_opened_by_another_process_shows_within_a_second(county: Path) -> None:
    with Terminal(county) as terminal:
        terminal.wait_for("[Active 1]")
        terminal.read(0.5)
        other_process(
            county,
            "from desk.outages import OutageRequest\n"
            "desk.outages.open(OutageRequest(type='grid_fault', feeders=('南河线',), cause='x', area='新停电区'))",
        )
        assert terminal.wait_for("新停电区", 5) < 1.0


def test_a_note_survives_kill_9_and_is_offered_again(county: Path) -> None:
    with Terminal(county) as terminal:
        terminal.wait_for("F2")
        terminal.send(F2)
        terminal.wait_for("Find")
        terminal.send("8003")
        terminal.wait_for("张伟")
        terminal.send("\r")
        terminal.wait_for("To be logged")
        terminal.send("半小时前停的电")
        terminal.wait_for("半小时前停的电")
        terminal.read(0.6)
        terminal.kill()
    with Terminal(county) as terminal:
        terminal.wait_for("1 call was not saved")
        terminal.send(F4)
        terminal.wait_for("半小时前停的电")
        terminal.send(F9)
        terminal.wait_for("is saved")
    with Desk.open(load_config(None, county)) as desk:
        assert [call.note for call in desk.calls.search()] == ["半小时前停的电"]


def test_a_bare_escape_is_heard_at_once(county: Path) -> None:
    with Terminal(county) as terminal:
        terminal.wait_for("F2")
        terminal.read(0.5)
        terminal.send(F2)
        terminal.wait_for("Find")
        terminal.read(0.3)
        begun = time.monotonic()
        terminal.send("\x1b")
        terminal.wait_for("Countdown")
        assert time.monotonic() - begun < 0.5


def test_a_store_that_is_gone_is_one_sentence_and_the_call_stays_open(county: Path) -> None:
    with Terminal(county) as terminal:
        terminal.wait_for("F2")
        terminal.send(F2)
        terminal.wait_for("Find")
        terminal.send("8003")
        terminal.wait_for("张伟")
        terminal.send("\r")
        terminal.wait_for("To be logged")
        terminal.send("abc")
        terminal.read(0.5)
        for file in county.glob("desk.db*"):
            file.rename(file.with_name("away-" + file.name))
        terminal.wait_for("! Store", 5)
        terminal.send(F9)
        terminal.read(0.5)
        assert "Traceback" not in terminal.text()
        assert "To be logged" in terminal.text()
        for file in county.glob("away-*"):
            file.rename(file.with_name(file.name.removeprefix("away-")))
        terminal.read(1.5)
        terminal.send(F9)
        terminal.wait_for("is saved")
    with Desk.open(load_config(None, county)) as desk:
        assert [call.note for call in desk.calls.search()] == ["abc"]
