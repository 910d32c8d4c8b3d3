"""The caller's card with what is to be logged below it: topic, outage, outcome, callback, trouble, and the note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from desk.calls.topics import TOPICS
from desk.i18n import N_, _
from desk.tui.calls import ASKED, OpenCall, order_options
from desk.tui.cells import Piece, heading
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.field import Field
from desk.tui.widgets.options import Options
from desk.tui.widgets.page import Page
from desk.tui.widgets.row import Row
from desk.tui.widgets.words_line import Words
from desk.tui.words import NEIGHBOURS, ORDER_WORDS, OUTCOMES, hazards, trouble_codes

LABELS: Mapping[str, str] = {
    "topic": N_("Topic"),
    "outage": N_("Outage"),
    "outcome": N_("Outcome"),
    "callback": N_("Callback"),
    "trouble_code": N_("Trouble"),
    "hazard": N_("Danger"),
    "neighbours": N_("Nearby"),
    "order": N_("Order"),
    "note": N_("Note"),
}
ALWAYS = (("topic", "outage"), ("outcome", "callback"))
OF_TROUBLE = (("hazard",), ("neighbours", "order"), ("trouble_code",))
BY_DEFAULT = ("callback", "order")  # what happens unless the agent chooses otherwise


class CallPane(Widget):
    """`fill(call)` shows a call, `read(call)` takes what was chosen and typed back into it."""

    def __init__(self) -> None:
        super().__init__(id="call")
        self.display = False
        self._choices = {name: Choice(id=f"call-{name}") for row in (*ALWAYS, *OF_TROUBLE) for name in row}
        self._labels = {name: Words(id=f"label-{name}") for name in LABELS}
        self._trouble_rows = [self._row(names) for names in OF_TROUBLE]
        self._shown: OpenCall | None = None
        self._by_default: dict[str, str] = {}  # what was shown where the agent had chosen nothing
        self.page, self.note, self.options = Page(id="caller"), Field(id="note"), Options()

    def compose(self) -> ComposeResult:
        yield self.page
        yield self.options
        yield Words(id="call-rule")
        for names in ALWAYS:
            yield self._row(names)
        yield from self._trouble_rows
        yield Row(self._labels["note"], self.note)

    def _row(self, names: Sequence[str]) -> Row:
        return Row(*(part for name in names for part in (self._labels[name], self._choices[name])))

    def order(self) -> list[Widget]:
        """The fields in the order of Tab, the note first."""
        rows = (*ALWAYS, *(OF_TROUBLE if self._trouble_rows[0].display else ()))
        return [self.note, *(self._choices[name] for row in rows for name in row)]

    def fill(self, call: OpenCall) -> None:
        """Show the choices of `call` and what was typed."""
        self._shown = call
        self.say_labels()
        outages = [(outage.id, outage.id) for outage in call.card.outages] if call.card else []
        self._choice("topic", _said(TOPICS), call.topic)
        self._choice("outage", [*outages, ("", _("none"))], call.outage)
        self._choice("trouble_code", _said(trouble_codes()), call.trouble_code)
        self._choice("hazard", _said(hazards()), call.hazard)
        self._choice("neighbours", _said(NEIGHBOURS), call.neighbours)
        for name in ASKED:
            self._choices[name].unchosen = _("ask!")
        self.follow(call)
        if self.note.value != call.note:
            self.note.set_text(call.note)

    def follow(self, call: OpenCall) -> None:
        """What follows from the other choices: the questions of trouble, and what happens by default."""
        for row in self._trouble_rows:
            if row.display != call.is_trouble:
                row.display = call.is_trouble
        self._by_default = {"callback": "yes" if call.callback_now else "no", "order": call.order_now}
        self._choice("outcome", _said(OUTCOMES), call.outcome)
        self._choice("callback", [("no", _("no")), ("yes", _("yes"))], self._by_default["callback"])
        self._choice(
            "order", order_options(call, {key: _(words) for key, words in ORDER_WORDS.items()}), call.order_now
        )

    def read(self, call: OpenCall) -> None:
        """Take the choices and the note into `call`, if it is the one that is shown.

        What was left as it was shown is not a choice of the agent's.
        """
        if call is not self._shown:
            return
        for name, choice in self._choices.items():
            if name not in BY_DEFAULT or choice.value != self._by_default.get(name, choice.value):
                setattr(call, name, choice.value)
        call.note = self.note.value

    def ask(self, question: str) -> None:
        """Put the keyboard on a question that has no answer yet; on the note where there is none."""
        self.screen.set_focus(self._choices[question] if question else self.note)

    def is_question(self, choice: Choice) -> bool:
        """Whether this is one of the questions that lead on to the next."""
        return any(choice is self._choices[name] for name in ASKED)

    def say_labels(self) -> None:
        """The labels, in the language on screen."""
        for name, label in LABELS.items():
            self._labels[name].say(Piece(_(label), "dim"))
        key = self.page.key_of("call.next_field")
        title = _("To be logged")
        self.query_one("#call-rule", Words).say_line(heading(f"{title} {key}"))

    def on_descendant_focus(self) -> None:
        """Under the keyboard, a choice shows all there is to choose, with the digits that pick."""
        focused = self.screen.focused
        self.options.offer(focused.options if isinstance(focused, Choice) else ())

    def _choice(self, name: str, options: Sequence[tuple[str, str]], value: str) -> None:
        choice = self._choices[name]
        if choice.options != list(options) or choice.value != value:
            choice.set_options(options, value)


def _said(table: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, _(words)) for key, words in table.items()]
