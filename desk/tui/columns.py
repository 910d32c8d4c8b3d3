"""How a board row, a found customer and a logged call are laid out in a given number of cells: pure.

    off   Grid fault  O17   城东 10kV 东湖线 ..   1,234   3   1   12
A column is (title, width, side); one column of a list is elastic and takes what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from desk.i18n import N_, _
from desk.text import cell_width, clean, fit, fit_right
from desk.tui.cells import Line, Piece
from desk.tui.words import STAGES

if TYPE_CHECKING:
    from desk.notices import DutyCounts
    from desk.outages.board import BoardRow

COUNTDOWN = 14  # cells of the countdown column, which is painted apart


class Column(NamedTuple):
    """A column: its title, its cells (0: elastic), and the side its text stands on."""

    name: str
    title: str
    width: int
    right: bool = False


BOARD: tuple[Column, ...] = (
    Column("stage", N_("St."), 6),
    Column("type", N_("Type"), 9),
    Column("id", N_("No."), 6),
    Column("area", N_("Area"), 0),
    Column("customers", N_("Cust."), 7, True),
    Column("special", N_("Sp"), 5, True),
    Column("important", N_("Im"), 5, True),
    Column("duties", N_("Told"), 8, True),
    Column("calls", N_("Calls"), 6, True),
)
# What gives way first in a narrow pane: (below this width, column, its width then).
NARROWER: tuple[tuple[int, str, int], ...] = (
    (76, "type", 5),
    (64, "calls", 5),
    (58, "calls", 0),
    (52, "duties", 0),
)
LEAST_ELASTIC = 8


@lru_cache(maxsize=64)
def widths(columns: Sequence[Column], width: int, narrower: tuple[tuple[int, str, int], ...] = ()) -> tuple[int, ...]:
    """The cells of each column when the list has `width`; a column that gave way has -1."""
    given: Mapping[str, int] = {name: cells for below, name, cells in narrower if width < below}
    sizes = [given.get(column.name, column.width) if column.width else 0 for column in columns]
    gone = [column.width > 0 and size == 0 for column, size in zip(columns, sizes, strict=True)]
    elastic = max(width - sum(sizes), LEAST_ELASTIC)
    return tuple(-1 if hidden else (size or elastic) for size, hidden in zip(sizes, gone, strict=True))


def titles(columns: Sequence[Column], sizes: Sequence[int]) -> Line:
    """The line of column titles."""
    cells = [
        Piece(_cell(_(column.title), size, column.right), "dim") for column, size in zip(columns, sizes, strict=True)
    ]
    return Line(tuple(cells))


def cells(columns: Sequence[Column], sizes: Sequence[int], texts: Sequence[tuple[str, str]]) -> Line:
    """A row: (text, role) for each column, fitted and aligned."""
    return Line(
        tuple(
            Piece(_cell(text, size, column.right), role)
            for column, size, (text, role) in zip(columns, sizes, texts, strict=True)
            if size > 0
        )
    )


def board_row(row: BoardRow, width: int) -> Line:
    """The part of a board row that does not tick, in `width` cells."""
    sizes = widths(BOARD, width, NARROWER)
    affected = row.affected
    stage = ("!" if row.danger_to_life else " ") + _(STAGES.get(row.stage, row.stage))
    return cells(
        BOARD,
        sizes,
        (
            (stage, "danger" if row.danger_to_life else row.stage),
            (_type(row, sizes[1] - 1), "text"),
            (row.id, "dim"),
            (clean(row.area or row.what or "、".join(row.feeders)), "text"),
            (f"{affected.customers:,}", "text"),
            (str(affected.special or ""), "off"),
            (str(affected.important or ""), "overdue"),
            (told_of_owed(row.duties, sizes[7] - 1), "overdue" if row.duties.overdue else "text"),
            (str(row.calls or ""), "text"),
        ),
    )


def told_of_owed(duties: DutyCounts, width: int) -> str:
    """`3/7`, with a `!` in front while something is overdue; a share where the numbers do not fit."""
    if not duties.owed:
        return ""
    sign = "!" if duties.overdue else ""
    words = f"{sign}{duties.done}/{duties.owed}"
    # Rounded down: it is never 100 % while somebody is left.
    return words if len(words) <= width else f"{sign}{100 * duties.done // duties.owed}%"


def _type(row: BoardRow, width: int) -> str:
    """The type's name where it fits; else its short one, in as many whole signs as fit."""
    words = row.type_label if cell_width(row.type_label) <= width else row.type_short or row.type_label
    while words and cell_width(words) > width:
        words = words[:-1]
    return words


def _cell(text: str, size: int, right: bool) -> str:
    if size <= 0:
        return ""
    # One cell of air on the far side, so that columns never touch.
    return fit_right(text, size) if right else fit(text, size - 1) + " "
