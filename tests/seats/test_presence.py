"""Who is here and what they have open: told when it changes, forgotten when it is old, cheap when one is alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from seat_county import MINUTE, NOW

from desk.app import Desk
from desk.clock import FixedClock
from desk.records import Presence

Sit = Callable[..., Desk]
pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)
CARD = "outage:O1"


def cards(desk: Desk, card: str = CARD) -> list[tuple[str, str, bool]]:
    return [(one.seat, one.agent, one.editing) for one in desk.seats.presences.with_card(card)]


def test_a_card_open_elsewhere_is_seen_and_ones_own_is_not(sit: Sit) -> None:
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.seats.presences.announce(CARD)
    other.seats.presences.announce(CARD, editing=True)
    assert cards(mine) == [("3", "李四", True)]
    assert cards(other) == [("2", "张三", False)]


def test_another_card_takes_the_place_of_the_one_before(sit: Sit) -> None:
    mine, other = sit("2", "张三"), sit("3", "李四")
    other.seats.presences.announce(CARD)
    other.seats.presences.announce("customer:100001")
    assert cards(mine) == []
    assert cards(mine, "customer:100001") == [("3", "李四", False)]


def test_nothing_is_written_while_nothing_changes_but_once_a_minute(sit: Sit, clock: FixedClock) -> None:
    presences = sit("2", "张三").seats.presences
    assert presences.announce(CARD)
    assert not presences.announce(CARD)
    clock.at += timedelta(seconds=59)
    assert not presences.announce(CARD)
    clock.at += timedelta(seconds=1)
    assert presences.announce(CARD)


def test_a_seat_that_crashed_is_forgotten(sit: Sit, clock: FixedClock) -> None:
    mine, other = sit("2", "张三"), sit("3", "李四")
    other.seats.presences.announce(CARD)
    clock.at += 2 * MINUTE
    assert cards(mine)
    clock.at += MINUTE
    assert cards(mine) == []
    assert not mine.seats.presences.has_company()


def test_a_clock_that_jumps_back_keeps_nobody_here_for_ever(sit: Sit, clock: FixedClock) -> None:
    mine, other = sit("2", "张三"), sit("3", "李四")
    clock.at = NOW + timedelta(days=1)
    other.seats.presences.announce(CARD)
    clock.at = NOW
    assert cards(mine) == []
    assert other.seats.presences.announce(CARD)  # and who is still here says so again
    assert cards(mine)


def test_who_leaves_is_gone_at_once_and_takes_the_long_gone_along(sit: Sit, clock: FixedClock) -> None:
    mine, other = sit("2", "张三"), sit("3", "李四")
    sit("4", "王五").seats.presences.announce(CARD)
    clock.at += 5 * MINUTE
    mine.seats.presences.announce(CARD)
    mine.seats.leave()
    assert cards(other) == []
    assert mine.place.store.records("presences", Presence).count() == 0


def test_where_another_agent_signs_in_the_one_before_is_not_here_any_more(sit: Sit) -> None:
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.seats.presences.announce(CARD)
    mine.place.agent = "赵六"
    mine.seats.presences.announce(CARD)
    assert cards(other) == [("2", "赵六", False)]
