"""What authors are promised: the hooks, the names in desk.plugins, and how an outage type is asked."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import desk.plugins
from desk.i18n import set_language
from desk.plugins import OutageType, Problem
from desk.plugins.collect import ANSWERS
from desk.plugins.specs import DECIDING, HOOKS, Hooks
from desk.records import Affected

NEVER = (
    "textual rich httpx requests aiohttp urllib.request http.client openpyxl jinja2 phonenumbers pypinyin tinydb typst"
)

PUBLIC = {
    "Affected", "Asked", "Attachment", "AttemptState", "BadAddress", "Call", "Capabilities", "Channel",
    "ChannelSettings", "Check", "ConfigProblem", "Customer", "Fact", "Feed", "Finding", "GatewayTrouble", "Incoming",
    "Listener", "Message", "NoConnection", "OptedOut", "Outage", "OutageRequest", "OutageType", "Problem", "Receipt",
    "Refused", "Reply", "Report", "Review", "RulePack", "Secret", "SendError", "Source", "Throttled", "UnknownOutcome",
    "Unsupported", "WorkOrder", "channel", "described", "hookimpl", "in_language",
}  # fmt: skip

PARTS = {
    "desk_outage_types": "[OutageType(id='x', labels={'en': 'x'}, planned=True)]",
    "desk_channels": "[type('C', (Channel,), dict(name='x', labels={'en': 'x'}, can=Capabilities()))]",
    "desk_rule_packs": "[RulePack(id='x', path=Path(__file__).with_name('x.toml'))]",
    "desk_feeds": "[type('F', (Feed,), dict(name='x'))]",
    "desk_listeners": "[type('L', (Listener,), dict(name='x'))]",
    "desk_checks": "[type('C', (Check,), dict(name='x'))]",
    "desk_sources": "[type('S', (Source,), dict(name='x', labels={'en': 'X'}))]",
}


def test_desk_plugins_offers_exactly_these_names():
    assert set(desk.plugins.__all__) == PUBLIC
    assert all(hasattr(desk.plugins, name) for name in PUBLIC)


def test_importing_the_contract_loads_no_screen_no_network_and_no_printer():
    code = f"import sys, desk.plugins; print(*[n for n in {NEVER.split()!r} if n in sys.modules])"
    root = Path(desk.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == ""


# The hooks that bring something take no argument; those that decide are given what they decide about.
ARGUMENTS = {"desk_route": ["outage", "customer", "channels"], "desk_review": ["message", "outage", "customer"]}
BRINGING = [hook for hook in HOOKS if hook not in DECIDING]


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_takes_what_it_needs_and_is_documented(hook):
    assert list(inspect.signature(getattr(Hooks, hook)).parameters) == ["self", *ARGUMENTS.get(hook, [])]
    assert inspect.getdoc(getattr(Hooks, hook))


def test_the_host_knows_every_hook_and_this_file_tries_each():
    assert set(HOOKS) == {*ANSWERS, *DECIDING} == {*PARTS, *ARGUMENTS}


@pytest.mark.parametrize("hook", BRINGING)
def test_what_a_hook_returns_is_there_by_its_name(parts, hook):
    head = "from pathlib import Path\nfrom desk.plugins import *\nfrom desk.plugins import hookimpl\n"
    parts.ship(one=f"{head}@hookimpl\ndef {hook}():\n    return {PARTS[hook]}\n")
    host = parts.host()
    (row,) = host.listed()
    assert (row.state, row.kind, row.parts) == ("on", ANSWERS[hook].kind, ("x",)), row.reason
    assert "x" in getattr(host, hook.removeprefix("desk_"))


def test_a_part_with_several_kinds_is_listed_as_mixed(parts):
    head = "from pathlib import Path\nfrom desk.plugins import *\n"
    hooks = "".join(f"@hookimpl\ndef {hook}():\n    return {PARTS[hook]}\n" for hook in BRINGING)
    parts.ship(one=head + hooks)
    assert parts.row("one").kind == "mixed"


def test_the_list_of_plugins_has_the_keys_of_the_command_line(parts, good):
    import msgspec

    parts.ship(flood=good("flood"))
    row = msgspec.to_builtins(parts.row("flood"))
    assert list(row) == ["name", "kind", "from", "state", "reason", "parts", "load_ms"]
    assert 0 < row["load_ms"] < 1000


MISBEHAVES = {
    "raises": ("return 1 / 0", "plugins/flood.py line 4: ZeroDivisionError"),
    "exits": ("raise SystemExit", "plugins/flood.py line 4: tried to end the program"),
    "gives None": ("return None", "plugins/flood.py: TypeError"),
    "gives words": ("return ['no']", "plugins/flood.py: TypeError: problems() returned 'no'"),
}


@pytest.mark.parametrize(("body", "words"), MISBEHAVES.values(), ids=MISBEHAVES)
def test_a_type_that_fails_in_its_check_warns_and_never_keeps_an_outage_out(parts, asked, body, words):
    parts.ship(
        flood="from desk.plugins import *\n"
        "class Flood(OutageType):\n"
        "    def problems(self, request, affected):\n"
        f"        {body}\n"
        "@hookimpl\n"
        "def desk_outage_types():\n"
        "    return [Flood(id='flood', labels={'en': 'flood'}, planned=False)]\n"
    )
    (problem,) = parts.host().outage_types["flood"].check(asked(), Affected())
    assert not problem.refuses
    assert words in problem.text


def test_a_type_says_what_else_is_wrong_beside_what_it_needs(asked):
    class Flood(OutageType):
        def problems(self, request, affected):  # noqa: ARG002
            return [Problem(f"{affected.customers} customers under water", refuses=False)]

    flood = Flood(id="flood", labels={"en": "flood"}, planned=False, needs=("cause", "area"))
    found = flood.check(asked(area="东街"), Affected(customers=3))
    assert [(problem.field, problem.refuses) for problem in found] == [("cause", True), ("", False)]
    assert [problem.text for problem in found] == ["flood needs the cause", "3 customers under water"]


@pytest.mark.parametrize(("language", "label"), [("zh_CN", "洪水停电"), ("en", "flood")])
def test_a_type_is_named_in_the_language_spoken_now(language, label):
    flood = OutageType(id="flood", labels={"zh_CN": "洪水停电", "en": "flood"}, planned=False)
    set_language(language)
    assert flood.label == label


@pytest.mark.parametrize("labels", [{"zh_CN": "洪水"}, {"fr": "洪水"}], ids=str)
def test_a_type_with_one_language_is_named_in_that(labels):
    assert OutageType(id="flood", labels=labels, planned=False).label == "洪水"


@pytest.mark.parametrize("text", ["flood", "洪水停电", " 洪水 停电 ", "洪涝 (停电)", "洪涝（停电）", "Flood"])
def test_a_type_is_recognised_by_any_of_its_names(text):
    flood = OutageType(id="flood", labels={"zh_CN": "洪水停电"}, also=("洪涝(停电)",), planned=False)
    assert flood.is_called(text)
    assert not flood.is_called("")
    assert not flood.is_called("洪")


CHECKS = {
    "is content": ("return None", None),
    "finds something": ("return Problem('no paper')", "no paper"),
    "raises": ("raise OSError('cut')", "plugins/fax.py line 5: OSError: cut"),
    "exits": ("raise SystemExit", "plugins/fax.py line 5: tried to end the program"),
    "gives junk": ("return True", "gave no answer the desk knows"),
}


@pytest.mark.parametrize(("body", "text"), CHECKS.values(), ids=CHECKS)
def test_a_check_that_fails_is_a_problem_and_never_an_error(parts, body, text):
    parts.ship(
        fax="from desk.plugins import *\n"
        "class Fax(Check):\n"
        "    name = 'fax'\n"
        "    def check(self, timeout):\n"
        f"        {body}\n"
        "@hookimpl\n"
        "def desk_checks():\n"
        "    return [Fax]\n"
    )
    problem = parts.host().run_check("fax", 1)
    assert (problem and problem.text) == text
