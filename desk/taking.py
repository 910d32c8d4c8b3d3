"""A call as it is taken: what is said to the caller, and everything that the call sets going, saved together.

    taking.script(card, outage, hazard="wire_down", crew=True, callback=True)
    taking.save(CallRequest(topic=Topic.TROUBLE, …), order=MAKE, ring="R12")

Saved are the call, its work order or a request to hurry one, its case and the end of its ring: all of it or nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from desk.access import Access
from desk.access.needs import needs
from desk.calls import CallRequest, Calls
from desk.durations import parse_duration
from desk.errors import BadInput
from desk.i18n import _
from desk.phone_numbers import without_numbers
from desk.place import Place
from desk.records import Topic
from desk.scripts import Scripts, joined
from desk.work_orders.weighing import DANGER_TO_LIFE, HAZARDS, area_kind

if TYPE_CHECKING:
    from desk.calls import Card
    from desk.cases import Cases
    from desk.records import Call, Case, Outage, TransformerArea, WorkOrder
    from desk.rings import Rings
    from desk.scripts import Script
    from desk.work_orders import WorkOrders

__all__ = ["CASE_TOPICS", "MAKE", "NO_ORDER", "Taken", "Taking", "is_danger"]

MAKE = "make"
NO_ORDER = "none"
# What the caller wants answered: such a call opens a case of the same kind.
CASE_TOPICS = frozenset({Topic.COMPLAINT, Topic.REPORT_OF_MISCONDUCT, Topic.SUGGESTION, Topic.OPINION, Topic.PRAISE})


class Taken(Struct, frozen=True, kw_only=True):
    """What was stored: the call, and what it set going. `hurried`: the order is an older one."""

    call: Call
    order: WorkOrder | None = None
    hurried: bool = False
    case: Case | None = None


class Taking:
    """Takes the calls of one seat."""

    def __init__(self, place: Place, calls: Calls, orders: WorkOrders, cases: Cases, rings: Rings) -> None:
        self._place = place
        self._calls = calls
        self._orders = orders
        self._cases = cases
        self._rings = rings
        self._scripts = Scripts(place)
        self._access = Access(place)

    def script(
        self, card: Card | None, outage: Outage | None, *, hazard: str = "", crew: bool = False, callback: bool = False
    ) -> Script:
        """What to say now: danger to life first, then what is known; who decides on an important customer's site,
        when a crew is there (`crew`), when we call back (`callback`). Never raises."""
        customer, scripts = (card.customer if card else None), self._scripts
        pieces = [scripts.script(customer, outage)]
        if is_danger(hazard):
            pieces.insert(0, scripts.piece("danger", customer, outage, hazard=hazard))
        if customer is not None and customer.important:
            pieces.append(scripts.piece("site", customer, outage))
        if crew:
            minutes = self._arrive_minutes(card.area if card else None)
            pieces.append(scripts.piece("crew", customer, outage, arrive_minutes=minutes))
        if callback:
            pieces.append(scripts.piece("callback", customer, outage, **self._callback_facts()))
        return joined(pieces) if len(pieces) > 1 else pieces[0]

    @needs("log_call")
    def save(
        self, request: CallRequest, *, order: str = NO_ORDER, told_customer_side: bool = False, ring: str = ""
    ) -> Taken:
        """Store the call and all that follows from it. `order`: make one, none, or the id of one to hurry.

        Raises OutOfOrder where a crew would be sent to the customer's own side before the customer was told so,
        BadInput for a complaint or the like without words; then nothing is stored.
        """
        words = request.note
        if request.topic in CASE_TOPICS and not words.strip():
            raise BadInput(_("what is it about? Write it in the caller's words"))
        if request.topic is Topic.REPORT_OF_MISCONDUCT:
            request = replace(request, note="")  # its words stand where only few may read them
        with self._place.store.transaction():
            if stored := self._calls.stored_as(request.key):
                return Taken(call=stored)  # with all that it set going: it was one commit
            call = self._calls.log(request)
            made = self._order(call, order, words, told_customer_side=told_customer_side)
            case = self._cases.open(call.topic, words, call=call.id) if call.topic in CASE_TOPICS else None
            self._over(ring, call.id)
        return Taken(call=call, order=made, hurried=made is not None and order != MAKE, case=case)

    @needs("log_call")
    def discard(self, ring: str, draft: str, about: str, reason: str) -> None:
        """A call ends unlogged: its reason is kept in the audit, its draft and its ring are over."""
        with self._place.store.transaction():
            known = about if self._place.customers.get(about) else without_numbers(about)
            self._access.note("call.discard", known, {"reason": reason})
            if draft:
                self._calls.drop_draft(draft)
            self._over(ring)

    def _over(self, ring: str, call: str = "") -> None:
        """The talk is over here; what another seat has taken meanwhile is left to it."""
        found = self._rings.get(ring) if ring else None
        if found is None or (found.agent and found.seat != self._place.seat):
            return
        self._rings.answer(found.id)
        self._rings.end(found.id, call=call)

    def _order(self, call: Call, order: str, note: str, *, told_customer_side: bool) -> WorkOrder | None:
        if order == NO_ORDER:
            return None
        if order != MAKE:
            return self._orders.expedite(order, by=call.customer_name, note=note)
        where = "" if call.account_no else note
        return self._orders.open(call=call.id, place=where, note=note, told_customer_side=told_customer_side)

    def _arrive_minutes(self, area: TransformerArea | None) -> int:
        chosen = self._place.config.work_orders
        limit = chosen.arrival.get(area_kind(area, chosen))
        return int(parse_duration(limit).length / timedelta(minutes=1)) if limit else 0

    def _callback_facts(self) -> dict[str, object]:
        config = self._place.config
        return {
            "callback_minutes": config.callbacks.within_minutes,
            "quiet_from": config.messages.quiet_from,
            "quiet_until": config.messages.quiet_until,
        }


def is_danger(hazard: str) -> bool:
    """Whether somebody's life may be at stake; a hazard in the caller's own words counts, nobody here can see it."""
    return bool(hazard) and (hazard in DANGER_TO_LIFE or hazard not in HAZARDS)
