"""An open call on the desk screen: the card, the words, what is chosen and typed, saving; none is lost."""

from __future__ import annotations

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
    from desk.calls import Card, Proposal
    from desk.scripts import Script
    from desk.tui.app import DeskApp
    from desk.tui.screens.desk import DeskScreen

KEEP_AFTER = 0.2  # seconds after the last key: what a crash may cost


class CallFlow:
    """Carries out the commands on an open call; holds the calls not saved yet."""

    def __init__(self, screen: DeskScreen) -> None:
        self._screen = screen
        self.open_calls: list[OpenCall] = []
        self.current: OpenCall | None = None
        self._keep_timer: Timer | None = None

    # the card

    async def take(self, call: OpenCall, account_no: str) -> None:
        """The caller of `call` is this customer: their card on screen, the draft kept."""
        await self._load(call, account_no)
        await self._keep(call)

    async def take_nobody(self, call: OpenCall) -> None:
        """Go on with `call` without a customer."""
        call.script = await self._app.work.do(self._desk.calls.script, None, None)
        self._show(call)
        await self._keep(call)

    async def wait(self, call: OpenCall) -> None:
        """`call` is open, its caller not known yet."""
        self._add(call)
        self.current = call
        await self._keep(call)

    def of_account(self, account_no: str) -> OpenCall | None:
        """The open call of this customer, if there is one: a customer has one at a time."""
        return next((call for call in self.open_calls if call.account_no == account_no), None)

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
        screen.call.fill(call)
        self.refresh_page(fresh=True)
        screen.show_pane("call")
        screen.show_strip()
        screen.show_status()
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
            self._app.go(self._again, call)
        else:
            self._app.go(self.take_nobody, call)

    async def _again(self, call: OpenCall) -> None:
        try:
            await self._load(call, call.account_no)
        except NotFound:
            await self.take_nobody(call)

    def call_next(self) -> None:
        """Switch to the next call that waits; both drafts are kept."""
        if self.open_calls:
            at = self.open_calls.index(self.current) if self.current in self.open_calls else -1
            self.parked()
            self.current = self.open_calls[(at + 1) % len(self.open_calls)]
            self.show_current()

    def call_next_field(self) -> None:
        self._step(1)

    def call_previous_field(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        order = self._screen.call.order()
        at = order.index(self._screen.focused) if self._screen.focused in order else 0
        self._screen.set_focus(order[(at + by) % len(order)])

    def call_outage(self) -> None:
        """Choose the next of the outages that touch the caller, or none."""
        if self.current is not None:
            self.current.outage = next_outage(self.current)
            self._screen.call.fill(self.current)
            self.edited()

    def call_reveal(self) -> None:
        """Show the telephone numbers in full, or hide them again; showing leaves a line in the audit."""
        if self.current is not None:
            self._app.go(self._reveal, self.current)

    async def _reveal(self, call: OpenCall) -> None:
        if call.revealed is None:
            call.revealed = await self._app.work.do(self._desk.access.reveal, call.account_no)
        else:
            call.revealed = None
        self.refresh_page()

    def call_history(self) -> None:
        """The log of this customer's calls."""
        if self.current is not None:
            self._app.screens.screens_log(self.current.account_no)

    # typing, keeping, saving

    def edited(self) -> None:
        """Something was chosen or typed: keep the draft soon, and the script in step with the outage."""
        call = self.current
        if call is None:
            return
        before = call.outage
        self._screen.call.read(call)
        if call.outage != before or (call.script is None and call.card is not None):
            self._app.go_last("script", self._rescript, call)
        if self._keep_timer is not None:
            self._keep_timer.stop()
        self._keep_timer = self._screen.set_timer(KEEP_AFTER, lambda: self._app.go(self._keep, call))

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
            self._app.go(self._save, self.current)

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
        self._app.go(self._drop, call, reason)

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
            self._app.go(self._keep, call)

    def keep_all(self, *, at_once: bool = False) -> None:
        """Something went wrong: every open call is kept, as it stands on the screen."""
        try:
            self.parked()
        finally:
            for call in list(self.open_calls) if at_once else ():
                self._app.work.at_once(self._keep_now, call)

    async def read_drafts(self) -> None:
        """At the start: offer the calls that were left unsaved at this seat."""
        drafts = await self._app.work.do(self._desk.calls.drafts)
        self.open_calls = [*map(from_draft, drafts), *self.open_calls]
        if count := len(drafts):
            self.current = self.current or self.open_calls[0]
            self._screen.show_strip()
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
