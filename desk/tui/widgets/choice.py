"""A value chosen from a few: left and right step, a digit picks, nothing opens."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message
from textual.strip import Strip

from desk.tui.cells import Piece, line, strip
from desk.tui.theme import cursor_style
from desk.tui.widgets.painted import Painted


class Choice(Painted, can_focus=True):
    """One line: `< words >`. `options` are (value, words)."""

    class Changed(Message):
        """Another value was chosen; `by_digit`, picked at once rather than stepped to."""

        def __init__(self, choice: Choice, *, by_digit: bool = False) -> None:
            super().__init__()
            self.choice = choice
            self.by_digit = by_digit

        @property
        def control(self) -> Choice:
            return self.choice

    def __init__(self, options: Sequence[tuple[str, str]] = (), value: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.options = list(options)
        self.unchosen = ""
        self.value = value or (self.options[0][0] if self.options else "")

    def set_options(self, options: Sequence[tuple[str, str]], value: str) -> None:
        """Other options, one of them chosen; says nothing to anyone."""
        self.options = list(options)
        self.value = value
        self.refresh()

    @property
    def words(self) -> str:
        """The words of the chosen value; `unchosen` while there is none."""
        found = next((words for value, words in self.options if value == self.value), self.value)
        return found or self.unchosen

    def choose(self, at: int, *, by_digit: bool = False) -> None:
        """Choose the option at position `at`, round the ends."""
        if not self.options:
            return
        self.value = self.options[at % len(self.options)][0]
        self.refresh()
        self.post_message(self.Changed(self, by_digit=by_digit))

    def step(self, by: int) -> None:
        """Choose the next option, or the one before."""
        values = [value for value, _words in self.options]
        self.choose(values.index(self.value) + by if self.value in values else min(by - 1, 0) % len(values))

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        content = line(Piece("< ", "dim"), Piece(self.words, "text"), Piece(" >", "dim"))
        over = cursor_style(self.app.theme, True) if self.has_focus else None
        return strip(content, self.outer_size.width, self.roles, over)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("left", "right", "space"):
            self.step(-1 if event.key == "left" else 1)
            event.stop()
        elif event.key.isdigit() and 0 < int(event.key) <= len(self.options):
            self.choose(int(event.key) - 1, by_digit=True)
            event.stop()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
