"""An open call on the desk screen: the card, the words, what is chosen and typed; none is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desk.errors import NotFound
from desk.i18n import _, ngettext
from desk.privacy.revealing import reveal
from desk.records import Status, Topic
from desk.tui.call_page import page_of
from desk.tui.calls import MAKE, OpenCall, from_draft, next_outage, outcome_of, take_card
from desk.tui.cells import Piece
from desk.tui.snippet_typing import SnippetTyping
from desk.tui.triage_flow import TriageFlow

if TYPE_CHECKING:
    from textual.timer import Timer

    from desk.app import Desk
    from desk.calls import Card, Proposal
    from desk.records import Draft
    from desk.scripts import Script
    from desk.tui.app import DeskApp
    from desk.tui.screens.desk import DeskScreen

OPEN = frozenset({"awaiting_assignment", "assigned", "en_route", "arrived"})  # work orders that can be hurried
KEEP_AFTER = 0.2  # seconds after the last key: what a crash may cost


class CallFlow:
    """Carries out the commands on an open call; holds the calls not saved yet."""

    def __init__(self, screen: DeskScreen) -> None:
        self._screen = screen
        self._triage, self._snippets = TriageFlow(screen, self), SnippetTyping(screen)
        self.touched: Callable[[OpenCall], object] = lambda _call: None  # an agent deals with it; set by the rings
        self.open_calls: list[OpenCall] = []
        self.current: OpenCall | None = None
        self._keep_timer: Timer | None = None
        self._unkept: OpenCall | None = None  # edited, and not stored since

    # the card

    async def take(self, call: OpenCall, account_no: str) -> None:
        """The caller of `call` is this customer: their card on screen, the draft kept."""
        await self._load(call, account_no)
        await self._keep(call)

    async def take_nobody(self, call: OpenCall) -> None:
        """Go on with `call` without a customer."""
        await self._make_script(call)
        self._show(call)
        self._triage.begin(call)
        await self._keep(call)

    async def wait(self, call: OpenCall) -> None:
        """`call` is open, its caller not known yet."""
        self._add(call)
        self.current = call
        await self._keep(call)

    def of_ring(self, ring: str) -> OpenCall | None:
        """The open call of this ring, if there is one."""
        return next((call for call in self.open_calls if call.ring == ring), None)

    def of_account(self, account_no: str) -> OpenCall | None:
        """The open call of this customer, if there is one: a customer has one at a time."""
        return next((call for call in self.open_calls if call.account_no == account_no), None)

    async def _load(self, call: OpenCall, account_no: str) -> None:
        card, proposal, call.orders = await self._app.work.do(self._read, account_no)
        take_card(call, card, proposal.topic.value, proposal.outage.id if proposal.outage else "")
        await self._make_script(call)
        self._show(call)
        self._triage.begin(call)

    def _read(self, account_no: str) -> tuple[Card, Proposal, tuple[str, ...]]:
        calls = self._desk.calls
        card = calls.card(account_no)
        orders = self._desk.work_orders.listed(account_no=account_no)
        return card, calls.propose(card), tuple(order.id for order in orders if order.state in OPEN)

    def propose(self, call: OpenCall, outage: str) -> None:
        """Triage has found which outage it is, before the agent chose one."""
        call.outage, call.topic = outage, Topic.OUTAGE_INQUIRY.value
        call.outcome = outcome_of(call.topic)
        self._screen.call.fill(call)
        self._app.go_last("script", self._rescript, call)

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
        if self.current is not None:
            self._screen.call.page.show(page_of(self._desk, self.current), keep=not fresh)

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
        if self.current is not None:
            self.touched(self.current)
        order = self._screen.call.order()
        at = order.index(self._screen.focused) if self._screen.focused in order else 0
        self._screen.set_focus(order[(at + by) % len(order)])

    def call_outage(self) -> None:
        """Choose the next of the outages that touch the caller, or none."""
        if self.current is not None:
            self.current.outage = next_outage(self.current)
            self._screen.call.fill(self.current)
            self._app.go_last("script", self._rescript, self.current)
            self.edited()

    def call_reveal(self) -> None:
        """Show the telephone numbers in full, or hide them again; showing leaves a line in the audit."""
        if self.current is not None:
            self._app.go(self._reveal, self.current)

    async def _reveal(self, call: OpenCall) -> None:
        if not call.account_no:
            await self._reveal_number(call)
        elif call.revealed is None:
            call.revealed = await self._app.work.do(self._desk.access.reveal, call.account_no)
        else:
            call.revealed = None
        self.refresh_page()

    async def _reveal_number(self, call: OpenCall) -> None:
        if not call.number_shown:
            await self._app.work.do(reveal, self._desk.place, call.ring or call.id or call.key)
        call.number_shown = not call.number_shown
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
        before, topic = _said_differently(call), call.topic
        self._screen.call.read(call)
        if call.topic != topic and call.outcome == outcome_of(topic):
            call.outcome = outcome_of(call.topic)
        self.touched(call)
        self._screen.call.follow(call)
        self._snippets.look(call)
        if _said_differently(call) != before:
            self._app.go_last("script", self._rescript, call)
        self._keep_soon(call)

    def _keep_soon(self, call: OpenCall) -> None:
        if self._keep_timer is not None:
            self._keep_timer.stop()
        if self._unkept not in (None, call):
            self._app.go(self._keep, self._unkept)  # its own time had not come yet
        self._unkept = call
        self._keep_timer = self._screen.set_timer(KEEP_AFTER, lambda: self._app.go(self._keep, call))

    def spelt_out(self, note: str) -> str:
        """The note as it is saved, its phrases written out."""
        return self._snippets.spelt_out(note)

    async def _rescript(self, call: OpenCall) -> None:
        await self._make_script(call)
        self.refresh_page()

    async def _make_script(self, call: OpenCall) -> None:
        call.script = await self._app.work.do(self._script, call)

    def _script(self, call: OpenCall) -> Script:
        outages = call.card.outages if call.card else ()
        chosen = next((outage for outage in outages if outage.id == call.outage), None)
        if chosen is None and call.is_trouble:  # said as probable; the call joins it by itself, not by the agent
            chosen = next((outage for outage in outages if outage.status is Status.PREDICTED), None)
        crew = call.order_now == MAKE
        return self._desk.taking.script(call.card, chosen, hazard=call.danger, crew=crew, callback=call.callback_now)

    async def _keep(self, call: OpenCall) -> None:
        if self._unkept is call:
            self._unkept = None
        await self._app.work.do(self._keep_now, call)

    def _keep_now(self, call: OpenCall) -> None:
        # On the acting thread, so that it is either before the call is saved or not at all.
        if call in self.open_calls:
            call.id = self._desk.kept_here.draft(call.key, call.draft(self._desk.place.seat)).id

    def closed(self, call: OpenCall) -> None:
        """`call` is over: the next one that waits is at hand, the board on screen."""
        if self.current is call:
            self.current = None  # what is on the screen is not the next one's
            self._screen.desk_back()
            self.current = self.open_calls[0] if self.open_calls else None
        self._screen.show_strip()
        self._app.show_keys()
        self._screen.ringing.open_waiting()

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
        drafts = await self._app.work.do(self._left)
        drafts = [draft for draft in drafts if draft.id not in {call.id for call in self.open_calls}]
        self.open_calls = [*map(from_draft, drafts), *self.open_calls]
        if count := len(drafts):
            self.current = self.current or self.open_calls[0]
            self._screen.show_strip()
            words = ngettext(
                "{count} call was not saved; F4 goes on with it", "{count} calls were not saved; F4 goes on", count
            )
            self._app.say(words.format(count=count), "warn")

    def _left(self) -> list[Draft]:
        self._desk.kept_here.take_over_drafts()
        return self._desk.calls.drafts()

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


def _said_differently(call: OpenCall) -> tuple[object, ...]:
    """What the script depends on."""
    return call.outage, call.danger, call.order_now, call.callback_now
