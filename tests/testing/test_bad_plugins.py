"""Two deliberately bad plugins, dropped in and approved like anyone's: the kit names all that is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.config import Config
from desk.plugins.host import PluginHost
from desk.testing import WebBench, check_channel

FOLDER = Path(__file__).with_name("bad_plugins")

LIAR = {
    "promises": "can.cancel is set, and there is no cancel()",
    "secrets": "the setting token is plain text; make it a Secret",
    "no_address": "a recipient without an address is accepted",
    "receipt": "no external_id",
    "junk_receipt": "receipt() returned [{}], not a list of Report",
}
BRUTE = {
    "opens_nothing": "importing it opened something: socket.bind",
    "steps": "at least one line of text, not dial",
    "with_agent": "answers with_agent",
    "no_address": "returned None, not a Receipt",
    "quiet": "reply() raised bad_plugins/brute.py line",
    "price": "not free",
    "junk_receipt": "tried to end the program",
}


@pytest.fixture(scope="module")
def host(tmp_path_factory) -> PluginHost:
    """A desk beside whose parts the two lie; they come in by the door of shipped parts, so that no one need approve."""
    data = tmp_path_factory.mktemp("data")
    return PluginHost.open(Config(data=data, store_url="sqlite:///:memory:"), environ={}, shipped=FOLDER)


def failed(found) -> dict[str, str]:
    return {finding.rule: finding.words for finding in found if finding.result == "failed"}


def test_the_desk_opens_with_both(host):
    assert set(host.channel_types) == {"liar", "brute"}


def test_the_liar_is_caught_where_it_lies(host):
    bench = WebBench(host.channel_types["liar"])
    found = failed(check_channel(bench))
    bench.close()
    assert {rule: words for rule, words in LIAR.items() if words not in found.get(rule, "")} == {}
    assert set(found) == set(LIAR)


def test_the_brute_is_caught_and_ends_nothing(host, capsys):
    found = failed(check_channel(host.channel_types["brute"]))
    assert {rule: words for rule, words in BRUTE.items() if words not in found.get(rule, "")} == {}
    assert set(found) == set(BRUTE)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["liar", "brute"])
def test_what_is_wrong_reads_as_a_sentence_without_a_traceback(host, name):
    for words in failed(check_channel(host.channel_types[name])).values():
        assert "\n" not in words
        assert "Traceback" not in words
