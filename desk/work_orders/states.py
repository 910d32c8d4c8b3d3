"""How a work order goes from hand to hand: what may follow what, which moment each step sets, and its words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from desk.errors import BadInput, Refused
from desk.i18n import N_, _
from desk.records import Step, Urgency, WorkOrder, WorkOrderState

S = WorkOrderState
OPEN = frozenset({S.AWAITING_ASSIGNMENT, S.ASSIGNED, S.EN_ROUTE, S.ARRIVED})
ALIVE = OPEN | {S.FIELD_COMPLETE}

WORDS: Mapping[WorkOrderState, str] = {
    S.AWAITING_ASSIGNMENT: N_("awaiting assignment"),
    S.ASSIGNED: N_("assigned"),
    S.EN_ROUTE: N_("en route"),
    S.ARRIVED: N_("arrived"),
    S.FIELD_COMPLETE: N_("field complete"),
    S.CLOSED: N_("closed"),
    S.CANCELLED: N_("cancelled"),
}
# The recorded steps that are no states.
STEP_WORDS: Mapping[str, str] = {
    "opened": N_("opened"),
    "expedited": N_("hurried"),
    "escalated": N_("hurried, to the supervisor"),
}
URGENCY_WORDS: Mapping[Urgency, str] = {
    Urgency.DANGER_TO_LIFE: N_("danger to life"),
    Urgency.CROWD: N_("a crowd"),
    Urgency.HIGH_RISK: N_("high-risk customer"),
    Urgency.IMPORTANT: N_("important customer"),
    Urgency.NORMAL: N_("normal"),
}
RANK: Mapping[Urgency, int] = {urgency: place for place, urgency in enumerate(Urgency)}

# A crew may report two steps at once (it drove off and is there already), but never goes back except to another crew.
NEXT: Mapping[WorkOrderState, tuple[WorkOrderState, ...]] = {
    S.AWAITING_ASSIGNMENT: (S.ASSIGNED, S.CANCELLED),
    S.ASSIGNED: (S.EN_ROUTE, S.ARRIVED, S.ASSIGNED, S.CANCELLED),
    S.EN_ROUTE: (S.ARRIVED, S.ASSIGNED, S.CANCELLED),
    S.ARRIVED: (S.FIELD_COMPLETE, S.ASSIGNED),
    S.FIELD_COMPLETE: (S.CLOSED, S.ASSIGNED),
    S.CLOSED: (),
    S.CANCELLED: (),
}
# state → the field that keeps when it was reached.
MOMENTS: Mapping[WorkOrderState, str] = {
    S.ASSIGNED: "assigned_at",
    S.EN_ROUTE: "en_route_at",
    S.ARRIVED: "arrived_at",
    S.FIELD_COMPLETE: "field_complete_at",
    S.CLOSED: "closed_at",
    S.CANCELLED: "closed_at",
}
NEEDS_REASON = frozenset({S.CLOSED, S.CANCELLED})


def moved(order: WorkOrder, to: WorkOrderState, step: Step, *, crew: str = "", reason: str = "") -> WorkOrder:
    """The order in its next state; raises Refused where it cannot follow, BadInput where crew or reason lacks."""
    if to not in NEXT[order.state]:
        words = {"id": order.id, "state": _(WORDS[order.state]), "to": _(WORDS[to]), "others": _others(order.state)}
        raise Refused(_("{id} is {state}; “{to}” cannot follow, only: {others}").format(**words))
    if to is S.ASSIGNED and not crew.strip():
        raise BadInput(_("{id}: name the crew it is assigned to").format(id=order.id))
    if to in NEEDS_REASON and not reason.strip():
        raise BadInput(_("{id} is ended with its reason").format(id=order.id))
    _not_before_the_last(order, step.at)
    changes = {
        "state": to,
        MOMENTS[to]: step.at,
        "steps": (*order.steps, step),
        **({"crew": crew.strip()} if crew.strip() else {}),
        **({"reason": reason.strip()} if to in NEEDS_REASON else {}),
        **(_AGAIN if to is S.ASSIGNED else {}),
    }
    return replace(order, **changes)


# Another crew starts anew; when the first one came is in the steps.
_AGAIN: Mapping[str, None] = {"en_route_at": None, "arrived_at": None, "field_complete_at": None}


def step_word(act: str) -> str:
    """A recorded step in the language spoken now."""
    words = {**STEP_WORDS, **{state.value: word for state, word in WORDS.items()}}
    return _(words.get(act, act))


def is_late(order: WorkOrder, now: datetime) -> bool:
    """Whether nobody arrived by the limit: not yet, or too late."""
    if order.arrive_by is None or order.state is S.CANCELLED:
        return False
    return (order.arrived_at or now) > order.arrive_by


def order_of(order: WorkOrder) -> tuple[int, datetime]:
    """Sorts work orders: the most urgent first, then by when somebody must be there."""
    return RANK[order.urgency], order.arrive_by or order.at


def _not_before_the_last(order: WorkOrder, at: datetime) -> None:
    last = order.steps[-1].at if order.steps else order.at
    if at < last:
        words = {"id": order.id, "at": at.strftime("%H:%M"), "last": last.strftime("%H:%M")}
        raise BadInput(_("{id}: {at} is before its last step at {last}").format(**words))


def _others(state: WorkOrderState) -> str:
    return ", ".join(_(WORDS[other]) for other in NEXT[state]) or "–"
