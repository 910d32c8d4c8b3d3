"""A question above the key bar: one sentence, a value to type or choose when one is needed, Enter or Esc."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from desk.i18n import _
from desk.tui.cells import Piece
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.field import Field
from desk.tui.widgets.row import Row
from desk.tui.widgets.words_line import Words


class Ask(Widget):
    """`ask(...)` opens it; `answer()` is what was typed or chosen; what was typed stays when it is refused."""

    def __init__(self) -> None:
        super().__init__(id="ask")
        self.display = False
        self.on_yes: Callable[[str], None] = lambda _answer: None
        self.kind = ""

    def compose(self) -> ComposeResult:
        yield Words(id="ask-question")
        with Row(id="ask-row"):
            yield Words(id="ask-label")
            yield Field(id="ask-field")
            yield Choice(id="ask-choice")
        yield Words(id="ask-problem")

    def ask(
        self,
        question: Sequence[Piece],
        on_yes: Callable[[str], None],
        *,
        label: str = "",
        value: str = "",
        choices: Sequence[tuple[str, str]] = (),
        hint: str = "",
    ) -> None:
        """Open with a question; with `label` a value is asked for, with `choices` one of them."""
        self.on_yes = on_yes
        self.kind = "choice" if choices else "field" if label else "plain"
        self.query_one("#ask-question", Words).say(Piece(" ", "text"), *question)
        self.query_one("#ask-label", Words).say(Piece(f" {label}", "dim"))
        self.query_one("#ask-row").display = self.kind != "plain"
        self.query_one("#ask-problem", Words).say(Piece(f" {hint}", "dim"))
        field, choice = self.query_one(Field), self.query_one(Choice)
        field.display, choice.display = self.kind == "field", self.kind == "choice"
        field.set_text(value)
        choice.set_options(choices, choices[0][0] if choices else "")
        self.display = True
        target = {"field": field, "choice": choice}.get(self.kind)
        self.screen.set_focus(target)

    def answer(self) -> str:
        """What was typed or chosen."""
        return {"field": self.query_one(Field).value.strip(), "choice": self.query_one(Choice).value}.get(self.kind, "")

    def refuse(self, sentence: str) -> None:
        """Say what is wrong, keep what was typed."""
        self.query_one("#ask-problem", Words).say(Piece(f" {sentence}", "bad"))

    def close(self) -> None:
        """Put the question away."""
        self.display = False

    def default_hint(self) -> str:
        """What Enter and Esc do."""
        return _("Enter confirms, Esc leaves it as it is")
