"""The facts that a type of outage wants to know, as rows of the form: text, number, time, choice or yes and no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widget import Widget

from desk.i18n import _, in_language
from desk.tui.cells import Piece
from desk.tui.typed_facts import known
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.field import Field
from desk.tui.widgets.row import Row
from desk.tui.widgets.words_line import Words

if TYPE_CHECKING:
    from desk.plugins import OutageType
    from desk.plugins.facts import Fact


class FactRows(Widget):
    """`show(kind, typed)` makes the rows of a type; `read()` gives what stands in them, by fact."""

    def __init__(self, label_width: int) -> None:
        super().__init__(id="facts")
        self._label_width = label_width
        self._kind: OutageType | None = None
        self._typed: dict[str, str] = {}  # also of facts that are not asked for now
        self._fields: dict[str, Field | Choice] = {}
        self._rows: dict[str, Row] = {}

    def compose(self) -> ComposeResult:
        yield from self._rows.values()

    @property
    def table(self) -> Sequence[Fact]:
        """The facts of the type that is shown."""
        return self._kind.facts if self._kind else ()

    def show(self, kind: OutageType | None, typed: Mapping[str, str]) -> None:
        """Other rows, when it is another type; what was typed for a fact of the same name stays."""
        same, self._kind, self._typed = kind is self._kind, kind, dict(typed)
        if same:
            self._fill()
            return
        if self.is_attached:
            self.remove_children()
        self._fields = {fact.name: self._field(fact) for fact in self.table}
        self._rows = {fact.name: self._row(fact) for fact in self.table}
        if self.is_attached:
            self.mount(*self._rows.values())
        self.ask()

    def _fill(self) -> None:
        for name in self._fields:
            self._set(name, self._typed.get(name, ""))
        self.ask()

    def put(self, name: str, value: str) -> None:
        """Another value for one fact."""
        self._typed[name] = value
        if name in self._fields:
            self._set(name, value)
        self.ask()

    def _set(self, name: str, value: str) -> None:
        field = self._fields[name]
        if isinstance(field, Choice):
            field.set_options(field.options, value)
        else:
            field.set_text(value)

    def ask(self) -> None:
        """Show the rows that are asked for while the others say what they say."""
        asked = {fact.name for fact in self._kind.asked(known(self.table, self.read()))} if self._kind else set()
        for name, row in self._rows.items():
            row.display = name in asked
        self.display = bool(asked)

    def order(self) -> list[Widget]:
        """The fields that are asked for, in their order."""
        return [self._fields[name] for name, row in self._rows.items() if row.display]

    def field(self, name: str) -> Widget | None:
        return self._fields.get(name)

    def read(self) -> dict[str, str]:
        """What stands in the rows, with what was typed for facts of other types."""
        self._typed |= {name: field.value.strip() for name, field in self._fields.items()}
        return dict(self._typed)

    def _field(self, fact: Fact) -> Field | Choice:
        value = self._typed.get(fact.name, "")
        if fact.kind == "flag":
            return Choice((("", "-"), ("yes", _("yes")), ("no", _("no"))), value)
        if fact.kind == "choice":
            return Choice([("", "-"), *((name, in_language(words)) for name, words in fact.choices.items())], value)
        return Field(value, fact.hint)

    def _row(self, fact: Fact) -> Row:
        needed = "*" if fact.needed in ("open", "start") else " "
        label = Words()
        label.styles.width = self._label_width
        label.say(Piece(f"{needed}{fact.label}", "accent" if needed == "*" else "dim"))
        return Row(label, self._fields[fact.name])
