"""Duties on sheets: nothing is lost between a duty and its line, whatever became of it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from noticed_county import HOUR, NOW

from desk.notices.sheets import LINES, Sheet, drafted, number_of, packed, unpacked
from desk.notices.tally import Counting, counted, overdue
from desk.records import Duty, DutyState, Evidence, Recipient, Replan
from desk.regulation.facts import DutyDraft, Terms

moments = st.integers(0, 100_000).map(lambda minutes: NOW + timedelta(minutes=minutes))
names = st.text("甲乙丙1-~>:", max_size=4)
lines = st.builds(Evidence, at=moments, result=names, note=names)
replans = st.builds(Replan, at=moments, field=st.just("due"), before=moments, after=moments)
changes = st.fixed_dictionaries(
    {},
    optional={
        "due": moments,
        "not_before": moments,
        "replans": st.lists(replans, max_size=2).map(tuple),
        "rules": st.lists(names, min_size=1, max_size=2).map(tuple),
        "channels": st.lists(names, max_size=2).map(tuple),
        "waits_for": st.lists(names, max_size=1).map(tuple),
        "state": st.sampled_from(DutyState),
        "late": st.booleans(),
        "key": st.text("甲乙1-~>:", min_size=1, max_size=4),
        "after": st.lists(names, max_size=2).map(tuple),
        "sites": st.lists(names, max_size=2).map(tuple),
        "evidence": st.lists(lines, max_size=2).map(tuple),
        "attempts": st.integers(0, 5),
        "next_try": moments,
        "next_channel": names,
        "closed_at": moments,
    },
)


def terms(base: str = "county:A9.3", **more: object) -> Terms:
    return Terms(base=base, rules=(base,), articles=("9.3",), due=NOW + HOUR, **more)  # type: ignore[arg-type]


def duty(number: int, **more: object) -> Duty:
    to = Recipient(kind="customer", id=f"1{number}", name=f"客户{number}")
    made = DutyDraft(terms(), to).duty(f"D{number}", "O1")
    return replace(made, **more)


@given(st.lists(changes, min_size=1, max_size=6), st.integers(1, 10**9))
def test_a_sheet_gives_back_the_duties_it_was_made_of(changed: list[dict[str, object]], first: int) -> None:
    duties = [duty(first + place, **more) for place, more in enumerate(changed)]
    sheet = packed(duties, first)
    stored = msgspec.json.decode(msgspec.json.encode(sheet), type=Sheet)
    assert unpacked(stored) == duties


@given(st.lists(changes, min_size=1, max_size=6))
def test_the_moments_of_a_sheet_are_those_of_its_open_duties(changed: list[dict[str, object]]) -> None:
    duties = [duty(1 + place, **more) for place, more in enumerate(changed)]
    sheet = packed(duties, 1)
    moments = [one.due for one in duties if one.state in ("pending", "attempted")]
    assert sheet.next == min(moments, default=None)
    assert bool(sheet.by_owner) == bool(sheet.by_outage) == bool(moments)


def test_new_duties_with_the_same_terms_share_sheets_and_follow_each_other() -> None:
    first, second = terms("county:A9.2c"), terms("county:A9.4", follows=("county:A9.2c", "county:A9.3"))
    people = [Recipient(kind="customer", id=f"1{number:03d}") for number in range(2 * LINES + 1)]
    drafts = [draft for to in people for draft in (DutyDraft(first, to), DutyDraft(second, to))]
    made = list(drafted(drafts, "O1", 5, {}))
    duties = [one for sheet in made for one in unpacked(sheet)]
    assert [len(sheet.lines) for sheet in made] == [LINES, LINES, 1] * 2
    assert [one.id for one in duties] == [f"D{5 + place}" for place in range(len(drafts))]
    by_id = {one.id: one for one in duties}
    later = [one for one in duties if one.after]
    assert len(later) == len(people)
    assert all(by_id[one.after[0]].recipient == one.recipient for one in later)
    assert {one.key for one in duties} == {draft.key for draft in drafts}


def test_a_new_duty_may_follow_one_that_is_stored_already() -> None:
    to = Recipient(kind="customer", id="1")
    made = list(drafted([DutyDraft(terms(follows=("x",)), to)], "O1", 9, {"x>customer:1": "D3"}))
    assert unpacked(made[0])[0].after == ("D3",)


@pytest.mark.parametrize(("typed", "number"), [("D12", 12), (" d12 ", 12), ("12", 12), ("D", None), ("O1", None)])
def test_a_number_is_read_however_it_is_typed(typed: str, number: int | None) -> None:
    assert number_of(typed) == number


@given(st.lists(st.tuples(changes, changes), min_size=1, max_size=6))
def test_a_tally_that_counts_changes_is_what_counting_all_would_give(pairs: list[tuple[dict, dict]]) -> None:  # type: ignore[type-arg]
    before = [duty(place, **one) for place, (one, _other) in enumerate(pairs)]
    after = [duty(place, **other) for place, (_one, other) in enumerate(pairs)]
    counting = Counting(counted(before))
    counting.moved(before, after)
    assert counting.tally() == counted(after)


def test_a_duty_is_overdue_once_its_moment_has_passed() -> None:
    tally = counted([duty(1), duty(2, state=DutyState.DONE), duty(3, due=NOW + 2 * HOUR)])
    assert [overdue(tally, NOW + hours * HOUR + timedelta(seconds=1)) for hours in (0, 1, 2)] == [0, 1, 2]
    assert overdue(tally, NOW + HOUR) == 0
