"""Every channel that ships keeps the contract; those that talk to a gateway have a bench with one in the tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.config import Config
from desk.plugins.declared import DeclaredChannel
from desk.plugins.host import PluginHost
from desk.testing import RULES, check_channel
from desk.testing.kit import bench_of

TESTS = Path(__file__).parents[1]


def host(data: Path = Path()) -> PluginHost:
    return PluginHost.open(Config(data=data, store_url="sqlite:///:memory:"), environ={})


TYPES = dict(host().channel_types)
# A people's channel without settings has no gateway: the kit alone tries all of it.
REACHING = [name for name, kind in TYPES.items() if not kind.can.needs_human or kind.Settings.__struct_fields__]
WRITTEN = [name for name in REACHING if not issubclass(TYPES[name], DeclaredChannel)]


@pytest.mark.parametrize("name", TYPES)
def test_it_keeps_every_rule_that_can_be_tried(name):
    found = check_channel(TYPES[name])
    assert [finding for finding in found if finding.result == "failed"] == []
    assert [finding.rule for finding in found] == [rule.id for rule in RULES]


@pytest.mark.parametrize("name", [name for name, kind in TYPES.items() if getattr(kind, "kind", "") == "webhook"])
def test_the_gateway_of_a_webhook_that_ships_plays_every_mode(name):
    bench = bench_of(TYPES[name])
    missing = {rule.id for rule in RULES for mode in rule.plays if mode not in bench.plays}
    bench.close()
    assert missing == set()


@pytest.mark.parametrize("name", WRITTEN)
def test_a_channel_written_in_python_is_tried_on_a_bench(name):
    assert name in set(tried()), "subclass desk.testing.ChannelContract in its tests, and name it in `channels`"


def tried() -> Iterator[str]:
    """The names in `channels = (…)` of every class in the tests that is a ChannelContract."""
    for file in TESTS.rglob("test_*.py"):
        text = file.read_text(encoding="utf-8")
        if "ChannelContract" in text:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef):
                    yield from channels_of(node)


def channels_of(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "channels":
            yield from ast.literal_eval(statement.value)
