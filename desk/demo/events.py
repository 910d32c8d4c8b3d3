"""Plays the stories of the made-up county through the doors of the desk, and writes the calls of past days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.demo.duties import Deeds, StoryPlace
from desk.demo.facts import facts_of
from desk.demo.lines import town_of, village_of
from desk.demo.stories import STORIES, Story
from desk.demo.words import NOTES
from desk.grid import Grid
from desk.outages import OutageRequest, Outages
from desk.place import Place
from desk.records import Call, Customer, Outage, Scope, Status, Topic

CALLS = 320
CALL_DAYS = 10
AHEAD = timedelta(days=9)  # how long before its start a plan was received

# What callers wanted, with how many of a hundred.
TOPICS: Mapping[Topic, int] = {
    Topic.OUTAGE_INQUIRY: 38,
    Topic.TROUBLE: 24,
    Topic.INQUIRY: 16,
    Topic.EXPEDITE: 9,
    Topic.COMPLAINT: 5,
    Topic.SUGGESTION: 3,
    Topic.PRAISE: 3,
    Topic.OPINION: 2,
}


class Events:
    """Everything that happens in one county at `now`, drawn from one source of chance."""

    def __init__(self, place: Place, seed: int, now: datetime, people: Sequence[Customer]) -> None:
        self._place = place
        self._there = StoryPlace(place)
        self._outages: Outages = self._there.outages
        self._now = now
        self._rng = Random(f"events {seed}")
        self._papers = Random(f"papers {seed}")  # its own chance: more papers move nothing else in the county
        self._references: set[str] = set()
        self._deeds = Deeds(self._there, Random(f"deeds {seed}"), now)
        self._people = people
        self._grid: Grid = place.grid
        self._devices: dict[str, Iterator[Scope]] = {on: cycle(make()) for on, make in self._makers().items()}

    def play(self) -> list[Outage]:
        """Every story of a type this desk knows, oldest first, as it stands now."""
        known = self._place.plugins.outage_types
        stories = sorted((story for story in STORIES if story.type in known), key=lambda story: story.start)
        outages = [self._play(story) for story in stories]
        self._place.mark(schema.OUTAGES)  # heard of just now, whenever it happened
        return outages

    def _play(self, story: Story) -> Outage:
        scope = next(self._devices[story.on])
        start, end = self._at(story.start), None if story.end is None else self._at(story.end)
        planned_end = end
        if end and story.then in ("restored", "closed"):
            planned_end = end + timedelta(minutes=self._rng.choice((-10, 0, 15, 30)))
        received = self._there.clock.at = self._received(story, start)
        request = OutageRequest(
            type=story.type,
            reference=self._reference(start) if story.start > 0 else "",
            feeders=scope.feeders,
            laterals=scope.laterals,
            transformer_areas=scope.transformer_areas,
            meter_boxes=scope.meter_boxes,
            accounts=scope.accounts,
            planned_start=start,
            planned_end=planned_end,
            cause=story.cause,
            area=self._words(scope),
            received_at=received,
            danger_to_life=story.danger,
            facts=facts_of(story, start, self._papers),
        )
        return self._became(story, self._outages.open(request).outage, start, end)

    def _reference(self, start: datetime) -> str:
        """The plan's number at dispatch: drawn by chance, the next free one where two plans of a day drew the same."""
        drawn = self._rng.randrange(1000)
        numbers = (f"TD{start:%Y%m%d}{(drawn + step) % 1000:03d}" for step in range(1000))
        reference = next(number for number in numbers if number not in self._references)
        self._references.add(reference)
        return reference

    def _received(self, story: Story, start: datetime) -> datetime:
        planned = self._place.plugins.outage_types[story.type].planned
        early = start - AHEAD if planned else start + timedelta(minutes=1)
        return min(early, self._now)

    def _became(self, story: Story, outage: Outage, start: datetime, end: datetime | None) -> Outage:
        clock = self._there.clock
        self._deeds.approve(outage)
        self._deeds.tell(outage, min(start, self._now))
        if story.then == "cancelled":
            clock.at = self._now
            return self._outages.cancel(outage.id, reason=story.reason)
        if story.then == "scheduled":
            return self._outages.get(outage.id)
        clock.at = max(clock.at, start)
        if outage.status is Status.SCHEDULED:
            outage = self._outages.start(outage.id, at=start)
        self._deeds.tell(outage, min(end or self._now, self._now))
        outage = self._outages.get(outage.id)
        if story.then == "partly":
            outage = replace(outage, status=Status.PARTIALLY_RESTORED)
            self._place.outages_table.put(outage)
            Access(self._place).note("outage.change", outage.id)
        clock.at = max(clock.at, min(end or self._now, self._now))
        if story.then in ("restored", "closed"):
            outage = self._outages.restore(outage.id, at=end)
        return self._outages.close(outage.id, at=end) if story.then == "closed" else outage

    def _at(self, minutes: int) -> datetime:
        return self._now + timedelta(minutes=minutes)

    def _makers(self) -> dict[str, Callable[[], list[Scope]]]:
        """For each kind of device, every scope of that kind, shuffled: stories take one after the other."""
        areas = [area for area in self._grid.areas.values() if area.kind == "public"]
        boxes = list(dict.fromkeys(person.meter_box for person in self._people if person.meter_box))
        feeders = list(self._grid.feeders)
        laterals = [name for name in self._grid.laterals if "/" not in name]
        return {
            "area": lambda: self._shuffled([Scope(transformer_areas=(area.transformer_area,)) for area in areas]),
            "lateral": lambda: self._shuffled([Scope(laterals=(name,)) for name in laterals]),
            "feeder": lambda: self._shuffled([Scope(feeders=(name,)) for name in feeders]),
            "feeders": lambda: self._shuffled(
                [Scope(feeders=pair) for pair in zip(feeders, feeders[1:] + feeders[:1], strict=True)]
            ),
            "account": lambda: self._shuffled([Scope(accounts=(person.account_no,)) for person in self._people]),
            "box": lambda: self._shuffled([Scope(meter_boxes=(box,)) for box in boxes]),
        }

    def _shuffled(self, scopes: list[Scope]) -> list[Scope]:
        self._rng.shuffle(scopes)
        return scopes

    def _words(self, scope: Scope) -> str:
        """The area in words for the public: 柳河镇王家庄、李家湾一带."""
        areas = self._grid.areas_below(scope)
        if not areas:
            return self._address(scope)
        towns = list(dict.fromkeys(map(town_of, areas)))
        if scope.feeders:
            return f"{'、'.join(towns)}{'、'.join(scope.feeders)}供电区域，共{len(areas)}个台区"
        return f"{towns[0]}{'、'.join(village_of(area) for area in areas[:3])}{'一带' if len(areas) > 1 else ''}"

    def _address(self, scope: Scope) -> str:
        for person in self._people:
            if person.account_no in scope.accounts or person.meter_box in scope.meter_boxes:
                return person.address if scope.accounts else f"{person.address}所在表箱"
        return ""

    def call(self, outages: Sequence[Outage]) -> None:
        """The calls of the past days, and those the outages that matter now have brought in."""
        calls = [*self._past_calls(), *self._calls_about(outages)]
        for call in sorted(calls, key=lambda call: call.at):
            self._place.calls_table.add(lambda number, call=call: replace(call, id=f"C{number}"))  # type: ignore[misc]

    def _past_calls(self) -> Iterator[Call]:
        topics = self._rng.choices(tuple(TOPICS), weights=tuple(TOPICS.values()), k=CALLS)
        for topic in topics:
            minutes = self._rng.randint(30, CALL_DAYS * 24 * 60)
            yield self._call(self._rng.choice(self._people), topic, self._at(-minutes), "")

    def _calls_about(self, outages: Sequence[Outage]) -> Iterator[Call]:
        for outage in outages:
            if outage.status not in (Status.CONFIRMED, Status.PARTIALLY_RESTORED):
                continue
            people = self._below(outage)
            begun = outage.actual_start or outage.received_at
            minutes = min(max(1, int((self._now - begun).total_seconds() // 60)), 120)
            count = min(len(people), self._rng.randint(3, 5) if outage.affected.customers > 5 else 1)
            for person in self._rng.sample(people, count):
                yield self._call(person, Topic.OUTAGE_INQUIRY, self._at(-self._rng.randint(1, minutes)), outage.id)
            self._place.outages_table.put(replace(outage, calls=count))

    def _below(self, outage: Outage) -> list[Customer]:
        customers = self._place.customers
        if outage.scope.accounts:
            return customers.where(account_no=list(outage.scope.accounts))
        if outage.scope.meter_boxes:
            return customers.where(meter_box=list(outage.scope.meter_boxes))
        return customers.where(transformer_area=list(outage.affected.transformer_areas[:2]))

    def _call(self, person: Customer, topic: Topic, at: datetime, outage: str) -> Call:
        phone = person.phones[0]
        trouble = topic is Topic.TROUBLE
        return Call(
            id="",
            at=at,
            topic=topic,
            number=phone.number,
            written_number=phone.number,
            account_no=person.account_no,
            customer_name=person.name,
            transformer_area=person.transformer_area,
            trouble_code="no_power" if trouble else "",
            multiple_premises=trouble and self._rng.random() < 0.4,
            note=self._rng.choice(NOTES) if not outage or self._rng.random() < 0.3 else "",
            outcome=self._rng.choice(("answered", "answered", "passed_on", "callback_promised")),
            outage=outage,
            callback=self._rng.random() < 0.1,
            agent=self._rng.choice(("王敏", "李婷", "赵雪", "马丽")),
            seat=self._rng.choice(("1", "2", "3")),
        )
