"""What is done to the outage under the cursor: each act asks once, with how many customers it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from desk.errors import BadInput, DeskError, OutOfOrder, Refused
from desk.i18n import _
from desk.text import clean, cut
from desk.tui import times
from desk.tui.cells import Piece

if TYPE_CHECKING:
    from desk.outages import Outages
    from desk.outages.board import BoardRow
    from desk.records import Outage
    from desk.tui.screens.desk import DeskScreen

Act = Callable[[str], "Outage"]


class OutageActs:
    """Carries out the commands that begin with `outage.` for the desk screen."""

    def __init__(self, screen: DeskScreen) -> None:
        self._screen = screen

    def outage_open(self) -> None:
        self._screen.app.screens.open_form()

    def outage_change(self) -> None:
        if row := self._screen.board.current:
            self._screen.app.go(self._change, row.id)

    async def _change(self, outage_id: str) -> None:
        app = self._screen.app
        app.screens.open_form(await app.work.do(app.desk.outages.get, outage_id))

    def outage_start(self) -> None:
        self._at_a_time(_("Supply is off:"), lambda row, at: self._outages.start(row.id, at), excusable=True)

    def outage_approve(self) -> None:
        if row := self._screen.board.current:
            self._screen.app.screens.open_approvals(row.id)

    def outage_restore(self) -> None:
        self._at_a_time(_("Supply is back:"), lambda row, at: self._outages.restore(row.id, at))

    def outage_cancel(self) -> None:
        if row := self._screen.board.current:
            self._ask(_("Cancel:"), row, lambda reason: self._outages.cancel(row.id, None, reason), label=_("Reason"))

    def outage_close(self) -> None:
        if row := self._screen.board.current:
            self._ask(_("Close:"), row, lambda _nothing: self._outages.close(row.id))

    @property
    def _outages(self) -> Outages:
        return self._screen.app.desk.outages

    def _at_a_time(
        self, words: str, act: Callable[[BoardRow, datetime | None], Outage], *, excusable: bool = False
    ) -> None:
        row = self._screen.board.current
        if row is None:
            return
        now = self._screen.app.desk.place.now

        def at(text: str) -> Outage:
            return act(row, times.read_time(text, now()) if text else None)

        hint = _("Enter: now; or type when, like 8:00 or 11-23 8:00")
        excused = partial(self._ask_why, row, lambda text: times.read_time(text, now()) if text else None)
        self._ask(words, row, at, label=_("At"), hint=hint, refused=excused if excusable else None)

    def _ask_why(self, row: BoardRow, read: Callable[[str], datetime | None], answer: str, problem: str) -> None:
        """Something must come before the beginning: with a reason it is begun all the same, and recorded."""
        at = read(answer)

        def begun(reason: str) -> Outage:
            if not reason:
                raise BadInput(_("Type why supply goes all the same, or Esc"))
            return self._outages.start(row.id, at, reason)

        question = [Piece(f"{row.id} ", "title"), Piece(f"! {problem}", "bad")]
        hint = _("A reason begins it all the same; that is recorded as a violation. Esc leaves it as it is")
        self._screen.open_ask(
            question, lambda why: self._screen.app.go(self._do, begun, why), label=_("Reason"), hint=hint
        )

    def _ask(
        self,
        words: str,
        row: BoardRow,
        act: Act,
        *,
        label: str = "",
        hint: str = "",
        refused: Callable[[str, str], None] | None = None,
    ) -> None:
        self._screen.open_ask(
            question(words, row),
            lambda answer: self._screen.app.go(self._do, act, answer, refused),
            label=label,
            hint=hint or self._screen.ask.default_hint(),
        )

    async def _do(self, act: Act, answer: str, refused: Callable[[str, str], None] | None = None) -> None:
        screen = self._screen
        try:
            outage = await screen.app.work.do(act, answer)
        except Refused as problem:
            if refused is None or type(problem) not in (Refused, OutOfOrder):
                screen.ask.refuse(str(problem))
            else:
                refused(answer, str(problem))
            return
        except DeskError as problem:
            screen.ask.refuse(str(problem))
            return
        screen.close_ask()
        screen.app.say(_("{id} is saved").format(id=outage.id))
        await screen._reload()


def question(words: str, row: BoardRow) -> list[Piece]:
    """One line: what is to be done, to which outage, to how many people."""
    affected = row.affected
    pieces = [
        Piece(f"{words} ", "title"),
        Piece(f"{row.id} {row.type_label} {cut(clean(row.area), 30)}  ", "text"),
        Piece(_("{count} customers").format(count=f"{affected.customers:,}"), "strong"),
    ]
    if affected.special:
        pieces.append(Piece("  " + _("special {count}").format(count=affected.special), "off"))
    if affected.important:
        pieces.append(Piece("  " + _("important {count}").format(count=affected.important), "overdue"))
    return pieces
