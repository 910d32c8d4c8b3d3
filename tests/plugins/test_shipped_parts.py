"""What ships in plugins/: the nine kinds of outage and the telephone, through the same door as anyone's."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from itertools import combinations

import pytest

from desk.config import Config
from desk.i18n import LANGUAGES, set_language
from desk.plugins import BadAddress, Message
from desk.plugins.folders import shipped_folder
from desk.plugins.host import PluginHost
from desk.records import Affected

# the county's measures, Art. 2: id → (planned, articles)
TYPES = {
    "planned_maintenance": (True, ("9", "16", "17")),
    "temporary_maintenance": (True, ("10", "16", "18")),
    "grid_fault": (False, ("11", "15", "19")),
    "supply_shortage": (True, ("11.2", "12", "19")),
    "arrears": (True, ("13", "16", "20")),
    "theft_violation": (False, ("14", "16c", "21")),
    "unforeseeable": (False, ("15", "16c")),
    "hazard_removal": (True, ("15", "16", "21")),
    "account_closure": (True, ("2", "16")),
}
FILES = sorted(shipped_folder().glob("*.py"))
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def host(tmp_path_factory) -> PluginHost:
    data = tmp_path_factory.mktemp("data")
    return PluginHost.open(Config(data=data, store_url="sqlite:///:memory:"), environ={})


def test_everything_that_ships_is_on(host):
    assert [row.reason for row in host.listed() if row.state != "on"] == []
    assert [row.name for row in host.listed() if row.from_.endswith(".py")] == [file.stem for file in FILES]


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_has_its_articles_and_both_languages(host, kind):
    found = host.outage_types[kind]
    assert (found.planned, found.articles) == TYPES[kind]
    assert set(found.labels) == set(found.causes) == set(LANGUAGES)


@pytest.mark.parametrize("kind", TYPES)
def test_a_planned_type_needs_its_start_and_an_unplanned_one_nothing(host, asked, kind):
    found = host.outage_types[kind].check(asked(), Affected())
    assert ("planned_start" in {problem.field for problem in found if problem.refuses}) == TYPES[kind][0]
    complete = asked(planned_start=NOON, planned_end=NOON)
    assert [problem for problem in host.outage_types[kind].check(complete, Affected()) if problem.refuses] == []


def test_no_two_types_share_a_name(host):
    for one, other in combinations(host.outage_types.values(), 2):
        names = (*one.labels.values(), *one.also, one.id)
        assert not [name for name in names if other.is_called(name)]


@pytest.mark.parametrize(
    "name", ["计划检修停电", "事故停电", "计划限电", "超供电能力限电", "欠费停电 (中止供电)", "销户"]
)
def test_the_names_of_the_measures_are_recognised(host, name):
    assert len([kind for kind in host.outage_types.values() if kind.is_called(name)]) == 1


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("suffix", ["zh", "en"])
def test_the_script_of_each_type_ships(host, kind, suffix):
    assert (shipped_folder() / "scripts" / f"{host.outage_types[kind].script}.{suffix}.j2").is_file()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_part_uses_only_the_standard_library_and_the_contract(file):
    import sys

    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    used = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    used += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    allowed = set(sys.stdlib_module_names)
    assert [name for name in used if name != "desk.plugins" and name.split(".")[0] not in allowed] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_telephone_tells_an_agent_what_to_do_and_what_to_read(host, language):
    set_language(language)
    phone = host.channels["phone"]
    message = Message(recipient="县医院", address="0951-5550000转8012", body="今晚{22点}停电")
    steps = list(phone.steps(message))
    assert message.address in steps[0]
    assert message.recipient in steps[0]
    assert any(message.body in step for step in steps)
    assert phone.can.needs_human
    assert phone.send(message, timeout=1).state == "with_agent"


def test_the_telephone_refuses_a_recipient_without_a_number(host):
    with pytest.raises(BadAddress, match="县医院"):
        host.channels["phone"].send(Message(recipient="县医院", address="", body="x"), timeout=1)
