"""Keeps the card beside the board in step with the outage under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.outages.board import BoardRow
    from desk.records import Outage
    from desk.tui.screens.desk import DeskScreen


class OutageCard:
    """`show()` reads the outage again only when it, its revision or its stage is another one."""

    def __init__(self, screen: DeskScreen) -> None:
        self._screen = screen
        self._shown: tuple[str, int, str] | None = None

    def show(self, *, again: bool = False) -> None:
        """The card of the outage under the cursor; while a caller is looked up, the preview keeps its place."""
        screen = self._screen
        row = screen.board.current
        if screen.input_context().where == "results":
            self._shown = None
        elif row is None:
            self._shown = None
            screen.card.show(lambda _width: ())
        elif again or (row.id, row.revision, row.stage) != self._shown:
            keep = self._shown is not None and self._shown[0] == row.id
            self._shown = (row.id, row.revision, row.stage)
            screen.app.go_last("card", self._load, row, keep)

    async def _load(self, row: BoardRow, keep: bool) -> None:
        from desk.tui.card import outage_lines

        app, page = self._screen.app, self._screen.card
        outage: Outage = await app.work.look(app.desk.outages.get, row.id)
        now = app.desk.place.now()
        page.show(lambda width: outage_lines(outage, row.stage, row.type_label, now, width), keep=keep)
