"""The year itself: a clock that jumps from event to event, each one through the doors of the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from msgspec.structs import replace

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import Refused
from desk.orders import Kind, OrderRow
from desk.outages import OutageChange, OutageRequest
from desk.records import ACTIVE, OPEN_DUTIES, Duty, Scope, Status
from tools.year.people import AGAINST_ORDER, People
from tools.year.plans import DAY, HOUR, MINUTE, Plan, Year

Event = Callable[[], None]
PATIENCE = 60  # times somebody comes back to a duty that must wait, before it is left undone
EXCUSE = "工期紧，先行办理，后补手续"


class Simulation:
    """One desk through one year."""

    def __init__(self, desk: Desk, clock: FixedClock, begin: datetime, seed: int) -> None:
        self.desk = desk
        self.tries: Counter[str] = Counter()  # what was written down of duties, by result
        self.refused = 0
        self._clock = clock
        self._begin = begin
        self._people = People(seed)
        self._queue: list[tuple[datetime, int, Event]] = []
        self._number = count()
        self._known: dict[str, int] = {}  # outage → duties that somebody has taken up
        self._fates: dict[str, str] = {}
        self._next: dict[str, int] = {}  # duty → the event that is its next try; others have lapsed
        self._plans: dict[str, Plan] = {}
        self._returns: Counter[str] = Counter()
        self._impatient: set[str] = set()

    def play(self, year: Year, outages: int, tell: Callable[[datetime], None] = lambda _at: None) -> None:
        """Live through the year: everything heard, approved, tried, begun and ended in it, day by day."""
        rows = tuple(OrderRow(position=place, feeder=feeder, load=load) for place, feeder, load in year.order())
        for kind in Kind:
            self._at(self._begin + DAY * self._people.rng.randint(60, 110), lambda kind=kind: self._compile(kind, rows))
        for plan in year.plans(outages):
            self._at(plan.heard, lambda plan=plan: self._open(plan))
        end = self._begin.replace(year=self._begin.year + 1) - timedelta(seconds=1)
        while self._queue and self._queue[0][0] < end:
            day = self._queue[0][0]
            # What happens on one day is one transaction: a year in minutes, not in hours of waiting for the disk.
            with self.desk.place.store.transaction():
                self.desk.notices.keep_calendar()
                while self._queue and self._queue[0][0] < day + DAY and self._queue[0][0] < end:
                    at, _number, event = heappop(self._queue)
                    self._clock.at = max(self._clock.at, at)
                    event()
            tell(day)
        self._clock.at = end

    def _at(self, moment: datetime, event: Event) -> int:
        number = next(self._number)
        heappush(self._queue, (max(moment, self._clock.at).replace(microsecond=0), number, event))
        return number

    def _in(self, wait: timedelta, event: Event) -> None:
        self._at(self._clock.at + wait, event)

    # Order tables

    def _compile(self, kind: Kind, rows: tuple[OrderRow, ...]) -> None:
        table = self.desk.orders.take(kind, rows, source="序位表.xlsx").table
        self._in(20 * DAY, lambda: self._consent(table.id, "government", "县发改局"))
        self._in(24 * DAY, lambda: self._consent(table.id, "leader", "王局长"))

    def _consent(self, table: str, step: str, by: str) -> None:
        self.desk.orders.consent(table, step, by=by)

    # Outages

    def _open(self, plan: Plan) -> None:
        request = plan.request
        if request.type == "supply_shortage":
            request = self._in_order(plan)
        outage = self.desk.outages.open(request).outage
        self._plans[outage.id] = plan
        self._take_up(outage.id)
        self._approvals(outage.id)
        if outage.status is Status.SCHEDULED and request.planned_start is not None:
            self._later(outage.id, plan)
            self._at(request.planned_start, lambda: self._begin_outage(outage.id))
        else:
            self._in(plan.lasts, lambda: self._restore(outage.id))

    def _in_order(self, plan: Plan) -> OutageRequest:
        """Feeders by the order table, where there is one; one in ten is cut out of its order."""
        orders = self.desk.orders
        if orders.in_force(Kind.CAPACITY) is None or self._people.rng.random() < 0.1:
            return plan.request
        taken = orders.choose(Kind.CAPACITY, self._people.rng.uniform(2, 12)).cut.taken
        return replace(plan.request, feeders=tuple(row.feeder for row in taken) or plan.request.feeders)

    def _later(self, outage: str, plan: Plan) -> None:
        """What becomes of a plan between its entry and its start."""
        start = plan.request.planned_start
        assert start is not None
        wait = max(timedelta(0), start - self._clock.at)
        moment = self._clock.at + wait * self._people.rng.uniform(0.3, 0.9)
        if plan.then == "cancelled":
            self._at(moment, lambda: self._cancel(outage))
        if plan.then == "earlier":
            self._at(moment, lambda: self._change(outage, start=start - HOUR))
        if plan.then == "smaller":
            self._at(moment, lambda: self._change(outage, shrink=True))

    def _begin_outage(self, outage_id: str) -> None:
        outage, plan = self.desk.outages.get(outage_id), self._plans[outage_id]
        if outage.status is not Status.SCHEDULED:
            return
        try:
            self.desk.outages.start(outage_id)
        except Refused:
            self.refused += 1
            self._excused(outage_id)
        self._take_up(outage_id)
        if self.desk.outages.get(outage_id).status not in ACTIVE:
            return
        if plan.then == "longer":
            self._in(plan.lasts * 0.6, lambda: self._change(outage_id, longer=2 * HOUR))
        self._in(plan.lasts + (2 * HOUR if plan.then == "longer" else 0 * HOUR), lambda: self._restore(outage_id))

    def _excused(self, outage_id: str) -> None:
        """Not allowed as it stands: either it is done with a reason, on record, or it does not take place."""
        try:
            if self._people.rng.random() < 0.7:
                self.desk.outages.start(outage_id, reason=EXCUSE)
                return
        except Refused:
            self.refused += 1
        self._cancel(outage_id)

    def _restore(self, outage_id: str) -> None:
        if self.desk.outages.get(outage_id).status in ACTIVE:
            self.desk.outages.restore(outage_id)
            self._take_up(outage_id)
            self._in(3 * DAY, lambda: self._close(outage_id))

    def _close(self, outage_id: str) -> None:
        if self.desk.outages.get(outage_id).status in (Status.RESTORED, Status.CANCELLED):
            self.desk.outages.close(outage_id)

    def _cancel(self, outage_id: str) -> None:
        if self.desk.outages.get(outage_id).status is Status.SCHEDULED:
            self.desk.outages.cancel(outage_id, reason="物资未到")
            self._take_up(outage_id)
            self._in(3 * DAY, lambda: self._close(outage_id))

    def _change(
        self, outage_id: str, start: datetime | None = None, longer: timedelta | None = None, shrink: bool = False
    ) -> None:
        outage = self.desk.outages.get(outage_id)
        if outage.status not in (Status.SCHEDULED, *ACTIVE):
            return
        areas = outage.affected.transformer_areas
        scope = Scope(transformer_areas=areas[: len(areas) // 2]) if shrink and len(areas) > 1 else None
        end = outage.planned_end + longer if longer and outage.planned_end else None
        if start is None and scope is None and end is None:
            return
        change = OutageChange(
            reason="施工进度变化",
            start=start,
            end=end,
            scope=scope,
            reported_by="检修班",
            reported_at=self._clock.at,
        )
        try:
            self.desk.outages.change(outage_id, change)
        except Refused:
            self.refused += 1
        self._take_up(outage_id)
        if start is not None:
            self._at(start, lambda: self._begin_outage(outage_id))

    # Approvals

    def _approvals(self, outage_id: str) -> None:
        """The next approval that is missing, when somebody comes to give it."""
        missing = [one for one in self.desk.notices.approvals(outage_id) if one.at is None]
        if not missing:
            return
        step = min(missing, key=lambda one: one.order)
        when = self._people.approves(step.needed_by, self._clock.at)
        if when is not None:
            self._at(when, lambda: self._approve(outage_id, step.step))

    def _approve(self, outage_id: str, step: str) -> None:
        if self.desk.outages.get(outage_id).status is Status.CANCELLED:
            return
        mode = self._people.rng.choice(("written", "written", "phone"))
        try:
            self.desk.notices.approve(outage_id, step, by=self._people.rng.choice(("钱主任", "王局长")), mode=mode)
        except Refused:
            self.refused += 1
        self._take_up(outage_id)
        if all(one.at for one in self.desk.notices.approvals(outage_id)):
            for duty in self.desk.notices.of(outage_id):  # nothing stands in their way any more
                self._take(duty)
        self._approvals(outage_id)

    # Duties

    def _take_up(self, outage_id: str) -> None:
        """Somebody sees the duties that are new, and decides when to do them."""
        duties = self.desk.notices.of(outage_id)
        known = self._known.get(outage_id, 0)
        self._known[outage_id] = len(duties)
        for duty in duties[known:]:
            self._fates[duty.id] = self._people.fate()
            self._take(duty)

    def _take(self, duty: Duty) -> None:
        """When this duty will be tried next, as things stand now."""
        fate = self._fates[duty.id]
        if fate != "never" and duty.state in OPEN_DUTIES:
            self._again(duty.id, self._people.when(duty, fate, self._clock.at))

    def _again(self, duty_id: str, moment: datetime) -> None:
        number = self._at(moment, lambda: self._try(duty_id, number))
        self._next[duty_id] = number

    def _try(self, duty_id: str, number: int) -> None:
        duty = self.desk.notices.get(duty_id)
        if self._next[duty_id] != number or duty.state not in OPEN_DUTIES:
            return  # planned anew since; withdrawn, or done on the way
        fate = self._fates[duty_id]
        reason = EXCUSE if duty_id in self._impatient else ""
        try:
            after = self._people.settle(self.desk.notices, duty, fate, reason)
        except Refused:
            self.refused += 1
            self._come_back(duty)
            return
        self.tries[after.evidence[-1].result] += 1
        if after.state in OPEN_DUTIES:
            self._again(duty_id, max(after.next_try or self._clock.at, self._clock.at + 10 * MINUTE))

    def _come_back(self, duty: Duty) -> None:
        """Something comes first: some do it all the same, the others look again later, or once it is approved."""
        self._returns[duty.id] += 1
        if self._people.rng.random() < AGAINST_ORDER:
            self._impatient.add(duty.id)
            self._again(duty.id, self._clock.at + 10 * MINUTE)
        elif self._returns[duty.id] < PATIENCE and not self._waits(duty):
            wait = min(max((duty.due - self._clock.at) / 4, 10 * MINUTE), 12 * HOUR)
            self._again(duty.id, self._clock.at + wait * (1 + self._returns[duty.id] / 10))

    def _waits(self, duty: Duty) -> bool:
        """Whether an approval is missing: who gives the last one brings its duties up again."""
        approvals = self.desk.notices.approvals(duty.outage) if duty.waits_for else []
        return any(one.at is None for one in approvals)
