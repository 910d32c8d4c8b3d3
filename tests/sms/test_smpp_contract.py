"""The contract kit over the SMPP channel, against the centre in Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from smpp_centre import Centre

from desk.plugins import AttemptState, Channel, Secret
from desk.testing import Bench, ChannelContract, Heard, Mode
from plugins.smpp import Smpp

STATUS = {"throttle": 0x58, "reject": 0x45, "trouble": 0x08}
WORDS = {AttemptState.DELIVERED: "DELIVRD", AttemptState.UNDELIVERED: "UNDELIV", AttemptState.FAILED: "DELETED"}


class CentreBench(Bench):
    """The SMPP channel and the centre in Python."""

    plays = frozenset({"accept", "closed", "stall", "lose", "throttle", "reject", "trouble", "junk"})
    refusal = "ESME_RSUBMITFAIL"

    def __init__(self) -> None:
        self.centre = Centre("topsecret"[:8])
        self.centre.receipts = False
        settings = {
            "host": "127.0.0.1",
            "port": self.centre.port,
            "system_id": "desk",
            "password": Secret.of("topsecre"),
        }
        super().__init__(Smpp, settings)

    def make(self) -> Channel:
        return Smpp(Smpp.Settings(**self.settings))

    def play(self, mode: Mode) -> None:
        centre = self.centre
        centre.answer = STATUS.get(mode, 0)
        centre.swallow = mode == "stall"
        centre.hang_up = "after" if mode == "lose" else ""
        centre.junk = mode == "junk"
        centre.stop() if mode == "closed" else centre.start()

    def heard(self) -> Sequence[Heard]:
        return [Heard(words=(each.destination, each.text), id=each.id) for each in self.centre.taken]

    def settle(self, id: str, state: AttemptState) -> bool:
        self.centre.settle(id, WORDS[state])
        return True

    def reset(self) -> None:
        self.centre.forget()
        super().reset()

    def close(self) -> None:
        self.centre.close()


class TestSmpp(ChannelContract):
    channels = ("smpp",)

    @pytest.fixture
    def bench(self) -> Iterator[Any]:
        bench = CentreBench()
        yield bench
        bench.close()
