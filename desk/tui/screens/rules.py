"""The regulation read back in words: every entry by article, and the one under the cursor in full."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from desk.i18n import N_, _, in_language, language
from desk.regulation.words import KINDS
from desk.regulation.words import entry as entry_words
from desk.tui.cells import Line, Piece, field, line
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.lines import Lines
from desk.tui.widgets.page import Page

if TYPE_CHECKING:
    from desk.regulation import Regulation
    from desk.regulation.pack import Entry

RULES: tuple[Column, ...] = (
    Column("article", N_("Article"), 14),
    Column("kind", N_("Kind"), 11),
    Column("name", N_("What"), 30),
    Column("pack", N_("Pack"), 0),
)


class RuleLines(Lines["Entry"]):
    """One line for each entry, in the order of the packs."""

    titles: dict[str, str] = {}
    problems: tuple[str, ...] = ()

    def row_id(self, row: Entry) -> str:
        return row.full

    def row_key(self, row: Entry) -> Hashable:
        return (row.full, language())

    def row_line(self, row: Entry, width: int) -> Line:
        texts = (
            (f" {row.article}", "accent"),
            (_(KINDS[row.kind]), "dim"),
            (row.title, "strong"),
            (self.titles.get(row.pack, row.pack), "dim"),
        )
        return cells(RULES, widths(RULES, width), texts)

    def head(self) -> list[Line]:
        return [titles(RULES, widths(RULES, self.outer_size.width))]

    def empty(self) -> str:
        if self.problems:
            return self.problems[0]
        return _("No rule pack is in force. Put a .toml file into a plugin folder; [regulation] off switches one off.")


class RulesScreen(DeskSubscreen[None]):
    """The list of `desk regulation list`, with `desk regulation show` below."""

    PLACE = "rules"

    def __init__(self) -> None:
        super().__init__()
        self.list, self.page = RuleLines(), Page(id="work-page")
        self._regulation: Regulation | None = None

    def title_words(self) -> str:
        return _("Regulation")

    def body(self) -> Iterable[Widget]:
        yield self.list
        yield self.page

    def opened(self) -> None:
        self.set_focus(self.list)
        self.app.go(self._read)

    def on_resize(self) -> None:
        self.page.styles.height = max(10, self.size.height // 3)

    def moves(self) -> RuleLines:
        return self.list

    def copied(self) -> str:
        row = self.list.current
        return f"{row.full} {row.title}" if row else ""

    async def _read(self) -> None:
        regulation = await self.app.work.look(lambda: self.app.desk.notices.owing.regulation)
        self._regulation = regulation
        self.list.titles = {pack.id: f"{in_language(pack.title)} {pack.version}" for pack in regulation.packs}
        self.list.problems = regulation.problems
        self.list.show([entry for pack in regulation.packs for entry in pack.entries])
        if regulation.problems:
            self.app.say(regulation.problems[0], "bad")

    @on(Lines.Moved)
    def _moved(self) -> None:
        row, regulation = self.list.current, self._regulation
        if row is not None and regulation is not None:
            self.page.show(partial(rule_lines, row, regulation))

    def rules_close(self) -> None:
        self.app.desk_back()


def rule_lines(row: Entry, regulation: Regulation, width: int) -> list[Line]:
    """One entry in full."""
    lines = [line(Piece(f"{row.article}  ", "accent"), Piece(row.title, "title"), copy=row.full)]
    for name, words in entry_words(row, regulation):
        lines += field(name, words, width, label_width=14)
    return lines
