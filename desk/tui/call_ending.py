"""How a call ends: its questions answered, saved with all that it sets going, or discarded with a reason."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desk.errors import OutOfOrder, StoreUnreachable
from desk.i18n import _
from desk.tui.cells import Piece
from desk.tui.words import DISCARD_REASONS

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.calls import CallRequest
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
        except StoreUnreachable:
            await self._keep_here(call)
            return
        if taken is not None:
            self._calls.closed(call)
            self._app.say(_saved_words(taken))

    def _save_now(self, call: OpenCall) -> Taken | None:
        if call not in self._calls.open_calls:
            return None  # a second Enter came while the first was being stored
        call.note = self._calls.spelt_out(call.note)
        saved = self._desk.taking.save(self._request(call), **call.following())
        self._calls.open_calls.remove(call)
        self._desk.kept_here.drop_draft(call.key)
        return saved

    def _request(self, call: OpenCall) -> CallRequest:
        from desk.calls import CallRequest

        return CallRequest(**call.request_fields(), agent=self._desk.place.agent)

    async def _keep_here(self, call: OpenCall) -> None:
        """The store is out of reach: the call is kept on this machine, and the agent takes the next one."""
        if await self._app.work.do(self._keep_here_now, call):
            self._calls.closed(call)
            self._app.store_line.kept_one()
            words = _("The store does not answer: the call is kept on this machine and saved once it is back")
            self._app.say(words, "warn")

    def _keep_here_now(self, call: OpenCall) -> bool:
        from desk.kept_here import Kept

        if call not in self._calls.open_calls:
            return False  # a second Enter came meanwhile
        seat = self._desk.place.seat
        fields = call.draft(seat).fields
        self._desk.kept_here.call(
            Kept(request=self._request(call), at=call.at, seat=seat, fields=fields, **call.following())
        )
        self._calls.open_calls.remove(call)
        return True

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
        self._desk.taking.discard(call.ring, call.id, call.account_no or call.hidden_number, reason)
        self._calls.open_calls.remove(call)
        self._desk.kept_here.drop_draft(call.key)

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
