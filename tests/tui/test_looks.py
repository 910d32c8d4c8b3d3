"""How the screen looks: terminals without mouse or colour, and what a seat chose is there at its next start."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lake_county import build
from real_terminal import Terminal

from desk.app import Desk
from desk.i18n import language, set_language
from desk.tui import theme
from desk.tui.looks import Look, remember, remembered
from desk.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from conftest import Hands

SGR = re.compile(rb"\x1b\[([0-9;]*)m")
MOUSE = b"\x1b[?1000h"
CTRL_T = "\x14"

OpenDesk = Callable[..., "AbstractAsyncContextManager[Hands]"]


@pytest.fixture
def county(tmp_path: Path) -> Path:
    build(tmp_path / "county").close()
    return tmp_path / "county"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    spoken = language()
    yield
    set_language(spoken)
    Painted.ascii_lines = False


def colours(written: bytes) -> set[str]:
    """The colours that were asked for: everything but the default ones, bold, underlined and reverse."""
    found = {part for match in SGR.findall(written) for part in match.decode().split(";")}
    return found - {"", "0", "1", "4", "7", "22", "24", "27", "39", "49"}


@pytest.mark.parametrize(
    ("flags", "env"), [(["--no-color"], {}), ([], {"NO_COLOR": "1"})], ids=["the flag", "the variable"]
)
def test_without_colours_no_colour_is_sent_and_the_cursor_is_seen(
    county: Path, flags: list[str], env: dict[str, str]
) -> None:
    with Terminal(county, (100, 24), flags, **env) as terminal:
        terminal.wait_for("F2")
        terminal.read(0.5)
        assert colours(terminal.written) == set()
        assert sum(terminal.screen.buffer[y][30].reverse for y in range(3, 22)) == 1
        terminal.send("/")
        terminal.wait_for("Find")
        terminal.send("z")
        terminal.read(0.4)
        assert terminal.screen.buffer[terminal.line_of("Find")][terminal.screen.cursor.x].reverse
        assert colours(terminal.written) == set()


def test_an_empty_no_color_is_no_wish(county: Path) -> None:
    with Terminal(county, (100, 24), NO_COLOR="", COLORTERM="truecolor") as terminal:
        terminal.wait_for("F2")
        assert "38" in colours(terminal.written)


@pytest.mark.parametrize("flags", [[], ["--no-mouse"]], ids=["asked", "left alone"])
def test_the_mouse_is_left_to_the_terminal_when_that_is_wanted(county: Path, flags: list[str]) -> None:
    with Terminal(county, (80, 24), flags) as terminal:
        terminal.wait_for("F2")
        terminal.read(0.2)
        assert (MOUSE in terminal.written) is (not flags)


def test_theme_and_language_are_there_again_at_the_next_start(county: Path) -> None:
    with Terminal(county, (120, 30)) as terminal:
        terminal.wait_for("F2")
        terminal.read(0.5)
        terminal.send(CTRL_T)
        terminal.wait_for("light")
        terminal.read(0.3)
    with Terminal(county, (120, 30), COLORTERM="truecolor") as terminal:
        terminal.wait_for("F2")
        terminal.read(0.3)
        assert terminal.screen.buffer[5][5].bg == theme.ROLES["ground"][1].lstrip("#")
    with Terminal(county, (120, 30), COLORTERM="truecolor", DESK_THEME="contrast") as terminal:
        terminal.wait_for("F2")
        terminal.read(0.3)
        assert terminal.screen.buffer[5][5].bg == theme.ROLES["ground"][2].lstrip("#")


def test_a_seat_that_speaks_another_language_starts_in_it(county: Path) -> None:
    from desk.config import load_config

    with Desk.open(load_config(None, county)) as desk:
        remember(desk.place, Look(seat=desk.place.seat, language="zh_CN", ascii_lines=True))
    with Terminal(county, (120, 30)) as terminal:
        terminal.wait_for("查找")
        terminal.wait_for("停电")
        terminal.read(0.3)
        assert "│" not in terminal.text()


async def test_each_choice_is_kept_for_this_seat_alone(desk: Desk, open_desk: OpenDesk) -> None:
    remember(desk.place, Look(seat="another", theme="contrast"))
    async with open_desk() as hands:
        await hands.press("ctrl+t")
        hands.app.perform_id("desk.borders")
        hands.app.perform_id("desk.language")
        await hands.settle()
    assert remembered(desk.place) == Look(seat="3", theme="light", ascii_lines=True, language="zh_CN")


async def test_a_language_chosen_back_is_no_choice(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        for _time in range(2):
            hands.app.perform_id("desk.language")
            await hands.settle()
    assert remembered(desk.place).language == ""


async def test_without_colours_the_theme_cannot_be_changed_and_nothing_is_forgotten(
    desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(desk.place, Look(seat="3", theme="light"))
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_desk() as hands:
        await hands.press("ctrl+t")
        assert hands.app.theme == theme.PLAIN
        assert "without colours" in hands.text()
    assert remembered(desk.place).theme == "light"
