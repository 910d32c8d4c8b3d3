"""A new channel from five answers, for whoever has never seen a shell; what is wrong is said beside its question."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from desk.errors import DeskError
from desk.i18n import _
from desk.plugins.authoring import QUESTIONS, file_text, mistakes, questions
from desk.tui.cells import Line, Piece, heading, line, wrap
from desk.tui.context import InputContext
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.field import Field
from desk.tui.widgets.labelled import Labelled
from desk.tui.widgets.page import Page

CHOSEN = ("kind", "family")


class NewChannelScreen(DeskSubscreen[None]):
    """Five questions above; below, what is wrong, then the file as it will be written."""

    PLACE = "new_channel"

    def __init__(self) -> None:
        super().__init__()
        self.fields = Labelled(QUESTIONS, choices=CHOSEN, id="new-channel-fields")
        self.page = Page(id="settle-page")
        self._asked_where = ""

    def title_words(self) -> str:
        return _("New channel")

    def body(self) -> Iterable[Widget]:
        yield self.fields
        yield self.page

    def opened(self) -> None:
        for question in questions({}):
            if question.name in CHOSEN:
                self.fields.choices[question.name].set_options(list(question.choices.items()), question.default)
        self._ask_where()
        self.set_focus(self.fields.field("name"))
        self._show()

    def speak_again(self) -> None:
        super().speak_again()
        labels = {
            "name": _("Name"),
            "label": _("On screen"),
            "kind": _("How"),
            "family": _("Carries"),
            "where": _("Where"),
        }
        self.fields.say_labels(labels)

    def input_context(self) -> InputContext:
        return InputContext(where=self.PLACE, typing=isinstance(self.focused, Field))

    def moves(self) -> Page:
        return self.page

    def move(self, command: str) -> None:
        if command in ("up", "down"):
            self.set_focus(self.fields.step(self.focused, 1 if command == "down" else -1))
        else:
            self.page.scroll_by({"page_up": -8, "page_down": 8}.get(command, 0))

    @on(Choice.Changed)
    def _chosen(self) -> None:
        self._ask_where()
        self._show()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._show()

    def _ask_where(self) -> None:
        """The last question depends on the kind: its example is put in while nobody has typed another."""
        example = questions(self.fields.read())[-1].default
        if self.fields.texts["where"].value in ("", self._asked_where):
            self.fields.texts["where"].set_text(example)
        self._asked_where = example

    def _show(self) -> None:
        answers = self.fields.read()
        self.page.show(lambda width: _lines(answers, width), keep=True)

    def new_channel_next(self) -> None:
        """The next question."""
        self.set_focus(self.fields.step(self.focused, 1))

    def new_channel_previous(self) -> None:
        """The question before."""
        self.set_focus(self.fields.step(self.focused, -1))

    def new_channel_save(self) -> None:
        """Write the file and load it."""
        self.app.go(self._save)

    async def _save(self) -> None:
        answers = self.fields.read()
        try:
            file = await self.app.work.do(self.app.desk.parts.new, answers)
        except DeskError as problem:
            self.app.say(str(problem), "bad")
            return
        self.app.pop_screen()
        self.app.say(
            _("{file} is written and loaded; `c` checks it, `v` shows what would go out").format(file=file.name)
        )


def _lines(answers: dict[str, str], width: int) -> list[Line]:
    lines: list[Line] = []
    asked = {question.name: question for question in questions(answers)}
    for name, question in asked.items():
        choices = "  ".join(f"{at} {words}" for at, words in enumerate(question.choices.values(), 1))
        lines += [line(Piece(row, "dim")) for row in wrap(f"{name}: {question.words}  {choices}", width)]
    wrong = mistakes(answers)
    for name, sentence in wrong.items():
        lines += [line(Piece(row, "warn")) for row in wrap(f"! {name}: {sentence}", width)]
    if not wrong:
        lines.append(heading(_("The file")))
        lines += [line(Piece(row, "script")) for row in file_text(answers).splitlines()]
    return lines
