"""The fields of the outage form: labels, values, and what the desk understood of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.widget import Widget

from desk.i18n import _
from desk.text import clean, cut, fit
from desk.tui.cells import Line, Piece, line
from desk.tui.owed_lines import MODES
from desk.tui.scope_names import KINDS, ScopeName
from desk.tui.typed_outage import TypedOutage
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.fact_rows import FactRows
from desk.tui.widgets.field import Field
from desk.tui.widgets.lines import Lines
from desk.tui.widgets.row import Row
from desk.tui.widgets.words_line import Words
from desk.tui.words import say

if TYPE_CHECKING:
    from desk.plugins import OutageType

TEXTS = ("start", "end", "cause", "area", "received", "approved_by", "approved_ref", "reason", "reported_by")
IN_CHANGE = ("reason", "by")
IN_OPENING = ("received", "approved_by", "approved_how", "approved_ref")
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
        self.type, self.danger, self.approved_how = Choice(id="type"), Choice(id="danger"), Choice(id="approved-how")
        self.facts = FactRows(LABEL_WIDTH + 4)
        self.scope, self.chips = Field(id="scope"), Words(id="chips")
        self.texts = {name: Field(id=f"text-{name}") for name in TEXTS}
        self.understood = {name: Words(id=f"understood-{name}") for name in ("start", "end")}
        self._labels: dict[str, Words] = {}
        texts = self.texts
        self._rows = {
            "type": self._row("type", self.type),
            "scope": self._row("scope", self.scope),
            "chips": self._row("chips", self.chips),
            "start": self._row("start", texts["start"], self.understood["start"]),
            "end": self._row("end", texts["end"], self.understood["end"]),
            "reason": self._row("reason", texts["reason"]),
            "by": self._row("by", texts["reported_by"]),
            "cause": self._row("cause", texts["cause"]),
            "area": self._row("area", texts["area"]),
            "received": self._row("received", texts["received"]),
            "danger": self._row("danger", self.danger),
        }
        self._last = {
            "approved_by": self._row("approved_by", texts["approved_by"]),
            "approved_how": self._row("approved_how", self.approved_how),
            "approved_ref": self._row("approved_ref", texts["approved_ref"]),
        }

    def compose(self) -> ComposeResult:
        yield from self._rows.values()
        yield self.facts
        yield from self._last.values()

    def fill(
        self, typed: TypedOutage, types: Sequence[tuple[str, str]], kind: OutageType | None, *, change: bool
    ) -> None:
        """Show `typed`; a change has no type to choose, but a reason to give."""
        self.chosen, self._change = list(typed.scope), change
        self.type.set_options(types, typed.type)
        self.type.disabled = change
        self.danger.set_options((("", _("no")), ("yes", _("yes"))), "yes" if typed.danger else "")
        self.scope.set_text("")
        for name, text in self.texts.items():
            text.set_text(getattr(typed, name))
        rows = self._rows | self._last
        for name in (*IN_CHANGE, *IN_OPENING):
            rows[name].display = change == (name in IN_CHANGE)
        self.approved_how.set_options([(name, _(words)) for name, words in MODES.items()], typed.approved_how)
        self.facts.show(kind, typed.facts)
        self._say_labels()
        self.show_chosen()

    def order(self) -> list[Widget]:
        """The fields in the order of Enter and Tab."""
        texts, facts = self.texts, self.facts.order()
        times_and_scope = [self.scope, texts["start"], texts["end"]]
        words = [texts["cause"], texts["area"]]
        if self._change:
            why = [texts["reason"], texts["reported_by"]]
            return [*times_and_scope, *why, *words, self.danger, *facts]
        approval = [texts["approved_by"], self.approved_how, texts["approved_ref"]]
        return [self.type, *times_and_scope, *words, texts["received"], self.danger, *facts, *approval]

    def field_of(self, name: str) -> Widget | None:
        """The widget in which `name` of a request is typed."""
        names = {"planned_start": "start", "planned_end": "end", "cause": "cause", "area": "area"}
        if name.startswith("facts."):
            return self.facts.field(name.removeprefix("facts."))
        return self.texts[names[name]] if name in names else None

    def read(self) -> TypedOutage:
        """What stands in the fields."""
        values = {name: field.value for name, field in self.texts.items()}
        return TypedOutage(
            type=self.type.value,
            scope=list(self.chosen),
            danger=bool(self.danger.value),
            facts=self.facts.read(),
            table=tuple(self.facts.table),
            approved_how=self.approved_how.value,
            **values,
        )

    def put(self, name: str, value: Any) -> None:
        """Put another value into one field; `scope` takes pairs of kind and name, `facts.NAME` what is typed."""
        if name == "scope":
            self.chosen = [ScopeName(kind, one) for kind, one in value]
            self.show_chosen()
        elif name == "danger":
            self.danger.set_options(self.danger.options, "yes" if value else "")
        elif name.startswith("facts."):
            self.facts.put(name.removeprefix("facts."), value)
        else:
            self.texts[name].set_text(value)

    def widget(self, name: str) -> Widget | None:
        """Where `name` is typed or chosen."""
        known: dict[str, Widget] = {"scope": self.scope, "danger": self.danger, **self.texts}
        return known.get(name) or self.facts.field(name.removeprefix("facts."))

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
            "received": _("Received at"),
            "approved_by": _("Approved by"),
            "approved_how": _("Approved how"),
            "approved_ref": _("Approval ref."),
            "reason": _("Why changed"),
            "by": _("Reported by"),
        }
        for name, label in words.items():
            self._labels[name].say(Piece(f" {label}", "dim"))
