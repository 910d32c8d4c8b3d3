"""How a call ends: its questions answered, saved with all that it sets going, or discarded with a reason."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desk.errors import OutOfOrder
from desk.i18n import _
from desk.tui.cells import Piece
from desk.tui.words import DISCARD_REASONS

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.taking import Taken
    from desk.tui.app import DeskApp
    from desk.tui.call_flow import CallFlow
    from desk.tui.calls import OpenCall
    from desk.tui.screens.desk import DeskScreen


class CallEnding:
    """Carries out the commands by which an open call ends."""

    def __init__(self, screen: DeskScreen, calls: CallFlow) -> None:
        self._screen, self._calls = screen, calls

    def call_go_on(self) -> None:
        """To the question that has no answer yet; where all have one, save."""
        call = self._calls.current
        if call is None:
            return
        self._screen.call.read(call)
        if question := call.unasked():
            self._calls.touched(call)
            self._screen.call.ask(question)
        else:
            self.call_save()

    def answered(self) -> None:
        """An answer was picked by its digit: on to the next question, then to the note."""
        call = self._calls.current
        if call is not None and call.is_trouble:
            self._screen.call.ask(call.unasked())

    def call_save(self) -> None:
        """Save the call, durably; it leaves the screen when it is stored, not before."""
        call = self._calls.current
        if call is not None and call in self._calls.open_calls:
            self._screen.call.read(call)
            self._calls.touched(call)
            self._app.go(self._save, call)

    async def _save(self, call: OpenCall) -> None:
        try:
            taken = await self._app.work.do(self._save_now, call)
        except OutOfOrder as problem:
            self._ask_customer_side(call, str(problem))
            return
        if taken is not None:
            self._calls.closed(call)
            self._app.say(_saved_words(taken))

    def _save_now(self, call: OpenCall) -> Taken | None:
        from desk.calls import CallRequest

        if call not in self._calls.open_calls:
            return None  # a second Enter came while the first was being stored
        call.note = self._calls.spelt_out(call.note)
        saved = self._desk.taking.save(CallRequest(**call.request_fields()), **call.following())
        self._calls.open_calls.remove(call)
        return saved

    def _ask_customer_side(self, call: OpenCall, sentence: str) -> None:
        """Nobody is sent to the customer's own side before the customer was told so."""
        hint = _("Enter: the customer was told, a crew is sent all the same. Esc goes back, to send nobody")
        self._screen.open_ask([Piece(sentence, "warn")], partial(self._told, call), hint=hint)

    def _told(self, call: OpenCall, _answer: str) -> None:
        self._screen.close_ask()
        call.told_customer_side = True
        self._app.go(self._save, call)

    def call_discard(self) -> None:
        """A call ends unlogged only with a reason."""
        if (call := self._calls.current) is not None:
            choices = [(key, _(words)) for key, words in DISCARD_REASONS.items()]
            question = [Piece(_("Discard the call of {who} without logging it?").format(who=call.who), "title")]
            hint = _("Choose with left and right or a digit; Enter discards, Esc goes back")
            self._screen.open_ask(question, partial(self._discard, call), label=_("Reason"), choices=choices, hint=hint)

    def _discard(self, call: OpenCall, reason: str) -> None:
        self._screen.close_ask()
        self._calls.touched(call)
        self._app.go(self._drop, call, reason)

    async def _drop(self, call: OpenCall, reason: str) -> None:
        await self._app.work.do(self._drop_now, call, reason)
        self._calls.closed(call)
        self._app.say(_("The call was discarded: {reason}").format(reason=_(DISCARD_REASONS[reason])), "warn")

    def _drop_now(self, call: OpenCall, reason: str) -> None:
        self._desk.taking.discard(call.ring, call.id, call.account_no or call.number, reason)
        self._calls.open_calls.remove(call)

    @property
    def _app(self) -> DeskApp:
        return self._screen.app

    @property
    def _desk(self) -> Desk:
        return self._screen.app.desk


def _saved_words(taken: Taken) -> str:
    """What was stored, in one sentence."""
    parts = [_("Call {id} is saved").format(id=taken.call.id)]
    if taken.order is not None:
        words = _("{id} hurried") if taken.hurried else _("work order {id} made")
        parts.append(words.format(id=taken.order.id))
    if taken.case is not None:
        parts.append(_("case {id} opened").format(id=taken.case.id))
    if taken.call.callback:
        parts.append(_("callback promised"))
    return _("; ").join(parts)
