"""Chains of approval by type and voltage: the steps in order, with their articles and the last moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from owed_county import ENTRY, START, Book, customer, outage, owed

from desk.records import Approval
from desk.regulation import approvals
from desk.regulation.sorts import is_high

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOW, HIGH = customer("1", voltage="0.4kV"), customer("2", voltage="10kV")
IMPORTANT = customer("3", voltage="0.4kV", important=True)

CHAINS = {
    ("planned_maintenance", "low"): "application marketing_review marketing_director_approval leader_approval",
    ("planned_maintenance", "high"): "application production_technology_review marketing_review leader_approval",
    ("planned_maintenance", "both"): "application production_technology_review marketing_review"
    " marketing_director_approval leader_approval",
    ("planned_maintenance", "nobody"): "application marketing_review leader_approval",
    ("temporary_maintenance", "low"): "dispatch_director_approval marketing_director_approval",
    ("temporary_maintenance", "high"): "production_technology_review dispatch_director_approval marketing_review"
    " leader_approval",
    ("arrears", "low"): "application marketing_director_approval",
    ("arrears", "important"): "application marketing_review marketing_director_approval leader_approval",
    ("arrears", "high"): "application production_technology_review marketing_review leader_approval",
    ("hazard_removal", "low"): "marketing_director_approval",
    ("account_closure", "high"): "production_technology_review marketing_review leader_approval",
    ("grid_fault", "both"): "",
    ("supply_shortage", "low"): "marketing_director_approval",
    ("supply_shortage", "high"): "production_technology_review marketing_review leader_approval",
    ("theft_violation", "both"): "",
    ("unforeseeable", "both"): "",
}
AFFECTED = {"low": [LOW], "high": [HIGH], "both": [LOW, HIGH], "important": [IMPORTANT], "nobody": []}


@pytest.mark.parametrize(("case", "steps"), CHAINS.items(), ids=" ".join)
def test_a_chain_has_the_steps_that_the_articles_ask_for(case, steps, regulation):
    kind, affected = case
    derived = owed(outage(kind), regulation, AFFECTED[affected])
    assert [step.step for step in derived.approvals] == steps.split()


def test_a_step_that_two_articles_ask_for_stands_once_with_both(regulation):
    steps = {step.step: step for step in owed(outage("planned_maintenance"), regulation, [HIGH]).approvals}
    assert steps["leader_approval"].articles == ("16", "17")
    assert steps["leader_approval"].rules == ("county:A16a", "county:A17")
    assert steps["application"].articles == ("17",)


def test_an_order_table_is_approved_by_the_government_then_by_the_leader(regulation):
    steps = approvals.order_table_chain(regulation)
    assert [(step.step, step.articles) for step in steps] == [
        ("government_approval", ("19",)),
        ("leader_consent", ("19",)),
    ]


LAST = {
    "a plan before its announcement": ("planned_maintenance", START - 7 * DAY),
    "arrears before the written notice": ("arrears", START - 7 * DAY),
    "temporary work before the nation's 24 hours": ("temporary_maintenance", START - DAY),
    "a hazard before the start": ("hazard_removal", START),
}


@pytest.mark.parametrize(("kind", "moment"), LAST.values(), ids=LAST)
def test_the_last_moment_to_approve_is_the_first_deadline_that_waits_for_it(kind, moment, regulation):
    derived = owed(outage(kind), regulation, [IMPORTANT])
    assert {step.needed_by for step in derived.approvals} == {moment}


def test_without_important_customers_temporary_work_is_approved_before_its_start(regulation):
    derived = owed(outage("temporary_maintenance"), regulation, [customer("1", special=True)])
    assert {step.needed_by for step in derived.approvals} == {START}


def test_no_customer_and_no_public_is_told_before_the_approval(regulation):
    for kind in ("planned_maintenance", "temporary_maintenance", "arrears"):
        for draft in owed(outage(kind), regulation).duties:
            waits = draft.recipient.kind in ("customer", "public")
            assert bool(draft.terms.waits_for) == waits or draft.terms.rules == ("county:A13b",)


def test_a_duty_waits_for_the_last_step(regulation):
    terms = next(
        d.terms for d in owed(outage("planned_maintenance"), regulation).duties if "county:A9.3" in d.terms.rules
    )
    assert terms.waits_for == ("leader_approval",)


def test_an_approval_after_the_entry_moves_the_deadlines_that_count_from_it(regulation):
    book = Book(outage("planned_maintenance"), regulation)
    approved = ENTRY + 6 * HOUR
    steps = book.happen("approved", at=approved, approved_at=approved)
    moved = {duty.key.partition(">")[0] for duty in steps.move}
    assert moved == {"county:A9.2c"}
    assert {duty.due for duty in steps.move} == {approved + 2 * HOUR}
    assert {(plan.before, plan.after) for duty in steps.move for plan in duty.replans} == {
        (ENTRY + 2 * HOUR, approved + 2 * HOUR)
    }
    assert steps.move[0].replans[0].reason == "the approval came after the entry"


def test_an_approval_before_the_entry_moves_nothing(regulation):
    book = Book(outage("planned_maintenance"), regulation)
    assert not book.happen("approved", approved_at=ENTRY - HOUR)


def given(*steps: str) -> list[Approval]:
    names = ("application", "marketing_review", "leader_approval")
    return [
        Approval(id=f"P{order}", outage="O1", rule="county:A17", step=name, post="x", order=order,
                 at=ENTRY + order * HOUR if name in steps else None)
        for order, name in enumerate(names)
    ]  # fmt: skip


def test_steps_are_given_in_their_order():
    assert approvals.next_step(given()).step == "application"
    assert approvals.next_step(given("application")).step == "marketing_review"
    assert approvals.next_step(given("application", "marketing_review", "leader_approval")) is None


def test_an_approval_out_of_order_names_the_steps_before_it():
    held = given("application")
    assert [step.step for step in approvals.missing_before(held[2], held)] == ["marketing_review"]
    assert approvals.missing_before(held[1], held) == ()


def test_an_outage_is_approved_when_the_last_step_is_given():
    assert approvals.approved_at(given("application")) is None
    assert approvals.approved_at(given("application", "marketing_review", "leader_approval")) == ENTRY + 2 * HOUR
    assert approvals.complete([])
    assert approvals.approved_at([]) is None


def test_a_duty_is_blocked_by_every_step_up_to_the_one_it_names(regulation):
    book = Book(outage("planned_maintenance"), regulation)
    announcement = next(duty for duty in book.held if duty.recipient.kind == "public")
    fax = next(duty for duty in book.held if duty.recipient.kind == "branch")
    assert len(approvals.blocks(announcement, given("application"))) == 2
    assert approvals.blocks(fax, given()) == ()


def test_another_chain_adds_steps_moves_last_moments_and_keeps_what_was_given(regulation):
    low = owed(outage("planned_maintenance"), regulation, [LOW]).approvals
    held = [
        Approval(id=f"P{n}", outage="O1", rule=step.rules[0], step=step.step, post=step.post, order=step.order,
                 articles=step.articles, needed_by=step.needed_by, at=ENTRY if n == 0 else None)
        for n, step in enumerate(low)
    ]  # fmt: skip
    later = outage("planned_maintenance", planned_start=START + DAY)
    add, move, drop = approvals.difference(held, owed(later, regulation, [HIGH]).approvals)
    assert [step.step for step in add] == ["production_technology_review"]
    assert {one.step: one.needed_by for one in move} == {
        "marketing_review": START - 6 * DAY,
        "leader_approval": START - 6 * DAY,
    }
    assert [one.step for one in drop] == ["marketing_director_approval"]


VOLTAGES = {
    "10kV": True, "35kV": True, "10KV": True, "10千伏": True, "10000V": True, "10": True, "1kV": True,
    "0.4kV": False, "380V": False, "220伏": False, "0.4千伏": False, "": False, "低压": False,
}  # fmt: skip


@pytest.mark.parametrize(("voltage", "high"), VOLTAGES.items(), ids=VOLTAGES)
def test_a_voltage_is_high_above_one_kilovolt(voltage, high):
    assert is_high(voltage) is high
