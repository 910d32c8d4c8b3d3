"""Callbacks: whom we promised to call back, once supply is back or a work order is done; every try is kept.

callbacks.promise(call, customer)             by default, when a call about supply is logged
callbacks.restored(outage)                    called when supply is back: they may be called now, in order
mine = callbacks.take()                       the next one, in this seat's hand for a while
callbacks.settle(mine.id, "still_out")        opens a case linked to the call
callbacks.message(["B3", "B4"])               told by a text message instead; a person's again where it fails
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.access.needs import needs
from desk.callbacks.states import (
    KINDS,
    OPEN,
    OUTCOMES,
    WORDS,
    Patience,
    as_held,
    is_ripe,
    messaged,
    order_of,
    told,
    tried,
)
from desk.errors import BadInput, NotFound, Refused
from desk.i18n import _
from desk.outbox.quiet import Quiet
from desk.place import Place
from desk.records import Call, Callback, CallbackState, Claim, Customer, Message, Outage, Step, Urgency, WorkOrder
from desk.seats import Claims, callback_claim
from desk.store import RecordTable
from desk.work_orders.weighing import urgency_of

if TYPE_CHECKING:
    from desk.callbacks.telling import Foreseen, TextedCallbacks
    from desk.cases import Cases
    from desk.config.settings import CallbackSettings

__all__ = ["KINDS", "OPEN", "OUTCOMES", "WORDS", "Callbacks"]


class Callbacks:
    """The callbacks of one county, from one seat. Every act is one transaction."""

    def __init__(self, place: Place, cases: Cases) -> None:
        self._place = place
        self._cases = cases
        self._access = Access(place)
        self._claims = Claims(place)

    @cached_property
    def _table(self) -> RecordTable[Callback]:
        return self._place.store.records(schema.CALLBACKS, Callback)

    # reading

    @needs("look_up")
    def get(self, id: str) -> Callback:
        """The callback called `id`, with whose it is; raises NotFound."""
        return self._held([self._stored(id)])[0]

    @needs("look_up")
    def listed(self, state: str = "open", outage: str = "") -> list[Callback]:
        """Callbacks in the order in which they are called: open, ripe, all, or in one state; raises BadInput."""
        _known(state)
        now = self._place.now()
        found = self._held(self._of(outage) if outage else self._in(state))
        return sorted((one for one in found if _wanted(one, state, now)), key=order_of)

    def counts(self) -> dict[str, int]:
        """How many are owed, and how many of them may be called now."""
        owed, now = self._held(self._in("open")), self._place.now()
        return {"owed": len(owed), "ripe": sum(is_ripe(one, now) for one in owed)}

    @needs("log_call")
    def number(self, id: str) -> str:
        """The number of a callback in full, as it is read; leaves a line in the audit where it is a customer's."""
        from desk.phone_numbers import read_phone, shown

        callback = self._stored(id)
        self._claims.require(callback_claim(callback.id))
        if callback.account_no:
            self._access.require("reveal_number")
            self._access.note("number.reveal", callback.account_no, {"callback": callback.id})
        return shown(read_phone(callback.number, self._place.config.county.area_code)) if callback.number else ""

    # acts

    def promise(self, call: Call, customer: Customer | None) -> Callback:
        """Somebody will be called back once supply is; inside the transaction of the logged call."""
        number = call.number or _number(customer)
        callback = Callback(
            id="",
            at=call.at,
            kind="restored",
            number=number,
            account_no=call.account_no,
            customer_name=call.customer_name,
            call=call.id,
            outage=call.outage or call.predicted,
            urgency=urgency_of(call.hazard, customer),
        )
        return self._table.add(lambda n: replace(callback, id=f"B{n}"))

    def follow_up(self, order: WorkOrder, customer: Customer | None) -> Callback:
        """After a closed work order: was it done well? Inside the transaction of the closing."""
        number = _number(customer)
        now = self._place.now()
        callback = Callback(
            id="",
            at=now,
            kind="follow_up",
            number=number,
            account_no=order.account_no,
            customer_name=customer.name if customer else "",
            call=order.call,
            outage=order.outage,
            work_order=order.id,
            urgency=Urgency.NORMAL,
            not_before=self._after_quiet(now + timedelta(minutes=self._settings.follow_up_minutes)),
        )
        return self._table.add(lambda n: replace(callback, id=f"B{n}"))

    def regrouped(self, calls: Sequence[Call]) -> None:
        """These calls belong to other outages than before: so do the callbacks that were promised with them."""
        promised = {call.id: call.outage or call.predicted for call in calls if call.callback}
        if promised:
            waiting = (one for one in self._table.where(call=list(promised)) if one.state in OPEN)
            self._table.put_many([replace(one, outage=promised[one.call]) for one in waiting])

    def restored(self, outage: Outage) -> int:
        """Supply is back: whoever waits for this outage may be called, outside the quiet hours. Returns how many."""
        at = outage.actual_end or self._place.now()
        waiting = [one for one in self._of(outage.id) if one.state in OPEN and one.not_before is None]
        ripe = (replace(one, outage=outage.id, not_before=self._hour(one, at), due=self._due(at)) for one in waiting)
        self._table.put_many(ripe)
        return len(waiting)

    def take(self, id: str = "") -> Callback | None:
        """The next that may be called (or the one named), this seat's for a while; None when there is none.

        Raises HeldElsewhere where another seat has it. The next is nobody's whose customer another seat talks to.
        """
        self._access.require("log_call")
        with self._place.store.transaction():
            self._claims.read_again()
            found = self._stored(id) if id else self._next()
            if found is None:
                return None
            if found.state not in OPEN:
                raise Refused(_("{id} is over: {state}").format(id=found.id, state=_(WORDS[found.state])))
            if found.state is CallbackState.MESSAGED:
                raise Refused(_("{id} is being told by message {message}").format(id=found.id, message=found.message))
            return as_held(found, self._claims.take(callback_claim(found.id), about=found.account_no))

    def let_go(self, id: str) -> None:
        """This seat does not call after all."""
        self._claims.drop(callback_claim(id))

    def elsewhere(self, callback: Callback) -> Claim | None:
        """Who else has it, or talks to its customer over something else."""
        what = callback_claim(callback.id)
        return self._claims.holder(what) or self._claims.busy_with(callback.account_no, but=what)

    def settle(
        self, id: str, outcome: str, *, note: str = "", person: str = "", satisfaction: int = 0, words: str = ""
    ) -> Callback:
        """What a try came to; “still out” opens a case linked to the call. `satisfaction`: 1 to 5, 0 for not asked."""
        self._access.require("log_call")
        if not 0 <= satisfaction <= 5:
            raise BadInput(_("satisfaction is from 1 to 5"))
        step = Step(at=self._place.now(), act=outcome, by=self._place.agent, person=person.strip(), note=note.strip())
        with self._place.store.transaction():
            before = self._unheld(id)
            after = tried(
                before, outcome, step, Patience(tries=self._settings.tries, minutes=self._settings.retry_minutes)
            )
            after = replace(
                after, satisfaction=satisfaction or before.satisfaction, words=words.strip() or before.words
            )
            if after.state is CallbackState.STILL_OUT:
                after = replace(after, case=self._cases.still_out(after).id)
            self._table.put(after, revision=self._table.revision(before.id))
            self._claims.end(callback_claim(after.id))
            self._access.note("callback.settle", after.id, {"outcome": outcome})
        return after

    @needs("settle_duty")
    def foresee(self, ids: Iterable[str] = ()) -> Foreseen:
        """Whom a message would tell that supply is back, in order, over what, at what cost; and who is left to call.

        Without ids: all that may be called now. Nothing is written.
        """
        return self._texted.foreseen(self._named(ids))

    def message(self, ids: Iterable[str] = ()) -> Foreseen:
        """Tell these by a message over the first text channel that reaches their number, in order; quiet hours hold.

        Who is not reached so stays for a person. Raises Refused in training: nobody would be told.
        """
        self._access.require("settle_duty")
        if self._place.config.messages.training:
            raise Refused(_("training: no message reaches anybody; call them, or leave it"))
        with self._place.store.transaction():
            foreseen = self.foresee(ids)
            stored = self._texted.stored(foreseen)
            waiting = {one.id: one for one in self._table.where(id=[message.callback for message in stored])}
            self._table.put_many(messaged(waiting[message.callback], message.id) for message in stored)
            self._claims.drop(*map(callback_claim, waiting))
            if stored:
                self._access.note("callbacks.message", "", {"callbacks": len(stored)})
        return replace(foreseen, messages=tuple(stored))

    def heard(self) -> int:
        """What became of the messages: told, or a person's again; returns how many. The outbox's worker asks."""
        if not self._table.count(state=CallbackState.MESSAGED):
            return 0
        with self._place.store.transaction():
            waiting = {one.id: one for one in self._table.where(state=CallbackState.MESSAGED)}
            found = self._texted.outcomes(list(waiting.values()))
            self._table.put_many(
                told(waiting[id], outcome, self._message_step(message, outcome))
                for id, (message, outcome) in found.items()
            )
            if found:
                self._access.note("callbacks.told", "", {"callbacks": len(found)})
        return len(found)

    def drop(self, id: str, reason: str) -> Callback:
        """Nobody needs to be called after all."""
        self._access.require("log_call")
        if not reason.strip():
            raise BadInput(_("this needs its reason"))
        with self._place.store.transaction():
            before = self._unheld(id)
            if before.state not in OPEN:
                raise Refused(_("{id} is over: {state}").format(id=before.id, state=_(WORDS[before.state])))
            step = Step(at=self._place.now(), act="dropped", by=self._place.agent, note=reason.strip())
            after = replace(
                before,
                state=CallbackState.DROPPED,
                attempts=(*before.attempts, step),
                closed_at=step.at,
            )
            self._table.put(after)
            self._claims.end(callback_claim(after.id))
            self._access.note("callback.drop", after.id)
        return after

    # inside

    def _stored(self, id: str) -> Callback:
        callback = self._table.get(id.strip().upper())
        if callback is None:
            raise NotFound(_("there is no callback {id}; `desk callbacks` lists them").format(id=id))
        return callback

    def _unheld(self, id: str) -> Callback:
        """The one to be written to; raises HeldElsewhere while another seat has it."""
        callback = self._stored(id)
        self._claims.require(callback_claim(callback.id))
        return callback

    def _held(self, found: Sequence[Callback]) -> list[Callback]:
        """The same with whose each is."""
        claims = {claim.id: claim for claim in self._claims.all()}
        return [as_held(one, claims.get(callback_claim(one.id))) for one in found]

    def _next(self) -> Callback | None:
        busy = {claim.about for claim in self._claims.others().values() if claim.about}
        return next((one for one in self.listed("ripe") if one.account_no not in busy), None)

    @cached_property
    def _texted(self) -> TextedCallbacks:
        from desk.callbacks.telling import TextedCallbacks

        return TextedCallbacks(self._place)

    def _named(self, ids: Iterable[str]) -> list[Callback]:
        """Those named, or all that are ripe, in order; of those named only what is in nobody's hand."""
        wanted = list(ids)
        if not wanted:
            return self.listed("ripe")
        found = [self._unheld(id) for id in wanted]
        for one in found:
            if one.state not in OPEN or one.state is CallbackState.MESSAGED:
                raise Refused(_("{id} is {state} already").format(id=one.id, state=_(WORDS[one.state])))
        return sorted(found, key=order_of)

    def _message_step(self, message: Message, outcome: str) -> Step:
        note = " ".join(filter(None, (message.id, message.channel, message.why)))
        return Step(at=self._place.now(), act=outcome, by=message.channel, note=note)

    @property
    def _settings(self) -> CallbackSettings:
        return self._place.config.callbacks

    def _in(self, state: str) -> list[Callback]:
        if state in ("open", "ripe", "owed", "assigned"):  # whose it is stands in the claims
            return self._table.where(state=sorted(OPEN))
        return list(self._table.all()) if state == "all" else self._table.where(state=state)

    def _of(self, outage: str) -> list[Callback]:
        """The callbacks of an outage: promised for it, or for a call that has joined it since."""
        calls = self._place.calls_table
        joined = [call.id for field in ("outage", "predicted") for call in calls.where(**{field: outage})]
        named = {one.id: one for one in self._table.where(outage=outage)}
        return list((named | {one.id: one for one in self._table.where(call=joined)}).values())

    def _hour(self, callback: Callback, at: datetime) -> datetime:
        """Not at night, but for danger to life."""
        return at if callback.urgency is Urgency.DANGER_TO_LIFE else self._after_quiet(at)

    def _after_quiet(self, at: datetime) -> datetime:
        chosen = self._place.config.messages
        return Quiet.of(chosen.quiet_from, chosen.quiet_until, self._place.clock.zone).over(at)

    def _due(self, at: datetime) -> datetime:
        return self._after_quiet(at + timedelta(minutes=self._settings.within_minutes))


def _number(customer: Customer | None) -> str:
    """The first number of a customer that can be dialled."""
    return next((phone.number for phone in customer.phones if phone.number), "") if customer else ""


def _known(state: str) -> None:
    choices = ["open", "ripe", "all", *CallbackState]
    if state not in choices:
        words = {"state": state, "choices": ", ".join(choices)}
        raise BadInput(_("there is no state {state}; choose one of: {choices}").format(**words))


def _wanted(callback: Callback, state: str, now: datetime) -> bool:
    if state in ("open", "ripe"):
        return callback.state in OPEN if state == "open" else is_ripe(callback, now)
    return state in ("all", callback.state)
