"""What was done about the duties of each made-up outage: approvals in time, most people told, some forgotten.

Everything is done at its own hour: the clock of the story stands where the story stands.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from desk.clock import FixedClock
from desk.errors import Refused
from desk.notices import Notices, Result, possible
from desk.outages import Outages
from desk.place import Place
from desk.records import Duty, DutyState, Outage

BY = {
    "applicant": "检修一班 张海",
    "production_technology": "生技科 周立",
    "marketing": "市营部 吴芳",
    "marketing_director": "市营部主任 郑伟",
    "dispatch_director": "调度主任 冯强",
    "leader": "局领导 李建国",
}
TOLD, TOLD_LATELY = 0.99, 0.88  # of the duties whose hour has come
IN_VAIN = 0.12  # of the duties, a first try
LATELY = timedelta(hours=12)
FAILED = ("no_answer", "busy", "absent", "sent")
MEDIA = "县电视台"


class StoryPlace:
    """The county at the hour of a story. `clock.at` is moved on as the story goes on."""

    def __init__(self, place: Place) -> None:
        plugins = place.plugins
        self.clock = FixedClock(place.now())
        self.place = replace(place, clock=self.clock, load_plugins=lambda: plugins)
        self.outages = Outages(self.place)

    @property
    def notices(self) -> Notices:
        return self.outages.notices


class Deeds:
    """What people did about one outage's duties."""

    def __init__(self, there: StoryPlace, rng: Random, now: datetime) -> None:
        self._there = there
        self._rng = rng
        self._now = now

    def approve(self, outage: Outage) -> None:
        """The approvals an outage needs, in order, a quarter of an hour apart; the next plans still wait for one."""
        notices, at = self._there.notices, self._there.clock.at
        for number, step in enumerate(notices.approvals(outage.id)):
            if outage.planned_start and outage.planned_start > self._now + timedelta(days=6) and number:
                return
            self._there.clock.at = min(at + timedelta(minutes=15 * (number + 1)), self._now)
            by = BY.get(step.post, "值班领导")
            notices.approve(outage.id, step.step, by=by, mode="written" if number % 2 == 0 else "phone")

    def tell(self, outage: Outage, until: datetime) -> None:
        """Most of the duties that are due by `until` are done shortly before their hour, the others tried or not."""
        due = sorted(self._there.notices.of(outage.id), key=lambda duty: (duty.due, duty.id))
        for duty in due:
            if duty.state in (DutyState.PENDING, DutyState.ATTEMPTED):
                self._tell(duty, until)

    def _tell(self, duty: Duty, until: datetime) -> None:
        at = self._hour(duty)
        if at > until or self._rng.random() > (TOLD_LATELY if duty.due > self._now - LATELY else TOLD):
            return
        self._there.clock.at = at
        if self._rng.random() < IN_VAIN:
            self._settle(duty, next((result for result in possible(duty) if result.id in FAILED), None))
            self._there.clock.at = min(at + timedelta(minutes=20), self._now)
        self._settle(duty, next(iter(possible(duty))))

    def _hour(self, duty: Duty) -> datetime:
        early = max(self._there.clock.at, duty.not_before or self._there.clock.at)
        slack = max((duty.due - early).total_seconds(), 0)
        return (early + timedelta(seconds=slack * self._rng.uniform(0.1, 1.02))).replace(second=0, microsecond=0)

    def _settle(self, duty: Duty, result: Result | None) -> None:
        if result is None:
            return
        person = f"{duty.recipient.name[:4]}值班员" if result.needs == "person" else ""
        with suppress(Refused):  # something comes first, and has not come: it stays open
            self._there.notices.settle(duty.id, result.id, person=MEDIA if result.id == "published" else person)
