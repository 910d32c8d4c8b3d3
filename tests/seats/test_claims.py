"""Work is one seat's at a time, for as long as its lease runs; and nothing is lost with a seat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from seat_county import MINUTE, NOW

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import BadInput, NotAllowed
from desk.records import Claim
from desk.seats import HeldElsewhere, duty_claim

D1 = duty_claim("D1")
Sit = Callable[..., Desk]
pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)


def test_who_comes_second_is_told_who_has_it_since_and_until_when(sit: Sit) -> None:
    sit("2", "张三").seats.claims.take(D1)
    with pytest.raises(HeldElsewhere, match=r"D1 is in the hands of seat 2 \(张三\) since 08:00, until 08:10"):
        sit("3", "李四").seats.claims.take(D1)


def test_another_agent_at_the_same_seat_is_somebody_else(sit: Sit) -> None:
    sit("2", "张三").seats.claims.take(D1)
    with pytest.raises(HeldElsewhere):
        sit("2", "李四").seats.claims.take(D1)


def test_ones_own_is_taken_again_without_writing_until_half_the_lease_is_over(sit: Sit, clock: FixedClock) -> None:
    mine = sit("2", "张三")
    first = mine.seats.claims.take(D1)
    before = mine.place.changes.version("claims")
    clock.at += 4 * MINUTE
    assert mine.seats.claims.take(D1) == first
    assert mine.place.changes.version("claims") == before
    clock.at += 2 * MINUTE
    again = mine.seats.claims.take(D1)
    assert (again.at, again.until) == (first.at, clock.at + 10 * MINUTE)


def test_after_the_lease_it_is_free_again(sit: Sit, clock: FixedClock) -> None:
    sit("2", "张三").seats.claims.take(D1)
    clock.at += 10 * MINUTE
    assert sit("3", "李四").seats.claims.take(D1).seat == "3"


def test_what_is_dropped_is_free_at_once_and_what_others_hold_is_left_alone(sit: Sit) -> None:
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.seats.claims.take(D1)
    other.seats.claims.drop(D1)
    assert mine.seats.claims.mine(D1)
    mine.seats.claims.drop(D1)
    assert other.seats.claims.take(D1)


def test_a_seat_that_is_left_lets_go_of_everything_of_its_agent(sit: Sit) -> None:
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.seats.claims.take(D1)
    other.seats.claims.take(duty_claim("D2"))
    mine.seats.leave()
    assert set(mine.seats.claims.others()) == {"duty:D2"}


def test_a_supervisor_takes_over_with_a_reason_and_the_audit_knows(sit: Sit) -> None:
    sit("2", "张三").seats.claims.take(D1, about="100001")
    chief = sit("1", "王班长", "supervisor")
    taken = chief.seats.claims.take_over(D1, "客户在等")
    assert (taken.seat, taken.about) == ("1", "100001")
    line = list(chief.place.audit_table.all())[-1]
    assert (line.act, line.about) == ("claim.take_over", "D1")
    assert line.details == {"from_seat": "2", "from_agent": "张三", "reason": "客户在等"}


def test_nobody_takes_over_without_the_right_or_without_a_reason(sit: Sit) -> None:
    sit("2", "张三").seats.claims.take(D1)
    with pytest.raises(NotAllowed):
        sit("3", "李四").seats.claims.take_over(D1, "客户在等")
    with pytest.raises(BadInput):
        sit("1", "王班长", "supervisor").seats.claims.take_over(D1, " ")


def test_a_clock_that_jumps_back_does_not_hold_work_for_ever(sit: Sit, clock: FixedClock) -> None:
    clock.at = NOW + timedelta(days=365)
    sit("2", "张三").seats.claims.take(D1)
    clock.at = NOW
    assert sit("3", "李四").seats.claims.take(D1).seat == "3"


def test_the_claims_of_seats_long_gone_are_swept_away(sit: Sit, clock: FixedClock) -> None:
    mine = sit("2", "张三")
    for number in range(30):
        mine.seats.claims.take(duty_claim(f"D{number}"))
    clock.at += 60 * MINUTE
    for number in range(40, 43):
        mine.seats.claims.take(duty_claim(f"D{number}"))
    assert mine.place.store.records("claims", Claim).count() <= 3
