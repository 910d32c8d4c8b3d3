"""Facts of an outage: what is written is read by kind, kept in one form, and refused in a sentence."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import BadInput
from desk.plugins import Fact
from desk.plugins.facts import COMMON, READERS, read_facts

ZONE = ZoneInfo("Asia/Shanghai")
CHOICES = {"by_hand": {"zh_CN": "人工", "en": "by hand"}, "by_machine": {"zh_CN": "机械", "en": "by machine"}}
FACTS = {
    kind: Fact(name=kind, labels={"en": f"some {kind}"}, kind=kind, choices=CHOICES if kind == "choice" else {})
    for kind in READERS
}

GOOD = [
    ("text", " 县政〔2026〕5号 ", "县政〔2026〕5号"),
    ("text", 17, "17"),
    ("text", True, "yes"),
    ("text", False, None),
    ("text", "  ", None),
    ("number", 45, 45),
    ("number", "４５", 45),
    ("number", " 4.50 ", 4.5),
    ("number", 45.0, 45),
    ("choice", "by_hand", "by_hand"),
    ("choice", "By Hand", "by_hand"),
    ("choice", "机械", "by_machine"),
    ("time", "2026-12-01T08:00", "2026-12-01T08:00:00+08:00"),
    ("time", "2026-12-01T00:00Z", "2026-12-01T08:00:00+08:00"),
    ("time", "2026-12-01", "2026-12-01T00:00:00+08:00"),
    ("flag", True, True),
    ("flag", "否", False),
    ("flag", "是", True),
    ("flag", "No", False),
    ("list", ["城东线", " 城西线 ", ""], ["城东线", "城西线"]),
    ("list", "城东线、城西线，城南线", ["城东线", "城西线", "城南线"]),
]
BAD = [
    ("text", ["x"], "must be text"),
    ("number", "many", "must be a number"),
    ("number", True, "must be a number"),
    ("number", float("nan"), "must be a number"),
    ("number", "1e999", "must be a number"),
    ("number", {}, "must be a number"),
    ("choice", "by_bike", "by_hand (by hand), by_machine (by machine)"),
    ("choice", 3, "must be one of"),
    ("time", "soon", "is not a time"),
    ("time", 20261201, "must be a time"),
    ("flag", "perhaps", "must be true or false"),
    ("list", {"a": 1}, "must be a list of words"),
    ("list", [["a"]], "must be a list of words"),
]


@pytest.mark.parametrize(("kind", "written", "kept"), GOOD, ids=str)
def test_a_value_is_kept_in_one_form(kind: str, written: Any, kept: Any) -> None:
    assert FACTS[kind].read(written, ZONE) == kept


@pytest.mark.parametrize(("kind", "written", "words"), BAD, ids=str)
def test_a_value_of_the_wrong_kind_says_what_it_must_be(kind: str, written: Any, words: str) -> None:
    reading = read_facts([FACTS[kind]], {kind: written}, ZONE)
    assert f"some {kind}" in reading.wrong[kind]
    assert words in reading.wrong[kind]
    assert reading.facts == {}


@pytest.mark.parametrize("nothing", [None, "", []], ids=repr)
@pytest.mark.parametrize("kind", READERS)
def test_nothing_written_takes_a_fact_away(kind: str, nothing: Any) -> None:
    assert read_facts([FACTS[kind]], {kind: nothing}, ZONE).facts == {kind: None}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(value=JSON, kind=st.sampled_from(list(READERS)))
def test_whatever_is_written_is_read_or_refused_and_what_is_kept_reads_as_itself(value: Any, kind: str) -> None:
    try:
        kept = FACTS[kind].read(value, ZONE)
    except BadInput:
        return
    assert msgspec.json.decode(msgspec.json.encode(kept)) == kept
    assert FACTS[kind].read(kept, ZONE) == kept


@pytest.mark.parametrize("key", ["overdue_days", "Overdue Days", "逾期天数", " overdue-days", "days_late"])
def test_a_fact_is_known_by_its_name_its_words_and_its_other_names(key: str) -> None:
    fact = Fact(name="overdue_days", labels={"zh_CN": "逾期天数", "en": "x"}, kind="number", also=("days_late",))
    assert read_facts([fact], {key: 45}, ZONE).facts == {"overdue_days": 45}


@pytest.mark.parametrize("key", ["overdue_day", "overdu_days", "Overdue dayss"])
def test_a_slip_of_the_finger_is_refused_with_the_right_name(key: str) -> None:
    reading = read_facts([Fact(name="overdue_days", labels={"en": "x"}, kind="number")], {key: 45}, ZONE)
    assert reading == ({}, {key: "there is no such fact; did you mean overdue_days?"}, ())


def test_a_fact_nobody_knows_is_kept_as_written_and_named() -> None:
    reading = read_facts([], {"weather": {"wind": 9}}, ZONE)
    assert (reading.facts, reading.unknown) == ({"weather": {"wind": 9}}, ("weather",))


def test_every_type_knows_the_accounts_that_asked_to_be_told_themselves() -> None:
    assert read_facts([], {"own_notice": ["100001"]}, ZONE) == ({"own_notice": ["100001"]}, {}, ())
    assert [fact.name for fact in COMMON] == ["own_notice"]


def test_a_number_below_the_least_is_refused() -> None:
    fact = Fact(name="days", labels={"en": "days"}, kind="number", least=0)
    assert read_facts([fact], {"days": -1}, ZONE).wrong == {"days": "days must be at least 0"}


@pytest.mark.parametrize(
    ("known", "asked"),
    [({}, False), ({"shed": False}, False), ({"shed": True}, True), ({"shed": "yes"}, True)],
    ids=str,
)
def test_a_fact_is_asked_for_only_while_another_says_so(known: dict[str, Any], asked: bool) -> None:
    fact = Fact(name="order", labels={"en": "order"}, only={"shed": ("yes",)})
    assert fact.is_asked(known) is asked


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [("flag", True, "yes"), ("choice", "by_hand", "by hand"), ("list", ["a", "b"], "a、b"), ("number", 3, "3")],
    ids=str,
)
def test_a_value_is_shown_in_words(kind: str, value: Any, words: str) -> None:
    assert FACTS[kind].shown(value) == words


AUTHORS = {
    "not a fact": ("['days']", "got `str` - at `$.facts[0]`"),
    "wrong kind": ("[Fact(name='a', labels={'en': 'a'}, kind='date')]", "Invalid enum value 'date'"),
    "wrong name": ("[Fact(name='Überdue', labels={'en': 'a'})]", "matching regex"),
    "no words": ("[Fact(name='a', labels={})]", "length >= 1"),
    "twice": ("[Fact(name='a', labels={'en': 'a'})] * 2", 'two things called "a"'),
    "choices missing": ("[Fact(name='a', labels={'en': 'a'}, kind='choice')]", "choices belong to the kind choice"),
    "only of nobody": ("[Fact(name='a', labels={'en': 'a'}, only={'b': ('x',)})]", "only names b"),
}


@pytest.mark.parametrize(("facts", "words"), AUTHORS.values(), ids=AUTHORS)
def test_a_mistake_in_a_table_of_facts_switches_the_part_off_and_is_named(parts: Any, facts: str, words: str) -> None:
    parts.ship(
        flood="from desk.plugins import *\n"
        "@hookimpl\n"
        "def desk_outage_types():\n"
        f"    return [OutageType(id='flood', labels={{'en': 'flood'}}, planned=False, facts={facts})]\n"
    )
    row = parts.row("flood")
    assert row.state == "off"
    assert words in row.reason
