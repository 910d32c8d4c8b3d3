"""A list painted line by line, its cursor held by id: re-sorting never moves the selection under the agent.

The static part of a row is painted once per (row key, cursor, width) and kept; moving the cursor
repaints two lines, replacing the rows repaints what is visible.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from desk.tui.cells import BLANK, Line, Piece, line, strip, wrap
from desk.tui.theme import cursor_style
from desk.tui.widgets.painted import Painted

Row = TypeVar("Row")


class Lines(Painted, Generic[Row], can_focus=True):
    """Rows with an id, one line each. A subclass says `row_id`, `row_key`, `row_line` and its `head` lines."""

    HEAD = 1  # how many lines `head` gives

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, lines: Lines[Row]) -> None:
            super().__init__()
            self.lines = lines

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.rows: Sequence[Row] = ()
        self.cursor_id = ""
        self.top = 0
        self._place: dict[str, int] = {}
        self._painted: dict[tuple[str, Hashable, bool, bool, int], Strip] = {}

    # what a subclass says

    def row_id(self, row: Row) -> str:
        """What identifies a row for as long as it is known."""
        raise NotImplementedError

    def row_key(self, row: Row) -> Hashable:
        """What the painted row depends on: a revision, a digest; the row itself when it is small."""
        return row

    def row_line(self, row: Row, width: int) -> Line:
        """How a row is painted in `width` cells."""
        raise NotImplementedError

    def head(self) -> list[Line]:
        """The lines above the rows, always visible."""
        return [BLANK] * self.HEAD

    def empty(self) -> str:
        """What an empty list says: what would fill it, and how."""
        return ""

    # what others use

    @property
    def cursor(self) -> int:
        """The position of the cursor's row; 0 when its row has gone."""
        return self._place.get(self.cursor_id, 0)

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def show(self, rows: Sequence[Row]) -> None:
        """Replace the rows; the cursor stays on its row, or near it when that has gone."""
        before, had = self.cursor, self.cursor_id
        self.rows = rows
        self._place = {self.row_id(row): at for at, row in enumerate(rows)}
        if rows and self.cursor_id not in self._place:
            self.cursor_id = self.row_id(rows[min(before, len(rows) - 1)]) if had else self.row_id(rows[0])
        if len(self._painted) > 4 * max(len(rows), 256):
            self._painted.clear()
        self._keep_visible()
        self.refresh()
        self.post_message(self.Moved(self))

    def move_to(self, at: int) -> None:
        """Put the cursor on the row at position `at`, the nearest one when there is none."""
        if not self.rows:
            return
        at = min(max(at, 0), len(self.rows) - 1)
        before, self.cursor_id = self.cursor, self.row_id(self.rows[at])
        if self.cursor == before:
            return
        if self._keep_visible():
            self.refresh()
        else:
            self._refresh_rows(before, at)
        self.post_message(self.Moved(self))

    def move(self, command: str) -> None:
        """Move the cursor: up, down, page_up, page_down, first or last."""
        page = max(self.room - 1, 1)
        steps = {"up": -1, "down": 1, "page_up": -page, "page_down": page}
        ends = {"first": 0, "last": len(self.rows) - 1}
        self.move_to(ends[command] if command in ends else self.cursor + steps[command])

    @property
    def room(self) -> int:
        """How many rows fit below the head."""
        return max(self.outer_size.height - self.HEAD, 1)

    def repaint_all(self) -> None:
        self._painted.clear()
        self.refresh()

    # painting

    def render_line(self, y: int) -> Strip:
        if y < self.HEAD:
            return strip(self.head()[y], self.outer_size.width, self.roles, rule=self.rule_sign)
        if not self.rows:
            return strip(self._empty_line(y - self.HEAD), self.outer_size.width, self.roles)
        at = self.top + y - self.HEAD
        if at >= len(self.rows):
            return strip(BLANK, self.outer_size.width, self.roles)
        return self.paint(self.rows[at])

    def paint(self, row: Row) -> Strip:
        """The strip of a row, from the cache where nothing it depends on has moved."""
        id, width = self.row_id(row), self.outer_size.width
        selected, here = id == self.cursor_id, self.has_focus or self.keeps_cursor
        key = (id, self.row_key(row), selected, here, width)
        painted = self._painted.get(key)
        if painted is None:
            over = cursor_style(self.app.theme, here) if selected else None
            painted = self._painted[key] = strip(self.row_line(row, width), width, self.roles, over)
        return painted

    @property
    def keeps_cursor(self) -> bool:
        """Is the cursor strong though a text field above has the keyboard?"""
        return False

    def over(self, row: Row) -> Style | None:
        """What the cursor adds to `row`, for parts painted outside the cache."""
        if self.row_id(row) != self.cursor_id:
            return None
        return cursor_style(self.app.theme, self.has_focus or self.keeps_cursor)

    def _empty_line(self, y: int) -> Line:
        words = wrap(self.empty(), max(self.outer_size.width - 4, 8))
        return line("  ", Piece(words[y - 1], "dim")) if 0 < y <= len(words) else BLANK

    def _keep_visible(self) -> bool:
        before = self.top
        if self.cursor < self.top:
            self.top = self.cursor
        elif self.cursor >= self.top + self.room:
            self.top = self.cursor - self.room + 1
        self.top = max(min(self.top, len(self.rows) - self.room), 0)
        return self.top != before

    def _refresh_rows(self, *positions: int) -> None:
        width = self.outer_size.width
        self.refresh(*(Region(0, at - self.top + self.HEAD, width, 1) for at in positions))

    # the mouse, for those who have one

    def on_resize(self) -> None:
        self._keep_visible()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        if event.y >= self.HEAD:
            self.move_to(self.top + event.y - self.HEAD)

    def on_mouse_scroll_down(self) -> None:
        self.move_to(self.cursor + 3)

    def on_mouse_scroll_up(self) -> None:
        self.move_to(self.cursor - 3)
