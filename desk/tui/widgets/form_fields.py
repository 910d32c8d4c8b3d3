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
    """The rows of the form, in order; `fill` puts an outage in, `read` gives what stands in them."""

    def __init__(self) -> None:
        super().__init__(id="fields")
        self.chosen: list[ScopeName] = []
        self._change = False
        self.type, self.danger = Choice(id="type"), Choice(id="danger")
        self.scope, self.chips = Field(id="scope"), Words(id="chips")
        self.texts = {name: Field(id=f"text-{name}") for name in TEXTS}
        self.understood = {name: Words(id=f"understood-{name}") for name in ("start", "end")}
        self._labels: dict[str, Words] = {}
        texts = self.texts
        self._rows = [
            self._row("type", self.type),
            self._row("scope", self.scope),
            self._row("chips", self.chips),
            self._row("start", texts["start"], self.understood["start"]),
            self._row("end", texts["end"], self.understood["end"]),
            self._row("cause", texts["cause"]),
            self._row("area", texts["area"]),
            self._row("danger", self.danger),
        ]
        self._last = [self._row("reason", texts["reason"]), self._row("by", texts["reported_by"])]

    def compose(self) -> ComposeResult:
        yield from self._rows
        yield from self._last

    def fill(self, typed: TypedOutage, types: Sequence[tuple[str, str]], *, change: bool) -> None:
        """Show `typed`; a change has no type to choose, but a reason to give."""
        self.chosen, self._change = list(typed.scope), change
        self.type.set_options(types, typed.type)
        self.type.disabled = change
        self.danger.set_options((("", _("no")), ("yes", _("yes"))), "yes" if typed.danger else "")
        self.scope.set_text("")
        for name, text in self.texts.items():
            text.set_text(getattr(typed, name))
        for row in self._last:
            row.display = change
        self._say_labels()
        self.show_chosen()

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

    def _row(self, name: str, *widgets: Widget) -> Row:
        label = self._labels[name] = Words()
        label.styles.width = LABEL_WIDTH + 4
        for widget in widgets[1:]:
            widget.styles.width = UNDERSTOOD_WIDTH
        return Row(label, *widgets)

    def _say_labels(self) -> None:
        words = {
            "type": _("Type"),
            "scope": _("Scope"),
            "start": _("Starts at"),
            "end": _("End / expected"),
            "cause": _("Cause"),
            "area": _("Area in words"),
            "danger": _("Danger to life"),
            "reason": _("Why changed"),
            "by": _("Reported by"),
        }
        for name, label in words.items():
            self._labels[name].say(Piece(f" {label}", "dim"))
