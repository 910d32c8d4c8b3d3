"""Finding the caller on the desk screen: while typing, by a number that rings, or as an unknown caller."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from desk.i18n import _, ngettext
from desk.tui import card as cards
from desk.tui.calls import OpenCall
from desk.tui.cells import Piece

if TYPE_CHECKING:
    from textual.timer import Timer

    from desk.app import Desk
    from desk.calls import Found
    from desk.tui.app import DeskApp
    from desk.tui.call_flow import CallFlow
    from desk.tui.screens.desk import DeskScreen

PREVIEW_AFTER = 0.04  # seconds


class LookupFlow:
    """Carries out the commands of the search; hands the call on to `CallFlow` once its caller is known."""

    def __init__(self, screen: DeskScreen, calls: CallFlow) -> None:
        self._screen, self._calls = screen, calls
        self._for_call: OpenCall | None = None  # the call that a customer is looked up for
        self._preview_timer: Timer | None = None
        self._search_number = 0
        self._take_first = False

    def lookup_open(self, text: str = "") -> None:
        """Open the search; from an open call it is for that call's customer."""
        self._for_call = self._calls.current if self._screen.input_context().where == "call" else None
        self._begin(text)

    def _begin(self, text: str, hint: str = "") -> None:
        self._take_first = False
        self._screen.show_pane("search")
        self._screen.search.begin(text, hint)
        self.search(text)

    def search(self, query: str) -> None:
        """Find while typing; only the last query is answered."""
        self._search_number += 1
        if query and self._for_call is not None:
            self._calls.touched(self._for_call)
        self._app.go_last("search", self._search, query, self._search_number)

    async def _search(self, query: str, number: int) -> None:
        rows: list[Found] = []
        if query.strip():
            rows = await self._app.work.look(self._find, query, number)
        if number == self._search_number:
            self._show_found(query, rows)

    def _find(self, query: str, number: int) -> list[Found]:
        # A query that another key has overtaken is not asked at all.
        return self._desk.calls.find(query) if number == self._search_number else []

    def _show_found(self, query: str, rows: Sequence[Found]) -> None:
        self._screen.search.found(query, rows)
        if self._take_first:
            self._take_first = False
            self.lookup_pick()

    def preview(self, found: Found | None) -> None:
        """Show who is under the cursor and what touches them: most questions end here, without a call.

        After the results are painted, and once the typing pauses: it must not hold up the next letter.
        """
        if self._preview_timer is not None:
            self._preview_timer.stop()
        if found is not None and not self._screen.is_narrow:
            show = partial(self._app.go_last, "card", self._preview, found.customer.account_no)
            self._preview_timer = self._screen.set_timer(PREVIEW_AFTER, show)

    async def _preview(self, account_no: str) -> None:
        card = await self._app.work.look(self._desk.calls.card, account_no)
        place, stage_of = self._desk.place, self._desk.outages.stage
        labels = {name: kind.label for name, kind in place.plugins.outage_types.items()}
        make = partial(cards.caller_lines, card, "", "", place.now(), stage_of, labels, None, cards.no_lines)
        if self._screen.search.display:
            self._screen.card.show(make)

    def lookup_pick(self) -> None:
        """Take the customer under the cursor; Enter pressed before the answer takes the first of it."""
        search = self._screen.search
        if search.results.asked != search.field.value.strip():
            self._take_first = True
            return
        if found := search.results.current:
            self._app.go(self._take, found.customer.account_no)

    async def _take(self, account_no: str) -> None:
        call = self._for_call or self._calls.of_account(account_no) or self._new_call()
        self._for_call = None
        self._calls.touched(call)
        await self._calls.take(call, account_no)

    def lookup_nobody(self) -> None:
        """Go on without a customer: an unknown caller is logged too."""
        call = self._for_call or self._new_call()
        self._for_call = None
        self._calls.touched(call)
        self._app.go(self._calls.take_nobody, call)

    def call_number(self) -> None:
        """Ask for the number that rings."""
        question = [Piece(_("Who calls from this number?"), "title")]
        hint = _("Type or paste the number; the open call is kept")
        self._screen.open_ask(question, self._number_typed, label=_("Number"), hint=hint)

    def _number_typed(self, number: str) -> None:
        if not number:
            self._screen.ask.refuse(_("Type a number, or Esc"))
            return
        self._screen.close_ask()
        self._calls.parked()
        self._app.go(self.ring, number)

    async def ring(self, number: str) -> None:
        """A call from `number`: to its card when one customer has it, else to the search with the number kept."""
        found = await self._app.work.look(self._desk.calls.caller, number)
        await self.show_caller(self._new_call(number), found)

    async def show_caller(self, call: OpenCall, found: Sequence[Found], who: str = "") -> None:
        """The card of the one whose number it is; the search, where it is nobody's or that of several."""
        if len(found) == 1:
            await self._calls.take(call, found[0].customer.account_no)
        else:
            await self._calls.wait(call)
            self._choose(call, found, who or call.hidden_number)

    def _choose(self, call: OpenCall, found: Sequence[Found], who: str) -> None:
        self._for_call = call
        if not found:
            known = any(map(str.isdigit, call.number))
            words = _("Nobody has {number}; it is kept for the log") if known else _("{number}: ask who is calling")
            self._begin("", words.format(number=who))
            return
        words = ngettext("{number} has {count} customer", "{number} has {count} customers", len(found))
        self._begin("", words.format(number=who, count=len(found)))
        self._search_number += 1
        self._screen.search.found("", found)

    def _new_call(self, number: str = "") -> OpenCall:
        return OpenCall(at=self._desk.place.now(), number=number)

    @property
    def _app(self) -> DeskApp:
        return self._screen.app

    @property
    def _desk(self) -> Desk:
        return self._screen.app.desk
