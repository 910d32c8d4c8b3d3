"""Which duties may be told now, sheet by sheet: an outage of 300,000 duties is never held in memory.

`Frontier` remembers which sheets were gone through already, so that a worker's round reads what has moved since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from desk import schema
from desk.notices.approving import Approving
from desk.notices.book import DutyBook
from desk.notices.sheets import Sheet, unpacked
from desk.notices.work import Near, Work, WorkList
from desk.place import Place
from desk.records import OPEN_DUTIES, AttemptState, Duty, DutyTally, Message, Record, Status

# A message that was never sent, or called off, leaves its duty to be told; any other has it in hand, or had.
MADE_AGAIN = frozenset({AttemptState.SKIPPED, AttemptState.CANCELLED})


class Owing(Record, frozen=True, kw_only=True):
    """As much of an outage as says whether it owes anything."""

    id: str
    status: Status
    duties: DutyTally = DutyTally()


class Page(Struct, frozen=True):
    """The duties of one sheet: those that may be told now, those that wait for something, and when to look again.

    `blocked`: something else than its hour stands in the way of some. `told`: duty → the families it has messages for.
    """

    ready: list[Duty]
    waiting: list[Work]
    told: dict[str, set[str]] = {}
    again: datetime | None = None
    blocked: bool = False


class Ready:
    """Reads the sheets of duties of one place."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._list = WorkList(place, DutyBook(place), Approving(place))
        self._sheets = place.store.records(schema.DUTIES, Sheet)
        self._outages = place.store.records(schema.OUTAGES, Owing)
        self._messages = place.store.records(schema.MESSAGES, Message)
        self._known: dict[str, tuple[int, bool]] = {}

    def outages(self) -> list[str]:
        """The outages that owe something still, the oldest first."""
        moved = self._outages.revisions(status=[status.value for status in Status if status is not Status.CLOSED])
        for id in [id for id in moved if self._known.get(id, (0, False))[0] != moved[id]]:
            outage = self._outages.get(id)
            self._known[id] = (moved[id], bool(outage and outage.duties.open))
        self._known = {id: self._known[id] for id in moved}
        return [id for id, (_revision, owes) in self._known.items() if owes]

    def revisions(self, outage: str) -> dict[str, int]:
        """Every sheet of an outage with its revision; none is read."""
        return self._sheets.revisions(outage=outage)

    def page(self, sheet_id: str, now: datetime, ended: frozenset[AttemptState] = frozenset()) -> Page:
        """What of a sheet may be told at `now`. Duties with a message are left out, unless it ended as one of
        `ended`."""
        sheet = self._sheets.get(sheet_id)
        if sheet is None or sheet.next is None:
            return Page([], [])
        open_ones = [duty for duty in unpacked(sheet) if duty.state in OPEN_DUTIES]
        told = self._told(open_ones, ended)
        return self._sorted([duty for duty in open_ones if not _in_hand(duty, told, now)], told, now)

    def _sorted(self, duties: Iterable[Duty], told: dict[str, set[str]], now: datetime) -> Page:
        ready: list[Duty] = []
        waiting: list[Work] = []
        hours: list[datetime] = []
        blocked, near = False, Near()
        for duty in duties:
            work = self._list.work(duty, now, near)
            if not work.obstacles:
                ready.append(duty)
                continue
            waiting.append(work)
            hours += [one.until for one in work.obstacles if one.until]
            blocked = blocked or any(one.until is None for one in work.obstacles)
        return Page(ready, waiting, told, min(hours, default=None), blocked)

    def _told(self, duties: Iterable[Duty], ended: frozenset[AttemptState]) -> dict[str, set[str]]:
        """Each duty with a message → the families and channels of what it has."""
        ids = [duty.id for duty in duties]
        found: dict[str, set[str]] = {}
        training = self._place.config.messages.training
        for message in self._messages.where(duty=ids) if ids else ():
            if message.state not in ended and message.training <= training:  # what was rehearsed told nobody
                found.setdefault(message.duty, set()).update((message.family, message.channel))
        return found


class Frontier:
    """Which sheets of which outage are still to be gone through."""

    def __init__(self, ready: Ready) -> None:
        self._ready = ready
        self._done: dict[str, dict[str, int]] = {}
        self._later: dict[tuple[str, str], datetime | None] = {}

    def sheets(self, outage: str, now: datetime) -> Iterator[str]:
        """The sheets that moved since they were done, and those that waited for something."""
        done = self._done.setdefault(outage, {})
        for sheet, revision in self._ready.revisions(outage).items():
            if done.get(sheet) != revision or self._is_time((outage, sheet), now):
                yield sheet

    def passed(self, outage: str, sheet: str, revision: int, page: Page) -> None:
        """The sheet was gone through as it was at `revision`, and its ready duties taken."""
        self._done.setdefault(outage, {})[sheet] = revision
        self._later.pop((outage, sheet), None)
        if page.blocked or page.again:
            self._later[outage, sheet] = None if page.blocked else page.again

    def keep(self, outages: Collection[str]) -> None:
        """Remember these outages only: a desk stays open for weeks."""
        for name in self._done.keys() - set(outages):
            del self._done[name]
        self._later = {key: hour for key, hour in self._later.items() if key[0] in self._done}

    def forget(self, outage: str = "") -> None:
        """Go through everything again."""
        for name in [outage] if outage else list(self._done):
            self._done.pop(name, None)

    def next_hour(self) -> datetime | None:
        """When the first sheet that waits for its hour alone is to be looked at."""
        return min((hour for hour in self._later.values() if hour), default=None)

    def _is_time(self, key: tuple[str, str], now: datetime) -> bool:
        hour = self._later.get(key, now) if key in self._later else None
        return key in self._later and (hour is None or hour <= now)


def _in_hand(duty: Duty, told: dict[str, set[str]], now: datetime) -> bool:
    """Whether somebody is at it: a message, or a person who sent it and waits for the answer."""
    over = told.get(duty.id, set())
    if over and (duty.channel_mode != "all_of" or over.issuperset(duty.channels)):
        return True
    last = duty.evidence[-1] if duty.evidence else None
    return last is not None and last.result == "sent" and duty.next_try is not None and duty.next_try > now
