"""Every verb that writes leaves exactly its lines, and the lines hold nothing of a person but who acted."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from operator import attrgetter

import pytest
from audited_story import CUSTOMERS, ELSEWHERE, NAMES, QUIET, READS, STEPS, Story

from desk.i18n import set_language
from desk.records import AuditLine

NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?![0-9A-Za-z])")

Told = tuple[Story, list[tuple[str, ...]], list[AuditLine]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The story, the acts that each of its steps left, and all lines."""
    set_language("en")
    story = Story(tmp_path_factory.mktemp("story"))
    left = []
    for step in STEPS:
        before = story.place.audit_table.count()
        step.do(story)
        after = list(story.place.audit_table.all())
        left.append(tuple(line.act for line in after[before:]))
    yield story, left, list(story.place.audit_table.all())
    story.desk.close()


def test_each_verb_leaves_exactly_its_lines(told: Told) -> None:
    _story, left, _lines = told
    assert [(step.verb, acts) for step, acts in zip(STEPS, left, strict=True)] == [
        (step.verb, step.acts) for step in STEPS
    ]


@pytest.mark.parametrize("room", READS)
def test_every_verb_of_a_room_is_sorted(told: Told, room: str) -> None:
    """A new public method is a verb of the table, one that is quiet for a reason, or one that only reads."""
    place = attrgetter(room)(told[0].desk)
    names = {name for name, _value in inspect.getmembers(place, callable) if not name.startswith("_")}
    names -= {name for name in names if name.startswith("after_") or (name == "regrouped" and room != "callbacks")}
    done = {step.verb for step in STEPS}
    unsorted = {
        name
        for name in names - set(READS[room])
        if not {f"{room}.{name}", f"{room.rpartition('.')[2]}.{name}"} & (done | QUIET.keys() | ELSEWHERE.keys())
    }
    assert not unsorted, f"say in audited_story.py what line {room}.{sorted(unsorted)} leaves"


def test_the_story_verifies_with_its_documents(told: Told) -> None:
    found = told[0].desk.verify_audit(documents=True)
    assert (found.ok, found.faults) == (True, ())
    assert found.documents
    assert found.documents > 20


def test_no_line_holds_a_telephone_number(told: Told) -> None:
    texts = [repr((line.about, line.details)) for line in told[2]]
    assert [text for text in texts if NUMBERS.search(text)] == []
    known = {phone.number for customer in CUSTOMERS for phone in customer.phones}
    assert [text for text in texts if any(number in text for number in known)] == []


def test_no_line_holds_a_customer_name_or_the_words_of_a_message(told: Told) -> None:
    private = (*NAMES, "停电", "解放街")
    noted = {line.act: repr(line.details) for line in told[2] if any(word in repr(line.details) for word in private)}
    # The one place for an agent's own words, which stand nowhere else.
    assert set(noted) <= {"message.decide"}


def test_lines_say_who_did_it_from_which_seat_in_which_role(told: Told) -> None:
    place = told[0].place
    assert {(line.by, line.seat, line.role) for line in told[2]} == {(place.agent, place.seat, "supervisor")}
