"""The clock goes when told; what the strategies make is what the desk and the channels deal in."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from kit_radio import Radio, RadioBench

from desk.plugins import Capabilities, Message, Receipt, Report
from desk.plugins.messages import REPORTED
from desk.testing import FakeClock, strategies
from desk.testing.kit import bench_of


def test_the_clock_stands_until_it_is_told_to_go():
    clock = FakeClock("2026-12-01T21:50")
    assert clock.now() == clock.now()
    clock.forward(minutes=15)
    assert clock.now().isoformat() == "2026-12-01T22:05:00+08:00"


@pytest.mark.parametrize("at", ["2026-12-01T08:00", datetime(2026, 12, 1, tzinfo=UTC)], ids=["local", "utc"])
def test_a_moment_is_shown_in_the_countys_zone(at):
    assert FakeClock(at).now().isoformat() == "2026-12-01T08:00:00+08:00"


@given(strategies.messages("mobile", language="en"))
def test_any_message_that_is_made_is_taken_or_refused_and_never_breaks_a_channel(message):
    assert isinstance(message, Message)
    assert message.language == "en"
    bench = BENCH
    bench.reset()
    answer = bench.make()._sent(message, 1)
    assert isinstance(answer, Receipt) == (len(message.body) <= 200)


@given(strategies.reports_of("g1"))
def test_reports_are_of_one_message_and_what_a_gateway_can_say(reports):
    assert all(isinstance(report, Report) and report.external_id == "g1" for report in reports)
    assert {report.state for report in reports} <= REPORTED


@given(strategies.payloads())
@settings(max_examples=200)
def test_any_payload_is_read_without_breaking(payload):
    assert list(BENCH.make().receipt(payload)) == []


@given(strategies.capabilities())
def test_capabilities_are_those_of_some_channel(can):
    assert isinstance(can, Capabilities)


@pytest.mark.parametrize("kind", ["phone", "mobile", "fax", "mail", "place", "group"])
def test_addresses_of_every_kind_are_made(kind):
    @given(strategies.addresses(kind))
    def each(address):
        assert address

    each()


def test_the_kit_runs_where_neither_pytest_nor_hypothesis_is_installed():
    code = (
        "import sys\n"
        "sys.modules['pytest'] = sys.modules['hypothesis'] = None\n"
        "from desk.testing import Bench, FakeClock, FakeGateway, WebBench, CommandBench, check_channel\n"
        "from plugins.phone import Phone\n"
        "assert not [f for f in check_channel(Phone) if f.result == 'failed']\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stderr == ""


def test_naming_the_kit_loads_no_server_no_test_runner_and_no_http_client():
    never = ["pytest", "hypothesis", "http.server", "httpx2", "textual", "subprocess"]
    code = f"import sys, desk.testing; print(*[name for name in {never!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""


def test_a_bench_in_the_channels_own_module_is_used():
    module = sys.modules[Radio.__module__]
    module.bench = lambda: RadioBench(Radio)
    try:
        assert isinstance(bench_of(Radio), RadioBench)
    finally:
        del module.bench


BENCH = RadioBench(Radio)
ROOT = __import__("pathlib").Path(__file__).parents[2]
