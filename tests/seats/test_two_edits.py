"""Two agents change one outage: fields of one are kept, fields of both are refused with both versions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from seat_county import MINUTE, NOW, fault, plan

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import Refused, StaleWrite
from desk.outages import OutageChange
from desk.outages.acts import By, changed, opening
from desk.outages.editing import as_edited, as_seen, merged, rebased
from desk.records import Outage, Scope, Status
from desk.seats import EditConflict

Sit = Callable[..., Desk]
HOUR = timedelta(hours=1)


def test_the_later_end_of_one_and_the_cause_of_the_other_are_both_kept(desk: Desk, sit: Sit) -> None:
    seen = plan(desk)
    mine, other = sit("2", "张三"), sit("3", "李四")
    end = seen.planned_end + 2 * HOUR  # type: ignore[operator]
    mine.outages.change(seen.id, OutageChange(reason="材料未到", end=end), seen=seen)
    after = other.outages.change(seen.id, OutageChange(reason="原因不对", cause="更换绝缘子"), seen=seen)
    assert (after.planned_end, after.cause) == (end, "更换绝缘子")
    assert [one.by for one in after.history[1:]] == ["张三", "李四"]


def test_the_same_field_is_refused_with_both_versions_and_nothing_is_written(desk: Desk, sit: Sit) -> None:
    seen = plan(desk)
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.outages.change(seen.id, OutageChange(reason="一", cause="更换绝缘子"), seen=seen)
    stored = desk.outages.get(seen.id)
    with pytest.raises(EditConflict, match=r"O1 was changed by 张三 08:00 .*now 更换绝缘子, yours 更换杆塔") as refused:
        other.outages.change(seen.id, OutageChange(reason="二", cause="更换杆塔", area="城南"), seen=seen)
    assert [(one.field, one.theirs, one.mine) for one in refused.value.conflicts] == [
        ("cause", "更换绝缘子", "更换杆塔")
    ]
    assert desk.outages.get(seen.id) == stored


def test_two_who_want_the_same_are_not_in_conflict(desk: Desk, sit: Sit) -> None:
    seen = plan(desk)
    sit("2", "张三").outages.change(seen.id, OutageChange(reason="一", cause="更换绝缘子"), seen=seen)
    both = OutageChange(reason="二", cause="更换绝缘子", area="城南")
    assert sit("3", "李四").outages.change(seen.id, both, seen=seen).area == "城南"


def test_a_new_end_of_what_is_off_is_one_question_though_it_is_the_estimate_too(desk: Desk, sit: Sit) -> None:
    seen = fault(desk)
    sit("2", "张三").outages.change(seen.id, OutageChange(reason="一", end=NOW + 3 * HOUR), seen=seen)
    with pytest.raises(EditConflict) as refused:
        sit("3", "李四").outages.change(seen.id, OutageChange(reason="二", end=NOW + 4 * HOUR), seen=seen)
    assert [one.field for one in refused.value.conflicts] == ["end"]


def test_a_plan_that_was_begun_meanwhile_takes_a_new_end_as_its_estimate(desk: Desk, sit: Sit) -> None:
    seen = plan(desk)
    sit("2", "张三").outages.start(seen.id, reason="提前")
    end = seen.planned_end + HOUR  # type: ignore[operator]
    after = sit("3", "李四").outages.change(seen.id, OutageChange(reason="延长", end=end), seen=seen)
    assert (after.status, after.planned_end, after.etr) == (Status.CONFIRMED, end, end)


def test_two_scopes_are_asked_about_whole(desk: Desk, sit: Sit) -> None:
    seen = plan(desk)
    one, two = Scope(accounts=("100001",)), Scope(accounts=("100002",))
    sit("2", "张三").outages.change(seen.id, OutageChange(reason="一", scope=one), seen=seen)
    with pytest.raises(EditConflict, match=r"100001.*100002"):
        sit("3", "李四").outages.change(seen.id, OutageChange(reason="二", scope=two), seen=seen)


def test_what_it_means_is_foreseen_on_what_was_merged(desk: Desk, sit: Sit) -> None:
    seen = plan(desk)
    later = seen.planned_start + 24 * HOUR  # type: ignore[operator]
    move = OutageChange(reason="改期", start=later, end=later + 6 * HOUR)
    mine, other = sit("2", "张三"), sit("3", "李四")
    alone = mine.outages.foresee(seen.id, move, seen=seen)
    other.outages.change(seen.id, OutageChange(reason="一", scope=Scope(accounts=("100001",))), seen=seen)
    merged_steps = mine.outages.foresee(seen.id, move, seen=seen)
    assert merged_steps != alone
    after = mine.outages.change(seen.id, move, seen=seen)
    assert (after.scope.accounts, after.planned_start) == (("100001",), later)


def test_what_was_foreseen_on_other_times_is_shown_again_before_it_is_saved(desk: Desk, sit: Sit) -> None:
    seen = plan(desk)
    mine, other = sit("2", "张三"), sit("3", "李四")
    end = seen.planned_end + HOUR  # type: ignore[operator]
    other.outages.change(seen.id, OutageChange(reason="一", end=end), seen=seen)
    change = OutageChange(reason="二", cause="更换杆塔")
    with pytest.raises(StaleWrite, match="see what it means now"):
        mine.outages.change(seen.id, change, seen=seen, foreseen=seen)
    now = mine.outages.get(seen.id)
    assert mine.outages.change(seen.id, change, seen=seen, foreseen=now).cause == "更换杆塔"


def test_words_alone_need_not_be_foreseen_again(desk: Desk, sit: Sit) -> None:
    seen = plan(desk)
    sit("2", "张三").outages.change(seen.id, OutageChange(reason="一", area="城南"), seen=seen)
    after = sit("3", "李四").outages.change(seen.id, OutageChange(reason="二", cause="x"), seen=seen, foreseen=seen)
    assert (after.area, after.cause) == ("城南", "x")


def test_who_restores_second_is_told_who_was_quicker_and_both_moments(desk: Desk, sit: Sit, clock: FixedClock) -> None:
    outage = fault(desk)
    clock.at += 30 * MINUTE
    sit("2", "张三").outages.restore(outage.id, clock.at - 5 * MINUTE)
    with pytest.raises(
        EditConflict, match=r"张三 was quicker with “restore”: 2026-12-01 08:25, yours 2026-12-01 08:20"
    ):
        sit("3", "李四").outages.restore(outage.id, clock.at - 10 * MINUTE)


def test_who_begins_or_cancels_second_is_told_who_was_quicker(desk: Desk, sit: Sit) -> None:
    begun, dropped = plan(desk), plan(desk)
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.outages.start(begun.id, reason="提前")
    mine.outages.cancel(dropped.id, reason="改期")
    with pytest.raises(EditConflict, match="张三 was quicker with “start”"):
        other.outages.start(begun.id)
    with pytest.raises(EditConflict, match="张三 was quicker with “cancel”"):
        other.outages.cancel(dropped.id, reason="改期")
    with pytest.raises(Refused, match="not possible"):
        other.outages.start(dropped.id)


SCOPES = st.sampled_from([Scope(feeders=("城东线",)), Scope(accounts=("100001",)), Scope(accounts=("100002",))])
MOMENTS = st.integers(0, 3).map(lambda hours: NOW + timedelta(days=10, hours=hours))
CHANGES = st.builds(
    OutageChange,
    reason=st.just("x"),
    start=st.none() | MOMENTS,
    end=st.none() | MOMENTS.map(lambda at: at + timedelta(hours=9)),
    etr=st.none() | MOMENTS.map(lambda at: at + timedelta(hours=9)),
    scope=st.none() | SCOPES,
    cause=st.none() | st.sampled_from(["", "一", "二"]),
    area=st.none() | st.sampled_from(["城东", "城南"]),
    danger_to_life=st.none() | st.booleans(),
    facts=st.none() | st.dictionaries(st.sampled_from(["a", "b"]), st.none() | st.sampled_from(["1", "2"])),
)
BY = By(agent="张三", now=NOW)
PLAN = opening(
    Outage(
        id="O1",
        type="planned_maintenance",
        status=Status.SCHEDULED,
        scope=Scope(feeders=("城东线",)),
        received_at=NOW,
        opened_at=NOW,
        planned_start=NOW + timedelta(days=10),
        planned_end=NOW + timedelta(days=10, hours=9),
        cause="一",
        area="城东",
        facts={"a": "1"},
    ),
    "open",
    BY,
)
OFF = structs.replace(PLAN, status=Status.CONFIRMED, actual_start=NOW, planned_start=None, etr=NOW + 9 * HOUR)
BASES = st.sampled_from([PLAN, OFF])  # what has begun has no planned start to move
EDITS = st.tuples(BASES, CHANGES, CHANGES).map(
    lambda edits: edits if edits[0] is PLAN else (OFF, *(structs.replace(one, start=None) for one in edits[1:]))
)


def after(outage: Outage, *edits: OutageChange) -> Outage:
    for edit in edits:
        try:
            outage = changed(outage, edit, None, BY)
        except Refused:
            continue  # nothing would change
    return outage


@settings(deadline=None)
@given(EDITS)
def test_what_is_stored_after_two_edits_is_what_merging_says(edits: tuple[Outage, OutageChange, OutageChange]) -> None:
    seen, one, two = edits
    stored = after(seen, one)
    found = merged(seen, stored, two)
    if found.conflicts:
        with pytest.raises(EditConflict):
            rebased(seen, stored, two)
    else:
        assert as_edited(after(stored, rebased(seen, stored, two))) == found.values


@settings(deadline=None)
@given(EDITS)
def test_two_edits_without_a_conflict_come_to_the_same_in_either_order(
    edits: tuple[Outage, OutageChange, OutageChange],
) -> None:
    seen, *both = edits
    results = []
    for first, second in (both, both[::-1]):
        stored = after(seen, first)
        found = merged(seen, stored, second)
        results.append(None if found.conflicts else as_edited(after(stored, rebased(seen, stored, second))))
    assert results[0] == results[1]


@settings(deadline=None)
@given(st.lists(CHANGES, max_size=4), st.integers(0, 4))
def test_what_was_seen_is_found_again_by_the_steps_of_the_history(edits: list[OutageChange], steps: int) -> None:
    stages = [PLAN]
    for edit in edits:
        if (later := after(stages[-1], edit)) != stages[-1]:
            stages.append(later)
    at = min(steps, len(stages) - 1)
    assert as_edited(as_seen(stages[-1], at + 1)) == as_edited(stages[at])
