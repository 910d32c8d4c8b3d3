"""Parts that are TOML files: found beside the others, named when they are wrong, never a reason not to open."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.config import Config
from desk.errors import PackProblem
from desk.plugins.host import PluginHost

PACK = 'kind = "rule_pack"\nid = "city"\n[parameters]\nid = "x"\n'


@pytest.fixture
def dropped(parts) -> Path:
    return parts.dropped


def host(parts, read_pack=None) -> PluginHost:
    config = Config(plugins=parts.lists, data=parts.data, store_url="sqlite:///:memory:")
    return PluginHost.open(config, environ={}, shipped=parts.shipped, read_pack=read_pack)


def refuse(path: Path) -> None:
    problems = (f"{path}:3: there is no anchor x", f"{path}:9: due is missing")
    raise PackProblem("; ".join(problems), problems)


def test_a_rule_pack_is_known_by_its_id_and_needs_no_approval(parts, dropped):
    (dropped / "city_rules.toml").write_text(PACK, encoding="utf-8")
    found = host(parts)
    assert found.rule_packs["city"].path == dropped / "city_rules.toml"
    (row,) = found.listed()
    assert (row.name, row.kind, row.state, row.parts) == ("city_rules", "rule_pack", "on", ("city",))


WRONG = {
    "no kind": ('id = "city"\n', "city.toml: its first lines must say a kind that the desk knows (rule_pack,"),
    "another kind": ('kind = "rule pack"\nid = "city"\n', 'not "rule pack"'),
    "a kind below": ('[x]\nkind = "rule_pack"\nid = "city"\n', 'not ""'),
    "no id": ('kind = "rule_pack"\n', 'id must be small letters, digits, _ and -, not ""'),
    "a bad id": ('kind = "rule_pack"\nid = "The City"\n', 'not "The City"'),
}


@pytest.mark.parametrize(("text", "reason"), WRONG.values(), ids=WRONG)
def test_a_file_that_does_not_say_what_it_is_is_off_and_told(parts, dropped, text, reason):
    (dropped / "city.toml").write_text(text, encoding="utf-8")
    (row,) = host(parts).listed()
    assert row.state == "off"
    assert reason in row.reason


def test_a_pack_with_mistakes_is_off_with_file_line_and_where_to_read_the_rest(parts, dropped):
    file = dropped / "city.toml"
    file.write_text(PACK, encoding="utf-8")
    found = host(parts, refuse)
    assert dict(found.rule_packs) == {}
    (row,) = found.listed()
    assert (row.state, row.parts) == ("off", ())
    assert row.reason.startswith(
        "plugins/city.toml line 3: there is no anchor x; and 1 more mistake: desk regulation check"
    )


def test_reading_a_pack_waits_until_rules_are_asked_for(parts, dropped):
    (dropped / "city.toml").write_text(PACK, encoding="utf-8")
    read: list[Path] = []
    found = host(parts, read.append)
    assert dict(found.outage_types) == {}
    assert read == []
    assert set(found.rule_packs) == {"city"}
    assert set(found.rule_packs) == {"city"}
    assert len(read) == 1


def test_the_first_pack_keeps_an_id(parts, dropped):
    for name in ("city", "town"):
        (dropped / f"{name}.toml").write_text(PACK, encoding="utf-8")
    first, second = host(parts).listed()
    assert (first.state, second.state) == ("on", "off")
    assert "is already the name of a part of" in second.reason


def test_a_blocked_pack_is_off(parts, dropped):
    from desk.config import Plugins

    (dropped / "city.toml").write_text(PACK, encoding="utf-8")
    parts.lists = Plugins(block=("city",))
    assert dict(host(parts).rule_packs) == {}


def test_a_broken_pack_of_a_module_leaves_its_other_things_on(parts):
    text = """
from pathlib import Path
from desk.plugins import OutageType, RulePack, hookimpl

@hookimpl
def desk_outage_types():
    return [OutageType(id="flood", labels={"en": "flood"}, planned=False)]

@hookimpl
def desk_rule_packs():
    return [RulePack(id="city", path=Path(__file__).with_name("city_rules.toml"))]
"""
    parts.ship(flood=text)
    found = host(parts, refuse)
    assert dict(found.rule_packs) == {}
    (row,) = found.listed()
    assert (row.state, row.parts) == ("on", ("flood",))
    assert "there is no anchor x" in row.reason
