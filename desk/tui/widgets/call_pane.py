"""The caller's card with what is to be logged below it: topic, outage, outcome, callback, and the note."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from desk.i18n import _
from desk.tui.calls import OpenCall
from desk.tui.cells import Piece, heading
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.field import Field
from desk.tui.widgets.page import Page
from desk.tui.widgets.row import Row
from desk.tui.widgets.words_line import Words
from desk.tui.words import OUTCOMES, TOPICS


class CallPane(Widget):
    """`fill(call)` shows a call, `read(call)` takes what was chosen and typed back into it."""

    def __init__(self) -> None:
        super().__init__(id="call")
        self.display = False

    def compose(self) -> ComposeResult:
        yield Page(id="caller")
        yield Words(id="call-rule")
        with Row():
            yield Words(id="label-topic")
            yield Choice(id="call-topic")
            yield Words(id="label-outage")
            yield Choice(id="call-outage")
        with Row():
            yield Words(id="label-outcome")
            yield Choice(id="call-outcome")
            yield Words(id="label-callback")
            yield Choice(id="call-callback")
        with Row():
            yield Words(id="label-note")
            yield Field(id="note")

    @property
    def page(self) -> Page:
        return self.query_one("#caller", Page)

    @property
    def note(self) -> Field:
        return self.query_one("#note", Field)

    def order(self) -> list[Widget]:
        """The fields in the order of Tab, the note first."""
        names = ("topic", "outage", "outcome", "callback")
        return [self.note, *(self.query_one(f"#call-{name}", Choice) for name in names)]

    def fill(self, call: OpenCall) -> None:
        """Show the choices of `call` and what was typed."""
        self.say_labels()
        outages = [(outage.id, outage.id) for outage in call.card.outages] if call.card else []
        self._choice("topic", [(key, _(words)) for key, words in TOPICS.items()], call.topic)
        self._choice("outage", [*outages, ("", _("none"))], call.outage)
        self._choice("outcome", [(key, _(words)) for key, words in OUTCOMES.items()], call.outcome)
        self._choice("callback", [("", _("no")), ("yes", _("yes"))], "yes" if call.callback else "")
        if self.note.value != call.note:
            self.note.set_text(call.note)

    def read(self, call: OpenCall) -> None:
        """Take the choices and the note into `call`."""
        call.topic, call.outage, call.outcome = (self._value(name) for name in ("topic", "outage", "outcome"))
        call.callback = bool(self._value("callback"))
        call.note = self.note.value

    def say_labels(self) -> None:
        """The labels, in the language on screen."""
        key = self.page.key_of("call.next_field")
        words = {"topic": _("Topic"), "outage": _("Outage"), "outcome": _("Outcome"), "callback": _("Callback")}
        for name, label in {**words, "note": _("Note")}.items():
            self.query_one(f"#label-{name}", Words).say(Piece(label, "dim"))
        title = _("To be logged")
        self.query_one("#call-rule", Words).say_line(heading(f"{title} {key}"))

    def _choice(self, name: str, options: Sequence[tuple[str, str]], value: str) -> None:
        self.query_one(f"#call-{name}", Choice).set_options(options, value)

    def _value(self, name: str) -> str:
        return self.query_one(f"#call-{name}", Choice).value
