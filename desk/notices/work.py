"""The work list: what is due next, why, and what still stands in its way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from msgspec import Struct

from desk.errors import BadInput
from desk.i18n import _
from desk.notices.approving import Approving
from desk.notices.book import DutyBook
from desk.notices.order import Obstacle, missing, obstacles
from desk.notices.sheets import Head, channels_now
from desk.notices.tally import NOT_OWED
from desk.place import Place
from desk.records import OPEN_DUTIES, Approval, Claim, Duty, DutyState

CHOICES = ("open", "overdue", "late", "ready", "all", *DutyState)


class Work(Struct, frozen=True, kw_only=True):
    """One duty to be done. `obstacles` are what comes first; `ready_at` is when a try is worth making again; `held`
    says whose it is, where another seat has taken it on."""

    duty: Duty
    overdue: bool
    obstacles: tuple[Obstacle, ...] = ()
    held: Claim | None = None

    @property
    def ready_at(self) -> datetime | None:
        hours = [moment for moment in (self.duty.next_try, *(one.until for one in self.obstacles)) if moment]
        return max(hours, default=None)

    @property
    def channels(self) -> tuple[str, ...]:
        """Over what it is to be done next."""
        return channels_now(self.duty)


class Asked(Struct, frozen=True):
    """Whose duties, over which channel, of which outage; empty: any."""

    owner: str = ""
    channel: str = ""
    outage: str = ""

    def wants(self, duty: Duty) -> bool:
        return (
            self.owner in ("", duty.owner)
            and self.outage in ("", duty.outage)
            and (not self.channel or self.channel in channels_now(duty))
        )

    def may_want(self, head: Head) -> bool:
        """Whether an open duty of this sheet may be one."""
        return self.owner in ("", head.owner) and (not self.channel or self.channel in head.over)


class Near:
    """What a page has read already: the lines of a page mostly stand on the same sheets, of the same outages."""

    def __init__(self) -> None:
        self.duties: dict[str, Duty] = {}
        self.approvals: dict[str, list[Approval]] = {}


class WorkList:
    """Reads the book in the order of the deadlines, as far as a page needs."""

    def __init__(self, place: Place, book: DutyBook, approving: Approving) -> None:
        self._place = place
        self._book = book
        self._approving = approving

    def duties(self, owner: str, channel: str, outage: str, state: str, now: datetime) -> Iterator[Duty]:
        """The duties asked for: open ones as they are due, others by number."""
        asked = Asked(owner, channel, outage)
        return (duty for duty in self._by_state(asked, state or "open", now) if asked.wants(duty))

    def page(self, owner: str, channel: str, outage: str, state: str, limit: int) -> list[Work]:
        """The first `limit` duties with what stands in their way; `ready`: only those nothing keeps from being done."""
        if state == "ready":
            return list(islice(self.ready(owner, channel, outage), limit))
        now, near = self._place.now(), Near()
        found = self.duties(owner, channel, outage, state, now)
        return [self.work(duty, now, near) for duty in islice(found, limit)]

    def ready(self, owner: str, channel: str, outage: str) -> Iterator[Work]:
        """The duties that nothing keeps from being done now, as they are due."""
        now, near, asked = self._place.now(), Near(), Asked(owner, channel, outage)
        may_be = self._book.by_due(owner, outage, keep=lambda head: self._may_be_done(head, asked, now, near))
        works = (self.work(duty, now, near) for duty in may_be if asked.wants(duty) and not _later(duty, now))
        return (work for work in works if not work.obstacles)

    def _may_be_done(self, head: Head, asked: Asked, now: datetime, near: Near) -> bool:
        """Whether any duty of a sheet may be ready: a county's announcements may all wait for one signature."""
        if not asked.may_want(head) or (head.not_before and head.not_before > now):
            return False
        return not head.waits_for or not missing(head.waits_for, self._approvals(head.outage, near), now)

    def work(self, duty: Duty, now: datetime, near: Near | None = None) -> Work:
        """One duty as work."""
        if duty.state not in OPEN_DUTIES:
            return Work(duty=duty, overdue=False)
        near = near or Near()
        before = self._book.several(duty.after, near.duties)
        approvals = self._approvals(duty.outage, near) if duty.waits_for else []
        first = tuple(obstacles(duty, approvals, before, now))
        return Work(duty=duty, overdue=is_overdue(duty, now), obstacles=first)

    def _approvals(self, outage: str, near: Near) -> list[Approval]:
        if outage not in near.approvals:
            near.approvals[outage] = self._approving.of(outage)
        return near.approvals[outage]

    def _by_state(self, asked: Asked, state: str, now: datetime) -> Iterator[Duty]:
        outage = asked.outage
        match state:
            case "open" | "ready":
                return self._book.by_due(asked.owner, outage, keep=asked.may_want)
            case "overdue":
                return self._book.by_due(asked.owner, outage, before=now, keep=asked.may_want)
            case "late":
                some = self._book.of(outage) if outage else self._book.late()
                return (duty for duty in some if duty.late)
            case "all":
                return self._book.of(outage) if outage else self._book.all()
        if state not in list(DutyState):
            words = {"state": state, "choices": ", ".join(CHOICES)}
            raise BadInput(_("there is no state {state}; choose one of: {choices}").format(**words))
        some = self._book.of(outage) if outage else self._book.all()
        return (duty for duty in some if duty.state == state)


def is_overdue(duty: Duty, now: datetime) -> bool:
    """Whether the duty is open and should have been done by `now`."""
    return duty.state in OPEN_DUTIES and duty.due < now


def is_owed(duty: Duty) -> bool:
    """Whether the duty stands: done or not, but neither withdrawn nor exempt."""
    return duty.state not in NOT_OWED


def _later(duty: Duty, now: datetime) -> bool:
    return duty.next_try is not None and duty.next_try > now
