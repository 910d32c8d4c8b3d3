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
from desk.notices.order import Obstacle, obstacles
from desk.notices.tally import NOT_OWED
from desk.place import Place
from desk.records import OPEN_DUTIES, Approval, Duty, DutyState

CHOICES = ("open", "overdue", "late", "ready", "all", *DutyState)


class Work(Struct, frozen=True, kw_only=True):
    """One duty to be done. `obstacles` are what comes first; `ready_at` is when a try is worth making again."""

    duty: Duty
    overdue: bool
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def ready_at(self) -> datetime | None:
        hours = [moment for moment in (self.duty.next_try, *(one.until for one in self.obstacles)) if moment]
        return max(hours, default=None)

    @property
    def channels(self) -> tuple[str, ...]:
        """Over what it is to be done next."""
        return channels_now(self.duty)


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
        found = self._by_state(owner, outage, state or "open", now)
        return (
            duty
            for duty in found
            if (not owner or duty.owner == owner)
            and (not outage or duty.outage == outage)
            and (not channel or channel in channels_now(duty))
        )

    def page(self, owner: str, channel: str, outage: str, state: str, limit: int) -> list[Work]:
        """The first `limit` duties with what stands in their way; `ready`: only those nothing keeps from being done."""
        now = self._place.now()
        found = self.duties(owner, channel, outage, state, now)
        near = Near()
        works = (self.work(duty, now, near) for duty in found)
        if state == "ready":
            works = (work for work in works if not work.obstacles and not _later(work.duty, now))
        return list(islice(works, limit))

    def work(self, duty: Duty, now: datetime, near: Near | None = None) -> Work:
        """One duty as work."""
        if duty.state not in OPEN_DUTIES:
            return Work(duty=duty, overdue=False)
        near = near or Near()
        if duty.waits_for and duty.outage not in near.approvals:
            near.approvals[duty.outage] = self._approving.of(duty.outage)
        before = self._book.several(duty.after, near.duties)
        first = tuple(obstacles(duty, near.approvals.get(duty.outage, []), before, now))
        return Work(duty=duty, overdue=is_overdue(duty, now), obstacles=first)

    def _by_state(self, owner: str, outage: str, state: str, now: datetime) -> Iterator[Duty]:
        match state:
            case "open" | "ready":
                return self._book.by_due(owner, outage)
            case "overdue":
                return self._book.by_due(owner, outage, before=now)
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


def channels_now(duty: Duty) -> tuple[str, ...]:
    """The channels over which a duty is to be tried next: its own, or the one it has come to."""
    return (duty.next_channel,) if duty.next_channel else duty.channels


def is_overdue(duty: Duty, now: datetime) -> bool:
    """Whether the duty is open and should have been done by `now`."""
    return duty.state in OPEN_DUTIES and duty.due < now


def is_owed(duty: Duty) -> bool:
    """Whether the duty stands: done or not, but neither withdrawn nor exempt."""
    return duty.state not in NOT_OWED


def _later(duty: Duty, now: datetime) -> bool:
    return duty.next_try is not None and duty.next_try > now
