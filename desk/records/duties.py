"""What is owed because of an outage, what came of it, who approved, what was done out of order."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from desk.records.base import Record


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
