"""A page of lines: the outage card, the caller's card, help, a report. Scrolls, and lets `y` take a field."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.strip import Strip

from desk.tui.cells import BLANK, Line, strip, with_key
from desk.tui.theme import cursor_style
from desk.tui.widgets.painted import Painted


class Page(Painted, can_focus=True):
    """Lines made for a width by `make(width)`; made again when the width or the content changes."""

    def __init__(self, *, id: str | None = None, classes: str | None = None, key: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self.key = key  # the id of the command that comes here: its key stands at the end of the first line
        self.above: Callable[[int], Sequence[Line]] = lambda _width: ()  # what stands over whatever is shown
        self._make: Callable[[int], Sequence[Line]] = lambda _width: ()
        self.lines: Sequence[Line] = ()
        self.top = 0
        self.at = 0  # the line that `y` copies

    def show(self, make: Callable[[int], Sequence[Line]], *, keep: bool = False) -> None:
        """Show what `make` gives for a width; `keep` the place where it was scrolled to."""
        self._make = make
        if not keep:
            self.top = self.at = 0
        self._remake()

    @property
    def current(self) -> Line | None:
        """The line under the cursor, when it holds something to copy."""
        if not self.lines or not self.lines[min(self.at, len(self.lines) - 1)].copy:
            return next((line for line in self.lines if line.copy), None)
        return self.lines[self.at]

    @property
    def is_longer(self) -> bool:
        """Does it hold more lines than fit?"""
        return len(self.lines) > self.outer_size.height

    def move(self, command: str) -> None:
        """Move to the next field that can be copied (up, down), or by pages."""
        page = max(self.outer_size.height - 1, 1)
        if command in ("up", "down"):
            self._step(1 if command == "down" else -1)
        else:
            last = len(self.lines) - 1
            to = {"page_up": self.at - page, "page_down": self.at + page, "first": 0, "last": last}[command]
            self.at = min(max(to, 0), max(last, 0))
        self._keep_visible()
        self.refresh()

    def scroll_by(self, count: int) -> None:
        """Scroll without moving the cursor: while a text field has the keyboard."""
        self.top = max(min(self.top + count, len(self.lines) - self.outer_size.height), 0)
        self.refresh()

    def repaint_all(self) -> None:
        self._remake()

    def render_line(self, y: int) -> Strip:
        at = self.top + y
        content = self.lines[at] if at < len(self.lines) else BLANK
        over = cursor_style(self.app.theme, True) if self.has_focus and at == self.at and content.copy else None
        if y == 0 and self.key and not self.has_focus:
            content = with_key(content, self.key_of(self.key), self.outer_size.width)
        return strip(content, self.outer_size.width, self.roles, over, self.rule_sign)

    def on_resize(self) -> None:
        self._remake()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_mouse_scroll_down(self) -> None:
        self.scroll_by(3)

    def on_mouse_scroll_up(self) -> None:
        self.scroll_by(-3)

    def _remake(self) -> None:
        if self.outer_size.width:
            width = self.outer_size.width
            self.lines = [*self.above(width), *self._make(width)]
            self.top = max(min(self.top, len(self.lines) - self.outer_size.height), 0)
            self.refresh()

    def _step(self, by: int) -> None:
        at = self.at + by
        while 0 <= at < len(self.lines) and not self.lines[at].copy:
            at += by
        if 0 <= at < len(self.lines):
            self.at = at
        else:
            self.scroll_by(by)

    def _keep_visible(self) -> None:
        if self.at < self.top:
            self.top = self.at
        elif self.at >= self.top + self.outer_size.height:
            self.top = self.at - self.outer_size.height + 1
