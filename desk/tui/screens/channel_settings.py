"""The settings of one channel as a form; saved into config.toml with its comments, or told what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from desk.errors import ConfigProblem, DeskError
from desk.i18n import _
from desk.text import clean
from desk.tui.cells import Line, Piece, line, wrap
from desk.tui.context import InputContext
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.field import Field
from desk.tui.widgets.labelled import Labelled
from desk.tui.widgets.page import Page

if TYPE_CHECKING:
    from desk.plugins.authoring import Shown


class ChannelSettingsScreen(DeskSubscreen[None]):
    """One row for each setting, written as in config.toml; an empty one means its default."""

    PLACE = "channel_settings"

    def __init__(self, name: str, shown: Shown) -> None:
        super().__init__()
        self.channel, self.shown = name, shown
        self.fields = Labelled([one.name for one in shown.settings], id="settle-fields")
        self.page = Page(id="settle-page")
        self.problems: tuple[str, ...] = ()

    def title_words(self) -> str:
        return _("Settings of {name}").format(name=self.channel)

    def body(self) -> Iterable[Widget]:
        yield self.fields
        yield self.page

    def opened(self) -> None:
        from desk.plugins.settings import toml_value

        section = self.app.desk.place.config.channels.get(self.channel, {})
        self.fields.say_labels({one.name: ("! " if one.needed else "") + one.name for one in self.shown.settings})
        for one in self.shown.settings:
            if one.name in section:
                self.fields.texts[one.name].set_text(toml_value(section[one.name]))
        if self.shown.settings:
            self.set_focus(self.fields.field(self.shown.settings[0].name))
        self._show()

    def input_context(self) -> InputContext:
        return InputContext(where=self.PLACE, typing=isinstance(self.focused, Field))

    def moves(self) -> Page:
        return self.page

    def move(self, command: str) -> None:
        if command in ("up", "down") and self.shown.settings:
            self.set_focus(self.fields.step(self.focused, 1 if command == "down" else -1))
        else:
            self.page.scroll_by({"page_up": -8, "page_down": 8}.get(command, 0))

    def _show(self) -> None:
        self.page.show(lambda width: _lines(self.shown, self.problems, width))

    def channel_settings_next(self) -> None:
        """The next setting."""
        if self.shown.settings:
            self.set_focus(self.fields.step(self.focused, 1))

    def channel_settings_previous(self) -> None:
        """The setting before."""
        if self.shown.settings:
            self.set_focus(self.fields.step(self.focused, -1))

    def channel_settings_save(self) -> None:
        """Write them down; with a mistake nothing is written."""
        self.app.go(self._save)

    async def _save(self) -> None:
        try:
            values: dict[str, Any] = {name: _value(text) for name, text in self.fields.read().items()}
            if self.channel not in self.app.desk.place.config.channels and self.channel != self.shown.name:
                values["type"] = self.shown.name
            await self.app.work.do(self.app.desk.parts.set_up, self.channel, values)
        except DeskError as problem:
            self.problems = problem.problems if isinstance(problem, ConfigProblem) else (str(problem),)
            self._show()
            return
        self.app.pop_screen()
        self.app.say(_("{name} is set up; `c` checks it").format(name=self.channel))


def _value(text: str) -> Any:
    """What was typed, as config.toml means it: a number, true, a list, {env = "…"}; anything else is a text."""
    import tomllib

    if not text:
        return None
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _lines(shown: Shown, problems: Iterable[str], width: int) -> list[Line]:
    lines = [line(Piece(row, "bad")) for problem in problems for row in wrap(f"! {clean(problem)}", width)]
    for one in shown.settings:
        words = f"{one.name}  {clean(one.words)}"
        if one.secret:
            words += "  " + _('a secret: {env = "NAME"}, {file = "PATH"} or {keyring = "NAME"}')
        elif one.default not in (None, ""):
            words += "  " + _("without: {default}").format(default=one.default)
        lines += [line(Piece(row, "dim")) for row in wrap(words, width)]
    return lines or [line(Piece(_("This channel has no settings."), "dim"))]
