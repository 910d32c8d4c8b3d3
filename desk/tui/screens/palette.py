"""Every command that may run where you were, found by typing, with the key that would have done it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from desk.i18n import _, language
from desk.text import fit
from desk.tui.cells import Line, Piece, line
from desk.tui.command import Command
from desk.tui.commands import Keymap
from desk.tui.context import InputContext
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.field import Field
from desk.tui.widgets.lines import Lines

KEY_CELLS = 12


class CommandList(Lines[Command]):
    """Commands with their effective keys."""

    HEAD = 0

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    @property
    def keeps_cursor(self) -> bool:
        return True

    def row_id(self, row: Command) -> str:
        return row.id

    def row_key(self, row: Command) -> Hashable:
        return (row.id, language())

    def row_line(self, row: Command, width: int) -> Line:
        name = Piece(fit(f" {_(row.label)}", min(36, width - KEY_CELLS - 16)), "text")
        return line(name, Piece(fit(self._keymap.shown(row.id), KEY_CELLS), "key"), Piece(_(row.group), "dim"))

    def empty(self) -> str:
        return _("No command is called like that.")


class PaletteScreen(DeskSubscreen[str]):
    """Comes back with the id of the command that was picked, or nothing."""

    PLACE = "palette"

    def __init__(self, about: InputContext, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._commands = [command for command in keymap.here(about) if command.palette]

    def title_words(self) -> str:
        return _("Commands")

    def body(self) -> Iterable[Widget]:
        self.field, self.list = Field(id="palette-field"), CommandList(self._keymap)
        yield self.field
        yield self.list

    def opened(self) -> None:
        self.list.show(self._commands)
        self.set_focus(self.field)

    def moves(self) -> CommandList:
        return self.list

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        words = event.value.casefold().split()
        self.list.cursor_id = ""
        self.list.show([command for command in self._commands if _matches(command, words)])

    def palette_pick(self) -> None:
        if self.list.current is not None:
            self.dismiss(self.list.current.id)

    def desk_back(self) -> None:
        self.dismiss(None)

    desk_close_palette = desk_back


def _matches(command: Command, words: Iterable[str]) -> bool:
    text = f"{_(command.label)} {command.label} {_(command.group)} {command.id}".casefold()
    return all(word in text for word in words)
