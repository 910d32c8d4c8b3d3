"""The top strip and the key bar: one line each, painted from what the app knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from desk.text import cell_width, clean, cut
from desk.tui.cells import discreet
from desk.tui.theme import on_raised
from desk.tui.widgets.painted import Painted


class Notice(NamedTuple):
    """A part of the strip: words and their role; `rank` 1 is dropped last when room is short."""

    words: str
    role: str = "text"
    rank: int = 1


class Bar(Painted):
    """One line on raised ground."""

    def bar(self, pieces: Iterable[tuple[str, str]], right: Sequence[tuple[str, str]] = ()) -> Strip:
        """`pieces` from the left and `right` against the right edge, as (words, role)."""
        theme, width = self.app.theme, self.outer_size.width
        tail = [(discreet(clean(words)), role) for words, role in right if words]
        room = width - sum(cell_width(words) for words, _role in tail)
        segments: list[Segment] = []
        for words, role in pieces:
            if room <= 0:
                break
            shown = cut(discreet(clean(words)), room)
            room -= cell_width(shown)
            segments.append(Segment(shown, self._style(theme, role)))
        if room > 0:
            segments.append(Segment(" " * room, on_raised(theme, "text")))
        segments += [Segment(words, self._style(theme, role)) for words, role in tail]
        return Strip(segments).crop(0, width)

    def _style(self, theme: str, role: str) -> Style:
        return self.roles["sandbox"] if role == "sandbox" else on_raised(theme, role)


class TopStrip(Bar):
    """Time, seat, agent, calls waiting, what is late, what is broken."""

    def __init__(self) -> None:
        super().__init__(id="strip")
        self.left: tuple[Notice, ...] = ()
        self.right: tuple[Notice, ...] = ()

    def show(self, left: Sequence[Notice], right: Sequence[Notice]) -> None:
        """Repaint only when the words moved."""
        if (tuple(left), tuple(right)) != (self.left, self.right):
            self.left, self.right = tuple(left), tuple(right)
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        tail = [(f" {notice.words} ", notice.role) for notice in self.right]
        room = self.outer_size.width - sum(cell_width(words) for words, _role in tail)
        kept = _fitting(self.left, room)
        pieces = [piece for notice in kept for piece in ((" " + notice.words + " ", notice.role),)]
        return self.bar(pieces, tail)


class KeyBar(Bar):
    """The keys that work now, as many as fit, the most needed first."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self.keys: tuple[tuple[str, str], ...] = ()

    def show(self, keys: Sequence[tuple[str, str]]) -> None:
        """Repaint only when the keys moved."""
        if tuple(keys) != self.keys:
            self.keys = tuple(keys)
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        pieces: list[tuple[str, str]] = []
        for key, label, _at in self._shown():
            pieces += [(f" {key}", "key"), (f" {label} ", "text")]
        return self.bar(pieces)

    def place_of(self, key: str) -> int | None:
        """The cell in which `key` stands; None when there is no room for it."""
        return next((at for shown, _label, at in self._shown() if shown == key), None)

    def _shown(self) -> Iterator[tuple[str, str, int]]:
        at, width = 0, self.outer_size.width
        for key, label in self.keys:
            end = at + cell_width(key) + cell_width(label) + 3
            if end > width:
                return
            yield key, label, at
            at = end


def _fitting(notices: Sequence[Notice], room: int) -> list[Notice]:
    kept = list(notices)
    while len(kept) > 1 and sum(cell_width(notice.words) + 2 for notice in kept) > room:
        kept.remove(max(kept, key=lambda notice: notice.rank))
    return kept
