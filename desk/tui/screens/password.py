"""Another password of one's own: the present one, and the new one twice."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from desk.errors import BadInput, DeskError
from desk.i18n import _
from desk.tui.cells import Piece
from desk.tui.context import InputContext
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.field import Field
from desk.tui.widgets.labelled import Labelled
from desk.tui.widgets.row import Pane
from desk.tui.widgets.words_line import Words

FIELDS = ("old", "new", "again")


class PasswordScreen(DeskSubscreen[str]):
    """Comes back with the new password, or nothing. `old` is known where it was typed a moment ago."""

    PLACE = "password"

    def __init__(self, agent: str, old: str = "") -> None:
        super().__init__()
        self.fields, self.head, self.problem = Labelled(FIELDS, id="sign-in"), Words(), Words()
        for text in self.fields.texts.values():
            text.password = True
        self._agent, self._old = agent, old

    def title_words(self) -> str:
        return _("Change password")

    def body(self) -> Iterable[Widget]:
        yield Pane(self.head, self.fields, self.problem, classes="door")

    def opened(self) -> None:
        self.fields.show("old", not self._old)
        self.set_focus(self.fields.order()[0])

    def speak_again(self) -> None:
        super().speak_again()
        self.fields.say_labels({"old": _("Present password"), "new": _("New password"), "again": _("The same again")})
        words = _("{agent}: at least 8 signs, any signs; other screens of yours are signed out")
        self.head.say(Piece(" " + words.format(agent=self._agent), "dim"))

    def show_status(self) -> None:
        """What the desk says stays behind: this may be open before anyone is signed in."""

    def input_context(self) -> InputContext:
        return InputContext(where=self.PLACE, typing=isinstance(self.focused, Field))

    def move(self, command: str) -> None:
        self.set_focus(self.fields.step(self.focused, -1 if command == "up" else 1))

    # commands

    def password_next(self) -> None:
        """The next field; at the last one, done."""
        if self.focused is self.fields.order()[-1]:
            self.password_save()
        else:
            self.set_focus(self.fields.step(self.focused, 1))

    def password_previous(self) -> None:
        self.set_focus(self.fields.step(self.focused, -1))

    def password_save(self) -> None:
        """Set it, if both are the same."""
        typed = {name: text.value for name, text in self.fields.texts.items()}
        if typed["new"] != typed["again"]:
            self._refuse(_("the two passwords are not the same; nothing was changed"))
            self.fields.texts["again"].set_text("")
            self.set_focus(self.fields.texts["again"])
            return
        self.app.go(self._save, self._old or typed["old"], typed["new"])

    async def _save(self, old: str, new: str) -> None:
        try:
            await self.app.work.alone(self.app.desk.agents.change_own, self._agent, old, new)
        except DeskError as problem:
            self._refuse(str(problem))
            self.set_focus(self.fields.texts["new" if isinstance(problem, BadInput) or self._old else "old"])
            return
        self.app.say(_("Your password is changed"))
        self.dismiss(new)

    def desk_back(self) -> None:
        self.dismiss(None)

    def _refuse(self, words: str) -> None:
        self.problem.say(Piece(f" {words}", "bad"))
