"""Work orders from the call to the signature: urgency, limits, states, hurry, boundary."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import FixedClock
from desk.errors import BadInput, NotFound, OutOfOrder, Refused
from desk.records import Call, Step, Topic, Urgency, WorkOrder, WorkOrderState
from desk.work_orders import WORDS, is_late
from desk.work_orders.states import NEXT, moved

MINUTE = timedelta(minutes=1)


def called(desk: Desk, account: str = "1000", **more: Any) -> Call:
    return desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no=account, **more))


def arrived(desk: Desk, order: WorkOrder) -> WorkOrder:
    desk.work_orders.move(order.id, "assigned", crew="抢修一班")
    desk.work_orders.move(order.id, "en_route")
    return desk.work_orders.move(order.id, "arrived")


def test_it_takes_place_hazard_and_outage_from_its_call(desk: Desk) -> None:
    call = called(desk, hazard="wire_down")
    order = desk.work_orders.open(call=call.id)
    assert (order.id, order.place, order.call, order.account_no) == ("W1", "城关镇0号", call.id, "1000")
    assert order.urgency is Urgency.DANGER_TO_LIFE
    assert order.state is WorkOrderState.AWAITING_ASSIGNMENT


@pytest.mark.parametrize(
    ("account", "hazard", "urgency"),
    [
        ("1000", "", "normal"),
        ("1003", "", "important"),
        ("1004", "", "high_risk"),
        ("1005", "", "crowd"),
        ("1006", "", "danger_to_life"),
        ("1000", "crowd", "crowd"),
        ("1000", "fire", "danger_to_life"),
        ("1000", "井盖上有火花", "danger_to_life"),
        ("1003", "other", "important"),
    ],
)
def test_urgency_goes_by_danger_crowd_risk_and_importance(desk: Desk, account: str, hazard: str, urgency: str) -> None:
    assert desk.work_orders.open(account_no=account, hazard=hazard).urgency == urgency


@pytest.mark.parametrize(("account", "minutes"), [("1000", 45), ("1001", 90), ("1002", 120)])
def test_the_limit_of_arrival_goes_by_the_kind_of_area(desk: Desk, account: str, minutes: int) -> None:
    order = desk.work_orders.open(account_no=account)
    assert order.arrive_by == order.at + minutes * MINUTE


def test_the_limit_counts_from_the_call_not_from_the_order(desk: Desk, clock: FixedClock) -> None:
    call = called(desk)
    clock.at += 10 * MINUTE  # type: ignore[misc]
    assert desk.work_orders.open(call=call.id).arrive_by == call.at + 45 * MINUTE


def test_the_customers_own_fault_is_told_before_anyone_is_sent(desk: Desk) -> None:
    call = called(desk, trouble_code="customer_side_fault")
    with pytest.raises(OutOfOrder, match="customer's side"):
        desk.work_orders.open(call=call.id)
    assert desk.work_orders.listed("all") == []
    assert desk.work_orders.open(call=call.id, told_customer_side=True).customer_side


def test_danger_is_gone_to_on_whichever_side_of_the_boundary(desk: Desk) -> None:
    assert desk.work_orders.open(account_no="1000", trouble_code="customer_side_fault", hazard="fire").id == "W1"


def test_each_step_keeps_its_moment_and_who_took_it(desk: Desk, clock: FixedClock) -> None:
    order = desk.work_orders.open(account_no="1000")
    clock.at += 20 * MINUTE  # type: ignore[misc]
    there = arrived(desk, order)
    assert there.crew == "抢修一班"
    assert there.arrived_at == clock.at  # type: ignore[attr-defined]
    assert not is_late(there, clock.now())
    done = desk.work_orders.move(order.id, "field_complete")
    closed = desk.work_orders.close(done.id, reason="更换熔断器", signed_by="张三")
    assert [step.act for step in closed.steps] == [
        *("opened", "assigned", "en_route", "arrived", "field_complete", "closed")
    ]
    assert (closed.signed_by, closed.reason) == ("张三", "更换熔断器")


def test_an_arrival_after_the_limit_stays_visible(desk: Desk, clock: FixedClock) -> None:
    order = desk.work_orders.open(account_no="1000")
    clock.at += 46 * MINUTE  # type: ignore[misc]
    assert [one.id for one in desk.work_orders.listed("late")] == [order.id]
    assert is_late(arrived(desk, order), clock.now())
    assert desk.work_orders.counts()["late"] == 1


@pytest.mark.parametrize("to", ["arrived", "field_complete", "en_route"])
def test_what_cannot_follow_is_refused_with_what_can(desk: Desk, to: str) -> None:
    order = desk.work_orders.open(account_no="1000")
    with pytest.raises(Refused, match="only: assigned"):
        desk.work_orders.move(order.id, to)


def test_it_is_assigned_to_a_crew_and_closed_for_a_reason(desk: Desk) -> None:
    order = desk.work_orders.open(account_no="1000")
    with pytest.raises(BadInput, match="crew"):
        desk.work_orders.move(order.id, "assigned")
    with pytest.raises(BadInput, match="reason"):
        desk.work_orders.cancel(order.id, reason=" ")
    assert desk.work_orders.cancel(order.id, reason="重复").state is WorkOrderState.CANCELLED


def test_a_step_is_not_before_the_last_and_not_to_come(desk: Desk, clock: FixedClock) -> None:
    order = desk.work_orders.open(account_no="1000")
    with pytest.raises(BadInput, match="before its last step"):
        desk.work_orders.move(order.id, "assigned", crew="一班", at=clock.now() - MINUTE)
    with pytest.raises(BadInput, match="still to come"):
        desk.work_orders.move(order.id, "assigned", crew="一班", at=clock.now() + MINUTE)


def test_orders_below_one_transformer_at_about_one_time_are_linked_both_ways(desk: Desk, clock: FixedClock) -> None:
    one = desk.work_orders.open(account_no="1000")
    clock.at += 10 * MINUTE  # type: ignore[misc]
    other = desk.work_orders.open(account_no="1003")
    assert other.similar == (one.id,)
    assert desk.work_orders.get(one.id).similar == (other.id,)
    assert desk.work_orders.open(account_no="1001").similar == ()


def test_requests_to_hurry_are_counted_and_go_up(desk: Desk) -> None:
    order = desk.work_orders.open(account_no="1000")
    assert desk.work_orders.expedite(order.id, by="客户").escalated == 0
    hurried = desk.work_orders.expedite(order.id, by="客户")
    assert (hurried.expedites, hurried.escalated) == (2, 1)
    assert [step.act for step in hurried.steps[1:]] == ["expedited", "escalated"]


def test_past_the_limit_every_request_goes_up(desk: Desk, clock: FixedClock) -> None:
    order = desk.work_orders.open(account_no="1000")
    clock.at += 50 * MINUTE  # type: ignore[misc]
    assert desk.work_orders.expedite(order.id).escalated == 1


def test_what_is_done_is_not_hurried(desk: Desk) -> None:
    order = desk.work_orders.open(account_no="1000")
    desk.work_orders.cancel(order.id, reason="重复")
    with pytest.raises(Refused, match="nothing to hurry"):
        desk.work_orders.expedite(order.id)


def test_the_most_urgent_comes_first_then_the_one_needed_soonest(desk: Desk) -> None:
    ids = [desk.work_orders.open(account_no=f"100{n}").id for n in (1, 0, 3, 6)]
    assert [one.id for one in desk.work_orders.listed()] == [ids[3], ids[2], ids[1], ids[0]]


@pytest.mark.parametrize("what", [{"call": "C9"}, {"account_no": "nobody"}])
def test_what_it_is_about_must_exist(desk: Desk, what: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        desk.work_orders.open(**what)  # type: ignore[arg-type]


def test_it_needs_a_place_to_go_to(desk: Desk) -> None:
    with pytest.raises(BadInput, match="where"):
        desk.work_orders.open(hazard="fire")


@given(st.lists(st.sampled_from(WorkOrderState), max_size=12))
def test_no_path_leads_out_of_an_end_and_every_step_is_kept(path: list[WorkOrderState]) -> None:
    at = datetime(2026, 7, 1, 8, tzinfo=UTC)
    order, taken = WorkOrder(id="W1", at=at, place="x"), 0
    for number, to in enumerate(path):
        step = Step(at=at + number * MINUTE, act=to.value)
        if to in NEXT[order.state]:
            order, taken = moved(order, to, step, crew="一班", reason="r"), taken + 1
        else:
            with pytest.raises(Refused):
                moved(order, to, step, crew="一班", reason="r")
    assert len(order.steps) == taken


def test_every_state_has_its_word() -> None:
    assert set(WORDS) == set(WorkOrderState) == set(NEXT)
