"""Everything painted is measured in cells: rows, wrapped text, fields. Pure."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desk.i18n import set_language
from desk.outages.board import BoardRow
from desk.records import Affected, Status
from desk.text import cell_width
from desk.tui.cells import Line, Piece, field, strip, wrap
from desk.tui.columns import BOARD, NARROWER, board_row, titles, widths
from desk.tui.theme import CURSOR, ROLES, THEMES, cursor_style, styles

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
words = some.text(some.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=60)
mixed = some.text(some.sampled_from("东湖线路abcXYZ0123 ，。（）Ａ１"), max_size=80)


def made_row(area: str, customers: int = 395, calls: int = 3) -> BoardRow:
    return BoardRow(
        id="O17", type="grid_fault", type_label="事故停电", status=Status.CONFIRMED, stage="off", what="树障",
        area=area,
        feeders=("东湖线",), planned_start=None, planned_end=None, actual_start=NOW, actual_end=None, etr=None,
        next_at=None, affected=Affected(customers=customers, special=3, important=1), calls=calls,
        danger_to_life=False, revision=1,
    )  # fmt: skip


@given(words, some.integers(min_value=50, max_value=160))
def test_a_board_row_is_exactly_as_wide_as_its_pane(area: str, width: int) -> None:
    line = board_row(made_row(area), width)
    assert strip(line, width, styles("desk-dark")).cell_length == width
    assert sum(cell_width(piece.text) for piece in line.pieces) == width


@pytest.mark.parametrize("width", [55, 67, 80, 107])
def test_the_title_of_a_column_ends_where_its_figures_end(width: int) -> None:
    set_language("en")
    sizes = widths(BOARD, width, NARROWER)
    head = "".join(piece.text for piece in titles(BOARD, sizes).pieces)
    row = "".join(piece.text for piece in board_row(made_row("East Lake"), width).pieces)
    assert cell_width(head.split("Cust.")[0] + "Cust.") == cell_width(row.split("395")[0] + "395")


@given(words, some.integers(min_value=1, max_value=100))
def test_a_painted_line_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    assert strip(Line((Piece(text),)), width, styles("desk-dark")).cell_length == width


@given(mixed, some.integers(min_value=8, max_value=60))
def test_wrapped_text_fits_and_loses_nothing(text: str, width: int) -> None:
    rows = wrap(text, width)
    assert all(cell_width(row) <= width for row in rows)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")


def test_a_long_value_hangs_under_itself() -> None:
    rows = [
        "".join(piece.text for piece in line.pieces) for line in field("地址", "东湖镇幸福路九十九号七栋十二室", 24)
    ]
    assert [row.startswith(" " * 9) for row in rows] == [False, True, True]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, two: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT_ROLES = [role for role in ROLES if role not in ("ground", "raised", "rule", "sandbox")]


@pytest.mark.parametrize("theme", range(3), ids=THEMES[:3])
@pytest.mark.parametrize("role", TEXT_ROLES)
def test_every_text_is_readable_on_every_ground_it_stands_on(theme: int, role: str) -> None:
    text = ROLES[role][theme].lstrip("!")
    grounds = (ROLES["ground"][theme], ROLES["raised"][theme], CURSOR[theme])
    assert min(_contrast(text, ground) for ground in grounds) >= 4.5


def test_the_terminals_own_palette_marks_the_cursor_without_a_colour() -> None:
    assert cursor_style("desk-terminal", True).reverse
