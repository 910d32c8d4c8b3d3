"""A one-line text field: pasted lines are joined, the real cursor stands at the caret, nothing blinks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Size
from textual.reactive import Reactive
from textual.widgets import Input

from desk.text import clean, marked
from desk.tui.guarded import Guarded

if TYPE_CHECKING:
    from rich.text import Text


class Field(Guarded, Input, inherit_bindings=False):
    """Textual's Input with what it lacks for Chinese input.

    Its paste keeps only the first line, and its hardware cursor stands one cell too far right, so
    that the pinyin window opens beside the caret. Keys that the desk never binds are left out.
    """

    ALLOW_SELECT = False
    # Each letter moves it, and in Textual that lays the whole screen out again: 3 ms between a key and its answer.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "cursor_left", show=False),
        Binding("shift+left", "cursor_left(True)", show=False),
        Binding("ctrl+left", "cursor_left_word", show=False),
        Binding("right", "cursor_right", show=False),
        Binding("shift+right", "cursor_right(True)", show=False),
        Binding("ctrl+right", "cursor_right_word", show=False),
        Binding("backspace", "delete_left", show=False),
        Binding("home,ctrl+a", "home", show=False),
        Binding("end,ctrl+e", "end", show=False),
        Binding("shift+home", "home(True)", show=False),
        Binding("shift+end", "end(True)", show=False),
        Binding("delete,ctrl+d", "delete_right", show=False),
        Binding("ctrl+w", "delete_left_word", show=False),
        Binding("ctrl+u", "delete_left_all", show=False),
        Binding("ctrl+k", "delete_right_all", show=False),
        Binding("ctrl+v", "paste", show=False),
    ]

    def __init__(self, value: str = "", placeholder: str = "", *, id: str | None = None) -> None:
        super().__init__(value, placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False
        # Textual does not scroll to the caret the first time a text changes: a long one that is pasted would not show.
        self._initial_value = bool(value)

    @property
    def _value(self) -> Text:
        """The text as it is painted: sign for sign, with marks for what a terminal would obey."""
        from rich.text import Text

        shown = "*" * len(self.value) if self.password else marked(self.value)
        return Text(shown, no_wrap=True, overflow="ignore", end="")

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the caret is on the screen, in cells."""
        x, y, _width, _height = self.content_region
        before = self.cursor_position if self.password else self._position_to_cell(self.cursor_position)
        return Offset(x + before - self.scroll_offset.x, y)

    def set_text(self, text: str) -> None:
        """Replace the text, the caret at its end."""
        self.value = text
        self.cursor_position = len(text)

    def place_cursor(self) -> None:
        """Put the terminal's cursor at the caret, once the layout is known."""
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def _on_paste(self, event: events.Paste) -> None:
        text = " ".join(part for part in (line.strip() for line in clean_lines(event.text)) if part)
        if text:
            self.replace(text, *sorted(self.selection))
        event.stop()
        event.prevent_default()

    def on_focus(self) -> None:
        self.call_after_refresh(self.place_cursor)

    def on_resize(self) -> None:
        self.call_after_refresh(self.place_cursor)


def clean_lines(text: str) -> list[str]:
    """Pasted text as lines without anything a terminal would obey."""
    return [clean(line) for line in text.splitlines()]
