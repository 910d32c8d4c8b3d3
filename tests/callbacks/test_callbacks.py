"""Callbacks: promised by default, ripe once supply is back, in order, in one seat's hand, every try kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import FixedClock
from desk.errors import BadInput, NotFound, Refused
from desk.outages import OutageRequest
from desk.records import Call, CallbackState, Outage, Topic

MINUTE = timedelta(minutes=1)


def called(desk: Desk, account: str = "1000", **more: Any) -> Call:
    return desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no=account, callback=True, **more))


def fault(desk: Desk) -> Outage:
    return desk.outages.open(OutageRequest(type="grid_fault", feeders=("城东线",), cause="树障")).outage


def restored(desk: Desk, *accounts: str) -> Outage:
    """A fault that these called about, and supply is back."""
    outage = fault(desk)
    for account in accounts:
        called(desk, account)
    return desk.outages.restore(outage.id)


def test_a_promise_is_kept_with_the_call_and_is_not_ripe_before_supply_is_back(desk: Desk) -> None:
    outage = fault(desk)
    call = called(desk)
    (one,) = desk.callbacks.listed()
    assert (one.call, one.outage, one.number) == (call.id, outage.id, "13800138000")
    assert desk.callbacks.take() is None
    assert desk.callbacks.counts() == {"owed": 1, "ripe": 0}


def test_a_call_without_a_promise_owes_nothing(desk: Desk) -> None:
    desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no="1000"))
    assert desk.callbacks.listed("all") == []


def test_once_supply_is_back_danger_comes_first_then_importance_then_who_waited_longest(desk: Desk) -> None:
    restored(desk, "1001", "1000", "1003", "1006")
    assert [one.account_no for one in desk.callbacks.listed("ripe")] == ["1006", "1003", "1001", "1000"]


def test_a_caller_who_joined_a_predicted_outage_later_is_called_back_too(desk: Desk) -> None:
    called(desk, "1000")
    called(desk, "1003")
    called(desk, "1006")
    (outage,) = desk.outages.listed("predicted")
    desk.calls.predicting.confirm(outage.id, by="王工")
    desk.outages.restore(outage.id)
    assert {one.account_no for one in desk.callbacks.listed("ripe")} == {"1000", "1003", "1006"}


def test_nobody_is_rung_at_night_but_for_danger_to_life(desk: Desk, clock: FixedClock) -> None:
    outage = fault(desk)
    called(desk, "1000")
    called(desk, "1006")
    clock.at = clock.at.replace(hour=23)  # type: ignore[misc]
    desk.outages.restore(outage.id)
    assert [one.account_no for one in desk.callbacks.listed("ripe")] == ["1006"]
    clock.at = clock.at.replace(hour=7) + timedelta(days=1)  # type: ignore[misc]
    assert len(desk.callbacks.listed("ripe")) == 2


def test_one_seat_has_it_in_hand_and_another_gets_the_next(desk: Desk) -> None:
    restored(desk, "1000", "1001")
    first = desk.callbacks.take()
    assert first
    desk.place.seat = "other"
    second = desk.callbacks.take()
    assert second
    assert second.id != first.id
    with pytest.raises(Refused, match="in the hands of seat"):
        desk.callbacks.take(first.id)
    assert desk.callbacks.take() is None


def test_a_hand_that_lets_go_gives_it_back_after_ten_minutes(desk: Desk, clock: FixedClock) -> None:
    restored(desk, "1000")
    first = desk.callbacks.take()
    assert first
    desk.place.seat = "other"
    clock.at += 11 * MINUTE  # type: ignore[misc]
    again = desk.callbacks.take()
    assert again
    assert (again.id, again.seat) == (first.id, "other")


def test_every_try_is_kept_and_the_third_in_vain_ends_it(desk: Desk, clock: FixedClock) -> None:
    restored(desk, "1000")
    for outcome in ("no_answer", "busy", "no_answer"):
        clock.at += 31 * MINUTE  # type: ignore[misc]
        mine = desk.callbacks.take()
        assert mine
        done = desk.callbacks.settle(mine.id, outcome)
    assert done.state is CallbackState.UNREACHABLE
    assert [step.act for step in done.attempts] == ["no_answer", "busy", "no_answer"]


def test_after_no_answer_it_waits_before_it_is_ripe_again(desk: Desk, clock: FixedClock) -> None:
    restored(desk, "1000")
    desk.callbacks.settle("B1", "no_answer")
    assert desk.callbacks.listed("ripe") == []
    clock.at += 30 * MINUTE  # type: ignore[misc]
    assert [one.id for one in desk.callbacks.listed("ripe")] == ["B1"]


def test_still_out_opens_a_case_linked_to_the_call_before(desk: Desk) -> None:
    outage = restored(desk, "1000")
    done = desk.callbacks.settle("B1", "still_out", person="张三")
    case = desk.cases.get(done.case)
    assert case.kind == "still_out"
    assert case.outage == outage.id
    assert set(case.linked) == {"B1", "C1"}


def test_a_closed_work_order_is_followed_up_with_how_satisfied(desk: Desk, clock: FixedClock) -> None:
    order = desk.work_orders.open(account_no="1000")
    for step in ("assigned", "arrived", "field_complete"):
        desk.work_orders.move(order.id, step, crew="一班")
    desk.work_orders.close(order.id, reason="换保险", signed_by="张三")
    (one,) = desk.callbacks.listed()
    assert (one.kind, one.work_order) == ("follow_up", order.id)
    clock.at += 60 * MINUTE  # type: ignore[misc]
    done = desk.callbacks.settle(one.id, "satisfied", satisfaction=5, words="很快")
    assert (done.state, done.satisfaction, done.words) == (CallbackState.DONE, 5, "很快")


@pytest.mark.parametrize("outcome", ["", "reached", "RESTORED"])
def test_an_outcome_there_is_not_is_refused_with_those_there_are(desk: Desk, outcome: str) -> None:
    restored(desk, "1000")
    with pytest.raises(BadInput, match="no_answer"):
        desk.callbacks.settle("B1", outcome)
    assert desk.callbacks.get("B1").attempts == ()


def test_what_is_over_is_not_settled_again(desk: Desk) -> None:
    restored(desk, "1000")
    desk.callbacks.settle("B1", "restored")
    with pytest.raises(Refused, match="is over"):
        desk.callbacks.settle("B1", "busy")


def test_one_is_dropped_for_a_reason_only(desk: Desk) -> None:
    restored(desk, "1000")
    with pytest.raises(BadInput, match="reason"):
        desk.callbacks.drop("B1", " ")
    assert desk.callbacks.drop("B1", "客户已来电").state is CallbackState.DROPPED


@pytest.mark.parametrize("satisfaction", [-1, 6])
def test_satisfaction_is_from_one_to_five(desk: Desk, satisfaction: int) -> None:
    restored(desk, "1000")
    with pytest.raises(BadInput, match="1 to 5"):
        desk.callbacks.settle("B1", "satisfied", satisfaction=satisfaction)


def test_one_that_is_not_there_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.callbacks.get("B9")


@pytest.mark.parametrize("outage", ["", "O1"])
def test_a_state_there_is_not_is_refused_with_those_there_are(desk: Desk, outage: str) -> None:
    with pytest.raises(BadInput, match="open, ripe, all, owed"):
        desk.callbacks.listed("forgotten", outage=outage)
