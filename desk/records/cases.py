"""What comes out of calls and is somebody's to do: work orders, callbacks, complaints, hand-overs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from desk.records.base import Record


class WorkOrderState(StrEnum):
    """Where a work order stands (MultiSpeak's crew states)."""

    AWAITING_ASSIGNMENT = "awaiting_assignment"
    ASSIGNED = "assigned"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    FIELD_COMPLETE = "field_complete"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Urgency(StrEnum):
    """Why a work order comes before others, the most urgent first."""

    DANGER_TO_LIFE = "danger_to_life"
    CROWD = "crowd"
    HIGH_RISK = "high_risk"
    IMPORTANT = "important"
    NORMAL = "normal"


class Step(Record, frozen=True, kw_only=True):
    """One recorded step of a work order, a callback or a case: what, when, by whom, with which words."""

    at: datetime
    act: str
    by: str = ""
    person: str = ""
    note: str = ""


class WorkOrder(Record, frozen=True, kw_only=True):
    """Work for a crew because of a call or an outage. `arrive_by` is the arrival limit of its kind of area."""

    id: str  # W12
    at: datetime
    place: str
    call: str = ""
    outage: str = ""
    account_no: str = ""
    transformer_area: str = ""
    hazard: str = ""
    trouble_code: str = ""
    urgency: Urgency = Urgency.NORMAL
    area_kind: str = ""  # urban | rural | remote
    state: WorkOrderState = WorkOrderState.AWAITING_ASSIGNMENT
    crew: str = ""
    arrive_by: datetime | None = None
    assigned_at: datetime | None = None
    en_route_at: datetime | None = None
    arrived_at: datetime | None = None
    field_complete_at: datetime | None = None
    closed_at: datetime | None = None
    customer_side: bool = False  # beyond the ownership boundary: the customer was told before anyone was sent
    similar: tuple[str, ...] = ()
    expedites: int = 0
    escalated: int = 0
    signed_by: str = ""
    reason: str = ""  # why it was closed or cancelled
    steps: tuple[Step, ...] = ()


class CallbackState(StrEnum):
    """Where a promise to call back stands."""

    OWED = "owed"
    ASSIGNED = "assigned"
    MESSAGED = "messaged"  # a message is on its way
    DONE = "done"
    STILL_OUT = "still_out"
    UNREACHABLE = "unreachable"
    DROPPED = "dropped"


class Callback(Record, frozen=True, kw_only=True):
    """A promise to call back: `restored` once supply is back, `follow_up` after a work order. Every try is kept.

    `assigned`, `seat`, `agent` and `leased_until` are read from the claim on it (desk/seats) and not kept with it.
    """

    id: str  # B12
    at: datetime
    kind: str  # restored | follow_up
    number: str = ""
    account_no: str = ""
    customer_name: str = ""
    call: str = ""
    outage: str = ""
    work_order: str = ""
    state: CallbackState = CallbackState.OWED
    urgency: Urgency = Urgency.NORMAL
    not_before: datetime | None = None
    due: datetime | None = None
    seat: str = ""
    agent: str = ""
    leased_until: datetime | None = None
    message: str = ""  # where it was done by a message
    satisfaction: int = 0  # 1 to 5; 0: not asked
    words: str = ""
    case: str = ""  # the new case of one who is still out
    attempts: tuple[Step, ...] = ()
    closed_at: datetime | None = None


class CaseState(StrEnum):
    """Where a complaint, a report or a suggestion stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"


class Case(Record, frozen=True, kw_only=True):
    """What a caller wants answered: a complaint, a report of misconduct, a suggestion, an opinion, praise, or that
    supply is still out. Reports of misconduct are shown only to whoever may see them."""

    id: str  # K12
    at: datetime
    kind: str  # complaint | report_of_misconduct | suggestion | opinion | praise | still_out
    about: str
    call: str = ""
    outage: str = ""
    article: str = ""
    account_no: str = ""
    customer_name: str = ""
    number: str = ""
    state: CaseState = CaseState.OPEN
    owner: str = ""
    due: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None
    linked: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


class Handover(Record, frozen=True, kw_only=True):
    """A shift's note to the next: made from what is open, in its writer's words, accepted by the next agent."""

    id: str  # H12
    at: datetime
    by: str
    seat: str
    note: str
    open: dict[str, int] = {}
    accepted_by: str = ""
    accepted_at: datetime | None = None
