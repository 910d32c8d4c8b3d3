"""The work list and the telephone in a real terminal, in Chinese, in both sizes: columns stand in their cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from lake_county import build
from real_terminal import Terminal

from desk.i18n import set_language
from desk.outages import OutageRequest

F6, F9, SPACE, DOWN = "\x1b[17~", "\x1b[20~", " ", "\x1b[B"


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A Chinese desk with a hospital below a fault."""
    folder = tmp_path / "county"
    with build(folder, "zh_CN") as desk:
        desk.outages.open(OutageRequest(type="grid_fault", transformer_areas=("T4",), cause="树障", area="南河镇"))
    set_language("en")
    return folder


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_the_columns_of_the_work_list_stand_in_the_same_cells_on_every_row(county: Path, size: tuple[int, int]) -> None:
    with Terminal(county, size) as terminal:
        terminal.wait_for("F2")
        terminal.send(F6)
        terminal.wait_for("县人民医院")
        terminal.rest()
        rows = [y for y, line in enumerate(terminal.screen.display) if " O" in line and y > 2]
        listed = [y for y in rows if "O1 " in terminal.screen.display[y] or "O3 " in terminal.screen.display[y]]
        assert len(listed) >= 3
        columns = {
            terminal.column_of(f"{outage} ", y)
            for y in listed
            for outage in ("O1", "O3")
            if f" {outage} " in terminal.screen.display[y]
        }
        assert len(columns) == 1
        assert all(len(line) <= size[0] for line in terminal.screen.display)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_a_phone_duty_is_done_in_three_keys_in_a_real_terminal(county: Path, size: tuple[int, int]) -> None:
    with Terminal(county, size) as terminal:
        terminal.wait_for("F2")
        terminal.send(F9)
        terminal.wait_for("138****8011")
        terminal.send(SPACE)
        terminal.wait_for("138 0013 8011")
        terminal.send("1")
        terminal.read(1.0)
        assert "138 0013 8011" not in terminal.text()
        assert "Traceback" not in terminal.text()
