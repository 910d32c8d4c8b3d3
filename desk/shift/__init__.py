"""The shift: what is open, handed over in a note and accepted by the next; what callers ask about, as it happens.

shift.items()                      every kind of open item, counted and named
shift.hand_over("雷雨，城东线多户报修")   the note, with what is open, for the next agent
shift.accept(shift.waiting().id)   read and taken over; only by somebody else
shift.topics(since)                what callers ask about
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.access.needs import needs
from desk.errors import NotFound, Refused
from desk.i18n import _
from desk.place import Place
from desk.records import Call, Handover
from desk.shift.items import Item, open_items
from desk.store import RecordTable

if TYPE_CHECKING:
    from desk.callbacks import Callbacks
    from desk.calls import Calls
    from desk.cases import Cases
    from desk.notices import Notices
    from desk.outages import Outages
    from desk.outbox import Outbox
    from desk.work_orders import WorkOrders

__all__ = ["Item", "Rooms", "Shift", "Topic", "View"]

STEP = timedelta(minutes=10)  # one bar of the picture of calls


class Rooms(Protocol):
    """What a shift looks into: the desk."""

    place: Place

    @property
    def outages(self) -> Outages: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def calls(self) -> Calls: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def callbacks(self) -> Callbacks: ...
    @property
    def work_orders(self) -> WorkOrders: ...
    @property
    def cases(self) -> Cases: ...
    def now(self) -> datetime: ...


class Topic(Struct, frozen=True):
    """What callers asked about, and how often."""

    topic: str
    outage: str
    calls: int


class View(Struct, frozen=True, kw_only=True):
    """What a supervisor watches: calls begun and not saved, calls by topic and by ten minutes, what is open."""

    since: datetime
    calls: int
    in_hand: int
    topics: tuple[Topic, ...]
    per_step: tuple[tuple[datetime, int], ...]
    items: tuple[Item, ...]


class Shift:
    """The shift at one seat."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._place = rooms.place
        self._access = Access(rooms.place)

    @cached_property
    def _table(self) -> RecordTable[Handover]:
        return self._place.store.records(schema.HANDOVERS, Handover)

    @needs("look_up")
    def items(self) -> list[Item]:
        """What is open now."""
        return open_items(self._rooms)

    @needs("look_up")
    def draft(self) -> str:
        """The note as it would be without anybody's own words: a line for each kind, the first names behind it."""
        lines = [f"{item.words}  {'；'.join(item.named)}".rstrip() for item in self.items()]
        return "\n".join(lines) or _("Nothing is open.")

    def hand_over(self, words: str = "") -> Handover:
        """Leave the note: one's own words first, then what is open."""
        self._access.require("log_call")
        items = self.items()
        note = "\n".join(part for part in (words.strip(), self.draft()) if part)
        with self._place.store.transaction():
            made = Handover(
                id="",
                at=self._place.now(),
                by=self._place.agent,
                seat=self._place.seat,
                note=note,
                open={item.kind: item.count for item in items},
            )
            kept = self._table.add(lambda number: replace(made, id=f"H{number}"))
            self._access.note("shift.hand_over", kept.id)
        return kept

    @needs("look_up")
    def waiting(self) -> Handover | None:
        """The newest note that nobody has accepted yet."""
        return next((note for note in self.listed(20) if note.accepted_at is None), None)

    def accept(self, id: str) -> Handover:
        """Read, and taken over. Raises Refused for one's own note, or one that somebody has accepted."""
        self._access.require("log_call")
        with self._place.store.transaction():
            note = self.get(id)
            if note.accepted_at is not None:
                raise Refused(_("{id} was accepted by {by} already").format(id=note.id, by=note.accepted_by))
            if note.by == self._place.agent:
                raise Refused(_("{id} is your own note; the next agent accepts it").format(id=note.id))
            taken = replace(note, accepted_by=self._place.agent, accepted_at=self._place.now())
            self._table.put(taken, revision=self._table.revision(note.id))
            self._access.note("shift.accept", note.id)
        return taken

    @needs("look_up")
    def get(self, id: str) -> Handover:
        """One note; raises NotFound."""
        note = self._table.get(id.strip().upper())
        if note is None:
            raise NotFound(_("there is no hand-over {id}").format(id=id))
        return note

    @needs("look_up")
    def listed(self, limit: int = 20) -> list[Handover]:
        """The notes, newest first."""
        return self._table.range("at", None, None, newest_first=True, limit=limit)

    @needs("look_up")
    def topics(self, since: datetime, limit: int = 10) -> list[Topic]:
        """What callers have asked about since then, the hottest first: by topic, and by outage where one is known."""
        counted = Counter((call.topic.value, call.outage or call.predicted) for call in self._calls(since))
        return [Topic(topic, outage, count) for (topic, outage), count in counted.most_common(limit)]

    @needs("look_up")
    def view(self, hours: int = 8) -> View:
        """What a supervisor watches, over the last hours."""
        since = self._place.now() - timedelta(hours=hours)
        calls = self._calls(since)
        return View(
            since=since,
            calls=len(calls),
            in_hand=len(list(self._place.drafts_table.all())),
            topics=tuple(self.topics(since)),
            per_step=_per_step(calls, since, self._place.now()),
            items=tuple(self.items()),
        )

    def _calls(self, since: datetime) -> list[Call]:
        return self._place.calls_table.range("at", since.isoformat(), None)


def _per_step(calls: list[Call], since: datetime, now: datetime) -> tuple[tuple[datetime, int], ...]:
    """How many calls in each ten minutes, also where there were none."""
    steps = Counter(int((call.at - since) / STEP) for call in calls)
    return tuple((since + number * STEP, steps[number]) for number in range(int((now - since) / STEP) + 1))
