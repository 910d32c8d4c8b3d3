"""What an outage owes from its entry to its end, on the real store: acts in, duties out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from noticed_county import (
    DAY,
    GOLD,
    HOSPITAL,
    HOUR,
    MINE,
    MINUTE,
    NOW,
    SPECIAL,
    approve_all,
    customer,
    fault,
    opened,
    owed,
    plan,
)

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import BadInput, NotFound, Refused, StaleWrite
from desk.notices.tally import counted
from desk.outages import OutageChange
from desk.records import OPEN_DUTIES, Duty, DutyState, Outage, Scope


@pytest.fixture
def planned(desk: Desk) -> Outage:
    return opened(desk, plan())


@pytest.fixture
def approved(desk: Desk, planned: Outage) -> Outage:
    approve_all(desk, planned)
    return desk.outages.get(planned.id)


def by_rule(desk: Desk, outage: Outage, rule: str) -> dict[str, Duty]:
    return {duty.recipient.id: duty for duty in desk.notices.of(outage.id) if rule in duty.rules}


def told(desk: Desk, outage: Outage, rule: str, to: str) -> Duty:
    return desk.notices.settle(owed(desk, outage, rule, to).id, "signed", person="刘", channel="written_notice")


def tally_is_true(desk: Desk) -> None:
    for outage in desk.outages.listed():
        assert outage.duties == counted(desk.notices.of(outage.id))


# Opening


def test_opening_stores_outage_duties_approvals_and_audit_together(desk: Desk) -> None:
    outage = opened(desk, plan())
    assert len(desk.notices.of(outage.id)) == desk.notices.counts(outage).owed > 0
    assert [one.step for one in desk.notices.approvals(outage.id)][-1] == "leader_approval"
    assert "outage.open" in [line.act for line in desk.place.audit_table.all()]
    assert {pack.id for pack in outage.packs} >= {"county", "national"}
    tally_is_true(desk)


def test_the_preview_is_what_opening_then_stores(desk: Desk) -> None:
    foreseen = list(desk.outages.preview(plan()).duties)
    assert desk.notices.work() == []
    outage = opened(desk, plan())
    assert [(duty.id, duty.key, duty.due, duty.after) for duty in foreseen] == [
        (duty.id, duty.key, duty.due, duty.after) for duty in desk.notices.of(outage.id)
    ]


def test_a_plan_that_came_too_late_is_a_violation_from_the_first_second(desk: Desk) -> None:
    done = desk.outages.open(plan(planned_start=NOW + 2 * DAY, planned_end=NOW + 3 * DAY))
    assert [one.article for one in desk.notices.violations(done.outage.id)] == ["9.1"]
    assert done.warnings


def test_the_second_notice_follows_the_first_to_the_same_customer(desk: Desk, planned: Outage) -> None:
    second = by_rule(desk, planned, "county:A9.4")[HOSPITAL]
    before = [desk.notices.get(id) for id in second.after]
    assert {duty.rules[0] for duty in before} == {"county:A9.2c", "county:A9.3"}
    assert {duty.recipient.id for duty in before} == {HOSPITAL}


def test_a_group_is_told_once_with_its_sites(desk: Desk, planned: Outage) -> None:
    group = by_rule(desk, planned, "county:A9.3")["移动公司"]
    assert group.sites == ("100006", "100007")
    assert desk.notices.contact(group).account_no == "100007"  # type: ignore[union-attr]


# Approvals


def test_approving_out_of_order_names_the_step_that_comes_first(desk: Desk, planned: Outage) -> None:
    steps = [one.step for one in desk.notices.approvals(planned.id)]
    with pytest.raises(Refused, match=steps[0]):
        desk.notices.approve(planned.id, steps[-1], by="李", mode="written")
    assert all(one.at is None for one in desk.notices.approvals(planned.id))


def test_a_step_is_approved_once(desk: Desk, approved: Outage) -> None:
    with pytest.raises(Refused, match="李局长"):
        desk.notices.approve(approved.id, "leader_approval", by="王", mode="phone")


WRONG_APPROVALS = {
    "nobody": {"by": " ", "mode": "written"},
    "by pigeon": {"by": "李", "mode": "pigeon"},
    "tomorrow": {"by": "李", "mode": "written", "at": NOW + DAY},
}


@pytest.mark.parametrize("name", WRONG_APPROVALS)
def test_an_approval_that_cannot_be_is_refused(desk: Desk, planned: Outage, name: str) -> None:
    with pytest.raises(BadInput):
        desk.notices.approve(planned.id, "application", **WRONG_APPROVALS[name])  # type: ignore[arg-type]


def test_what_counts_from_the_entry_counts_from_a_later_approval(
    desk: Desk, planned: Outage, clock: FixedClock
) -> None:
    before = by_rule(desk, planned, "county:A9.2c")[HOSPITAL]
    clock.at += 5 * HOUR
    approve_all(desk, planned)
    after = desk.notices.get(before.id)
    assert (before.due, after.due) == (NOW + 2 * HOUR, NOW + 7 * HOUR)
    [move] = after.replans
    assert (move.field, move.before, move.after) == ("due", before.due, after.due)
    assert move.reason


def test_approvals_still_missing_are_listed_by_their_last_moment(desk: Desk, planned: Outage) -> None:
    later = opened(desk, plan(feeders=("城西线",), planned_start=NOW + 20 * DAY, planned_end=NOW + 21 * DAY))
    missing = desk.notices.approvals_open()
    assert {one.outage for one in missing} == {planned.id, later.id}
    assert [one.needed_by for one in missing] == sorted(one.needed_by for one in missing if one.needed_by)
    desk.outages.cancel(later.id, reason="改期")
    assert {one.outage for one in desk.notices.approvals_open()} == {planned.id}


# Order


def test_announcing_before_the_approval_is_refused_and_with_a_reason_a_violation(desk: Desk, planned: Outage) -> None:
    public = owed(desk, planned, "county:A9.1d")
    with pytest.raises(Refused):
        desk.notices.settle(public.id, "published", ref="县台")
    assert desk.notices.get(public.id) == public
    done = desk.notices.settle(public.id, "published", ref="县台", reason="口头同意，手续后补")
    assert done.state is DutyState.DONE
    [*_others, last] = desk.notices.violations(planned.id)
    assert (last.what, last.by) == ("announced before the approval", desk.place.agent)
    assert last.reason == "口头同意，手续后补"


def test_executing_before_the_approval_is_refused_and_with_a_reason_a_violation(desk: Desk, planned: Outage) -> None:
    with pytest.raises(Refused):
        desk.outages.start(planned.id)
    assert desk.outages.get(planned.id) == planned
    desk.outages.start(planned.id, reason="设备将坏")
    assert "executed before the approval" in [one.what for one in desk.notices.violations(planned.id)]


def test_a_second_notice_is_not_given_before_its_hour(desk: Desk, approved: Outage) -> None:
    told(desk, approved, "county:A9.3", SPECIAL)
    second = owed(desk, approved, "county:A9.4", SPECIAL)
    with pytest.raises(Refused, match="before"):
        desk.notices.settle(second.id, "reached")


def test_a_second_notice_is_not_given_before_a_first(desk: Desk, approved: Outage, clock: FixedClock) -> None:
    second = owed(desk, approved, "county:A9.4", SPECIAL)
    clock.at = NOW + 8 * DAY + HOUR
    with pytest.raises(Refused, match=second.after[0]):
        desk.notices.settle(second.id, "reached")
    told(desk, approved, "county:A9.3", SPECIAL)
    assert desk.notices.settle(second.id, "reached").state is DutyState.DONE


def test_a_fault_is_told_by_telephone_and_nothing_else(desk: Desk) -> None:
    call = owed(desk, opened(desk, fault()), "county:A11.3c", MINE)
    with pytest.raises(Refused):
        desk.notices.settle(call.id, "delivered", channel="sms")
    done = desk.notices.settle(call.id, "delivered", channel="sms", reason="通信中断，仅短信可达")
    assert done.state is DutyState.DONE
    assert desk.notices.violations(call.outage)[-1].article == "11.3"


# Later acts


def test_a_later_end_moves_what_is_open_and_tells_who_was_told(desk: Desk, approved: Outage) -> None:
    told(desk, approved, "county:A9.3", SPECIAL)
    end = approved.planned_end + 2 * HOUR  # type: ignore[operator]
    changed = desk.outages.change(approved.id, OutageChange(reason="吊车故障", end=end))
    news = {duty.recipient.id for duty in desk.notices.of(approved.id) if duty.notice == "times_changed"}
    assert SPECIAL in news
    assert changed.duties == counted(desk.notices.of(approved.id))


def test_a_moved_start_moves_deadlines_with_a_record(desk: Desk, approved: Outage) -> None:
    before = {duty.id: duty for duty in desk.notices.of(approved.id)}
    start = approved.planned_start + DAY  # type: ignore[operator]
    desk.outages.change(approved.id, OutageChange(reason="下雨", start=start, end=start + 6 * HOUR))
    for duty in desk.notices.of(approved.id):
        old = before.get(duty.id)
        if old and duty.due != old.due:
            [move] = [line for line in duty.replans if line.field == "due" and line.reason == "下雨"]
            assert (move.before, move.after) == (old.due, duty.due)
    assert by_rule(desk, approved, "county:A9.4")[SPECIAL].due == start - DAY
    tally_is_true(desk)


def test_what_a_change_would_do_is_shown_and_nothing_is_written(desk: Desk, approved: Outage) -> None:
    told(desk, approved, "county:A9.3", SPECIAL)
    before = desk.notices.of(approved.id)
    change = OutageChange(reason="吊车故障", end=approved.planned_end + 2 * HOUR)  # type: ignore[operator]
    steps = desk.outages.foresee(approved.id, change)
    assert SPECIAL in {draft.recipient.id for draft in steps.inform}
    assert desk.notices.of(approved.id) == before


def test_who_falls_out_is_withdrawn_untold_and_corrected_when_told(desk: Desk, approved: Outage) -> None:
    told(desk, approved, "county:A9.3", SPECIAL)
    small = OutageChange(reason="缩小", scope=Scope(transformer_areas=("T2",)))
    desk.outages.change(approved.id, small)
    corrected = by_rule(desk, approved, "desk:correction")
    assert set(corrected) == {SPECIAL}
    gone = owed(desk, approved, "county:A9.3", HOSPITAL)
    assert gone.state is DutyState.WITHDRAWN
    assert (gone.evidence[-1].result, gone.evidence[-1].note) == ("withdrawn", "缩小")
    tally_is_true(desk)


def test_who_comes_into_the_scope_is_owed_first_notices_the_others_nothing_new(desk: Desk, approved: Outage) -> None:
    before = {duty.key for duty in desk.notices.of(approved.id)}
    desk.outages.change(approved.id, OutageChange(reason="扩大", scope=Scope(feeders=("城东线", "城西线"))))
    new = [duty for duty in desk.notices.of(approved.id) if duty.key not in before]
    assert {duty.recipient.id for duty in new} == {"100008", "100009", "城西所"}


def test_a_customer_added_by_an_import_is_owed_the_first_notices(desk: Desk, approved: Outage) -> None:
    desk.place.customers.put(customer(20, "T1", "13800138020", special=True))
    desk.outages.recount()
    assert set(by_rule(desk, approved, "county:A9.3")) >= {"100020"}
    keys = [duty.key for duty in desk.notices.of(approved.id)]
    assert len(keys) == len(set(keys))
    tally_is_true(desk)


def test_a_customer_who_becomes_important_is_noticed_though_no_count_moves(desk: Desk, approved: Outage) -> None:
    gold, important = (desk.place.customers.get(account) for account in (GOLD, MINE))
    assert gold
    assert important
    desk.place.customers.put(replace(gold, important=True, medal=""))
    desk.place.customers.put(replace(important, important=False, medal="gold"))
    desk.outages.recount()
    assert GOLD in by_rule(desk, approved, "county:A9.3")


def test_cancelling_tells_everyone_told_and_withdraws_the_rest(desk: Desk, approved: Outage) -> None:
    told(desk, approved, "county:A9.3", SPECIAL)
    desk.outages.cancel(approved.id, reason="改期")
    still = {duty.rules: duty.recipient.id for duty in desk.notices.of(approved.id) if duty.state in OPEN_DUTIES}
    assert still == {("desk:cancelled",): SPECIAL}
    tally_is_true(desk)


def test_once_supply_is_back_only_what_still_makes_sense_is_owed(desk: Desk) -> None:
    outage = opened(desk, fault())
    desk.outages.restore(outage.id)
    states = {duty.rules[0]: duty.state for duty in desk.notices.of(outage.id)}
    assert states["county:A11.3c"] is DutyState.WITHDRAWN
    assert states["county:A16c"] is DutyState.PENDING
    assert owed(desk, outage, "county:A11.3c").evidence[-1].note
    tally_is_true(desk)


def test_what_was_overdue_when_supply_came_back_stays_missed(desk: Desk, clock: FixedClock) -> None:
    outage = opened(desk, fault())
    clock.at += HOUR
    desk.outages.restore(outage.id)
    missed = owed(desk, outage, "county:A11.3c", MINE)
    assert missed.state is DutyState.PENDING
    assert missed in list(desk.notices.all(state="overdue"))


# Settling


def test_a_result_of_somebody_else_meanwhile_makes_a_form_out_of_date(desk: Desk) -> None:
    seen = owed(desk, opened(desk, fault()), "county:A11.3c", MINE)
    desk.notices.settle(seen.id, "busy")
    with pytest.raises(StaleWrite):
        desk.notices.settle(seen.id, "reached", seen=seen)
    assert len(desk.notices.get(seen.id).evidence) == 1


def test_a_duty_that_does_not_exist_is_named(desk: Desk) -> None:
    with pytest.raises(NotFound, match="D7"):
        desk.notices.settle("D7", "reached")


def test_settling_counts_on_the_board(desk: Desk, clock: FixedClock) -> None:
    outage = opened(desk, fault())
    clock.at += 16 * MINUTE
    [row] = desk.outages.board().rows["active"]
    owing = row.duties.owed
    assert (row.duties.done, row.duties.overdue, row.duties.late) == (0, owing, 0)
    desk.notices.settle(owed(desk, outage, "county:A11.3c", MINE).id, "reached", at=NOW + 10 * MINUTE)
    desk.notices.settle(owed(desk, outage, "county:A11.3b").id, "received")
    [row] = desk.outages.board().rows["active"]
    assert (row.duties.done, row.duties.overdue, row.duties.late) == (2, owing - 2, 1)
    tally_is_true(desk)


# The work list


def test_the_work_list_is_in_the_order_of_the_deadlines(desk: Desk) -> None:
    opened(desk, plan())
    opened(desk, fault(feeders=("城西线",)))
    works = desk.notices.work(limit=500)
    assert [work.duty.due for work in works] == sorted(work.duty.due for work in works)


def test_the_work_list_says_what_comes_first(desk: Desk, planned: Outage) -> None:
    public = next(work for work in desk.notices.work(outage=planned.id) if work.duty.rules[0] == "county:A9.1d")
    assert len(public.obstacles) == len(desk.notices.approvals(planned.id))
    ready = desk.notices.work(outage=planned.id, state="ready", limit=500)
    assert all(not work.duty.waits_for for work in ready)


@pytest.mark.parametrize("owner", ["95598", "office", "marketing", "dispatch"])
def test_each_owner_sees_their_own(desk: Desk, planned: Outage, owner: str) -> None:
    mine = desk.notices.work(owner=owner, limit=500)
    every = [duty for duty in desk.notices.of(planned.id) if duty.owner == owner]
    assert {work.duty.id for work in mine} == {duty.id for duty in every}


def test_no_answer_comes_back_after_a_while(desk: Desk, clock: FixedClock) -> None:
    outage = opened(desk, fault(feeders=("城西线",)))
    first = desk.notices.work(channel="phone", state="ready")[0].duty
    desk.notices.settle(first.id, "no_answer")
    assert first.id not in [work.duty.id for work in desk.notices.work(outage=outage.id, state="ready")]
    clock.at += 15 * MINUTE
    assert first.id in [work.duty.id for work in desk.notices.work(outage=outage.id, state="ready")]


def test_a_duty_whose_numbers_are_worn_out_leaves_the_telephone_list(desk: Desk) -> None:
    call = owed(desk, opened(desk, fault()), "county:A11.3c", MINE)
    for _again in range(3):
        desk.notices.settle(call.id, "no_answer")
    assert call.id not in [work.duty.id for work in desk.notices.work(channel="phone", limit=500)]
    assert call.id in [work.duty.id for work in desk.notices.work(channel="face_to_face", limit=500)]
    assert desk.notices.settle(call.id, "told", channel="face_to_face").state is DutyState.DONE


def test_a_state_that_is_none_is_told(desk: Desk) -> None:
    with pytest.raises(BadInput, match="overdue"):
        desk.notices.work(state="sleeping")


# The telephone


def test_the_next_call_has_number_words_and_what_to_have_read_back(desk: Desk) -> None:
    call = desk.notices.next_phone(owed(desk, opened(desk, fault()), "county:A11.3c", HOSPITAL).id)
    assert (call.channel, call.number, call.role) == ("phone", "138****8001", "值班")
    assert call.text
    assert any("08:00" in line for line in call.read_back)
    assert "reached" in [result.id for result in call.results]


def test_dialling_shows_the_number_and_is_audited(desk: Desk) -> None:
    call = desk.notices.dial(owed(desk, opened(desk, fault()), "county:A11.3c", HOSPITAL).id)
    assert call.digits == "13800138001"
    assert "number.reveal" in [line.act for line in desk.place.audit_table.all()]


def test_what_was_dialled_is_in_the_evidence(desk: Desk) -> None:
    call = owed(desk, opened(desk, fault()), "county:A11.3c", HOSPITAL)
    assert desk.notices.settle(call.id, "no_answer").evidence[-1].number == "13800138001"


# Rights


def test_a_role_without_the_right_settles_nothing(desk: Desk) -> None:
    call = owed(desk, opened(desk, fault()), "county:A11.3c", MINE)
    desk.place.role = "viewer"
    for act in (
        lambda: desk.notices.settle(call.id, "reached"),
        lambda: desk.notices.approve(call.outage, "x", by="李", mode="written"),
    ):
        with pytest.raises(Refused):
            act()
    assert desk.notices.get(call.id) == call


def test_times_are_whole_and_stand_in_the_countys_zone(desk: Desk, planned: Outage) -> None:
    for duty in desk.notices.of(planned.id):
        assert duty.due.utcoffset() == timedelta(hours=8)


def test_who_reported_a_change_is_the_proof_that_it_was_reported(desk: Desk, approved: Outage) -> None:
    end = approved.planned_end
    assert end is not None
    said = OutageChange(end=end + 2 * HOUR, reason="工作未完", reported_by="施工队王工", reported_at=desk.place.now())
    desk.outages.change(approved.id, said)
    [report] = [duty for duty in desk.notices.of(approved.id) if "county:A9.5b" in duty.rules]
    assert (report.state, report.late) == (DutyState.DONE, False)
    assert (report.evidence[-1].person, report.evidence[-1].note) == ("施工队王工", "工作未完")


def test_a_change_that_nobody_reported_leaves_the_report_owed(desk: Desk, approved: Outage) -> None:
    end = approved.planned_end
    assert end is not None
    desk.outages.change(approved.id, OutageChange(end=end + 2 * HOUR, reason="工作未完"))
    [report] = [duty for duty in desk.notices.of(approved.id) if "county:A9.5b" in duty.rules]
    assert report.state is DutyState.PENDING
