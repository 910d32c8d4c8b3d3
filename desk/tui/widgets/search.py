"""The search line with what it finds below it; takes the board's place while a caller is looked up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widget import Widget

from desk.i18n import _
from desk.tui.cells import Piece
from desk.tui.widgets.field import Field
from desk.tui.widgets.results import Results
from desk.tui.widgets.row import Row
from desk.tui.widgets.words_line import Words

if TYPE_CHECKING:
    from desk.calls import Found


class Search(Widget):
    """`begin(text)` opens it, `found(query, rows)` fills it; it decides nothing."""

    def __init__(self) -> None:
        super().__init__(id="search")
        self.display = False

    def compose(self) -> ComposeResult:
        with Row():
            yield Words(id="search-label")
            yield Field(id="query")
        yield Words(id="search-hint")
        yield Results(id="results")

    @property
    def field(self) -> Field:
        return self.query_one("#query", Field)

    @property
    def results(self) -> Results:
        return self.query_one("#results", Results)

    def field_key(self) -> str:
        """The key that comes here."""
        return self.query_one("#search-label", Words).key_of("lookup.open")

    def begin(self, text: str = "", hint: str = "") -> None:
        """Show the search line with `text` in it, and a word about what is being looked for."""
        self.query_one("#search-label", Words).say(
            Piece(" " + _("Find"), "title"), Piece(f" {self.field_key()}", "key")
        )
        self.query_one("#search-hint", Words).say(Piece(f" {hint}" if hint else "", "warn"))
        self.results.asked = ""
        self.results.show(())
        self.field.set_text(text)

    def found(self, query: str, rows: Sequence[Found]) -> None:
        """Show what `query` found, the best under the cursor."""
        self.results.asked = query.strip()
        self.results.cursor_id = ""
        self.results.top = 0
        self.results.show(rows)
