"""Every act in every status, and what each leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from small_county import HOUR, approve, fault, plan

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import BadInput, NotFound, Refused, StaleWrite
from desk.outages import OutageChange
from desk.outages.acts import TRANSITIONS, Act, possible
from desk.records import Outage, Scope, Status

# status × act → the status it leads to; None: refused.
WANTED: dict[Status, dict[Act, Status | None]] = {
    Status.PREDICTED: {Act.START: Status.CONFIRMED, Act.CHANGE: Status.PREDICTED, Act.CANCEL: Status.CANCELLED},
    Status.SCHEDULED: {Act.START: Status.CONFIRMED, Act.CHANGE: Status.SCHEDULED, Act.CANCEL: Status.CANCELLED},
    Status.CONFIRMED: {Act.CHANGE: Status.CONFIRMED, Act.RESTORE: Status.RESTORED},
    Status.PARTIALLY_RESTORED: {Act.CHANGE: Status.PARTIALLY_RESTORED, Act.RESTORE: Status.RESTORED},
    Status.RESTORED: {Act.CLOSE: Status.CLOSED},
    Status.CANCELLED: {Act.CLOSE: Status.CLOSED},
    Status.CLOSED: {},
}
CASES = [(status, act, WANTED[status].get(act)) for status in Status for act in Act]


@pytest.fixture
def scheduled(desk: Desk) -> Outage:
    outage = desk.outages.open(plan(desk)).outage
    approve(desk, outage.id)
    return desk.outages.get(outage.id)


def do(desk: Desk, act: Act, outage_id: str) -> Outage:
    if act is Act.CHANGE:
        return desk.outages.change(outage_id, OutageChange(reason="工作延长", end=desk.place.now() + 9 * HOUR))
    return getattr(desk.outages, act.value)(outage_id)  # type: ignore[no-any-return]


@pytest.mark.parametrize(("status", "act", "wanted"), CASES, ids=[f"{s}-{a}" for s, a, _w in CASES])
def test_an_act_leads_where_the_table_says_or_is_refused(
    desk: Desk, scheduled: Outage, status: Status, act: Act, wanted: Status | None
) -> None:
    from msgspec.structs import replace

    begun = desk.place.now() - HOUR if status not in (Status.SCHEDULED, Status.PREDICTED) else None
    desk.place.outages_table.put(replace(scheduled, status=status, actual_start=begun))
    before = desk.outages.get(scheduled.id)
    if wanted is None:
        with pytest.raises(Refused) as refused:
            do(desk, act, scheduled.id)
        assert scheduled.id in str(refused.value)
        assert desk.outages.get(scheduled.id) == before
    else:
        after = do(desk, act, scheduled.id)
        assert after.status is wanted
        assert desk.outages.get(scheduled.id) == after
        assert after.history[-1].act == act


@pytest.mark.parametrize("status", list(Status))
def test_every_status_says_what_may_be_done_in_it(status: Status) -> None:
    assert set(possible(status)) == {act for act in Act if status in TRANSITIONS[act]}


def test_a_planned_outage_waits_until_someone_says_it_began(desk: Desk, clock: FixedClock, scheduled: Outage) -> None:
    clock.at += 2 * HOUR
    assert desk.outages.get(scheduled.id).status is Status.SCHEDULED
    assert desk.outages.stage(scheduled) == "due_to_start"


def test_starting_stores_when_supply_went_and_expects_it_back_as_planned(desk: Desk, scheduled: Outage) -> None:
    at = desk.place.now() - timedelta(minutes=5)
    outage = desk.outages.start(scheduled.id, at)
    assert (outage.actual_start, outage.etr) == (at, scheduled.planned_end)


def test_a_fault_is_off_when_it_is_opened(desk: Desk) -> None:
    outage = desk.outages.open(fault(desk)).outage
    assert (outage.status, outage.actual_start) == (Status.CONFIRMED, desk.place.now())


def test_a_fault_with_a_known_start_is_off_since_then(desk: Desk) -> None:
    began, end = desk.place.now() - HOUR, desk.place.now() + HOUR
    outage = desk.outages.open(fault(desk, planned_start=began, planned_end=end)).outage
    assert (outage.actual_start, outage.etr) == (began, end)


def test_an_outage_nobody_planned_but_that_is_still_to_come_is_not_off_yet(desk: Desk) -> None:
    outage = desk.outages.open(fault(desk, planned_start=desk.place.now() + HOUR)).outage
    assert (outage.status, outage.actual_start) == (Status.SCHEDULED, None)


def test_restoring_stores_when_supply_came_back(desk: Desk) -> None:
    outage = desk.outages.open(fault(desk, planned_start=desk.place.now() - HOUR)).outage
    restored = desk.outages.restore(outage.id, desk.place.now() - timedelta(minutes=10))
    assert (restored.status, restored.actual_end) == (Status.RESTORED, desk.place.now() - timedelta(minutes=10))


@pytest.mark.parametrize("act", [Act.START, Act.CANCEL])
def test_what_is_still_to_come_cannot_be_recorded_as_done(desk: Desk, scheduled: Outage, act: Act) -> None:
    with pytest.raises(BadInput):
        getattr(desk.outages, act.value)(scheduled.id, desk.place.now() + HOUR)
    assert desk.outages.get(scheduled.id) == scheduled


def test_supply_cannot_come_back_in_the_future_nor_before_it_went(desk: Desk) -> None:
    outage = desk.outages.open(fault(desk)).outage
    for at in (desk.place.now() + HOUR, desk.place.now() - HOUR):
        with pytest.raises(BadInput):
            desk.outages.restore(outage.id, at)
    assert desk.outages.get(outage.id) == outage


def test_a_change_is_recorded_with_before_and_after_and_who_said_so(desk: Desk, scheduled: Outage) -> None:
    end = desk.place.now() + 7 * HOUR
    heard = desk.place.now() - timedelta(minutes=3)
    change = OutageChange(reason="吊车故障", end=end, reported_by="调度王工", reported_at=heard)
    line = desk.outages.change(scheduled.id, change).history[-1]
    assert (line.reason, line.reported_by, line.reported_at) == ("吊车故障", "调度王工", heard)
    assert scheduled.planned_end is not None
    assert line.values == {"planned_end": [scheduled.planned_end.isoformat(), end.isoformat()]}


def test_a_change_of_scope_counts_anew_who_is_affected(desk: Desk, scheduled: Outage) -> None:
    changed = desk.outages.change(scheduled.id, OutageChange(reason="缩小范围", scope=Scope(transformer_areas=("T3",))))
    assert (scheduled.affected.customers, changed.affected.customers) == (6, 2)


def test_a_later_end_of_what_is_off_is_the_new_estimate_too(desk: Desk) -> None:
    outage = desk.outages.open(fault(desk)).outage
    end = desk.place.now() + HOUR
    changed = desk.outages.change(outage.id, OutageChange(reason="估计", end=end))
    assert (changed.planned_end, changed.etr) == (end, end)


WRONG_CHANGES = {
    "no reason": (lambda now: OutageChange(reason=" ", end=now + 9 * HOUR), BadInput),
    "nothing different": (lambda now: OutageChange(reason="x", end=now + 5 * HOUR), Refused),
    "nothing at all": (lambda _now: OutageChange(reason="x"), Refused),
    "end before start": (lambda now: OutageChange(reason="x", end=now), BadInput),
    "start after end": (lambda now: OutageChange(reason="x", start=now + 6 * HOUR), BadInput),
    "unknown feeder": (lambda _now: OutageChange(reason="x", scope=Scope(feeders=("城北线",))), BadInput),
    "empty scope": (lambda _now: OutageChange(reason="x", scope=Scope()), BadInput),
}


@pytest.mark.parametrize("name", WRONG_CHANGES)
def test_a_change_that_cannot_be_is_refused_and_nothing_is_written(desk: Desk, scheduled: Outage, name: str) -> None:
    make, error = WRONG_CHANGES[name]
    with pytest.raises(error):
        desk.outages.change(scheduled.id, make(desk.place.now()))
    assert desk.outages.get(scheduled.id) == scheduled


def test_the_planned_start_of_what_has_begun_no_longer_moves(desk: Desk, scheduled: Outage) -> None:
    desk.outages.start(scheduled.id)
    with pytest.raises(Refused):
        desk.outages.change(scheduled.id, OutageChange(reason="x", start=desk.place.now() + HOUR))


def test_a_form_that_is_out_of_date_is_refused_where_both_changed_the_same(desk: Desk, scheduled: Outage) -> None:
    desk.outages.change(scheduled.id, OutageChange(reason="先改", cause="别的"))
    with pytest.raises(StaleWrite, match=r"别的.*又一个"):
        desk.outages.change(scheduled.id, OutageChange(reason="后改", cause="又一个"), seen=scheduled)


def test_a_form_that_is_out_of_date_keeps_what_somebody_else_changed(desk: Desk, scheduled: Outage) -> None:
    desk.outages.change(scheduled.id, OutageChange(reason="先改", cause="别的"))
    merged = desk.outages.change(scheduled.id, OutageChange(reason="后改", area="别处"), seen=scheduled)
    assert (merged.cause, merged.area) == ("别的", "别处")


def test_a_call_meanwhile_does_not_make_a_form_out_of_date(desk: Desk) -> None:
    from desk.calls import CallRequest
    from desk.records import Topic

    outage = desk.outages.open(fault(desk)).outage
    desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no="100007"))
    changed = desk.outages.change(outage.id, OutageChange(reason="x", cause="外力"), seen=outage)
    assert (changed.calls, changed.cause) == (1, "外力")


def test_every_act_leaves_a_line_in_the_audit(desk: Desk, scheduled: Outage) -> None:
    desk.outages.start(scheduled.id)
    acts = [(line.act, line.about) for line in desk.place.audit_table.all() if line.act.startswith("outage.")]
    assert [act for act in acts if act[0] != "outage.approve"] == [
        ("outage.open", scheduled.id),
        ("outage.start", scheduled.id),
    ]


def test_an_outage_that_does_not_exist_is_named(desk: Desk) -> None:
    with pytest.raises(NotFound, match="O99"):
        desk.outages.restore("O99")
