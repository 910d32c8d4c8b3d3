"""The board: which rows on which tab, in which order, and how it stays true as time and others move on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from small_county import HOUR, NOW, approve, fault, plan

from desk.app import Desk
from desk.clock import FixedClock
from desk.outages import OutageChange
from desk.outages.board import RowMaker, restoration_order, stage_of
from desk.outages.live import Held
from desk.records import Affected, Outage, Scope, Status

DAY = timedelta(days=1)


def rows(desk: Desk, tab: str) -> list[str]:
    return [row.id for row in desk.outages.board().rows[tab]]


def test_an_empty_board_has_every_tab_and_no_age(desk: Desk) -> None:
    board = desk.outages.board()
    assert board.counts == {"active": 0, "scheduled": 0, "predicted": 0, "restored": 0}
    assert (board.data_age, board.stale) == (None, False)


def test_a_plan_moves_through_its_stages(desk: Desk, clock: FixedClock) -> None:
    name = desk.outages.open(plan(desk)).outage.id
    seen = []

    def look() -> None:
        board = desk.outages.board()
        seen.extend((tab, row.stage) for tab, found in board.rows.items() for row in found)

    look()
    clock.at += HOUR
    look()
    approve(desk, name)
    desk.outages.start(name)
    look()
    clock.at += 4 * HOUR
    look()
    desk.outages.restore(name)
    look()
    clock.at += DAY + HOUR
    look()
    assert seen == [
        ("scheduled", "upcoming"),
        ("scheduled", "due_to_start"),
        ("active", "off"),
        ("active", "overdue"),
        ("restored", "restored"),
    ]


def test_due_to_start_stands_first_among_the_scheduled(desk: Desk, clock: FixedClock) -> None:
    desk.outages.open(plan(desk, planned_start=NOW + 3 * HOUR))
    desk.outages.open(plan(desk, transformer_areas=("T6",), feeders=()))
    clock.at += HOUR
    assert rows(desk, "scheduled") == ["O2", "O1"]


def test_plans_stand_in_the_order_of_their_hours(desk: Desk) -> None:
    desk.outages.open(plan(desk, planned_start=NOW + 4 * HOUR))
    desk.outages.open(plan(desk, planned_start=NOW + 3 * HOUR, transformer_areas=("T6",), feeders=()))
    assert rows(desk, "scheduled") == ["O2", "O1"]


def test_a_closed_outage_that_was_just_restored_is_still_told_to_callers(desk: Desk) -> None:
    name = desk.outages.open(fault(desk)).outage.id
    desk.outages.restore(name)
    desk.outages.close(name)
    assert rows(desk, "restored") == [name]


def test_a_cancelled_outage_leaves_the_board(desk: Desk) -> None:
    desk.outages.cancel(desk.outages.open(plan(desk)).outage.id)
    assert sum(desk.outages.board().counts.values()) == 0


def test_the_latest_restored_comes_first(desk: Desk) -> None:
    early, late = (desk.outages.open(fault(desk, planned_start=NOW - 5 * HOUR)).outage.id for _again in range(2))
    desk.outages.restore(late, NOW - HOUR)
    desk.outages.restore(early, NOW - 2 * HOUR)
    assert rows(desk, "restored") == [late, early]


def test_a_row_that_did_not_move_is_the_same_object(desk: Desk) -> None:
    desk.outages.open(plan(desk))
    name = desk.outages.open(fault(desk)).outage.id
    before = desk.outages.board().rows
    desk.outages.change(name, OutageChange(reason="x", cause="外力破坏"))
    after = desk.outages.board().rows
    assert before["scheduled"][0] is after["scheduled"][0]
    assert after["active"][0].what == "外力破坏"


def test_what_another_process_did_is_on_the_board(desk: Desk, clock: FixedClock) -> None:
    assert rows(desk, "active") == []
    with Desk.open(desk.place.config, clock=clock) as other:
        other.outages.open(fault(other))
    assert "outages" in desk.changed()
    assert rows(desk, "active") == ["O1"]


def test_the_board_says_when_its_data_is_old(desk: Desk, clock: FixedClock) -> None:
    desk.outages.open(fault(desk))
    clock.at += timedelta(minutes=20)
    board = desk.outages.board()
    assert (board.data_age, board.stale) == (timedelta(minutes=20), False)
    clock.at += timedelta(minutes=20)
    assert desk.outages.board().stale


def test_an_import_that_changed_nothing_makes_the_data_fresh(desk: Desk, clock: FixedClock) -> None:
    desk.outages.open(fault(desk))
    clock.at += HOUR
    desk.place.mark("outages")
    assert desk.outages.board().data_age == timedelta(0)


@pytest.mark.parametrize("tab", ["active", "scheduled", "predicted", "restored"])
def test_a_tab_lists_the_outages_of_its_rows(desk: Desk, tab: str) -> None:
    desk.outages.open(plan(desk))
    desk.outages.open(fault(desk))
    desk.outages.restore(desk.outages.open(fault(desk)).outage.id)
    assert [outage.id for outage in desk.outages.listed(tab)] == rows(desk, tab)


def test_without_a_tab_everything_ever_entered_is_listed(desk: Desk) -> None:
    desk.outages.cancel(desk.outages.open(plan(desk)).outage.id)
    desk.outages.open(fault(desk))
    assert [outage.id for outage in desk.outages.listed()] == ["O1", "O2"]


affected = st.builds(
    Affected,
    customers=st.integers(0, 3),
    public_services=st.integers(0, 2),
    grades=st.dictionaries(st.sampled_from(["special", "first", "second", "temporary", "", "别的"]), st.integers(1, 2)),
)
outages = st.builds(
    Outage,
    id=st.integers(1, 50).map(lambda number: f"O{number}"),
    type=st.just("grid_fault"),
    status=st.sampled_from([Status.CONFIRMED, Status.PARTIALLY_RESTORED]),
    scope=st.just(Scope(feeders=("城东线",))),
    received_at=st.just(NOW),
    opened_at=st.just(NOW),
    actual_start=st.integers(0, 3).map(lambda hours: NOW - hours * HOUR),
    danger_to_life=st.booleans(),
    affected=affected,
)


def comes_first(one: Outage, other: Outage) -> bool:
    """The order written out as a person would decide it, rule by rule."""
    if one.danger_to_life != other.danger_to_life:
        return one.danger_to_life
    for grade in ("special", "first", "second", "temporary"):
        mine, theirs = one.affected.grades.get(grade, 0), other.affected.grades.get(grade, 0)
        if mine != theirs:
            return mine > theirs
    rest = [sum(o.affected.grades.get(grade, 0) for grade in ("", "别的")) for o in (one, other)]
    if rest[0] != rest[1]:
        return rest[0] > rest[1]
    if one.affected.public_services != other.affected.public_services:
        return one.affected.public_services > other.affected.public_services
    if one.affected.customers != other.affected.customers:
        return one.affected.customers > other.affected.customers
    if one.actual_start and other.actual_start and one.actual_start != other.actual_start:
        return one.actual_start < other.actual_start
    return int(one.id[1:]) <= int(other.id[1:])


@given(outages, outages)
def test_restoration_order_is_danger_grade_public_services_number_age(one: Outage, other: Outage) -> None:
    assert (restoration_order(one) <= restoration_order(other)) == comes_first(one, other)


@given(st.lists(outages, max_size=6, unique_by=lambda outage: outage.id), st.randoms())
def test_the_order_of_rows_does_not_depend_on_the_order_of_entry(found: list[Outage], random: object) -> None:
    held = [Held(outage, 1) for outage in found]
    shuffled = held.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    made = [RowMaker().rows(some, {}, NOW, NOW - DAY)["active"] for some in (held, shuffled)]
    assert made[0] == made[1]
    assert {row.id for row in made[0]} == {outage.id for outage in found}


@given(outages, st.sampled_from(list(Status)), st.integers(-2, 2))
def test_every_status_at_any_time_has_its_stage(outage: Outage, status: Status, hours: int) -> None:
    stage = stage_of(replace(outage, status=status, planned_start=NOW), NOW + hours * HOUR)
    assert stage in {"", "off", "overdue", "due_to_start", "upcoming", "predicted", "restored"}
