"""The flow of a call on the desk screen: look up, take, read out, save; a second call waits, none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from desk.errors import NotFound
from desk.i18n import _, ngettext
from desk.tui import card as cards
from desk.tui.calls import OpenCall, from_draft, next_outage, take_card
from desk.tui.cells import Piece
from desk.tui.words import DISCARD_REASONS

if TYPE_CHECKING:
    from textual.timer import Timer

    from desk.app import Desk
    from desk.calls import Card, Found, Proposal
    from desk.records import Draft
    from desk.scripts import Script
    from desk.tui.app import DeskApp
    from desk.tui.screens.desk import DeskScreen

KEEP_AFTER = 0.2  # seconds after the last key: what a crash may cost


class CallFlow:
    """Carries out the commands that begin with `lookup.` and `call.`; holds the calls not saved yet."""

    def __init__(self, screen: DeskScreen, drafts: Sequence[Draft]) -> None:
        self._screen = screen
        self.open_calls: list[OpenCall] = [from_draft(draft) for draft in drafts]
        self.current: OpenCall | None = self.open_calls[0] if self.open_calls else None
        self._offered = bool(drafts)
        self._for_call: OpenCall | None = None  # the call that a customer is looked up for
        self._search_number = 0
        self._take_first = False
        self._keep_timer: Timer | None = None

    # looking up

    def lookup_open(self, text: str = "") -> None:
        """Open the search; from an open call it is for that call's customer."""
        self._for_call = self.current if self._screen.input_context().where == "call" else None
        self._begin(text)

    def _begin(self, text: str, hint: str = "") -> None:
        self._take_first = False
        self._screen.show_left(search=True)
        self._screen.search.begin(text, hint)
        self.search(text)

    def search(self, query: str) -> None:
        """Find while typing; only the last query is answered."""
        self._search_number += 1
        self._app.go(self._search(query, self._search_number), group="search", exclusive=True)

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

    def lookup_pick(self) -> None:
        """Take the customer under the cursor; Enter pressed before the answer takes the first of it."""
        search = self._screen.search
        if search.results.asked != search.field.value.strip():
            self._take_first = True
            return
        if found := search.results.current:
            self._app.go(self._take(found.customer.account_no), group="call")

    async def _take(self, account_no: str) -> None:
        call = self._for_call or self._open_already(account_no) or OpenCall(at=self._desk.place.now())
        self._for_call = None
        await self._load(call, account_no)
        await self._keep(call)

    def _open_already(self, account_no: str) -> OpenCall | None:
        return next((call for call in self.open_calls if call.account_no == account_no), None)

    def lookup_nobody(self) -> None:
        """Go on without a customer: an unknown caller is logged too."""
        call = self._for_call or OpenCall(at=self._desk.place.now())
        self._for_call = None
        self._app.go(self._show_nobody(call), group="call")

    async def _show_nobody(self, call: OpenCall) -> None:
        call.script = await self._app.work.do(self._desk.calls.script, None, None)
        self._show(call)
        await self._keep(call)

    # a number rings

    def call_number(self) -> None:
        """Ask for the number that rings."""
        question = [Piece(_("Who calls from this number?"), "title")]
        hint = _("Type or paste the number; the open call is kept")
        self._screen.open_ask(question, self._ring, label=_("Number"), hint=hint)

    def _ring(self, number: str) -> None:
        if not number:
            self._screen.ask.refuse(_("Type a number, or Esc"))
            return
        self._screen.close_ask()
        self._app.go(self.ring(number), group="call")

    async def ring(self, number: str) -> None:
        """A call from `number`: to its card when one customer has it, else to the search with the number kept."""
        found = await self._app.work.look(self._desk.calls.caller, number)
        call = OpenCall(at=self._desk.place.now(), number=number)
        if len(found) == 1:
            await self._load(call, found[0].customer.account_no)
        else:
            self._choose(call, found)
        await self._keep(call)

    def _choose(self, call: OpenCall, found: Sequence[Found]) -> None:
        self._add(call)
        self.current = self._for_call = call
        if found:
            words = ngettext("{number} has {count} customer", "{number} has {count} customers", len(found))
            self._begin("", words.format(number=call.number, count=len(found)))
            self._search_number += 1
            self._screen.search.found("", found)
        else:
            self._begin("", _("Nobody has {number}; it is kept for the log").format(number=call.number))

    # the card

    async def _load(self, call: OpenCall, account_no: str) -> None:
        card, proposal, script = await self._app.work.do(self._read, account_no)
        take_card(call, card, proposal.topic.value, proposal.outage.id if proposal.outage else "")
        call.script = script
        if call.outage != (proposal.outage.id if proposal.outage else ""):
            await self._make_script(call)
        self._show(call)

    def _read(self, account_no: str) -> tuple[Card, Proposal, Script]:
        calls = self._desk.calls
        card = calls.card(account_no)
        proposal = calls.propose(card)
        return card, proposal, calls.script(card, proposal.outage)

    def _show(self, call: OpenCall) -> None:
        self._add(call)
        self.current = call
        screen = self._screen
        screen.show_left(search=False)
        screen.call.fill(call)
        self.refresh_page(fresh=True)
        screen.show_right(call=True)
        screen.show_strip()
        self._app.show_keys()

    def refresh_page(self, *, fresh: bool = False) -> None:
        """Paint the caller's card again: other script, numbers revealed, another language."""
        call = self.current
        if call is None:
            return
        words = call.script.text if call.script else ""
        if call.card is None:
            self._screen.call.page.show(partial(cards.nobody_lines, call.number, words), keep=not fresh)
            return
        place, outages = self._desk.place, self._desk.outages
        labels = {name: kind.label for name, kind in place.plugins.outage_types.items()}
        make = partial(
            cards.caller_lines, call.card, words, call.outage, place.now(), outages.stage, labels, call.revealed
        )
        self._screen.call.page.show(make, keep=not fresh)

    def show_current(self) -> None:
        """Bring the open call back on screen, its card read again."""
        call = self.current
        if call is None:
            return
        if call.account_no:
            self._app.go(self._again(call), group="call")
        else:
            self._app.go(self._show_nobody(call), group="call")

    async def _again(self, call: OpenCall) -> None:
        try:
            await self._load(call, call.account_no)
        except NotFound:
            await self._show_nobody(call)

    def call_next(self) -> None:
        """Switch to the next call that waits; both drafts are kept."""
        if self.open_calls:
            at = self.open_calls.index(self.current) if self.current in self.open_calls else -1
            self.parked()
            self.current = self.open_calls[(at + 1) % len(self.open_calls)]
            self.show_current()

    def call_outage(self) -> None:
        """Choose the next of the outages that touch the caller, or none."""
        if self.current is not None:
            self.current.outage = next_outage(self.current)
            self._screen.call.fill(self.current)
            self.edited()

    def call_reveal(self) -> None:
        """Show the telephone numbers in full, or hide them again; showing leaves a line in the audit."""
        if self.current is not None:
            self._app.go(self._reveal(self.current), group="call")

    async def _reveal(self, call: OpenCall) -> None:
        if call.revealed is None:
            call.revealed = await self._app.work.do(self._desk.access.reveal, call.account_no)
        else:
            call.revealed = None
        self.refresh_page()

    def call_history(self) -> None:
        """The log of this customer's calls."""
        if self.current is not None:
            self._screen.screens_log(self.current.account_no)

    # typing, keeping, saving

    def edited(self) -> None:
        """Something was chosen or typed: keep the draft soon, and the script in step with the outage."""
        call = self.current
        if call is None:
            return
        before = call.outage
        self._screen.call.read(call)
        if call.outage != before or (call.script is None and call.card is not None):
            self._app.go(self._rescript(call), group="script", exclusive=True)
        if self._keep_timer is not None:
            self._keep_timer.stop()
        self._keep_timer = self._screen.set_timer(KEEP_AFTER, lambda: self._app.go(self._keep(call), group="keep"))

    async def _rescript(self, call: OpenCall) -> None:
        await self._make_script(call)
        self.refresh_page()

    async def _make_script(self, call: OpenCall) -> None:
        outages = call.card.outages if call.card else ()
        chosen = next((outage for outage in outages if outage.id == call.outage), None)
        call.script = await self._app.work.do(self._desk.calls.script, call.card, chosen)

    async def _keep(self, call: OpenCall) -> None:
        await self._app.work.do(self._keep_now, call)

    def _keep_now(self, call: OpenCall) -> None:
        # On the acting thread, so that it is either before the call is saved or not at all.
        if call in self.open_calls:
            call.id = self._desk.calls.keep_draft(call.draft(self._desk.place.seat)).id

    def call_save(self) -> None:
        """Save the call, durably; it leaves the screen when it is stored, not before."""
        if self.current is not None and self.current in self.open_calls:
            self._screen.call.read(self.current)
            self._app.go(self._save(self.current), group="save")

    async def _save(self, call: OpenCall) -> None:
        saved = await self._app.work.do(self._save_now, call)
        if saved:
            self._closed(call)
            self._app.say(_("Call {id} is saved").format(id=saved))

    def _save_now(self, call: OpenCall) -> str:
        from desk.calls import CallRequest

        if call not in self.open_calls:
            return ""  # a second Enter came while the first was being stored
        saved = self._desk.calls.log(CallRequest(**call.request_fields()))
        self.open_calls.remove(call)
        return saved.id

    def call_discard(self) -> None:
        """A call ends unlogged only with a reason."""
        if (call := self.current) is not None:
            choices = [(key, _(words)) for key, words in DISCARD_REASONS.items()]
            question = [Piece(_("Discard the call of {who} without logging it?").format(who=call.who), "title")]
            hint = _("Choose with left and right or a digit; Enter discards, Esc goes back")
            self._screen.open_ask(question, partial(self._discard, call), label=_("Reason"), choices=choices, hint=hint)

    def _discard(self, call: OpenCall, reason: str) -> None:
        self._screen.close_ask()
        self._app.go(self._drop(call, reason), group="save")

    async def _drop(self, call: OpenCall, reason: str) -> None:
        await self._app.work.do(self._drop_now, call, reason)
        self._closed(call)
        self._app.say(_("The call was discarded: {reason}").format(reason=_(DISCARD_REASONS[reason])), "warn")

    def _drop_now(self, call: OpenCall, reason: str) -> None:
        self._desk.access.note("call.discard", call.account_no or call.number, {"reason": reason})
        if call.id:
            self._desk.calls.drop_draft(call.id)
        self.open_calls.remove(call)

    def _closed(self, call: OpenCall) -> None:
        if self.current is call:
            self.current = self.open_calls[0] if self.open_calls else None
            self._screen.desk_back()
        self._screen.show_strip()
        self._app.show_keys()

    # waiting

    @property
    def waiting(self) -> list[OpenCall]:
        """The calls not saved, other than the one on screen."""
        return [call for call in self.open_calls if call is not self.current]

    def waiting_words(self) -> list[str]:
        """Who waits, the current call first."""
        return [call.who for call in sorted(self.open_calls, key=lambda call: call is not self.current)]

    def parked(self) -> None:
        """The call leaves the screen: its draft is kept at once."""
        call = self.current
        if call is not None and self._screen.call.display:
            self._screen.call.read(call)
            self._app.go(self._keep(call), group="keep")

    def offer_drafts(self) -> None:
        """Say at the start that calls were left unsaved."""
        if self._offered:
            count = len(self.open_calls)
            words = ngettext(
                "{count} call was not saved; F4 goes on with it", "{count} calls were not saved; F4 goes on", count
            )
            self._app.say(words.format(count=count), "warn")

    def may_leave(self) -> bool:
        """True when nothing is unsaved; else asks first."""
        if not self.open_calls:
            return True
        self.parked()
        count = len(self.open_calls)
        words = ngettext("{count} call is not saved. Leave?", "{count} calls are not saved. Leave?", count)
        hint = _("Enter leaves: what was typed is kept and offered at the next start. Esc stays")
        self._screen.open_ask([Piece(words.format(count=count), "title")], lambda _no: self._app.exit(), hint=hint)
        return False

    def _add(self, call: OpenCall) -> None:
        if call not in self.open_calls:
            self.open_calls.append(call)

    @property
    def _app(self) -> DeskApp:
        return self._screen.app

    @property
    def _desk(self) -> Desk:
        return self._screen.app.desk
