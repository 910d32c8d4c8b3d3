"""Cases: two routes, of which one is hidden; due dates, answers, links."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.app import Desk
from desk.calls import CallRequest
from desk.cases import KINDS
from desk.clock import FixedClock
from desk.errors import BadInput, NotFound, Refused
from desk.records import CaseState, Topic


def test_a_complaint_from_a_call_knows_its_customer_and_its_article(desk: Desk) -> None:
    call = desk.calls.log(CallRequest(topic=Topic.COMPLAINT, account_no="1000", number="13800138000"))
    case = desk.cases.open("complaint", "停电没有通知", call=call.id, article="9.3")
    assert (case.id, case.customer_name, case.article, case.number) == ("K1", "客户0", "9.3", "13800138000")
    assert case.due == case.at + timedelta(days=5)


@pytest.mark.parametrize(("kind", "days"), [("complaint", 5), ("report_of_misconduct", 10), ("suggestion", 10)])
def test_each_kind_is_answered_within_its_time(desk: Desk, kind: str, days: int) -> None:
    case = desk.cases.open(kind, "x")
    assert case.due == case.at + timedelta(days=days)


def test_praise_is_kept_without_a_deadline(desk: Desk) -> None:
    assert desk.cases.open("praise", "师傅很好").due is None


def test_an_agent_does_not_learn_that_there_are_reports_of_misconduct(desk: Desk) -> None:
    hidden = desk.cases.open("report_of_misconduct", "收礼")
    seen = desk.cases.open("complaint", "x")
    desk.place.role = "agent"
    assert [one.id for one in desk.cases.listed("all")] == [seen.id]
    assert desk.cases.counts()["open"] == 1
    with pytest.raises(NotFound):
        desk.cases.get(hidden.id)
    with pytest.raises(NotFound):
        desk.cases.answer(hidden.id, "x")


def test_an_agent_may_take_a_report_of_misconduct_in_all_the_same(desk: Desk) -> None:
    desk.place.role = "agent"
    assert desk.cases.open("report_of_misconduct", "收礼").id == "K1"


def test_it_goes_from_open_to_assigned_to_answered_to_closed(desk: Desk) -> None:
    case = desk.cases.open("complaint", "x")
    desk.cases.assign(case.id, "marketing")
    answered = desk.cases.answer(case.id, "已当面道歉")
    assert (answered.owner, answered.answer) == ("marketing", "已当面道歉")
    closed = desk.cases.close(case.id)
    assert closed.state is CaseState.CLOSED
    assert [step.act for step in closed.steps] == ["opened", "assigned", "answered", "closed"]


def test_it_is_not_closed_before_it_was_answered(desk: Desk) -> None:
    case = desk.cases.open("complaint", "x")
    with pytest.raises(Refused):
        desk.cases.close(case.id)


def test_what_is_due_first_comes_first_and_overdue_ones_are_found(desk: Desk, clock: FixedClock) -> None:
    late = desk.cases.open("suggestion", "x")
    soon = desk.cases.open("complaint", "y")
    assert [one.id for one in desk.cases.listed()] == [soon.id, late.id]
    clock.at += timedelta(days=6)  # type: ignore[misc]
    assert [one.id for one in desk.cases.listed("overdue")] == [soon.id]
    assert desk.cases.counts() == {"open": 2, "overdue": 1}


@pytest.mark.parametrize(("kind", "about"), [("rumour", "x"), ("complaint", " "), ("", "x")])
def test_a_kind_there_is_not_or_no_words_are_refused(desk: Desk, kind: str, about: str) -> None:
    with pytest.raises(BadInput):
        desk.cases.open(kind, about)
    assert desk.cases.listed("all") == []


@pytest.mark.parametrize("act", ["assign", "answer"])
def test_an_act_without_words_is_refused(desk: Desk, act: str) -> None:
    case = desk.cases.open("complaint", "x")
    with pytest.raises(BadInput):
        getattr(desk.cases, act)(case.id, " ")


def test_every_topic_that_wants_an_answer_has_its_kind() -> None:
    assert {"complaint", "report_of_misconduct", "suggestion", "opinion", "praise"} <= KINDS.keys()


def test_a_kind_or_a_state_there_is_not_is_refused_with_those_there_are(desk: Desk) -> None:
    with pytest.raises(BadInput, match="report_of_misconduct"):
        desk.cases.listed("all", kind="grumble")
    with pytest.raises(BadInput, match="open, overdue, all, assigned"):
        desk.cases.listed("forgotten")
