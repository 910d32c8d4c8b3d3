"""One painted line of words: a label, a question, a status."""

from __future__ import annotations

from desk.tui.cells import BLANK, Line, Piece
from desk.tui.widgets.painted import Painted


class Words(Painted):
    """One painted line of pieces."""

    def __init__(self, *pieces: Piece, id: str | None = None) -> None:
        super().__init__(id=id)
        self.content = Line(pieces)

    def say(self, *pieces: Piece) -> None:
        """Show other words."""
        self.say_line(Line(pieces))

    def say_line(self, content: Line) -> None:
        """Show another line."""
        if content != self.content:
            self.content = content
            self.refresh()

    def line_at(self, y: int) -> Line:
        return self.content if y == 0 else BLANK
