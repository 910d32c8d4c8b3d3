"""The keys of where you are, made from the command table, so that it cannot go stale."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from desk.i18n import _
from desk.text import cell_width
from desk.tui.cells import BLANK, Line, Piece, heading, line, wrap
from desk.tui.command import Command
from desk.tui.commands import Keymap, groups, key_name
from desk.tui.context import InputContext
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.page import Page

KEYS_WIDTH = 18


class HelpScreen(DeskSubscreen[None]):
    """`begin(context, keymap)`: what works in `context` first, then everything else."""

    PLACE = "help"

    def __init__(self) -> None:
        super().__init__()
        self.page = Page(id="help")

    def begin(self, about: InputContext, keymap: Keymap) -> None:
        """Show the keys of `about`: the screen is kept and used again."""
        self.page.show(lambda width: help_lines(about, keymap, width))

    def title_words(self) -> str:
        return _("Help")

    def body(self) -> Iterable[Widget]:
        yield self.page

    def opened(self) -> None:
        self.set_focus(self.page)

    def moves(self) -> Page:
        return self.page

    def move(self, command: str) -> None:
        step = {"up": -1, "down": 1, "page_up": -self.page.size.height, "page_down": self.page.size.height}
        self.page.scroll_by(step.get(command, 0) or (-9999 if command == "first" else 9999))


def help_lines(about: InputContext, keymap: Keymap, width: int) -> list[Line]:
    """Three parts: what works here, how the desk is used, and every other command by group."""
    here = keymap.here(about)
    lines = [heading(_("Keys that work here")), *_rows(here, keymap)]
    lines += [BLANK, heading(_("How it goes"))]
    for sentence in how_it_goes():
        lines += [line(Piece(row, "text")) for row in wrap(sentence, width)]
    for group, commands in groups():
        elsewhere = [command for command in commands if command not in here and keymap.keys(command.id)]
        if elsewhere:
            lines += [BLANK, heading(_(group)), *_rows(elsewhere, keymap)]
    if keymap.problems:
        lines += [BLANK, heading(_("Problems in [keys]"))]
        lines += [line(Piece(row, "warn")) for problem in keymap.problems for row in wrap(problem, width)]
    return lines


def how_it_goes() -> list[str]:
    """The main job in a few sentences."""
    return [
        _("A call: F2 and any part of a number, account, name, pinyin initials or address; Enter takes; Enter saves."),
        _("A digit or a Chinese character typed on the board begins the search with it."),
        _("A call that rings while another is open waits: its draft is kept, Ctrl+N switches."),
        _("Single letters are commands only where no text is typed."),
    ]


def _rows(commands: Iterable[Command], keymap: Keymap) -> list[Line]:
    lines = []
    for command in commands:
        keys = "  ".join(key_name(key) for key in keymap.keys(command.id))
        gap = " " * max(KEYS_WIDTH - cell_width(keys), 1)
        if keys:
            lines.append(line("  ", Piece(keys, "key"), gap, Piece(_(command.label), "text")))
    return lines
