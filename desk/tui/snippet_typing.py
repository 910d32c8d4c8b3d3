"""Phrases in the note: `::` shows those there are, a name and a space writes one out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.snippets import MARK, Snippets, read_snippets

if TYPE_CHECKING:
    from desk.tui.calls import OpenCall
    from desk.tui.screens.desk import DeskScreen

SHOWN = 6  # phrases offered in the status line


class SnippetTyping:
    """Follows what is typed into the note; the county's file is read when the first `::` is typed."""

    def __init__(self, screen: DeskScreen) -> None:
        self._screen = screen
        self._snippets: Snippets | None = None

    def look(self, call: OpenCall) -> None:
        """The note was edited: write phrases out, or say which there are."""
        if MARK not in call.note:
            self._snippets = None  # read again when next used: the county may have written another
        else:
            self._screen.app.go_last("snippets", self._look)

    async def _look(self) -> None:
        if self._snippets is None:
            self._snippets = await self._screen.app.work.look(self._read)
            if self._snippets.problem:
                self._screen.app.say(self._snippets.problem, "warn")
        note = self._screen.call.note
        if (after := self._snippets.expanded(note.value)) != note.value:
            left = len(note.value) - note.cursor_position  # the caret stays where the text behind it begins
            note.value = after
            note.cursor_position = len(after) - left
        elif found := self._snippets.begun(note.value[: note.cursor_position]):
            words = "  ".join(f"{MARK}{name} {phrase}" for name, phrase in found[:SHOWN])
            self._screen.app.say(words, "accent")

    def spelt_out(self, text: str) -> str:
        """`text` as it is saved: a phrase named at its end is written out too. Called beside the screen."""
        if MARK not in text:
            return text
        self._snippets = self._snippets or self._read()
        return self._snippets.expanded(text, at_end=True)

    def _read(self) -> Snippets:
        from desk.plugins.folders import shipped_folder

        return read_snippets(self._screen.app.desk.place.config, shipped_folder() / "scripts")
