"""Duties at the desk: the work list, the telephone at three keys a duty, other duties, approvals, violations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from desk.app import Desk
from desk.outages import OutageRequest
from desk.records import DutyState, Status

OpenDesk = Callable[..., Any]
FAULT, PLAN = "O3", "O4"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A hospital below a fault and below a plan, besides what the county has."""
    now = desk.place.now()
    desk.outages.open(OutageRequest(type="grid_fault", transformer_areas=("T4",), cause="树障", area="南河镇"))
    plan = OutageRequest(
        type="planned_maintenance",
        transformer_areas=("T4",),
        planned_start=now + timedelta(days=8),
        planned_end=now + timedelta(days=8, hours=4),
        cause="检修",
        area="南河镇",
    )
    desk.outages.open(plan)
    return desk


def approved(desk: Desk, outage: str = PLAN) -> None:
    for step in desk.notices.approvals(outage):
        desk.notices.approve(outage, step.step, by="李局", mode="phone")


def hospital_duty(desk: Desk, article: str) -> Any:
    return next(
        duty
        for outage in (FAULT, PLAN)
        for duty in desk.notices.of(outage)
        if article in duty.articles and duty.recipient.name == "县人民医院"
    )


async def test_the_work_list_shows_what_is_due_first_with_article_and_reason(open_desk: OpenDesk) -> None:
    async with open_desk((120, 40)) as hands:
        await hands.press("f6")
        works = hands.app.screen.list.rows
        assert [work.duty.due for work in works] == sorted(work.duty.due for work in works)
        line = next(line for line in hands.lines() if "县人民医院" in line and "11.3" in line)
        assert "telephone" in line or "tele" in line
        assert FAULT in line
        await hands.press("f6")
        assert hands.app.context.where == "board"


async def test_the_list_is_filtered_by_owner_channel_and_state(open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("w", "o")
        assert {work.duty.owner for work in hands.app.screen.list.rows} == {"95598"}
        await hands.press("x", "c")
        assert all("phone" in work.channels for work in hands.app.screen.list.rows)
        await hands.press("x", "s", "s")
        assert hands.app.screen.chosen["state"] == "overdue"
        assert all(work.overdue for work in hands.app.screen.list.rows)


async def test_a_list_with_nothing_in_it_says_what_would_fill_it(open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("w", "s", "s", "s")
        assert hands.app.screen.chosen["state"] == "late"
        assert "No duty is like that" in hands.text()


async def test_the_first_phone_duty_is_opened_dialled_and_settled_in_three_keys(
    desk: Desk, open_desk: OpenDesk
) -> None:
    duty = hospital_duty(desk, "11.3")
    async with open_desk((80, 24)) as hands:
        await hands.press("f9")
        assert "县人民医院" in hands.text()
        assert "138****8011" in hands.text()
        assert "南河镇" in hands.text()
        await hands.press("space")
        assert "138 0013 8011" in hands.text()
        await hands.press("1")
        assert hands.keys <= 3
        done = desk.notices.get(duty.id)
        assert (done.state, done.evidence[-1].result) == (DutyState.DONE, "reached")
        assert done.evidence[-1].hash
        assert [line.about for line in desk.place.audit_table.all() if line.act == "number.reveal"] == ["6400100011"]


async def test_every_further_phone_duty_comes_up_by_itself_at_two_keys(desk: Desk, open_desk: OpenDesk) -> None:
    approved(desk)
    async with open_desk((120, 40)) as hands:
        await hands.press("f9")
        settled = 0
        while hands.app.context.where == "dial":
            before, keys = hands.app.screen.call.duty.id, hands.keys
            await hands.press("space", "1")
            assert hands.keys - keys <= 3
            assert desk.notices.get(before).state is DutyState.DONE
            settled += 1
        assert settled >= 2
        assert "No phone duty can be done now" in hands.text()


async def test_left_with_somebody_asks_for_the_name(desk: Desk, open_desk: OpenDesk) -> None:
    duty = hospital_duty(desk, "11.3")
    async with open_desk((80, 24)) as hands:
        await hands.press("f9", "2")
        assert desk.notices.get(duty.id).state is DutyState.PENDING
        await hands.type("门卫老赵")
        await hands.press("enter")
        assert desk.notices.get(duty.id).evidence[-1].person == "门卫老赵"


async def test_a_digit_typed_into_the_note_is_no_outcome(desk: Desk, open_desk: OpenDesk) -> None:
    duty = hospital_duty(desk, "11.3")
    async with open_desk((80, 24)) as hands:
        await hands.press("f9", "tab", "tab")
        await hands.type("3 floors up")
        assert desk.notices.get(duty.id).evidence == ()
        await hands.press("escape", "4")
        tried = desk.notices.get(duty.id)
        assert (tried.state, tried.evidence[-1].note) == (DutyState.ATTEMPTED, "3 floors up")


async def test_no_answer_waits_and_the_next_duty_comes(desk: Desk, open_desk: OpenDesk) -> None:
    duty = hospital_duty(desk, "11.3")
    async with open_desk((80, 24)) as hands:
        await hands.press("f9", "4")
        tried = desk.notices.get(duty.id)
        assert tried.next_try is not None
        assert hands.app.context.duty != duty.id


async def test_before_the_approval_a_call_asks_why_and_is_recorded_as_a_violation(
    desk: Desk, open_desk: OpenDesk
) -> None:
    duty = hospital_duty(desk, "9.2")
    async with open_desk((80, 24)) as hands:
        await hands.press("w")
        hands.app.screen.list.move_to([work.duty.id for work in hands.app.screen.list.rows].index(duty.id))
        await hands.press("enter", "1")
        assert "violation" in hands.text()
        assert desk.notices.get(duty.id).evidence == ()
        await hands.type("台风")
        await hands.press("enter")
        assert desk.notices.get(duty.id).state is DutyState.DONE
        assert {found.reason for found in desk.notices.violations(PLAN)} == {"台风"}


async def test_somebody_else_was_quicker_and_the_call_says_so(desk: Desk, open_desk: OpenDesk) -> None:
    duty = hospital_duty(desk, "11.3")
    async with open_desk((80, 24)) as hands:
        await hands.press("f9")
        desk.notices.settle(duty.id, "busy")
        await hands.press("1")
        assert "look at it again" in hands.text()
        assert len(desk.notices.get(duty.id).evidence) == 1


async def test_a_fax_is_written_down_with_its_result_in_two_keys(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("w")
        rows = hands.app.screen.list.rows
        fax = next(work.duty for work in rows if work.channels == ("fax",) and not work.obstacles)
        hands.app.screen.list.move_to([work.duty.id for work in rows].index(fax.id))
        before = hands.keys
        await hands.press("enter", "f9")
        assert hands.keys - before == 2
        assert desk.notices.get(fax.id).state is DutyState.DONE


async def test_a_result_that_needs_a_name_is_refused_and_nothing_typed_is_lost(desk: Desk, open_desk: OpenDesk) -> None:
    approved(desk)
    duty = hospital_duty(desk, "9.3")
    async with open_desk((80, 24)) as hands:
        await hands.press("w")
        hands.app.screen.list.move_to([work.duty.id for work in hands.app.screen.list.rows].index(duty.id))
        await hands.press("enter", "tab", "tab", "tab")
        await hands.type("SJ-1")
        await hands.press("f9")
        assert "needs the name" in hands.text()
        await hands.type("院办刘")
        await hands.press("f9")
        signed = desk.notices.get(duty.id).evidence[-1]
        assert (signed.result, signed.person, signed.ref) == ("signed", "院办刘", "SJ-1")


async def test_approvals_are_given_in_order_each_with_a_name(desk: Desk, open_desk: OpenDesk) -> None:
    steps = desk.notices.approvals(PLAN)
    assert steps
    async with open_desk((80, 24)) as hands:
        await hands.press("right", "end", "a")
        assert "approval outstanding" in hands.text()
        for number in range(len(steps)):
            await hands.type(f"name{number}")
            await hands.press("f9")
        assert [step.by for step in desk.notices.approvals(PLAN)] == [f"name{number}" for number in range(len(steps))]
        assert hands.app.context.where == "board"


async def test_beginning_before_the_approval_asks_why_and_is_a_violation(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("right", "end", "s", "enter")
        assert desk.outages.get(PLAN).status is Status.SCHEDULED
        assert "recorded as a violation" in hands.text()
        await hands.press("enter")
        assert "Type why" in hands.text()
        await hands.type("抢险")
        await hands.press("enter")
        assert desk.outages.get(PLAN).status is Status.CONFIRMED
        assert {found.reason for found in desk.notices.violations(PLAN)} == {"抢险"}
