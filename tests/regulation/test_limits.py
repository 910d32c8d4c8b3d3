"""Bounds on the outage itself, and facts that forbid it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from owed_county import ENTRY, START, outage, owed

from desk.regulation.limits import refusals

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def broken(regulation, what):
    return [(limit.rule, limit.article, limit.at) for limit in owed(what, regulation).broken]


def test_a_plan_under_seven_days_is_late_from_the_first_second(regulation):
    late = outage("planned_maintenance", received_at=START - 7 * DAY + timedelta(seconds=1))
    assert broken(regulation, late) == [("county:A9.1a", "9.1", ENTRY)]


def test_a_plan_of_exactly_seven_days_is_in_time(regulation):
    assert broken(regulation, outage("planned_maintenance", received_at=START - 7 * DAY)) == []


def test_by_how_much_it_is_late_is_said(regulation):
    late = outage("planned_maintenance", received_at=START - 5 * DAY - 3 * HOUR)
    assert owed(late, regulation).broken[0].what == "the plan arrived less than 7 days ahead (1 day 21 hours late)"


def test_temporary_work_is_entered_at_once(regulation):
    assert broken(regulation, outage("temporary_maintenance", received_at=ENTRY - 15 * MINUTE)) == []
    late = outage("temporary_maintenance", received_at=ENTRY - 16 * MINUTE)
    assert broken(regulation, late) == [("county:A10.2a", "10.2", ENTRY)]


def test_limits_hold_for_their_types_only(regulation):
    assert broken(regulation, outage("arrears", received_at=START - DAY)) == []


FACTS = {
    "30 days": ("arrears", {"overdue_days": 30}, ["national:N39"]),
    "31 days": ("arrears", {"overdue_days": 31}, []),
    "not known": ("arrears", {}, []),
    "no number": ("arrears", {"overdue_days": "many"}, ["national:N39"]),
    "a cause of the list": ("unforeseeable", {"cause_code": "force_majeure"}, []),
    "another cause": ("unforeseeable", {"cause_code": "holiday"}, ["county:A15a"]),
    "another type": ("grid_fault", {"overdue_days": 3}, []),
}


@pytest.mark.parametrize(("kind", "facts", "expected"), FACTS.values(), ids=FACTS)
def test_facts_that_forbid_an_outage_are_named_by_their_rule(kind, facts, expected, regulation):
    assert [limit.full for limit in refusals(kind, facts, regulation)] == expected


def test_what_refuses_an_outage_is_no_violation_to_record(regulation):
    assert broken(regulation, outage("arrears", facts={"overdue_days": 3})) == []
