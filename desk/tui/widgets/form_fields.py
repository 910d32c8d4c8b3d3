"""The fields of the outage form: labels, values, and what the desk understood of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from desk.i18n import _
from desk.text import clean, cut, fit
from desk.tui.cells import Line, Piece, line
from desk.tui.scope_names import KINDS, ScopeName
from desk.tui.typed_outage import TypedOutage
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.field import Field
from desk.tui.widgets.lines import Lines
from desk.tui.widgets.row import Row
from desk.tui.widgets.words_line import Words
from desk.tui.words import say

TEXTS = ("start", "end", "cause", "area", "reason", "reported_by")
LABEL_WIDTH = 12
UNDERSTOOD_WIDTH = 24


class Found(Lines[ScopeName]):
    """What the typed part of a name may mean; Enter takes the one under the cursor."""

    HEAD = 0

    @property
    def keeps_cursor(self) -> bool:
        return True

    def row_id(self, row: ScopeName) -> str:
        return f"{row.kind}/{row.name}"

    def row_key(self, row: ScopeName) -> Hashable:
        return row.beside

    def row_line(self, row: ScopeName, width: int) -> Line:
        kind = Piece(fit("  " + say(KINDS, row.kind), 14), "dim")
        return line(
            kind, Piece(fit(clean(row.name), 30), "strong"), Piece(cut(clean(row.beside), max(width - 44, 0)), "dim")
        )

    def empty(self) -> str:
        return _("No feeder, lateral or transformer area holds these words; an account is typed in full.")


class FormFields(Widget):
    """The rows of the form, in order; `read` gives what stands in them."""

    def __init__(self, typed: TypedOutage, types: Sequence[tuple[str, str]], *, change: bool) -> None:
        super().__init__(id="fields")
        self._typed, self._types, self._change = typed, types, change
        self.chosen = list(typed.scope)

    def compose(self) -> ComposeResult:
        self.type = Choice(self._types, self._typed.type, id="type")
        self.type.disabled = self._change
        self.danger = Choice((("", _("no")), ("yes", _("yes"))), "yes" if self._typed.danger else "", id="danger")
        self.scope, self.chips = Field(id="scope"), Words(id="chips")
        self.texts = {name: Field(getattr(self._typed, name), id=f"text-{name}") for name in TEXTS}
        self.understood = {name: Words(id=f"understood-{name}") for name in ("start", "end")}
        yield self._row(_("Type"), self.type)
        yield self._row(_("Scope"), self.scope)
        yield self._row("", self.chips)
        yield self._row(_("Starts at"), self.texts["start"], self.understood["start"])
        yield self._row(_("End / expected"), self.texts["end"], self.understood["end"])
        yield self._row(_("Cause"), self.texts["cause"])
        yield self._row(_("Area in words"), self.texts["area"])
        yield self._row(_("Danger to life"), self.danger)
        if self._change:
            yield self._row(_("Why changed"), self.texts["reason"])
            yield self._row(_("Reported by"), self.texts["reported_by"])

    def order(self) -> list[Widget]:
        """The fields in the order of Enter and Tab."""
        texts = self.texts
        first: list[Widget] = [] if self._change else [self.type]
        last = [texts["reason"], texts["reported_by"]] if self._change else []
        return [*first, self.scope, texts["start"], texts["end"], texts["cause"], texts["area"], self.danger, *last]

    def read(self) -> TypedOutage:
        """What stands in the fields."""
        values = {name: field.value for name, field in self.texts.items()}
        return TypedOutage(type=self.type.value, scope=list(self.chosen), danger=bool(self.danger.value), **values)

    def show_chosen(self) -> None:
        """The names chosen so far, on their line."""
        pieces = list(self._chips())
        self.chips.say(*(pieces or [Piece(_("nothing chosen yet"), "dim")]))

    def understand(self, name: str, words: str, role: str = "dim") -> None:
        """Say beside a time what was understood of it."""
        self.understood[name].say(Piece(f" {words}", role))

    def _chips(self) -> Iterator[Piece]:
        for name in self.chosen:
            yield Piece(f"[{clean(name.name)}] ", "accent")

    def _row(self, label: str, *widgets: Widget) -> Row:
        words = Words(Piece(f" {label}", "dim"))
        words.styles.width = LABEL_WIDTH + 4
        for widget in widgets[1:]:
            widget.styles.width = UNDERSTOOD_WIDTH
        return Row(words, *widgets)
