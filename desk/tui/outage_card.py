"""Keeps the card beside the board in step with the outage under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.outages.board import BoardRow
    from desk.records import Approval, Outage, Violation
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
        from desk.tui.owed_lines import outage_duties

        app, page = self._screen.app, self._screen.card
        outage, approvals, violations = await app.work.look(_read, app.desk, row.id)
        now = app.desk.place.now()
        page.show(
            lambda width: outage_lines(
                outage,
                row.stage,
                row.type_label,
                now,
                width,
                outage_duties(outage.duties, approvals, violations, now, width),
            ),
            keep=keep,
        )


def _read(desk: Desk, outage_id: str) -> tuple[Outage, list[Approval], list[Violation]]:
    from desk.tui.owed_lines import post_words

    notices = desk.notices
    approvals = notices.approvals(outage_id)
    for one in approvals[:1]:
        post_words(one)  # loads the rules' words: here, not while painting
    return desk.outages.get(outage_id), approvals, notices.violations(outage_id)
