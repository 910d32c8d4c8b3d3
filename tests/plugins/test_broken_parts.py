"""A bad part is off and named with file, line and reason; its neighbours and the desk are not touched."""

from __future__ import annotations

import sys

import pytest

HEAD = "from desk.plugins import Capabilities, Channel, OutageType, RulePack, hookimpl\n"
TYPE = 'OutageType(id="{id}", labels={{"en": "x"}}, planned=False)'
HOOK = HEAD + "\n@hookimpl\ndef desk_outage_types():\n    return "

# what is wrong → (the text of plugins/bad.py, the line that is named, words of the reason)
BAD = {
    "syntax error": ("x = 1\ndef broken(:\n", 2, "not Python"),
    "indentation": ("if True:\nx = 1\n", 2, "not Python"),
    "not UTF-8": ("\udcff", 0, "not Python"),
    "null byte": ("x = 1\0", 0, "null bytes"),
    "missing module": ("x = 1\nimport no_such_module\n", 2, "needs no_such_module, which is not installed"),
    "missing name": ("from desk.plugins import NoSuchThing\n", 1, "cannot import name 'NoSuchThing'"),
    "exception at import": ("def f():\n    return 1 / 0\nf()\n", 2, "ZeroDivisionError: division by zero"),
    "exception without words": ("raise ValueError\n", 1, "ValueError"),
    "exit at import": ("import sys\nsys.exit(3)\n", 2, "tried to end the program"),
    "interrupt at import": ("raise KeyboardInterrupt\n", 1, "interrupted"),
    "endless recursion": ("def f(): f()\nf()\n", 1, "RecursionError"),
    "asks the keyboard": ("input('name? ')\n", 1, "EOFError"),
    "no hook": ("x = 1\n", 0, "answers no hook"),
    "empty": ("", 0, "answers no hook"),
    "unmarked hook": (HEAD + "\ndef desk_outage_types():\n    return []\n", 3, "not marked with @hookimpl"),
    "unknown hook": (HEAD + "\n@hookimpl\ndef desk_chanels():\n    return []\n", 3, "did you mean desk_channels?"),
    "hook with an argument": (HEAD + "\n@hookimpl\ndef desk_channels(x):\n    return []\n", 3, "takes no argument"),
    "wrapper": (HEAD + "\n@hookimpl(wrapper=True)\ndef desk_channels():\n    yield\n", 3, "is no wrapper"),
    "hook that raises": (HEAD + "\n@hookimpl\ndef desk_channels():\n    return [][0]\n", 5, "IndexError"),
    "hook that exits": (HEAD + "\n@hookimpl\ndef desk_channels():\n    raise SystemExit\n", 5, "end the program"),
    "hook gives None": (HOOK + "None\n", 3, "must return a list of OutageType objects, not None"),
    "hook gives one": (HOOK + TYPE.format(id="flood") + "\n", 3, "must return a list"),
    "hook gives words": (HOOK + "['flood']\n", 3, "must return a list of OutageType objects, not 'flood'"),
    "hook gives the class": (HOOK + "[OutageType]\n", 3, "must return a list of OutageType objects"),
    "hook never ends its list": (HOOK + "(x for x in [])\n", 3, "must return a list"),
    "bad id": (HOOK + "[" + TYPE.format(id="Flood!") + "]\n", 3, "OutageType 'Flood!': Expected `str` matching"),
    "bad field": (HOOK + '[OutageType(id="f", labels={"en": "f"}, planned="no")]\n', 3, "Expected `bool`"),
    "no words": (HOOK + '[OutageType(id="f", labels={}, planned=True)]\n', 3, "labels"),
    "unknown need": (HOOK + '[OutageType(id="f", labels={"en": "f"}, planned=True, needs=("x",))]\n', 3, "needs"),
    "unknown argument": (HOOK + '[OutageType(id="f", label="f")]\n', 5, "TypeError"),
    "twins": (HOOK + f"[{TYPE.format(id='twin')}, {TYPE.format(id='twin')}]\n", 0, 'two things called "twin"'),
    "check overridden": (
        HEAD
        + "class Mine(OutageType):\n    def check(self, request, affected):\n        return []\n"
        + '@hookimpl\ndef desk_outage_types():\n    return [Mine(id="f", labels={"en": "f"}, planned=True)]\n',
        5,
        "write problems() instead",
    ),
    "channel object instead of class": (
        HEAD + "@hookimpl\ndef desk_channels():\n    return [Channel()]\n",
        2,
        "must return a list of subclasses of Channel",
    ),
    "channel without a name": (
        HEAD + "class C(Channel):\n    pass\n@hookimpl\ndef desk_channels():\n    return [C]\n",
        4,
        "C.name: Expected `str`, got `null`",
    ),
    "person without steps": (
        HEAD
        + "class C(Channel):\n    name = 'c'\n    labels = {'en': 'c'}\n    can = Capabilities(needs_human=True)\n"
        + "@hookimpl\ndef desk_channels():\n    return [C]\n",
        6,
        "C needs a person and has no steps()",
    ),
    "channel with settings of its own making": (
        HEAD
        + "class C(Channel):\n    name = 'c'\n    labels = {'en': 'c'}\n    can = Capabilities()\n"
        + "    class Settings:\n        x: int\n"
        + "@hookimpl\ndef desk_channels():\n    return [C]\n",
        8,
        "C.Settings must be a subclass of ChannelSettings",
    ),
    "channel that can what nobody understands": (
        HEAD
        + "class C(Channel):\n    name = 'c'\n    labels = {'en': 'c'}\n    can = Capabilities(timeout='long')\n"
        + "@hookimpl\ndef desk_channels():\n    return [C]\n",
        6,
        "C.can: Expected `float`, got `str` - at `$.timeout`",
    ),
    "channel with no time": (
        HEAD
        + "class C(Channel):\n    name = 'c'\n    labels = {'en': 'c'}\n    can = Capabilities(timeout=0)\n"
        + "@hookimpl\ndef desk_channels():\n    return [C]\n",
        6,
        "timeout must be above 0",
    ),
    "channel that cannot be made": (
        HEAD
        + "class C(Channel):\n    name = 'c'\n    labels = {'en': 'c'}\n    can = Capabilities()\n"
        + "    def __init__(self, settings=None):\n        self.x = 1 / 0\n"
        + "@hookimpl\ndef desk_channels():\n    return [C]\n",
        7,
        "ZeroDivisionError",
    ),
}


@pytest.mark.parametrize(("text", "line", "words"), BAD.values(), ids=BAD)
def test_a_bad_part_is_off_with_file_line_and_reason(parts, good, text, line, words):
    parts.ship(before=good("before"), zz_after=good("after"))
    (parts.shipped / "bad.py").write_bytes(text.encode("utf-8", "surrogateescape"))
    host = parts.host()
    bad = next(row for row in host.listed() if row.name == "bad")
    assert (bad.state, bad.kind, bad.parts, bad.from_) == ("off", "unknown", (), "plugins/bad.py")
    place = f"plugins/bad.py line {line}: " if line else "plugins/bad.py"
    assert bad.reason.startswith(place)
    assert words in bad.reason
    assert "\n" not in bad.reason
    assert list(host.outage_types) == ["before", "after"]


def test_the_line_inside_a_package_is_named_with_its_own_file(parts):
    package = parts.shipped / "pager"
    package.mkdir()
    (package / "__init__.py").write_text("from .wire import open_line\n")
    (package / "wire.py").write_text("\n\nraise OSError('no line')\n")
    assert parts.row("pager").reason == "pager/wire.py line 3: OSError: no line"


def test_what_a_part_raises_is_one_line_without_terminal_codes(parts):
    parts.ship(bad="raise ValueError('a\\n\\x1b[31mred' + 'x' * 9999)\n")
    reason = parts.row("bad").reason
    assert reason.isprintable()
    assert len(reason) < 400


def test_a_module_that_failed_is_not_left_behind(parts):
    parts.ship(bad="raise ValueError\n")
    before = set(sys.modules)
    parts.host()
    assert set(sys.modules) == before


def test_what_a_part_prints_never_reaches_the_screen(parts, good, capfd):
    noise = "import sys\nprint('hello')\nprint('oops', file=sys.stderr)\n"
    parts.ship(noisy=noise + good("noisy"))
    assert parts.row("noisy").state == "on"
    assert capfd.readouterr() == ("", "")


def test_what_a_part_prints_is_kept_in_the_log(parts, good, caplog):
    parts.ship(noisy="print('hello')\n" + good("noisy"))
    with caplog.at_level("INFO", "desk.plugins"):
        parts.host()
    assert "hello" in caplog.text


def test_two_parts_with_one_name_conflict_is_told_with_both_and_the_first_keeps_it(parts, good):
    parts.ship(a_first=good("flood"), b_thief=good("flood"))
    host = parts.host()
    first, thief = host.listed()
    assert (first.state, thief.state) == ("on", "off")
    assert "plugins/a_first.py" in thief.reason
    assert "plugins/b_thief.py" in thief.reason
    assert host.outage_types["flood"].labels["en"] == "flood"


def test_a_part_that_conflicts_in_one_thing_brings_none(parts, good):
    two = good("flood").replace("return [", 'return [OutageType(id="storm", labels={"en": "x"}, planned=False), ')
    parts.ship(a_first=good("flood"), b_thief=two)
    assert list(parts.host().outage_types) == ["flood"]


def test_the_same_name_in_two_kinds_is_no_conflict(parts, good):
    channel = (
        "from desk.plugins import *\nclass C(Channel):\n    name = 'flood'\n    labels = {'en': 'c'}\n"
        "    can = Capabilities()\n@hookimpl\ndef desk_channels():\n    return [C]\n"
    )
    parts.ship(a=good("flood"), b=channel)
    assert [row.state for row in parts.host().listed()] == ["on", "on"]


def test_a_part_with_the_name_of_a_module_does_not_hide_it(parts, good):
    import json

    parts.ship(json="import json\nassert json.dumps\n" + good("json"))
    assert parts.row("json").state == "on"
    assert sys.modules["json"] is json
