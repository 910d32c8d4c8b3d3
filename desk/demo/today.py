"""What came of the calls of the made-up county's day: predictions, work orders, callbacks, cases, messages, the note.

Everything is done through the desk, each act at its own hour; what the county is too small for is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from desk.app import Desk
from desk.calls import CallRequest
from desk.demo.duties import StoryPlace
from desk.demo.sending import Sendings
from desk.demo.tasks import CASES, NOTE, ORDERS, PROMISES, Complaint, Trip
from desk.demo.troubles import Troubles, has_supply
from desk.place import Place
from desk.records import ACTIVE, Call, Customer, Outage, Status, Topic

AGENT = "王敏"
LATELY = timedelta(hours=2)
MINUTE = timedelta(minutes=1)


class Today:
    """Plays the day up to `now` at the seat of one agent."""

    def __init__(self, place: Place, seed: int, now: datetime) -> None:
        there = StoryPlace(place)
        self._clock = there.clock
        self._desk = Desk(replace(there.place, agent=AGENT, seat="1"))
        self._rng = Random(f"today {seed}")
        self._now = now

    def play(self, people: Sequence[Customer]) -> None:
        """All of it. `people` are those who may call."""
        callers = self._untouched(people)
        with self._desk.place.store.transaction():
            self._send_people_out(callers)
            self._promise()
            self._open_cases(callers)
            Troubles(self._desk, self._clock, self._rng, self._now).ring()
        Sendings(self._desk, self._clock, self._now).play()
        self._at(-1)
        self._desk.shift.hand_over(NOTE)

    def _at(self, minutes: int) -> datetime:
        self._clock.at = self._now + minutes * MINUTE
        return self._clock.at

    def _untouched(self, people: Sequence[Customer]) -> Iterator[Customer]:
        """Families with supply, in an order of their own."""
        homes = [one for one in people if one.sector == "residential"]
        network = self._desk.place.network
        for one in self._rng.sample(homes, len(homes)):
            if has_supply(self._desk, one, network.get(one.transformer_area), self._now):
                yield one

    def _call(self, caller: Customer, topic: Topic, minutes: int, **fields: object) -> Call:
        self._at(minutes)
        number = caller.phones[0].number
        return self._desk.calls.log(CallRequest(topic=topic, number=number, account_no=caller.account_no, **fields))  # type: ignore[arg-type]

    # crews

    def _send_people_out(self, callers: Iterator[Customer]) -> None:
        for trip in ORDERS:
            caller = next(callers, None)
            if caller is not None:
                self._drive(trip, caller)

    def _drive(self, trip: Trip, caller: Customer) -> None:
        about = {"trouble_code": trip.code, "hazard": trip.hazard, "note": trip.note}
        call = self._call(caller, Topic.TROUBLE, trip.at, outcome="passed_on", **about)
        orders = self._desk.work_orders
        order = orders.open(call=call.id)
        for state, after in trip.steps:
            self._at(trip.at + after)
            orders.move(order.id, state, crew=trip.crew if state == "assigned" else "")
        for after in trip.hurried:
            self._at(trip.at + after)
            orders.expedite(order.id, by=caller.name)
        if trip.ended:
            self._at(trip.at + trip.ended)
            end = orders.close if trip.signed else orders.cancel
            end(order.id, reason=trip.reason, **({"signed_by": caller.name} if trip.signed else {}))

    # promises

    def _promise(self) -> None:
        """Callers who wait for supply, and callers whose supply has come back."""
        known = sorted(self._desk.place.outages_table.all(), key=lambda one: (len(one.id), one.id))
        off = [one for one in known if one.status in ACTIVE and one.affected.customers > 5]
        back = [one for one in known if _just_back(one, self._now) and one.affected.customers > 5]
        for (minutes, note), outage in zip(PROMISES, off, strict=False):
            self._promised(outage, minutes, note)
        for outage in back[:1]:
            for minutes in (2, 5, 9):
                self._promised(outage, _minutes(outage.actual_end, self._now) - minutes, "等送电后回拨")
            self._clock.at = outage.actual_end or self._now
            self._desk.callbacks.restored(outage)
        self._call_back()

    def _promised(self, outage: Outage, minutes: int, note: str) -> None:
        below = self._desk.place.customers.where(transformer_area=list(outage.affected.transformer_areas[:1]))
        if below:
            caller = self._rng.choice(below)
            self._call(
                caller,
                Topic.OUTAGE_INQUIRY,
                minutes,
                outage=outage.id,
                note=note,
                outcome="callback_promised",
                callback=True,
            )

    def _call_back(self) -> None:
        """The first was called in vain, the second is still out; the others wait to be called."""
        self._at(-6)
        callbacks = self._desk.callbacks
        waiting = [one for one in callbacks.listed("ripe") if one.kind == "restored"]
        for one, outcome in zip(waiting, ("no_answer", "still_out"), strict=False):
            if callbacks.take(one.id):
                callbacks.settle(one.id, outcome)

    # cases

    def _open_cases(self, callers: Iterator[Customer]) -> None:
        for case in CASES:
            caller = next(callers, None)
            if caller is not None:
                self._complain(case, caller)

    def _complain(self, case: Complaint, caller: Customer) -> None:
        call = self._call(caller, case.topic, case.at, note=case.about, outcome="passed_on")
        cases = self._desk.cases
        opened = cases.open(case.kind, case.about, call=call.id, article=case.article)
        if case.owner:
            self._at(case.at + 20)
            cases.assign(opened.id, case.owner)
        if case.answer:
            self._at(case.at + 200)
            cases.answer(opened.id, case.answer)


def _just_back(outage: Outage, now: datetime) -> bool:
    end = outage.actual_end
    return outage.status is Status.RESTORED and end is not None and now - LATELY <= end <= now


def _minutes(moment: datetime | None, now: datetime) -> int:
    return int(((moment or now) - now) / MINUTE)
