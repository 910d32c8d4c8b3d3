"""What is owed, from the command line: listed, approved in order, settled, and refused where it must be."""

from __future__ import annotations

from typing import Any

import pytest
from commands import Run
from test_shapes import FAULT, PLAN

DUTY_KEYS = {
    *("id", "outage", "rules", "articles", "recipient", "channels", "not_before", "due", "owner", "evidence_kind"),
    *("state", "late", "overdue", "after", "evidence"),
}
STEPS = ["application", "marketing_review", "marketing_director_approval", "leader_approval"]


def rule(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(row for row in rows if f"county:{name}" in row["rules"])


@pytest.fixture
def planned(county: Run) -> Run:
    assert county("outage", "open", "-", given=PLAN).code == 0
    return county


@pytest.fixture
def approved(planned: Run) -> Run:
    for step in STEPS:
        ran = planned("outage", "approve", "O1", "--step", step, "--by", "王", "--mode", "phone", "--ref", "16号")
        assert ran.code == 0, ran
    return planned


def test_a_duty_has_every_key(planned: Run) -> None:
    rows = planned("duties", "O1", "--json").json
    assert all(set(row) >= DUTY_KEYS for row in rows)
    assert all(len(row["rules"]) == len(row["articles"]) for row in rows)
    assert all(set(row["recipient"]) == {"kind", "id", "name"} for row in rows)


def test_open_ones_come_as_they_are_due_and_by_owner(planned: Run) -> None:
    rows = planned("duties", "--open", "--json").json
    assert [row["due"] for row in rows] == sorted(row["due"] for row in rows)
    office = planned("duties", "--open", "--owner", "office", "--json").json
    assert [row["rules"][0] for row in office] == ["county:A9.1d"]


def test_overdue_ones_are_those_whose_moment_has_passed(county: Run) -> None:
    county("outage", "open", "-", given=FAULT)
    assert county("duties", "--overdue", "--json").json == []
    rows = county("duties", "--overdue", "--json", now="2026-12-01T08:15:01").json
    assert len(rows) == 3
    assert all(row["overdue"] for row in rows)
    assert county("outages", "--json").json[0]["duties"]["overdue"] == 3


def test_done_late_is_done_and_late(county: Run) -> None:
    county("outage", "open", "-", given=FAULT)
    ran = county("duty", "settle", "D1", "--result", "received", "--json", now="2026-12-01T09:00")
    assert (ran.json["state"], ran.json["late"]) == ("done", True)
    assert [row["id"] for row in county("duties", "--late", "--json").json] == ["D1"]
    assert county("outages", "--json").json[0]["duties"] == {"owed": 3, "done": 1, "overdue": 2, "late": 1}


def test_approvals_go_in_order_and_the_first_is_named(planned: Run) -> None:
    ran = planned("outage", "approve", "O1", "--step", "leader_approval", "--by", "王", "--mode", "written")
    assert ran.code == 2
    assert "application" in ran.err
    shown = planned("outage", "show", "O1", "--json").json
    assert [one["step"] for one in shown["approvals"]] == STEPS
    assert {one["at"] for one in shown["approvals"]} == {None}


def test_an_approval_keeps_who_how_and_under_which_reference(approved: Run) -> None:
    last = approved("outage", "show", "O1", "--json").json["approvals"][-1]
    assert (last["by"], last["mode"], last["ref"], last["at"]) == ("王", "phone", "16号", "2026-12-01T08:00:00+08:00")


def test_a_step_that_is_not_there_is_told_with_those_there_are(planned: Run) -> None:
    ran = planned("outage", "approve", "O1", "--step", "mayor", "--by", "王", "--mode", "written")
    assert ran.code == 2
    assert "leader_approval" in ran.err


def test_announcing_before_the_approval_is_refused_or_a_violation(planned: Run) -> None:
    public = rule(planned("duties", "O1", "--json").json, "A9.1d")
    ran = planned("duty", "settle", public["id"], "--result", "published")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert planned("duty", "settle", public["id"], "--result", "published", "--note", "电视台先播了").code == 0
    [one] = planned("outage", "show", "O1", "--json").json["violations"][-1:]
    assert one["reason"] == "电视台先播了"
    assert one["article"] in ("16", "17")


def test_supply_that_went_before_the_approval_is_recorded_as_a_violation(planned: Run) -> None:
    assert planned("outage", "start", "O1").code == 0
    assert planned("outages", "--json").json[0]["status"] == "confirmed"
    [line, *_others] = planned("outage", "show", "O1", "--json").json["violations"]
    assert (line["article"], bool(line["reason"])) == ("17", True)


def test_a_violation_keeps_the_reason_that_was_given(planned: Run) -> None:
    assert planned("outage", "start", "O1", "--reason", "设备将坏").code == 0
    assert "设备将坏" in [one["reason"] for one in planned("outage", "show", "O1", "--json").json["violations"]]


def test_a_duty_is_settled_with_its_proof(approved: Run) -> None:
    notice = rule(approved("duties", "O1", "--json").json, "A9.3")
    words = ("--channel", "written_notice", "--person", "刘院长", "--ref", "签收7号", "--note", "门卫在场")
    done = approved("duty", "settle", notice["id"], "--result", "signed", *words, "--json").json
    assert done["state"] == "done"
    [line] = done["evidence"]
    assert {"at", "channel", "result", "person", "by", "ref"} <= set(line)
    assert (line["result"], line["channel"], line["person"]) == ("signed", "written_notice", "刘院长")


WRONG = {
    "no such duty": ("D99", "--result", "reached"),
    "no such result": ("D1", "--result", "sung"),
    "no such channel": ("D1", "--result", "received", "--channel", "pigeon"),
    "still to come": ("D1", "--result", "received", "--at", "2027-01-01T00:00"),
    "no duty at all": ("O1", "--result", "received"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_one_line_and_nothing_is_written(planned: Run, name: str) -> None:
    before = planned("duties", "--json").json
    ran = planned("duty", "settle", *WRONG[name])
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert planned("duties", "--json").json == before


def test_a_second_seat_is_told_who_was_first(county: Run) -> None:
    county("outage", "open", "-", given=FAULT)
    county("duty", "settle", "D1", "--result", "received")
    ran = county("duty", "settle", "D1", "--result", "received")
    assert ran.code == 2
    assert "08:00" in ran.err


def test_tables_for_people_name_recipient_and_article(planned: Run) -> None:
    out = planned("duties").out
    assert "人民医院" in out
    assert "9.3" in out
    assert planned("outage", "show", "O1").code == 0
    assert "desk outage open" in county_words(planned)


def county_words(run: Run) -> str:
    return run("duties", "--late").out
