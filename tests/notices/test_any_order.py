"""Anything may happen to outages in any order; what must hold holds after every step."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from noticed_county import AREAS, CUSTOMERS, DAY, HOUR, MINUTE, NOW, customer, fault, plan

from desk.app import Desk
from desk.clock import FixedClock
from desk.config import load_config
from desk.errors import Refused
from desk.notices import possible
from desk.notices.tally import counted
from desk.outages import OutageChange
from desk.records import OPEN_DUTIES, Duty, DutyState, Scope, Status

SCOPES = [
    Scope(feeders=("城东线",)),
    Scope(transformer_areas=("T1",)),
    Scope(transformer_areas=("T2",)),
    Scope(feeders=("城东线", "城西线")),
    Scope(accounts=("100001", "100009")),
]
WAITS = st.sampled_from([MINUTE, 20 * MINUTE, 3 * HOUR, DAY, 6 * DAY])
NEWS = {"times_changed", "correction", "cancellation"}


class AnyOrder(RuleBasedStateMachine):
    """One desk on the real store; every act through the public door."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FixedClock(NOW)
        self.desk = Desk.create(load_config(None, self.folder, {}), sandbox=True, clock=self.clock)
        self.desk.place.network.put_many(AREAS)
        self.desk.place.customers.put_many(CUSTOMERS)
        self.seen: dict[str, Duty] = {}
        self.added = 0

    def teardown(self) -> None:
        self.desk.close()
        shutil.rmtree(self.folder)

    # Acts

    @initialize()
    def opens_a_plan(self) -> None:
        self._try(lambda: self.desk.outages.open(plan()))

    @precondition(lambda self: len(self.desk.outages.listed()) < 3)
    @rule(scope=st.sampled_from(SCOPES), planned=st.booleans(), ahead=st.sampled_from([2, 8, 20]))
    def opens(self, scope: Scope, planned: bool, ahead: int) -> None:
        start = self.clock.at + ahead * DAY
        fields = {name: getattr(scope, name) for name in ("feeders", "transformer_areas", "accounts")}
        request = plan(planned_start=start, planned_end=start + 6 * HOUR, **fields) if planned else fault(**fields)
        self._try(lambda: self.desk.outages.open(request))

    @rule(data=st.data(), hours=st.sampled_from([-30, -2, 2, 30]), both=st.booleans())
    def changes_times(self, data: Any, hours: int, both: bool) -> None:
        outage = data.draw(st.sampled_from(self.desk.outages.listed()))
        end = (outage.planned_end or self.clock.at) + hours * HOUR
        start = outage.planned_start + hours * HOUR if both and outage.planned_start else None
        self._try(lambda: self.desk.outages.change(outage.id, OutageChange(reason="改", start=start, end=end)))

    @rule(data=st.data(), scope=st.sampled_from(SCOPES))
    def changes_scope(self, data: Any, scope: Scope) -> None:
        outage = data.draw(st.sampled_from(self.desk.outages.listed()))
        self._try(lambda: self.desk.outages.change(outage.id, OutageChange(reason="改", scope=scope)))

    @rule(data=st.data(), act=st.sampled_from(["start", "restore", "cancel", "close"]))
    def acts(self, data: Any, act: str) -> None:
        outage = data.draw(st.sampled_from(self.desk.outages.listed()))
        more = {"reason": "急"} if act in ("start", "cancel") else {}
        self._try(lambda: getattr(self.desk.outages, act)(outage.id, **more))

    @rule(data=st.data())
    def approves(self, data: Any) -> None:
        outage = data.draw(st.sampled_from(self.desk.outages.listed()))
        for one in self.desk.notices.approvals(outage.id):
            self._try(lambda one=one: self.desk.notices.approve(outage.id, one.step, by="李", mode="phone"))  # type: ignore[misc]

    @rule(data=st.data(), reason=st.sampled_from(["", "急"]))
    def settles(self, data: Any, reason: str) -> None:
        duties = list(self.desk.notices.all())
        if duties:
            duty = data.draw(st.sampled_from(duties))
            result = data.draw(st.sampled_from(possible(duty))).id
            said = {"person": "王", "note": "说明", "reason": reason}
            self._try(lambda: self.desk.notices.settle(duty.id, result, **said))

    @rule(important=st.booleans())
    def adds_a_customer(self, important: bool) -> None:
        self.added += 1
        new = customer(30 + self.added, "T1", "13800138000", important=important, special=not important)
        with self.desk.place.store.transaction():
            self.desk.place.customers.put(new)
            self.desk.outages.recount()

    @rule(wait=WAITS)
    def waits(self, wait: Any) -> None:
        self.clock.at += wait

    def _try(self, act: Any) -> None:
        before = list(self.desk.notices.all()), self.desk.outages.listed(), self.desk.notices.violations()
        try:
            act()
        except Refused:  # then nothing was written
            assert before == (
                list(self.desk.notices.all()), self.desk.outages.listed(), self.desk.notices.violations()
            )  # fmt: skip

    # What must hold

    @invariant()
    def nobody_is_owed_the_same_twice(self) -> None:
        still = [duty for duty in self.desk.notices.all() if duty.state is not DutyState.WITHDRAWN]
        keys = Counter((duty.outage, duty.key) for duty in still)
        assert max(keys.values(), default=1) == 1
        news = [duty for duty in still if duty.notice in NEWS and duty.state in OPEN_DUTIES]
        owed = Counter((duty.outage, duty.notice, duty.recipient.kind, duty.recipient.id) for duty in news)
        assert max(owed.values(), default=1) == 1, owed

    @invariant()
    def nobody_told_is_forgotten(self) -> None:
        for outage in self.desk.outages.listed():
            if outage.status is Status.CANCELLED:
                duties = self.desk.notices.of(outage.id)
                assert _told(duties) <= _heard_of_the_end(duties)

    @invariant()
    def no_deadline_moves_without_a_record_and_evidence_only_grows(self) -> None:
        now = {duty.id: duty for duty in self.desk.notices.all()}
        for id, before in self.seen.items():
            after = now[id]
            assert after.evidence[: len(before.evidence)] == before.evidence
            assert after.replans[: len(before.replans)] == before.replans
            for field in ("due", "not_before"):
                moves = [line for line in after.replans[len(before.replans) :] if line.field == field]
                assert _led(getattr(before, field), moves) == getattr(after, field)
            assert before.state in OPEN_DUTIES or after.due == before.due
        self.seen = now

    @invariant()
    def tallies_are_what_counting_gives(self) -> None:
        for outage in self.desk.outages.listed():
            assert outage.duties == counted(self.desk.notices.of(outage.id))

    @invariant()
    def the_work_list_holds_every_open_duty_once_in_order(self) -> None:
        listed = list(self.desk.notices.all(state="open"))
        assert {duty.id for duty in listed} == {d.id for d in self.desk.notices.all() if d.state in OPEN_DUTIES}
        assert len({duty.id for duty in listed}) == len(listed)
        assert [duty.due for duty in listed] == sorted(duty.due for duty in listed)

    @invariant()
    def what_is_not_off_and_not_ahead_owes_no_new_notice(self) -> None:
        for outage in self.desk.outages.listed():
            if outage.status is Status.CANCELLED:
                still = [duty for duty in self.desk.notices.of(outage.id) if duty.state in OPEN_DUTIES]
                assert {duty.notice for duty in still} <= NEWS


def _told(duties: list[Duty]) -> set[tuple[str, str]]:
    reached = (DutyState.DONE, DutyState.REFUSED)
    ends = {"correction", "cancellation"}
    told = [duty for duty in duties if duty.state in reached and duty.notice not in ends]
    return {one for duty in told for one in _people(duty)}


def _heard_of_the_end(duties: list[Duty]) -> set[tuple[str, str]]:
    ends = [duty for duty in duties if duty.notice in ("correction", "cancellation")]
    return {one for duty in ends if duty.state is not DutyState.WITHDRAWN for one in _people(duty)}


def _people(duty: Duty) -> list[tuple[str, str]]:
    if duty.recipient.kind != "customer":
        return [(duty.recipient.kind, duty.recipient.id)]
    return [("customer", account) for account in duty.sites or (duty.recipient.id,)]


def _led(value: datetime | None, moves: list[Any]) -> datetime | None:
    for move in moves:
        assert move.before == value
        assert move.reason
        value = move.after
    return value


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
