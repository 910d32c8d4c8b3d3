"""Many duties at once leave a few lines, and what they were settled by cannot be changed behind the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from audited_story import FAULT, HOUR, NOW, PLAN, Story
from tinydb.table import Document

from desk.i18n import set_language
from desk.notices.settling import Settlement
from desk.outages import OutageRequest
from desk.records import Approval
from desk.schema import APPROVALS, DUTIES, OUTAGES, VIOLATIONS


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    made = Story(tmp_path)
    set_language("en")
    yield made
    made.desk.close()


@pytest.fixture
def told(story: Story) -> Story:
    """A planned outage whose approvals are given, and some of whose duties are done by a machine."""
    outage = story.open("plan", **PLAN)
    for step in story.desk.notices.approvals(outage.id):
        story.desk.notices.approve(outage.id, step.step, by="李局长", mode="phone")
    duties = [one for one in story.desk.notices.of(outage.id) if "sms" in one.channels]
    assert len(duties) > 1
    said = [(duty.id, Settlement(result="delivered", channel="sms", reason="x")) for duty in duties]
    story.desk.notices.settle_many(said, "texts")
    return story


def acts(story: Story) -> list[str]:
    return [line.act for line in story.place.audit_table.all()]


def test_what_a_machine_told_many_is_one_line_with_a_digest(told: Story) -> None:
    lines = [line for line in told.place.audit_table.all() if line.act == "duties.tell"]
    assert len(lines) == 1
    assert lines[0].details["evidence"] == lines[0].details["duties"] > 1
    assert len(lines[0].details["sha256"]) == 64


def test_calling_an_outage_off_is_two_lines_however_many_are_owed(told: Story) -> None:
    before = len(acts(told))
    told.desk.outages.cancel(told.id("plan"), reason="雨")
    assert acts(told)[before:] == ["duties.follow", "outage.cancel"]


def test_what_is_done_out_of_order_leaves_its_violation(story: Story) -> None:
    outage = story.desk.outages.open(OutageRequest(**{**PLAN, "planned_start": NOW + HOUR})).outage
    story.desk.outages.start(outage.id, reason="抢修")
    assert "violation" in acts(story)
    assert story.desk.verify_audit(documents=True).ok


def changed(story: Story, table: str, change: Any) -> None:
    """The first document of a table, changed by hand."""
    rows = story.place.store.table(table)
    first = rows.all()[0]
    change(first)
    rows.remove(doc_ids=[first.doc_id])
    rows.insert(Document(dict(first), first.doc_id))


def _evidence(sheet: Any) -> None:
    line = next(line for line in sheet["lines"] if line.get("evidence"))
    line["evidence"][0]["at"] = "2026-11-30T08:00:00+08:00"


@pytest.mark.parametrize(
    ("table", "change", "name"),
    [
        (OUTAGES, lambda it: it.update(cause="其他"), "outages/O1"),
        (OUTAGES, lambda it: it["history"][0].update(by="王强"), "outages/O1"),
        (APPROVALS, lambda it: it.update(by="王局长"), "approvals/P1"),
    ],
    ids=["an outage", "its history", "an approval"],
)
def test_a_document_changed_behind_the_desk_is_named(told: Story, table: str, change: Any, name: str) -> None:
    assert told.desk.verify_audit(documents=True).ok
    changed(told, table, change)
    assert told.desk.verify_audit().ok  # the lines themselves are whole
    found = told.desk.verify_audit(documents=True)
    assert [(fault.kind, fault.id) for fault in found.faults] == [("document", name)]


def test_evidence_changed_behind_the_desk_is_named(told: Story) -> None:
    sheets = told.place.store.table(DUTIES)
    for sheet in sheets.all():
        if any(line.get("evidence") for line in sheet["lines"]):
            _evidence(sheet)
            sheets.remove(doc_ids=[sheet.doc_id])
            sheets.insert(Document(dict(sheet), sheet.doc_id))
            break
    found = told.desk.verify_audit(documents=True)
    assert [fault.kind for fault in found.faults] == ["document"]
    assert "evidence" in found.faults[0].what


def test_a_document_taken_away_or_put_in_behind_the_desk_is_named(told: Story) -> None:
    approvals = told.place.store.records(APPROVALS, Approval)
    one = approvals.get("P1")
    assert one
    approvals.remove("P1")
    assert [fault.id for fault in told.desk.verify_audit(documents=True).faults] == ["approvals/P1"]
    approvals.put(one)
    told.place.store.table(VIOLATIONS).insert(
        {"id": "V99", "outage": "O1", "article": "9", "what": "x", "at": "2027-01-01T08:00:00+08:00"}
    )
    assert [fault.id for fault in told.desk.verify_audit(documents=True).faults] == ["violations/V99"]


def test_calls_that_join_an_outage_change_nothing_that_is_vouched_for(story: Story) -> None:
    story.open("fault", **FAULT)
    story.call("6400102001")
    story.call("6400103002")
    assert story.desk.outages.get("O1").calls == 2
    assert story.desk.verify_audit(documents=True).ok
