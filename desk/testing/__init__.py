"""The contract kit: one table of rules that every channel keeps, run by `desk plugins check` and by pytest.

Without pytest, over anything that is a channel (a class, an object, a bench):

    for finding in check_channel(bench):
        print(finding.rule, finding.result, finding.words)     # result: ok, failed or skipped

With pytest, one test a rule:

    class TestPager(ChannelContract):
        channels = ("pager",)

        @pytest.fixture
        def bench(self):
            bench = WebBench(Pager, lambda url: {"url": url})
            yield bench
            bench.close()

A **bench** says how the kit reaches one channel: it makes the channel, pointed at a gateway that the bench plays, and
says what that gateway heard. What a bench cannot play is skipped, never failed. Subclass `Bench` (see bench.py):

    class SpoolBench(Bench):
        plays = frozenset({"accept", "closed"})        # of MODES: what your gateway can act like

        def make(self) -> Channel: ...  # a new channel each time, its settings pointing at your fake
        def play(self, mode): ...  # from now on the gateway acts like that
        def heard(self) -> Sequence[Heard]: ...  # what it took, in order: Heard(words=(address, body), key=…, id=…)
        def payloads(self, id) -> ...: ...  # with `receipt`: what the gateway calls with, and the state it is
        def settle(self, id, state) -> bool: ...  # with `poll`: make the gateway say so at the next poll
        def reset(self): ...  # forget what was heard, play "accept"
        def close(self): ...

A channel over HTTP needs no subclass: `WebBench(type, settings, answers)`; one that starts a program: `CommandBench`.
A people's channel needs none at all: `check_channel(Phone)`. A file may bring its own: a function `bench()` in the
module of the channel is asked for one.

`FakeGateway`, `FakeClock` and `strategies` (Hypothesis, which is loaded only by it) are for tests of your own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk.testing.bench import MODES, Bench, Heard, Mode
from desk.testing.findings import Finding, Rule
from desk.testing.kit import check_channel, keep
from desk.testing.rules import RULES

if TYPE_CHECKING:
    import desk.testing.strategies as strategies
    from desk.testing.clock import FakeClock
    from desk.testing.command import CommandBench, FakeCommand
    from desk.testing.contract import ChannelContract
    from desk.testing.gateway import Answer, FakeGateway
    from desk.testing.web import WebBench

__all__ = [
    "MODES",
    "RULES",
    "Answer",
    "Bench",
    "ChannelContract",
    "CommandBench",
    "FakeClock",
    "FakeCommand",
    "FakeGateway",
    "Finding",
    "Heard",
    "Mode",
    "Rule",
    "WebBench",
    "check_channel",
    "keep",
    "strategies",
]

# Loaded when first named: pytest, Hypothesis and an HTTP server are not for `desk plugins check` of a people's channel.
_LATER = {
    "Answer": "gateway",
    "ChannelContract": "contract",
    "CommandBench": "command",
    "FakeClock": "clock",
    "FakeCommand": "command",
    "FakeGateway": "gateway",
    "WebBench": "web",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "strategies":
        return import_module("desk.testing.strategies")
    if name in _LATER:
        return getattr(import_module(f"desk.testing.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
