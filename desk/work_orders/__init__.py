"""Work orders: what a crew must go and see, because of a call, a hazard or an outage.

    order = work_orders.open(call="C12", hazard="wire_down")
    work_orders.move(order.id, "assigned", crew="抢修一班")
    work_orders.expedite(order.id, by="客户")
    work_orders.close(order.id, reason="换保险", signed_by="张三")

States and their moments follow MultiSpeak's crew states; every step is kept with who took it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.access.needs import needs
from desk.errors import BadInput, NotFound, OutOfOrder, Refused
from desk.i18n import _
from desk.place import Place
from desk.records import Call, Customer, Step, TransformerArea, WorkOrder, WorkOrderState
from desk.seats.merging import refuse_other
from desk.store import RecordTable
from desk.work_orders.states import ALIVE, OPEN, URGENCY_WORDS, WORDS, is_late, moved, order_of, step_word
from desk.work_orders.weighing import HAZARDS, area_kind, arrive_by, is_similar, urgency_of

__all__ = [
    "ALIVE",
    "CUSTOMER_SIDE",
    "HAZARDS",
    "OPEN",
    "URGENCY_WORDS",
    "WORDS",
    "WorkOrders",
    "is_late",
    "order_of",
    "step_word",
]

CUSTOMER_SIDE = frozenset({"customer_side_fault"})  # trouble codes of what lies beyond the ownership boundary


class WorkOrders:
    """The work orders of one county. Every act is one transaction; what is returned is stored."""

    def __init__(self, place: Place) -> None:
        self.after_closing: Callable[[WorkOrder, Customer | None], object] | None = None  # set by the desk
        self._place = place
        self._access = Access(place)

    @cached_property
    def _table(self) -> RecordTable[WorkOrder]:
        return self._place.store.records(schema.WORK_ORDERS, WorkOrder)

    # reading

    @needs("look_up")
    def get(self, id: str) -> WorkOrder:
        """The work order called `id`; raises NotFound."""
        order = self._table.get(id.strip().upper())
        if order is None:
            raise NotFound(_("there is no work order {id}; `desk workorders` lists them").format(id=id))
        return order

    @needs("look_up")
    def listed(self, state: str = "alive", outage: str = "", account_no: str = "") -> list[WorkOrder]:
        """Work orders, the most urgent first: alive, late, all, or those in one state; of one outage or customer."""
        found = self._of(outage, account_no) if outage or account_no else self._in(state)
        return sorted((one for one in found if self._wanted(one, state)), key=order_of)

    def counts(self) -> dict[str, int]:
        """How many stand in each state that is not over, and how many of them nobody reached in time."""
        alive = [one for one in self._in("alive") if self._wanted(one, "alive")]
        counts = {state.value: sum(one.state is state for one in alive) for state in WorkOrderState if state in ALIVE}
        return counts | {"late": sum(is_late(one, self._place.now()) for one in alive)}

    # acts

    def open(
        self,
        *,
        call: str = "",
        outage: str = "",
        account_no: str = "",
        place: str = "",
        hazard: str = "",
        trouble_code: str = "",
        note: str = "",
        told_customer_side: bool = False,
    ) -> WorkOrder:
        """Make one from a call (its customer, hazard and code), or for a place; similar ones are linked both ways.

        Raises OutOfOrder for a fault on the customer's side of the ownership boundary until the customer was told so:
        nobody is sent before. Raises BadInput where there is no place to go to.
        """
        self._access.require("log_call")
        known = self._call(call)
        hazard, code = hazard or (known.hazard if known else ""), trouble_code or (known.trouble_code if known else "")
        customer = self._customer(account_no or (known.account_no if known else ""))
        if code in CUSTOMER_SIDE and not hazard and not told_customer_side:
            text = _("this is on the customer's side of the boundary: tell the customer so before anyone is sent")
            raise OutOfOrder(text)
        where = place.strip() or (customer.address if customer else "")
        if not where:
            raise BadInput(_("where is it? Give the place or a customer"))
        with self._place.store.transaction():
            made = self._made(known, customer, where, hazard, code, outage or (known.outage if known else ""), note)
            order = self._table.add(lambda number: replace(made, id=f"W{number}", customer_side=code in CUSTOMER_SIDE))
            order = self._linked(order)
            self._access.note("work_order.open", order.id, {"call": order.call})
        return order

    @needs("act_on_outage")
    def move(
        self,
        id: str,
        to: str,
        *,
        crew: str = "",
        person: str = "",
        note: str = "",
        at: datetime | None = None,
        seen: WorkOrder | None = None,
    ) -> WorkOrder:
        """The next step: assigned (with its crew), en_route, arrived, field_complete; `at` is when it happened.

        Raises EditConflict for a crew where somebody else has given another, or it is on its way, since the agent saw
        it as `seen`.
        """
        state = _state(to)
        if state in (WorkOrderState.CLOSED, WorkOrderState.CANCELLED):
            raise BadInput(_("{id} is ended by closing or cancelling it, with a reason").format(id=id))

        def stepped(order: WorkOrder) -> WorkOrder:
            if seen is not None and state is WorkOrderState.ASSIGNED:  # of the others the table of states knows
                _refuse_other(seen, order, crew.strip())
            return moved(order, state, self._step(to, person, note, at), crew=crew)

        return self._act(id, stepped)

    @needs("act_on_outage")
    def close(self, id: str, *, reason: str, signed_by: str = "", at: datetime | None = None) -> WorkOrder:
        """Nothing more is to be done: what it was, and whose signature the customer's side gave."""

        def closed(order: WorkOrder) -> WorkOrder:
            done = moved(order, WorkOrderState.CLOSED, self._step("closed", signed_by, reason, at), reason=reason)
            if self.after_closing is not None and order.account_no:
                self.after_closing(done, self._place.customers.get(order.account_no))
            return replace(done, signed_by=signed_by.strip())

        return self._act(id, closed)

    @needs("act_on_outage")
    def cancel(self, id: str, *, reason: str) -> WorkOrder:
        """Nobody goes after all."""
        step = self._step("cancelled", "", reason, None)
        return self._act(id, lambda order: moved(order, WorkOrderState.CANCELLED, step, reason=reason))

    @needs("act_on_outage")
    def expedite(self, id: str, *, by: str = "", note: str = "") -> WorkOrder:
        """Somebody asks where the crew is. Counted; from so many on, or past the limit, it goes a step up."""

        def expedited(order: WorkOrder) -> WorkOrder:
            if order.state not in OPEN:
                raise Refused(
                    _("{id} is {state}; there is nothing to hurry").format(id=order.id, state=_(WORDS[order.state]))
                )
            count = order.expedites + 1
            chosen = self._place.config.work_orders
            up = count % chosen.escalate_after == 0 or is_late(order, self._place.now())
            steps = (*order.steps, self._step("escalated" if up else "expedited", by, note, None))
            return replace(order, expedites=count, escalated=order.escalated + up, steps=steps)

        return self._act(id, expedited)

    # inside

    def _act(self, id: str, do: Callable[[WorkOrder], WorkOrder]) -> WorkOrder:
        self._access.require("act_on_outage")
        with self._place.store.transaction():
            before = self.get(id)
            after = do(before)
            self._table.put(after, revision=self._table.revision(before.id))
            self._access.note(f"work_order.{after.steps[-1].act}", after.id)
        return after

    def _step(self, act: str, person: str, note: str, at: datetime | None) -> Step:
        now = self._place.now()
        if at is not None and at > now:
            raise BadInput(_("{at} is still to come").format(at=at.strftime("%Y-%m-%d %H:%M")))
        return Step(at=at or now, act=act, by=self._place.agent, person=person.strip(), note=note.strip())

    def _made(
        self, call: Call | None, customer: Customer | None, place: str, hazard: str, code: str, outage: str, note: str
    ) -> WorkOrder:
        area = self._area(customer, call)
        chosen, now = self._place.config.work_orders, self._place.now()
        kind = area_kind(area, chosen)
        return WorkOrder(
            id="",
            at=now,
            place=place,
            call=call.id if call else "",
            outage=outage,
            account_no=customer.account_no if customer else "",
            transformer_area=area.transformer_area if area else "",
            hazard=hazard,
            trouble_code=code,
            urgency=urgency_of(hazard, customer),
            area_kind=kind,
            arrive_by=arrive_by(call.at if call else now, kind, chosen),
            steps=(self._step("opened", "", note, None),),
        )

    def _linked(self, order: WorkOrder) -> WorkOrder:
        """Linked with those alive below the same transformer, or of the same outage or customer, at about this time."""
        near = {one.id: one for one in self._near(order) if one.id != order.id and one.state in ALIVE}
        similar = [one for one in near.values() if is_similar(one.at, order.at, self._place.config.work_orders)]
        for one in similar:
            self._table.put(replace(one, similar=(*one.similar, order.id)))
        order = replace(order, similar=tuple(one.id for one in similar))
        self._table.put(order)
        return order

    def _near(self, order: WorkOrder) -> list[WorkOrder]:
        asked = {"transformer_area": order.transformer_area, "outage": order.outage, "account_no": order.account_no}
        return [one for field, value in asked.items() if value for one in self._table.where(**{field: value})]

    def _of(self, outage: str, account_no: str) -> list[WorkOrder]:
        return self._table.where(outage=outage) if outage else self._table.where(account_no=account_no)

    def _in(self, state: str) -> list[WorkOrder]:
        if state in ("alive", "late"):
            return self._table.where(state=sorted(ALIVE))
        return list(self._table.all()) if state == "all" else self._table.where(state=_state(state))

    def _wanted(self, order: WorkOrder, state: str) -> bool:
        if state == "late":
            return order.state in ALIVE and is_late(order, self._place.now())
        return state == "all" or (order.state in ALIVE if state == "alive" else order.state == state)

    def _call(self, id: str) -> Call | None:
        if not id:
            return None
        call = self._place.calls_table.get(id.strip().upper())
        if call is None:
            raise NotFound(_("there is no call {id}; `desk calls` lists them").format(id=id))
        return call

    def _customer(self, account_no: str) -> Customer | None:
        if not account_no:
            return None
        customer = self._place.customers.get(account_no)
        if customer is None:
            raise NotFound(_("there is no customer {account}").format(account=account_no))
        return customer

    def _area(self, customer: Customer | None, call: Call | None) -> TransformerArea | None:
        name = customer.transformer_area if customer else call.transformer_area if call else ""
        return self._place.network.get(name) if name else None


def _refuse_other(seen: WorkOrder, stored: WorkOrder, crew: str) -> None:
    """Who goes and how far they are is one thing here: a crew on its way is not sent back unseen."""
    base, theirs = ({"crew": f"{_(WORDS[one.state])} {one.crew}".strip()} for one in (seen, stored))
    mine, last = {"crew": f"{_(WORDS[WorkOrderState.ASSIGNED])} {crew}"}, stored.steps[-1]
    refuse_other(stored.id, f"{last.by} {last.at:%H:%M}", (base, theirs, mine), {"crew": _("Crew")})


def _state(name: str) -> WorkOrderState:
    try:
        return WorkOrderState(name)
    except ValueError:
        words = {"state": name, "choices": ", ".join(["alive", "late", "all", *WorkOrderState])}
        raise BadInput(_("there is no state {state}; choose one of: {choices}").format(**words)) from None
