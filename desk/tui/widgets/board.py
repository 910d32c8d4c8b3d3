"""The board: outages in restoration order under four tabs, with countdowns that tick in their own column."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from desk.i18n import _
from desk.text import cell_width, fit_right
from desk.tui import countdown
from desk.tui.cells import Line, Piece
from desk.tui.columns import BOARD, COUNTDOWN, NARROWER, board_row, titles, widths
from desk.tui.widgets.lines import Lines
from desk.tui.words import EMPTY_TABS, TABS, say

if TYPE_CHECKING:
    from desk.outages.board import Board as BoardFacts
    from desk.outages.board import BoardRow


class Board(Lines["BoardRow"]):
    """`take(facts)` shows a new board, `tick(now)` repaints the countdowns whose words have moved."""

    HEAD = 2

    def __init__(self, facts: BoardFacts, restored_hours: int = 24) -> None:
        super().__init__(id="board")
        self.facts = facts
        self.restored_hours = restored_hours
        self.tab = next((tab for tab in TABS if facts.rows.get(tab)), "active")
        self.now: datetime = facts.at
        self._ticking: dict[str, str] = {}
        self._cursors: dict[str, str] = {}
        self._sought = ""
        self.rows = facts.rows.get(self.tab, ())
        self._place = {row.id: at for at, row in enumerate(self.rows)}
        self.cursor_id = self.rows[0].id if self.rows else ""

    def take(self, facts: BoardFacts) -> None:
        """Show a newer board; nothing is repainted when no visible row has moved."""
        same = facts.counts == self.facts.counts and facts.rows.get(self.tab) == self.rows
        self.facts, self.now = facts, facts.at
        if not same:
            self.show(facts.rows.get(self.tab, ()))
        self._find()

    def seek(self, outage_id: str) -> None:
        """Put the cursor on an outage, on whichever tab it is, as soon as the board holds it."""
        self._sought = outage_id
        self._find()

    def _find(self) -> None:
        for tab, rows in self.facts.rows.items():
            if self._sought and any(row.id == self._sought for row in rows):
                self._cursors[tab], self._sought = self._sought, ""
                self.open_tab(tab)

    def turn(self, by: int) -> None:
        """Go to the next tab (1) or the one before (-1)."""
        names = list(TABS)
        self.open_tab(names[(names.index(self.tab) + by) % len(names)])

    def open_tab(self, tab: str) -> None:
        """Show a tab, with the cursor where it was there."""
        if tab != self.tab:
            self._cursors[self.tab] = self.cursor_id
        self.tab = tab
        self.top, self.cursor_id = 0, self._cursors.get(tab, "")
        self.show(self.facts.rows.get(tab, ()))

    def tick(self, now: datetime) -> bool:
        """Move the countdowns on; True when a row has passed its moment and the board must be asked again."""
        self.now = now
        left = self.outer_size.width - COUNTDOWN
        moved, passed = [], False
        for y, row in enumerate(self.rows[self.top : self.top + self.room]):
            if self._ticking.get(row.id) != countdown.text(row, now):
                moved.append(Region(left, y + self.HEAD, COUNTDOWN, 1))
        for rows in (self.facts.rows.get("scheduled", ()), self.facts.rows.get("active", ())):
            moments = (moment for row in rows for moment in (row.next_at, row.next_duty) if moment)
            passed = passed or any(self.facts.at < moment <= now for moment in moments)
        if moved:
            self.refresh(*moved)
        return passed

    def tab_places(self) -> dict[str, int]:
        """The cell in which each tab begins."""
        places, at = {}, 0
        for tab, piece in zip(TABS, self._tabs().pieces, strict=False):
            places[tab] = at
            at += cell_width(piece.text)
        return places

    # how it is painted

    def row_id(self, row: BoardRow) -> str:
        return row.id

    def row_key(self, row: BoardRow) -> Hashable:
        return (row.revision, row.stage, row.calls, row.duties)

    def row_line(self, row: BoardRow, width: int) -> Line:
        return board_row(row, width - COUNTDOWN)

    def paint(self, row: BoardRow) -> Strip:
        self._ticking[row.id] = countdown.text(row, self.now)
        role = self.roles[row.stage if row.stage in self.roles else "text"]
        over = self.over(row)
        tail = Segment(countdown.column(row, self.now, COUNTDOWN), role + over if over else role)
        still = super().paint(row).crop(0, self.outer_size.width - COUNTDOWN)
        return Strip([*still, tail], self.outer_size.width)

    def head(self) -> list[Line]:
        sizes = widths(BOARD, self.outer_size.width - COUNTDOWN, NARROWER)
        when = Piece(fit_right(_("Countdown"), COUNTDOWN - 1) + " ", "dim")
        return [self._tabs(), Line((*titles(BOARD, sizes).pieces, when))]

    def empty(self) -> str:
        return say(EMPTY_TABS, self.tab).format(hours=self.restored_hours)

    def _tabs(self) -> Line:
        pieces: list[Piece] = []
        for tab in TABS:
            count = len(self.facts.rows.get(tab, ()))
            here = tab == self.tab
            words = f"[{say(TABS, tab)} {count}]" if here else f" {say(TABS, tab)} {count} "
            pieces.append(Piece(words, "title" if here else "dim"))
        used = sum(cell_width(piece.text) for piece in pieces)
        place = f"{self.cursor + 1}/{len(self.rows)} " if len(self.rows) > self.room else ""
        key = self.key_of("board.next_tab" if self.has_focus else "board.switch") + " "
        gap = self.outer_size.width - used - cell_width(place) - cell_width(key)
        return Line((*pieces, Piece(" " * max(gap, 1)), Piece(place, "dim"), Piece(key, "key")))
