"""The desk's nouns: what a county, its customers, its outages and its calls are, as frozen records.

Records carry no behaviour that needs a store, a clock or a network. Times are aware `datetime`s,
stored as ISO 8601 with offset. Identifiers follow IEC CIM (61968/61970) and MultiSpeak where those
have a word.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Status(StrEnum):
    """Where an outage stands. `predicted` comes from calls, `scheduled` from a plan."""

    PREDICTED = "predicted"
    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    PARTIALLY_RESTORED = "partially_restored"
    RESTORED = "restored"
    CLOSED = "closed"
    CANCELLED = "cancelled"


ACTIVE = frozenset({Status.CONFIRMED, Status.PARTIALLY_RESTORED})
LIVE = ACTIVE | {Status.SCHEDULED, Status.PREDICTED}
OVER = frozenset({Status.RESTORED, Status.CLOSED, Status.CANCELLED})


class Topic(StrEnum):
    """What a call was about."""

    OUTAGE_INQUIRY = "outage_inquiry"
    TROUBLE = "trouble"
    COMPLAINT = "complaint"
    REPORT_OF_MISCONDUCT = "report_of_misconduct"
    SUGGESTION = "suggestion"
    OPINION = "opinion"
    PRAISE = "praise"
    INQUIRY = "inquiry"
    EXPEDITE = "expedite"
    OTHER = "other"


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=False):
    """The base of every stored noun: keyword-only, immutable, defaults left out of the document."""


class Phone(Record, frozen=True, kw_only=True):
    """One telephone number: what was written, and what was understood of it.

    `number` is the national number in digits (`13800138000`, `09515550000`, `95598`); it is empty
    when the writing could not be understood, and `written` is kept all the same.
    """

    written: str
    number: str = ""
    extension: str = ""
    kind: str = "unknown"  # mobile | landline | service | short | unknown
    role: str = ""


class TransformerArea(Record, frozen=True, kw_only=True):
    """One row of the network: a distribution transformer and what lies above it."""

    transformer_area: str
    feeder: str
    transformer_name: str = ""
    lateral: str = ""
    substation: str = ""
    kind: str = ""  # public | dedicated
    service_branch: str = ""


class Customer(Record, frozen=True, kw_only=True):
    """A customer as the billing office knows it; recognised by `account_no`."""

    account_no: str
    name: str
    transformer_area: str
    address: str = ""
    phones: tuple[Phone, ...] = ()
    fax: str = ""
    meter_no: str = ""
    meter_box: str = ""
    voltage: str = ""
    special: bool = False
    important: bool = False
    grade: str = ""
    medal: str = ""  # gold | silver | bronze
    sector: str = ""
    group: str = ""
    special_need: str = ""
    contract_notice_days: int | None = None


class Scope(Record, frozen=True, kw_only=True):
    """The devices and accounts an outage was declared on, before topology expands them."""

    feeders: tuple[str, ...] = ()
    laterals: tuple[str, ...] = ()
    transformer_areas: tuple[str, ...] = ()
    meter_boxes: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.feeders or self.laterals or self.transformer_areas or self.meter_boxes or self.accounts)


class Affected(Record, frozen=True, kw_only=True):
    """Who a scope touches, counted. `grades` counts important customers by grade."""

    customers: int = 0
    special: int = 0
    important: int = 0
    medal: int = 0
    public_services: int = 0
    grades: dict[str, int] = {}
    feeders: tuple[str, ...] = ()
    transformer_areas: tuple[str, ...] = ()
    service_branches: tuple[str, ...] = ()


class Phase(Record, frozen=True, kw_only=True):
    """A stretch of an outage with its own kind of supply (full stop, then a single circuit)."""

    start: datetime
    end: datetime
    supply: str = "none"  # none | single_circuit
    note: str = ""


class Change(Record, frozen=True, kw_only=True):
    """One recorded act on an outage: what was done, by whom, when, and which values moved."""

    at: datetime
    act: str  # open | start | change | restore | cancel | close | import
    by: str = ""
    reason: str = ""
    reported_by: str = ""
    reported_at: datetime | None = None
    values: dict[str, Any] = {}  # field -> [before, after]


class PackUsed(Record, frozen=True, kw_only=True):
    """Which version of a rule pack an outage was opened under; `hash` is of the pack's file.

    `figures` are those that the county's settings put in place of the pack's own (`immediately`: `PT10M`).
    """

    id: str
    version: str = ""
    hash: str = ""
    effective_from: str = ""
    figures: dict[str, str] = {}


class DutyTally(Record, frozen=True, kw_only=True):
    """An outage's duties, counted; kept with it so that the board reads no duty. `open` is by when they are due."""

    states: dict[str, int] = {}
    late: int = 0
    open: dict[str, int] = {}  # due, ISO 8601 → how many of the open ones


class Outage(Record, frozen=True, kw_only=True):
    """One interruption of supply, planned or not. `facts` holds what its type needs beyond this."""

    id: str
    type: str
    status: Status
    scope: Scope
    received_at: datetime
    opened_at: datetime
    reference: str = ""
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    actual_start: datetime | None = None
    actual_end: datetime | None = None
    etr: datetime | None = None
    cause: str = ""
    area: str = ""
    danger_to_life: bool = False
    facts: dict[str, Any] = {}
    phases: tuple[Phase, ...] = ()
    affected: Affected = Affected()
    calls: int = 0
    fingerprint: str = ""  # of the imported row it came from: the same row again changes nothing
    history: tuple[Change, ...] = ()
    packs: tuple[PackUsed, ...] = ()
    duties: DutyTally = DutyTally()


class DutyState(StrEnum):
    """Where a duty stands. That it is overdue is asked of the clock, that it was late stands beside `done`."""

    PENDING = "pending"
    ATTEMPTED = "attempted"
    DONE = "done"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    EXEMPT = "exempt"
    WITHDRAWN = "withdrawn"


OPEN_DUTIES = frozenset({DutyState.PENDING, DutyState.ATTEMPTED})


class Recipient(Record, frozen=True, kw_only=True):
    """Who is owed a duty. The `id` is an account (or a group's name), a branch's name, or the desk's word for it."""

    kind: str  # customer | branch | department | public | authority
    id: str
    name: str = ""


class Evidence(Record, frozen=True, kw_only=True):
    """What one try at a duty came to. Appended, never changed: a later result stands beside an earlier one."""

    at: datetime
    result: str
    channel: str = ""
    person: str = ""  # who was reached, or signed
    by: str = ""
    ref: str = ""
    note: str = ""
    number: str = ""  # dialled, or the address
    template: str = ""
    hash: str = ""  # of the words that were used


class Replan(Record, frozen=True, kw_only=True):
    """Why a deadline moved. It never does without one."""

    at: datetime
    field: str  # due | not_before
    before: datetime | None = None
    after: datetime | None = None
    reason: str = ""
    by: str = ""


class Duty(Record, frozen=True, kw_only=True):
    """One thing owed to one recipient because of one outage, by which articles and until when.

    `rules` and `articles` are parallel. `key` names the duty within its outage whatever its number is:
    what is derived again has the same key. `notice` is what it tells, the same word for first and later tellings
    of rules that mean the same. `after` are duties that come first, `waits_for` the approvals it needs.
    """

    id: str
    outage: str
    key: str
    rules: tuple[str, ...]
    articles: tuple[str, ...]
    recipient: Recipient
    due: datetime
    channels: tuple[str, ...] = ()
    channel_mode: str = "any_of"  # any_of | all_of
    not_before: datetime | None = None
    owner: str = ""
    evidence_kind: str = ""
    notice: str = ""
    trigger: str = "opened"
    state: DutyState = DutyState.PENDING
    late: bool = False
    after: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()  # accounts of a group customer, told through its contact
    evidence: tuple[Evidence, ...] = ()
    replans: tuple[Replan, ...] = ()
    attempts: int = 0
    next_try: datetime | None = None
    next_channel: str = ""  # once the usual way has been tried enough
    closed_at: datetime | None = None


class Approval(Record, frozen=True, kw_only=True):
    """One step of an outage's approvals: whose, in which order, until when; given once `at` is set."""

    id: str
    outage: str
    rule: str
    step: str
    post: str
    order: int
    articles: tuple[str, ...] = ()
    needed_by: datetime | None = None  # the last moment at which nothing is missed yet
    at: datetime | None = None
    by: str = ""
    mode: str = ""  # written | phone
    ref: str = ""


class Violation(Record, frozen=True, kw_only=True):
    """Something done out of order or too late, recorded for good; `reason` is what was given for it."""

    id: str
    outage: str
    article: str
    what: str
    at: datetime
    reason: str = ""
    by: str = ""


class Spoken(Record, frozen=True, kw_only=True):
    """The script a caller was read: which template, and the hash of the words that were shown."""

    template: str
    hash: str


class Call(Record, frozen=True, kw_only=True):
    """One answered call. `written_number` is the number as it came, `number` what was understood."""

    id: str
    at: datetime
    topic: Topic
    number: str = ""
    written_number: str = ""
    account_no: str = ""
    customer_name: str = ""
    transformer_area: str = ""
    trouble_code: str = ""
    multiple_premises: bool = False
    hazard: str = ""
    note: str = ""
    outcome: str = ""
    outage: str = ""
    predicted: str = ""
    callback: bool = False
    agent: str = ""
    seat: str = ""
    spoken: Spoken | None = None


class Draft(Record, frozen=True, kw_only=True):
    """A call that was not yet saved: what was typed so far on a seat; survives a crash."""

    id: str
    seat: str
    at: datetime
    fields: dict[str, Any] = {}


class AuditLine(Record, frozen=True, kw_only=True):
    """One act that must be answerable later: data shown, exported, changed."""

    id: str
    at: datetime
    by: str
    act: str
    about: str = ""
    details: dict[str, Any] = {}
