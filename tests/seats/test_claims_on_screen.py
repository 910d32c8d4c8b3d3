"""Work in hand, on screen: two agents get different duties, a list says whose a row is, a supervisor takes over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from seat_county import calls, fault
from seat_screens import NARROW, at_seat

from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import FixedClock
from desk.records import AttemptState, Message, Recipient, Topic
from desk.seats import duty_claim, message_claim

Sit = Callable[..., Desk]


async def test_the_telephone_brings_up_what_nobody_else_has_and_lets_go_when_it_is_left(desk: Desk, sit: Sit) -> None:
    fault(desk)
    mine, other = sit("2", "张三"), sit("3", "李四")
    theirs = other.notices.next_to_call()
    assert theirs
    async with at_seat(mine) as hands:
        await hands.press("f9")
        shown = hands.app.screen.call.duty.id
        assert shown != theirs.duty.id
        assert list(other.seats.claims.others()) == [duty_claim(shown)]
        await hands.press("f8")
        assert hands.app.screen.call.duty.id not in (shown, theirs.duty.id)
        assert duty_claim(shown) not in other.seats.claims.others()
        await hands.press("f9")
        await hands.pilot.pause(0.2)
        assert other.seats.claims.others() == {}


async def test_the_telephone_names_who_talks_to_the_same_customer(desk: Desk, sit: Sit) -> None:
    first, second = calls(desk, fault(desk)), calls(desk, fault(desk, "外力"))
    mine, other = sit("2", "张三"), sit("3", "李四")
    async with at_seat(mine, NARROW) as hands:
        await hands.press("f9")
        shown = hands.app.screen.call.duty
        same = next(d for d in (*first, *second) if d.recipient.id == shown.recipient.id and d.id != shown.id)
        other.notices.dial(same.id)
        await hands.sees("seat 3 (李四) is talking to this customer")


async def test_a_duty_of_another_seat_has_a_sign_is_refused_and_is_taken_over_with_a_reason(
    desk: Desk, sit: Sit
) -> None:
    duty = calls(desk, fault(desk))[0]
    chief, other = sit("1", "王班长", "supervisor"), sit("3", "李四")
    other.notices.take_call(duty.id)
    async with at_seat(chief) as hands:
        await hands.press("f6")
        while hands.app.screen.list.current.duty.id != duty.id:
            await hands.press("down")
        assert "@李四" in hands.text()
        assert f"{duty.id} is in the hands of seat 3 (李四) since 08:00, until 08:10" in hands.text()
        await hands.press("enter")
        assert hands.app.screen.PLACE == "work"
        assert "is in the hands of" in hands.text().splitlines()[-2]
        await hands.press("k")
        await hands.type("waiting")
        await hands.press("enter")
        await hands.sees(f"{duty.id} is yours until 08:10")
        assert chief.seats.claims.mine(duty_claim(duty.id))
        await hands.misses("@李四")


async def test_an_agent_is_not_offered_to_take_over(desk: Desk, sit: Sit) -> None:
    duty = calls(desk, fault(desk))[0]
    sit("3", "李四").notices.take_call(duty.id)
    async with at_seat(sit("2", "张三")) as hands:
        await hands.press("f6")
        while hands.app.screen.list.current.duty.id != duty.id:
            await hands.press("down")
        await hands.press("k")
        assert not hands.app.screen.ask.display


async def test_a_callback_in_another_hand_is_named_and_not_taken(desk: Desk, sit: Sit, clock: FixedClock) -> None:
    outage = fault(desk)
    desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no="100001", callback=True))
    desk.outages.restore(outage.id)
    mine, other = sit("2", "张三"), sit("3", "李四")
    async with at_seat(mine) as hands:
        await hands.press("b")
        await hands.sees("B1")
        other.callbacks.take("B1")
        await hands.press("enter")
        await hands.sees("B1 is in the hands of seat 3 (李四)")
        other.callbacks.let_go("B1")
        await hands.press("s", "s", "s", "enter")
        await hands.sees("138 0013 8001")
        assert other.callbacks.get("B1").agent == "张三"
        await hands.press("escape")
        await hands.pilot.pause(0.2)
        assert other.callbacks.get("B1").agent == ""
    clock.at += timedelta(minutes=1)


async def test_a_message_is_decided_by_one_seat_at_a_time(desk: Desk, sit: Sit) -> None:
    message = Message(
        id="M1",
        outage="",
        recipient=Recipient(kind="customer", id="100001", name="客户1"),
        channel="sms",
        body="停电通知",
        made_at=desk.now(),
        account_no="100001",
        state=AttemptState.UNKNOWN,
    )
    desk.outbox.book.messages.put(message)
    mine, other = sit("2", "张三"), sit("3", "李四")
    async with at_seat(mine) as hands:
        await hands.press("m")
        await hands.sees("M1")
        await hands.press("1")
        assert list(other.seats.claims.others()) == [message_claim("M1")]
        await hands.press("escape")
        await hands.pilot.pause(0.2)
        assert other.seats.claims.others() == {}
        other.outbox.take("M1")
        await hands.sees("@李四")
        await hands.press("1")
        await hands.sees("M1 is in the hands of seat 3 (李四)")
