"""The door: name and password before the board is shown, and when the screen was locked. Nothing of the desk shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from time import monotonic

from textual import events
from textual.widget import Widget

from desk.access.signing_in import MustChange
from desk.access.waiting import locked_words, wait_words
from desk.errors import DeskError, SignInNeeded
from desk.i18n import _
from desk.tui.cells import Piece
from desk.tui.context import InputContext
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.bars import Notice
from desk.tui.widgets.field import Field
from desk.tui.widgets.labelled import Labelled
from desk.tui.widgets.row import Pane
from desk.tui.widgets.words_line import Words

LOCKED_FROM = 60  # seconds of waiting that are said in minutes


class Door(DeskSubscreen[None]):
    """What all three have in common: they hide, and say no more than that a telephone rings."""

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self.why = why
        self.head, self.about, self.problem, self.ringing = Words(), Words(), Words(), Words()

    def title_words(self) -> str:
        return self.app.desk.place.config.county.name

    def opened(self) -> None:
        self.set_interval(1.0, self._each_second)
        self._each_second()

    def speak_again(self) -> None:
        super().speak_again()
        self.head.say(Piece(" 95598  ", "strong"), Piece(self.head_words(), "title"))
        self.about.say(Piece(f" {self.why or self.about_words()}", "dim"))

    def head_words(self) -> str:
        """What this screen is for."""
        return _("The screen is locked")

    def about_words(self) -> str:
        """What to do, where nothing else is to be said."""
        return ""

    def show_status(self) -> None:
        """What the desk says is for whoever is signed in."""

    def show_rings(self, notices: Sequence[Notice]) -> None:
        """That a telephone rings, not whose."""
        self.ringing.say(*((Piece(" " + _("A telephone rings"), "sandbox"),) if notices else ()))

    def call_take_ring(self) -> None:
        """Nobody is here who could take it."""

    def _each_second(self) -> None:
        now = self.app.desk.place.now()
        self.strip.show([Notice(f"{now:%H:%M}", "strong"), Notice(self.title_words(), "title")], [])
        rings = getattr(self.app.screen_stack[0], "rings_waiting", 0)
        self.show_rings([Notice("")] if rings else [])


class SignInScreen(Door):
    """Name and password, before there is a board."""

    PLACE = "sign_in"

    def __init__(self, name: str = "", why: str = "") -> None:
        super().__init__(why)
        self.fields = Labelled(("name", "password"), id="sign-in")
        self.fields.texts["password"].password = True
        self._who = name
        self.ready, self.held = True, list[events.Key | events.Paste]()  # typed while Enter is being carried out
        self._until = 0.0

    def body(self) -> Iterable[Widget]:
        yield Pane(self.head, self.about, self.fields, self.problem, self.ringing, classes="door")

    def opened(self) -> None:
        super().opened()
        self.fields.texts["name"].set_text(self._who)
        self.set_focus(self.fields.texts["password" if self._who else "name"])
        self.app.is_at_door()

    def head_words(self) -> str:
        return _("Sign in")

    def about_words(self) -> str:
        return _("Name and password, then Enter")

    def speak_again(self) -> None:
        super().speak_again()
        self.fields.say_labels({"name": _("Agent"), "password": _("Password")})

    def input_context(self) -> InputContext:
        return InputContext(where=self.PLACE, typing=isinstance(self.focused, Field), busy=not self.ready)

    def move(self, command: str) -> None:
        self.set_focus(self.fields.step(self.focused, -1 if command == "up" else 1))

    # commands

    def sign_in_next(self) -> None:
        self._once_typed(lambda: self._focus(self.fields.step(self.focused, 1)))

    def sign_in_previous(self) -> None:
        self._once_typed(lambda: self._focus(self.fields.step(self.focused, -1)))

    def sign_in_go(self) -> None:
        """Enter: on to the password, then in."""
        self._once_typed(self._enter)

    def _once_typed(self, verb: Callable[[], None]) -> None:
        """Do `verb` when the field has taken what was typed before it; what is typed after it waits for its end."""
        self.ready = False
        (self.focused or self).call_later(verb)

    def _focus(self, widget: Widget) -> None:
        self.set_focus(widget)
        self._take_held()

    def _enter(self) -> None:
        name, password = self.fields.texts["name"].value.strip(), self.fields.texts["password"].value
        if not name or not password:
            self._focus(self.fields.texts["password" if name else "name"])
            return
        self._say(_("Looking …"), "dim")
        self.app.go(self._go, name, password)

    def _take_held(self) -> None:
        self.ready, held = True, self.held
        self.held = []
        for event in held:
            self.app.post_message(event)

    def sign_in_leave(self) -> None:
        """Leave: nobody is in."""
        self.app.exit()

    async def _go(self, name: str, password: str) -> None:
        from desk.access.passwords import normalised

        try:
            await self.app.locking.come_in(normalised(name), password)
        except MustChange as problem:
            from desk.tui.screens.password import PasswordScreen

            self._say(str(problem), "warn")
            self.app.push_screen(PasswordScreen(normalised(name), password), self._changed)
        except SignInNeeded as problem:
            self._refuse(problem)
        except DeskError as problem:
            self._say(str(problem), "bad")
        finally:
            self._take_held()
            if self.is_attached:
                self.app.show_keys()

    def _changed(self, new: str | None) -> None:
        """The password is one's own now: in with it."""
        if new:
            self.fields.texts["password"].set_text(new)
            self.sign_in_go()

    def _refuse(self, problem: SignInNeeded) -> None:
        self._until = monotonic() + problem.wait if problem.wait else 0.0
        self.fields.texts["password"].set_text("")
        self.set_focus(self.fields.texts["password"])
        self._say(str(problem), "bad")

    def _say(self, words: str, role: str) -> None:
        self.problem.say(Piece(f" {words}", role))

    def _each_second(self) -> None:
        super()._each_second()
        if not self._until:
            return
        left = round(self._until - monotonic())
        if left <= 0:
            self._until = 0.0
            self._say(_("Try again now"), "text")
        else:
            self._say(locked_words(left) if left > LOCKED_FROM else wait_words(left), "bad")


class LockScreen(SignInScreen):
    """The same over an open desk; the name of who locked it stands there, another may sign in over it."""

    PLACE = "locked"

    def head_words(self) -> str:
        return _("The screen is locked")

    def about_words(self) -> str:
        return _("Your password opens it; another agent signs in with name and password")


class PressKeyScreen(Door):
    """Where nobody has a password: the desk is hidden until a key is pressed."""

    PLACE = "hidden"

    def body(self) -> Iterable[Widget]:
        yield Pane(self.head, self.about, self.problem, self.ringing, classes="door")

    def about_words(self) -> str:
        return _("Press any key. Nobody signs in at this desk, so no password is asked for")

    def on_key(self, event: events.Key) -> None:
        """Any key opens it, and does nothing else."""
        event.stop()
        self.app.go(self._open)

    async def _open(self) -> None:
        try:
            await self.app.work.look(self.app.desk.signing_in.still_here)
        except SignInNeeded as problem:
            self.problem.say(Piece(f" {problem}", "bad"))
            return
        self.app.locking.opened()
