"""Labelled fields below each other: text fields and choices by name, shown or hidden, in the order of Tab."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from desk.tui.cells import Piece
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.field import Field
from desk.tui.widgets.row import Row
from desk.tui.widgets.words_line import Words

LABEL_WIDTH = 16


class Labelled(Widget):
    """`Labelled(("result", "person"), choices=("result",))`: a row for each name; it decides nothing."""

    def __init__(self, names: Sequence[str], choices: Iterable[str] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.labels = {name: Words() for name in names}
        self.texts: dict[str, Field] = {}
        self.choices: dict[str, Choice] = {}
        for name in names:
            if name in choices:
                self.choices[name] = Choice()
            else:
                self.texts[name] = Field()
        self.rows = {name: Row(self.labels[name], self.field(name)) for name in names}

    def compose(self) -> ComposeResult:
        for label in self.labels.values():
            label.styles.width = LABEL_WIDTH
        yield from self.rows.values()

    def field(self, name: str) -> Field | Choice:
        """The widget called `name`."""
        return self.texts[name] if name in self.texts else self.choices[name]

    def say_labels(self, words: Mapping[str, str]) -> None:
        """The labels, in the language on screen."""
        for name, text in words.items():
            self.labels[name].say(Piece(f" {text}", "dim"))

    def read(self) -> dict[str, str]:
        """What stands in every field, by name."""
        return {name: self.field(name).value.strip() for name in self.rows}

    def clear(self) -> None:
        """Empty the text fields."""
        for text in self.texts.values():
            text.set_text("")

    def show(self, name: str, shown: bool = True) -> None:
        """Show or hide a row."""
        self.rows[name].display = shown

    def order(self) -> list[Widget]:
        """The fields that are shown, in their order."""
        return [self.field(name) for name, row in self.rows.items() if row.display]

    def step(self, focused: Widget | None, by: int) -> Widget:
        """The field after the one that has the keyboard, or before it."""
        order = self.order()
        at = order.index(focused) if focused in order else 0
        return order[(at + by) % len(order)]
