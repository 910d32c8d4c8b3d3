"""Two desks on one store: who else has a card open is on the card within a second of the change."""

from __future__ import annotations

from collections.abc import Callable

from seat_county import calls, fault
from seat_screens import NARROW, WIDE, at_seat

from desk.app import Desk
from desk.seats import duty_claim

Sit = Callable[..., Desk]


async def test_an_outage_open_at_another_seat_says_so_and_no_longer_once_it_is_left(desk: Desk, sit: Sit) -> None:
    outage = fault(desk)
    mine, other = sit("2", "张三"), sit("3", "李四")
    async with at_seat(mine) as hands:
        other.seats.presences.announce(f"outage:{outage.id}")
        await hands.sees("also open at seat 3 (李四)")
        other.seats.presences.announce("")
        await hands.misses("also open at")


async def test_who_changes_an_outage_that_another_changes_is_warned_in_the_form(desk: Desk, sit: Sit) -> None:
    outage = fault(desk)
    mine, other = sit("2", "张三"), sit("3", "李四")
    async with at_seat(mine) as hands:
        await hands.press("e")
        other.seats.presences.announce(f"outage:{outage.id}", editing=True)
        await hands.sees("also being changed at seat 3 (李四)")
        found = other.seats.presences.with_card(f"outage:{outage.id}")
        assert [(one.seat, one.editing) for one in found] == [("2", True)]


async def test_a_customer_that_another_seat_is_calling_says_so_on_the_card(desk: Desk, sit: Sit) -> None:
    duty = calls(desk, fault(desk))[0]
    mine, other = sit("2", "张三"), sit("3", "李四")
    async with at_seat(mine) as hands:
        await hands.press("slash")
        await hands.type(duty.recipient.id)
        await hands.press("enter")
        other.notices.dial(duty.id)
        await hands.sees("seat 3 (李四) is dealing with this since")
        other.notices.settle(duty.id, "reached")
        await hands.misses("is dealing with this")


async def test_a_desk_alone_writes_its_presence_once(desk: Desk, sit: Sit) -> None:
    fault(desk)
    mine = sit("2", "张三")
    async with at_seat(mine) as hands:
        while not mine.seats.presences.is_known:
            await hands.pilot.pause(0.05)
        await hands.settle()
        before = mine.place.changes.version("presences")
        await hands.press("slash")
        await hands.type("100001")
        await hands.press("enter")
        await hands.pilot.pause(0.6)
        await hands.press("escape")
        await hands.pilot.pause(0.6)
        assert mine.place.changes.version("presences") == before


async def test_a_desk_that_is_left_lets_go_of_its_work_and_is_not_here_any_more(desk: Desk, sit: Sit) -> None:
    duty = calls(desk, fault(desk))[0]
    mine, other = sit("2", "张三"), sit("3", "李四")
    async with at_seat(mine):
        mine.seats.claims.take(duty_claim(duty.id))
        other.seats.presences.announce("outage:O1")
    assert other.seats.claims.others() == {}
    assert not other.seats.presences.has_company()


async def test_two_screens_see_each_other_also_in_a_narrow_terminal(desk: Desk, sit: Sit) -> None:
    outage = fault(desk)
    mine, other = sit("2", "张三"), sit("3", "李四")
    async with at_seat(mine, NARROW) as here:
        await here.press("f4")
        async with at_seat(other, WIDE) as there:
            await here.sees("also open at seat 3 (李四)")
            await there.sees("also open at seat 2 (张三)")
        await here.misses("also open at")
    assert outage.id == "O1"
