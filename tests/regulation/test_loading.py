"""A rule pack's file: every mistake is told at once with file, line and reason; the shipped packs have none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from owed_county import PLUGINS

from desk.durations import Duration, parse_duration
from desk.errors import BadInput, PackProblem
from desk.regulation.load import load_pack, read_pack
from desk.regulation.pack import Rule

GOOD = """kind = "rule_pack"
id = "city"
title = { zh_CN = "市", en = "city" }
source = "the city"
version = "1"

[parameters]
promptly = "PT2H"

[[rule]]
id = "C1"
articles = ["1"]
name = { zh_CN = "甲", en = "a" }
says = { zh_CN = "甲。", en = "A." }
outage_types = ["planned_maintenance"]
trigger = "opened"
recipients = ["important"]
channels.any_of = ["phone"]
due = "opened_at + promptly"
owner = "95598"

[[approval]]
id = "C2"
articles = ["2"]
name = { zh_CN = "乙", en = "b" }
says = { zh_CN = "乙。", en = "B." }

[[approval.step]]
order = 1
step = "review"
post = "marketing"

[[approval.step]]
order = 2
step = "approval"
post = "leader"

[[limit]]
id = "C3"
articles = ["3"]
name = { zh_CN = "丙", en = "c" }
says = { zh_CN = "丙。", en = "C." }
holds = "received_at <= planned_start - P7D"
broken = { zh_CN = "晚", en = "late" }

[[rule]]
id = "C4"
articles = ["4"]
name = { zh_CN = "丁", en = "d" }
says = { zh_CN = "丁。", en = "D." }
trigger = "approved"
recipients = ["public"]
channels.any_of = ["media_announcement"]
due = ["planned_start - P7D", "opened_at + promptly"]
owner = "office"
must_follow = ["C1"]
waits_for = ["C2"]
"""


def told(text: str) -> list[str]:
    with pytest.raises(PackProblem) as caught:
        read_pack(Path("city.toml"), text.encode())
    return [problem.removeprefix("city.toml:") for problem in caught.value.problems]


def test_the_example_is_good():
    pack = read_pack(Path("city.toml"), GOOD.encode())
    assert [entry.id for entry in pack.entries] == ["C1", "C2", "C3", "C4"]  # as they stand in the file


# what is written instead → what is told
SLIPS = {
    "a key of the pack": ('version = "1"', 'versoin = "1"', [
        "1: version is missing in city",
        '5: there is no key "versoin" here; did you mean version?',
    ]),
    "a key of an entry": ('due = "opened_at + promptly"', 'dew = "opened_at + promptly"', [
        "10: due is missing in C1",
        '19: there is no key "dew" here; did you mean due?',
    ]),
    "an anchor": ('due = "opened_at + promptly"', 'due = "openned_at + promptly"', [
        "19: due: there is no anchor openned_at; did you mean opened_at?",
    ]),
    "a figure": ('due = "opened_at + promptly"', 'due = "opened_at + prompt"', [
        "19: due: [parameters] has no prompt; did you mean promptly?",
    ]),
    "a length": ('due = "opened_at + promptly"', 'due = "opened_at + P7X"', [
        "19: due: 'P7X' is no length of time; write it like P7D, PT24H or PT30M",
    ]),
    "a moment": ('due = "opened_at + promptly"', 'due = "7 days before"', [
        "19: due: '7 days before' is no moment; write it like 'planned_start - P7D'",
    ]),
    "a parameter": ('promptly = "PT2H"', 'promptly = "2h"', [
        "8: promptly: '2h' is no length of time; write it like P7D, PT24H or PT30M",
    ]),
    "parameters that are no section": ("[parameters]\npromptly", "parameters", [
        "7: parameters: must be a section of name = length of time",
        "18: due: [parameters] has no promptly",
        "53: due: [parameters] has no promptly",
    ]),
    "a contract's days in due": ('due = "opened_at + promptly"', 'due = "planned_start - contract_notice_days"', [
        "19: contract_notice_days belongs in due_by_contract",
    ]),
    "a rule that comes first": ('must_follow = ["C1"]', 'must_follow = ["C9"]', [
        "56: must_follow: there is no C9 in this pack; it may be C1, C4",
    ]),
    "a rule after itself": ('must_follow = ["C1"]', 'must_follow = ["C4"]', ["56: C4 cannot come after itself"]),
    "an approval": ('waits_for = ["C2"]', 'waits_for = ["approval"]', [
        "57: waits_for: there is no approval in this pack; did you mean approvals?",
    ]),
    "an id used twice": ('id = "C3"', 'id = "C1"', ["39: there are two entries C1; an id is used once"]),
    "steps out of order": ("order = 2", "order = 1", [
        "34: step approval (order 1) stands after review; steps stand in their order",
    ]),
    "a step without its post": ('post = "leader"', "", ["33: post is missing"]),
    "no articles": ('articles = ["3"]', "", ["38: articles is missing in C3"]),
    "empty articles": ('articles = ["3"]', "articles = []", ["40: articles: must not be empty"]),
    "a language left out": ('says = { zh_CN = "丙。", en = "C." }', 'says = { en = "C." }', [
        "42: says: is missing in zh_CN",
    ]),
    "a language misspelled": ('says = { zh_CN = "丙。", en = "C." }', 'says = { zh_CM = "丙。", en = "C." }', [
        "42: says: there is no language zh_CM; did you mean zh_CN?",
    ]),
    "a trigger": ('trigger = "opened"', 'trigger = "open"', ["16: trigger: there is no open; did you mean opened?"]),
    "a recipient": ('recipients = ["important"]', 'recipients = ["inportant"]', [
        "17: recipients: there is no recipient inportant; did you mean important?",
    ]),
    "a department": ('recipients = ["important"]', 'recipients = ["department:marketting"]', [
        "17: recipients: there is no department:marketting; did you mean marketing?",
    ]),
    "a channel": ('channels.any_of = ["phone"]', 'channels.any_of = ["phones"]', [
        "18: channels: there is no phones; did you mean phone?",
    ]),
    "the mode of channels": ('channels.any_of = ["phone"]', 'channels.one_of = ["phone"]', [
        '18: channels: must say any_of or all_of, like channels.any_of = ["phone"]',
    ]),
    "an outage type": ('["planned_maintenance"]', '["planed_maintenance"]', [
        "15: outage_types: there is no planed_maintenance; did you mean planned_maintenance?",
    ]),
    "a proof": ('owner = "office"', 'owner = "office"\nevidence_kind = "signed"', [
        "56: evidence_kind: there is no signed; did you mean signed_receipt?",
    ]),
    "a condition": ('owner = "office"', 'owner = "office"\nonly_if = ["starts_early"]', [
        "56: only_if: there is no condition starts_early; did you mean starts_earlier?",
    ]),
    "what a limit compares": ('holds = "received_at <= planned_start - P7D"', 'holds = "received_at"', [
        "43: holds: 'received_at' compares no moments; write it like received_at <= planned_start - P7D",
    ]),
    "a limit without a bound": ('holds = "received_at <= planned_start - P7D"', "", [
        "38: a limit has either holds or fact",
    ]),
    "a table that is no list": ("[[limit]]", "[limit]", ["38: limit is a list: write [[limit]] above each"]),
    "a kind of another file": ('kind = "rule_pack"', 'kind = "channel"', ['1: kind must be "rule_pack"']),
    "no TOML": ("[[limit]]", "[[limit]", ["38: this is not TOML: Expected ']]' at the end of an array declaration"]),
}  # fmt: skip


@pytest.mark.parametrize(("written", "instead", "problems"), SLIPS.values(), ids=SLIPS)
def test_a_mistake_is_told_with_its_line_and_what_was_meant(written, instead, problems):
    assert written in GOOD
    assert told(GOOD.replace(written, instead, 1)) == problems


def test_all_mistakes_are_told_at_once():
    text = GOOD.replace("opened_at", "openned_at").replace('owner = "95598"', 'ownr = "95598"')
    assert [problem.partition(":")[0] for problem in told(text)] == ["10", "19", "20", "54"]


def test_rules_in_a_circle_are_told():
    text = GOOD.replace('owner = "95598"', 'owner = "95598"\nmust_follow = ["C4"]')
    assert told(text) == ["21: C1 would have to come after itself", "57: C4 would have to come after itself"]


def test_a_rule_of_another_pack_is_not_looked_for():
    pack = read_pack(Path("city.toml"), GOOD.replace('must_follow = ["C1"]', 'must_follow = ["county:A9.3"]').encode())
    assert pack.by_id["C4"].must_follow == ("county:A9.3",)


def test_a_county_may_write_types_channels_and_owners_of_its_own():
    text = GOOD.replace('["planned_maintenance"]', '["flood"]').replace('["phone"]', '["pager"]')
    rule = read_pack(Path("city.toml"), text.replace('owner = "95598"', 'owner = "harbour_office"').encode()).by_id[
        "C1"
    ]
    assert isinstance(rule, Rule)
    assert (rule.outage_types, rule.channels, rule.owner) == (("flood",), ("pager",), "harbour_office")


def test_a_file_of_another_encoding_is_told():
    with pytest.raises(PackProblem, match=r"city\.toml:3: this is not UTF-8"):
        read_pack(Path("city.toml"), GOOD.encode("gb18030"))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(PackProblem, match=r"none\.toml cannot be read"):
        load_pack(tmp_path / "none.toml")


def test_a_file_is_read_again_once_it_has_changed(tmp_path):
    file = tmp_path / "city.toml"
    file.write_text(GOOD, encoding="utf-8")
    assert load_pack(file) is load_pack(file)
    file.write_text(GOOD.replace('version = "1"', 'version = "12"'), encoding="utf-8")
    assert load_pack(file).version == "12"


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(line=st.integers(0, GOOD.count("\n") - 1), text=st.text(max_size=30))
def test_whatever_stands_on_a_line_the_pack_is_read_or_its_mistakes_are_told(line, text):
    lines = GOOD.split("\n")
    lines[line] = text
    content = "\n".join(lines).encode("utf-8", "surrogatepass")
    problems: tuple[str, ...] = ()
    try:
        read_pack(Path("city.toml"), content)
    except PackProblem as problem:
        problems = problem.problems
    assert all(each.startswith("city.toml:") for each in problems)


@given(key=st.sampled_from(["due", "channels", "recipients", "says", "must_follow", "outage_types"]), value=values)
def test_a_value_of_any_shape_is_read_or_told(key, value):
    from desk.regulation.shapes import RULE, read_table

    found = []
    read_table({key: value}, RULE, ("rule", "0"), found)
    assert all(mistake.text for mistake in found)


# The shipped packs


@pytest.mark.parametrize("name", ["county", "national", "desk_practice"])
def test_a_shipped_pack_has_no_mistake(name):
    assert load_pack(PLUGINS / f"{name}.toml").entries


def test_the_county_s_pack_stands_in_the_order_of_its_articles():
    pack = load_pack(PLUGINS / "county.toml")
    numbers = [tuple(int(part) for part in entry.articles[0].split(".")) for entry in pack.entries]
    assert numbers == sorted(numbers)


def test_every_article_from_5_to_24_is_in_the_county_s_pack():
    pack = load_pack(PLUGINS / "county.toml")
    cited = {number.partition(".")[0] for entry in pack.entries for number in entry.articles}
    assert {str(number) for number in range(5, 25)} <= cited


def test_no_sentence_of_the_text_is_copied():
    text = Path("/work/shared/reference/county-measures.zh.txt")
    if not text.exists():
        pytest.skip("the text is not shipped")
    plain = "".join(text.read_text(encoding="utf-8").split())
    for entry in load_pack(PLUGINS / "county.toml").entries:
        sentence = "".join(entry.says["zh_CN"].split()).replace("，", ",")
        pieces = [sentence[start : start + 14] for start in range(len(sentence) - 13)]
        assert not [piece for piece in pieces if piece in plain], entry.id


LENGTHS = {
    "P7D": Duration(7), "PT15M": Duration(0, 900), "PT24H": Duration(0, 86400), "P1DT12H": Duration(1, 43200),
    "P2W": Duration(14), "PT90S": Duration(0, 90), "P0D": Duration(),
}  # fmt: skip


@pytest.mark.parametrize(("text", "length"), LENGTHS.items(), ids=LENGTHS)
def test_a_length_of_time_is_read_as_iso_8601_writes_it(text, length):
    assert parse_duration(text) == length
    assert parse_duration(length.text) == length


@pytest.mark.parametrize("text", ["", "P", "PT", "7D", "P7", "P-7D", "P1M", "PT1D", "P1DT", "１５分钟"])
def test_what_is_no_length_of_time_is_told(text):
    with pytest.raises(BadInput, match="is no length of time"):
        parse_duration(text)
