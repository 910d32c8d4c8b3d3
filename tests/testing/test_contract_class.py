"""The kit as a pytest class: over the telephone that ships, over HTTP on the fake gateway, over a fake program."""

from __future__ import annotations

from threading import Event
from time import monotonic

import pytest
from kit_pager import Dial, Pager
from kit_radio import RadioBench, Visit

from desk.plugins import Channel
from desk.plugins.host import PluginHost
from desk.testing import RULES, Bench, ChannelContract, CommandBench, WebBench, check_channel


class TestPhone(ChannelContract):
    channels = ("phone",)

    @pytest.fixture
    def bench(self, shipped: PluginHost) -> Bench:
        return Bench(type(shipped.channels["phone"]))


class TestPager(ChannelContract):
    @pytest.fixture
    def bench(self):
        bench = WebBench(Pager)
        yield bench
        bench.close()


class TestDial(ChannelContract):
    @pytest.fixture
    def bench(self):
        bench = CommandBench(Dial, lambda path: {"program": path})
        yield bench
        bench.close()


@pytest.mark.parametrize(
    ("bench", "skipped"),
    [
        (lambda: WebBench(Pager), {"steps", "with_agent", "bulk", "words", "any_order", "stored", "cancel"}),
        (
            lambda: CommandBench(Dial, lambda path: {"program": path}),
            {"steps", "with_agent", "key", "bulk", "throttled", "gateway_trouble", "junk_answer"}
            | {"words", "any_order", "poll", "stored", "cancel"},
        ),
    ],
    ids=["web", "command"],
)
def test_only_what_cannot_be_tried_is_skipped(bench, skipped):
    found = check_channel(bench := bench())
    bench.close()
    assert {finding.rule for finding in found if finding.result == "failed"} == set()
    assert {finding.rule for finding in found if finding.result == "skipped"} == skipped
    assert all(finding.words for finding in found if finding.result == "skipped")


def test_there_is_one_finding_a_rule_in_the_order_of_the_table():
    class Mute(Channel):
        """Does nothing."""

        name = "mute"

    assert [finding.rule for finding in check_channel(Mute)] == [rule.id for rule in RULES]


def test_after_a_message_that_could_not_be_handed_over_the_gateway_is_left_alone():
    class Broken(Pager):
        """Says nothing."""

        def send(self, message, timeout):  # noqa: ARG002
            return None

    bench = WebBench(Broken)
    found = {finding.rule: finding for finding in check_channel(bench)}
    bench.close()
    assert found["receipt"].result == "failed"
    assert {found[rule.id].result for rule in RULES if rule.plays and rule.id not in ("receipt", "check")} == {
        "skipped"
    }


def test_only_the_rules_asked_for_are_tried():
    found = check_channel(Pager, only=["described", "promises"])
    assert [(finding.rule, finding.result) for finding in found] == [("described", "ok"), ("promises", "ok")]


def test_one_that_hangs_is_given_up_after_two_rules():
    class Stuck(Visit):
        """Never comes back."""

        def steps(self, message):  # noqa: ARG002
            Event().wait(60)

        price = steps

    bench = RadioBench(Stuck)
    started = monotonic()
    found = {finding.rule: finding for finding in check_channel(bench)}
    assert monotonic() - started < 3
    assert "was not back" in found["steps"].words
    assert found["junk_receipt"].words == "it hung twice: nothing more is tried"
