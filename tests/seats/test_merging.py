"""Laws of merging three ways, over any fields and values."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.seats.merging import ABSENT, merge, touched

Fields = dict[str, Any]
VALUES = st.one_of(st.integers(0, 2), st.none(), st.sampled_from(["", "树障"]))
SIDE = st.dictionaries(st.sampled_from("abcd"), VALUES)


def at(side: Fields, name: str) -> Any:
    return side.get(name, ABSENT)


@settings(deadline=None)
@given(SIDE, SIDE)
def test_who_changes_nothing_gets_what_the_other_wants(base: Fields, other: Fields) -> None:
    for merged in (merge(base, other, base), merge(base, base, other)):
        assert merged.values == other
        assert merged.conflicts == ()


@settings(deadline=None)
@given(SIDE, SIDE)
def test_what_both_want_alike_is_no_conflict(base: Fields, same: Fields) -> None:
    assert merge(base, same, same).values == same
    assert merge(base, same, same).conflicts == ()


@settings(deadline=None)
@given(SIDE, SIDE, SIDE)
def test_edits_of_different_fields_come_to_the_same_in_either_order(base: Fields, one: Fields, two: Fields) -> None:
    first, second = merge(base, one, two), merge(base, two, one)
    assert {c.field for c in first.conflicts} == {c.field for c in second.conflicts}
    if not touched(base, one) & touched(base, two):
        assert first.conflicts == ()
        assert first.values == second.values


@settings(deadline=None)
@given(SIDE, SIDE, SIDE)
def test_no_update_is_lost(base: Fields, theirs: Fields, mine: Fields) -> None:
    merged = merge(base, theirs, mine)
    asked = {one.field: one for one in merged.conflicts}
    for name in base.keys() | theirs.keys() | mine.keys():
        before, stored, wanted = at(base, name), at(theirs, name), at(mine, name)
        if name in asked:
            assert (asked[name].base, asked[name].theirs, asked[name].mine) == (before, stored, wanted)
            assert at(merged.values, name) == stored
        elif wanted != before:
            assert at(merged.values, name) == wanted
        else:
            assert at(merged.values, name) == stored


@settings(deadline=None)
@given(SIDE, SIDE, SIDE)
def test_a_field_is_asked_about_only_where_both_changed_it_differently(
    base: Fields, theirs: Fields, mine: Fields
) -> None:
    both = touched(base, theirs) & touched(base, mine)
    assert {c.field for c in merge(base, theirs, mine).conflicts} == both & touched(theirs, mine)


@settings(deadline=None)
@given(SIDE, SIDE, SIDE)
def test_merging_what_was_merged_changes_nothing(base: Fields, theirs: Fields, mine: Fields) -> None:
    merged = merge(base, theirs, mine)
    if not merged.conflicts:
        assert merge(base, merged.values, mine).values == merged.values
        assert merge(theirs, merged.values, theirs).values == merged.values


@settings(deadline=None)
@given(SIDE, SIDE, SIDE, st.data())
def test_a_choice_settles_its_field_and_no_other(
    base: Fields, theirs: Fields, mine: Fields, data: st.DataObject
) -> None:
    merged = merge(base, theirs, mine)
    sides = st.sampled_from(["mine", "theirs"])
    choices = {one.field: data.draw(sides) for one in merged.conflicts if data.draw(st.booleans())}
    after = merged.resolved(choices)  # type: ignore[arg-type]
    assert {one.field for one in after.conflicts} == {one.field for one in merged.conflicts} - choices.keys()
    for one in merged.conflicts:
        wanted = one.mine if choices.get(one.field) == "mine" else one.theirs
        assert at(after.values, one.field) == wanted
