"""All there is to choose in the field under the keyboard, each with the digit that picks it."""

from __future__ import annotations

from collections.abc import Sequence

from desk.text import cell_width
from desk.tui.cells import BLANK, Line, Piece
from desk.tui.widgets.painted import Painted

FEW = 2  # these are stepped through, and need no digits
DIGITS = 9


class Options(Painted):
    """As many lines as the options need; none, while there is nothing to choose."""

    def __init__(self) -> None:
        super().__init__(id="options")
        self.display = False
        self._options: tuple[str, ...] = ()
        self._lines: list[Line] = []

    def offer(self, options: Sequence[tuple[str, str]]) -> None:
        """Show these options; few or none, and it is put away."""
        self._options = tuple(words for _value, words in options) if len(options) > FEW else ()
        self._arrange()

    def on_resize(self) -> None:
        self._arrange()

    def line_at(self, y: int) -> Line:
        return self._lines[y] if y < len(self._lines) else BLANK

    def _arrange(self) -> None:
        parent = self.parent
        width = parent.size.width if parent is not None else 0  # type: ignore[attr-defined]
        self._lines = _flow(self._options, width)
        self.styles.height = max(len(self._lines), 1)
        if self.display != bool(self._lines):
            self.display = bool(self._lines)
        self.refresh()


def _flow(options: Sequence[str], width: int) -> list[Line]:
    rows: list[list[Piece]] = [[]]
    used = 0
    for at, words in enumerate(options, start=1):
        digit = f"{at} " if at <= DIGITS else "  "
        size = cell_width(digit + words) + 2
        if rows[-1] and used + size > width:
            rows.append([])
            used = 0
        rows[-1] += [Piece(digit, "key"), Piece(words + "  ", "text")]
        used += size
    return [Line(tuple(row)) for row in rows if row]
