"""Callbacks and unknown messages at two seats: one hand at a time, the same lease, free again with the seat."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic

import pytest
from seat_county import MINUTE, fault, seat

from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import FixedClock
from desk.config import Config
from desk.records import AttemptState, CallbackState, Message, Recipient, Topic
from desk.seats import HeldElsewhere

Sit = Callable[..., Desk]
pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)


def promised(desk: Desk, *accounts: str) -> None:
    outage = fault(desk)
    for account in accounts:
        desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no=account, callback=True))
    desk.outages.restore(outage.id)


def test_who_take_the_next_at_once_have_different_ones(desk: Desk, config: Config, clock: FixedClock) -> None:
    promised(desk, "100001", "100002", "100003")
    together = Barrier(3)

    def take(number: int) -> str:
        with seat(config, str(number), f"坐席{number}", clock) as there:
            together.wait()
            taken = there.callbacks.take()
            return taken.id if taken else ""

    with ThreadPoolExecutor(3) as seats:
        assert sorted(seats.map(take, range(3))) == ["B1", "B2", "B3"]


def test_a_callback_of_a_seat_that_crashed_is_owed_again_after_the_lease(
    desk: Desk, sit: Sit, clock: FixedClock
) -> None:
    promised(desk, "100001")
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.callbacks.take("B1")
    with pytest.raises(HeldElsewhere):
        other.callbacks.settle("B1", "restored")
    until = monotonic() + 5  # a server tells of it a moment later
    while other.callbacks.get("B1").state is not CallbackState.ASSIGNED:
        assert monotonic() < until
    clock.at += 10 * MINUTE
    assert other.callbacks.get("B1").state is CallbackState.OWED
    assert other.callbacks.settle("B1", "restored").state is CallbackState.DONE


def test_a_message_that_another_seat_looks_into_is_not_decided(desk: Desk, sit: Sit) -> None:
    desk.outbox.book.messages.put(
        Message(
            id="M1",
            outage="",
            recipient=Recipient(kind="customer", id="100001"),
            channel="sms",
            body="停电通知",
            made_at=desk.now(),
            state=AttemptState.UNKNOWN,
        )
    )
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.outbox.take("M1")
    with pytest.raises(HeldElsewhere):
        other.outbox.decide("M1", "arrived", "问过")
    with pytest.raises(HeldElsewhere):
        other.outbox.cancel("M1", "不用了")
    assert mine.outbox.decide("M1", "arrived", "问过").state is AttemptState.DELIVERED
    assert other.seats.claims.all() == []
