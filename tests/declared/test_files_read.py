"""A declared channel's file as it is read: every mistake at once, with its line and what was meant."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import ConfigProblem
from desk.plugins.declared import Ground, declared, needs_approval
from desk.plugins.declared.reading import read_channel
from desk.plugins.declared.templates import Wrong, parse, parse_value
from desk.plugins.faults import Fault

FILE = Path("/plugins/pager.toml")
GOOD = """kind = "webhook"
label = "呼机"
[can]
family = "sms"
address = "mobile"
[settings]
token = { secret = true }
[request]
url = "http://a/{address}"
"""


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigProblem) as caught:
        read_channel(FILE, text.encode(), Ground())
    return [problem.removeprefix(f"{FILE}:") for problem in caught.value.problems]


def test_every_mistake_is_told_at_once_each_with_its_line():
    text = """kind = "webhook"
lable = "x"
[can]
famly = "sms"
address = "mobil"
timeout = "x"
[settings]
token = { secret = true, default = "x" }
[request]
url = "http://x/{adress}"
jsn = {}
json = { a = "{settings.tok}", b = ["{body"] }
[answer]
code = 3
errors = { 5 = "throtled" }
pattern = "(?P<cod>x)"
[anser]
"""
    found = problems(text)
    expected = {
        1: ("label is missing",),
        2: ('"lable"', "did you mean label?"),
        3: ("family is missing",),
        4: ('"famly"', "did you mean family?"),
        5: ('"mobil"', "did you mean mobile?"),
        6: ('timeout must be a number, not "x"',),
        8: ("not for secrets",),
        10: ("{adress}", "did you mean {address}?"),
        11: ('"jsn"', "did you mean json?"),
        12: ("settings.tok", "has a brace of its own"),
        14: ("like", "data.msgid"),
        15: ('"throtled"', "did you mean throttled?"),
        16: ("cod", "code, id, words"),
        17: ('"anser"', "did you mean answer?"),
    }
    lines = {int(line): words for line, _colon, words in (each.partition(": ") for each in found)}
    assert lines.keys() == expected.keys()
    for line, words in expected.items():
        assert all(word in lines[line] for word in words), lines[line]


ONE = {
    "no TOML": ("kind = webhook", "1: this is not TOML"),
    "not UTF-8": ("kind", "1: "),
    "no kind": ('label = "x"', '1: there is no kind ""'),
    "a near kind": ('kind = "webhok"', "did you mean webhook?"),
    "no request": ('kind = "webhook"\nlabel = "x"\n[can]\nfamily = "sms"\naddress = "none"', "[request] is missing"),
    "a bad name": (GOOD.replace("label", 'name = "The Pager"\nlabel'), "name must be small letters"),
    "a section that is none": (GOOD.replace("[can]", "answer = 1\n[can]"), "answer is a section"),
    "a person without steps": (GOOD.replace("[settings]", "needs_human = true\n[settings]"), "[human] is missing"),
    "a default outside the choices": (
        GOOD + '[settings.mode]\nchoices = ["a", "b"]\ndefault = "c"',
        'default must be a, b, not "c"',
    ),
    "a setting's type": (GOOD + '[settings.mode]\ntype = "numbr"', "did you mean number?"),
    "a section of another kind": (GOOD + "[command]\nargv = []", 'there is no "command"'),
    "a gateway's state": (
        GOOD + '[receipt]\nid = "a"\nstate = "b"\nstates = { X = "deliverd" }',
        "did you mean delivered?",
    ),
    "two bodies": (GOOD + 'json = {}\ntext = "x"', "[request] takes one of json, form, text"),
    "a setting that every channel has": (GOOD + "[settings.price]\ndefault = 1", "price: this one is there by itself"),
    "a status that is none": (
        GOOD + '[example]\nanswers = [{ status = "x", gives = "sent" }]',
        "must be a whole number",
    ),
    "a key of an answer": (GOOD + '[example]\nanswers = [{ staus = 2, gives = "sent" }]', "did you mean status?"),
    "an answer of the example": (GOOD + '[example]\nanswers = [{ gives = "taken" }]', '"taken"'),
}


@pytest.mark.parametrize(("text", "words"), ONE.values(), ids=ONE)
def test_a_mistake_is_named(text, words):
    found = problems(text)
    assert any(words in problem for problem in found), found


def test_in_the_list_the_first_mistake_stands_for_all(tmp_path):
    file = tmp_path / "pager.toml"
    file.write_text('kind = "webhook"\n[request]\n', encoding="utf-8")
    with pytest.raises(Fault, match="and 3 more mistakes: desk plugins check"):
        declared(file)


@pytest.mark.parametrize(("kind", "needed"), [("webhook", False), ("command", True), ("human", False)])
def test_only_what_runs_a_program_needs_approval(kind, needed):
    assert needs_approval(f'kind = "{kind}"\n'.encode()) is needed


COMMAND = """label = "x"
[can]
family = "sms"
address = "mobile"
[command]
argv = ["/bin/true"]
"""


@pytest.mark.parametrize(
    "head",
    [
        'kind = "command"\nabout = """\nkind = "webhook"\n"""\n',
        '"kind" = "command"\nabout = """\nkind = "file"\n"""\n',
    ],
    ids=["in a text of many lines", "under a quoted key"],
)
def test_a_command_does_not_pass_for_another_kind(head):
    assert "kind" in read_or_told(head + COMMAND)


def read_or_told(text: str) -> str:
    try:
        read_channel(FILE, text.encode(), Ground())
    except ConfigProblem as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("timeout = -3", "timeout must be above 0"),
        ("max_parts = 0", "max_parts at least 1"),
        ('family = "smss"', "did you mean sms?"),
        ("address = 5", "a text in quotes, not 5"),
    ],
    ids=["no time", "no parts", "nearly a family", "a number for a word"],
)
def test_a_promise_that_cannot_be_kept_is_told_with_its_line(line, words):
    key = line.partition(" ")[0]
    rest = "\n".join(each for each in GOOD.splitlines() if not each.startswith(f"{key} ="))
    (found,) = problems(rest.replace("[can]", f"[can]\n{line}"))
    assert found.startswith("4: [can] ")
    assert words in found


def test_a_file_is_called_as_it_says_or_by_its_own_name():
    assert read_channel(FILE, GOOD.encode(), Ground()).name == "pager"
    assert read_channel(FILE, ('name = "bell"\n' + GOOD).encode(), Ground()).name == "bell"


def test_a_file_saved_by_a_windows_editor_is_read():
    text = "\ufeff" + GOOD.replace("\n", "\r\n")
    assert read_channel(FILE, text.encode(), Ground()).labels == {"zh_CN": "呼机"}


@pytest.mark.parametrize("schema", ["dbus", "json", "syslog", "exec"])
def test_apprise_may_not_reach_this_machine_nor_any_host(schema):
    text = GOOD.replace("webhook", "apprise").replace("[request]", "[apprise]").replace("http:", f"{schema}:")
    assert any(f'"{schema}"' in problem for problem in problems(text))


@given(st.text())
def test_any_text_is_a_template_or_is_told_why_not(text):
    try:
        template = parse(text, ())
    except Wrong:
        return
    blanks = dict.fromkeys(template.names, "")
    assert isinstance(template.filled(blanks), str)


@given(st.text(), st.text())
def test_what_is_put_in_is_never_read_again(address, body):
    template = parse("<{address}|{body}>{{x}}", ())
    assert template.filled({"address": address, "body": body}) == f"<{address}|{body}>{{x}}"


@given(st.binary(max_size=400))
def test_any_bytes_are_a_channel_or_a_named_problem(content):
    with suppress(ConfigProblem):
        assert read_channel(FILE, content, Ground()).name


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_any_value_is_read_or_told_why_not(value):
    with suppress(Wrong):
        parse_value(value, ())


@given(
    st.sampled_from(["can", "settings", "request", "answer", "receipt", "reply", "example", "label", "human"]), VALUES
)
def test_any_value_anywhere_is_read_or_told(section, value):
    import tomllib

    from desk.config.mistakes import Mistake
    from desk.plugins.declared.reading import _read
    from desk.plugins.declared.webhook import WebhookChannel

    raw = tomllib.loads(GOOD) | {section: value}
    found: list[Mistake] = []
    _read(WebhookChannel, raw, FILE, found)
    assert all(mistake.text for mistake in found)
