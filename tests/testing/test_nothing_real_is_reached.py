"""Looking at a channel never sends: without a bench of its own it is given nothing that goes anywhere."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated, Literal

import pytest
from msgspec import Meta

from desk.plugins import Capabilities, Channel, ChannelSettings, Receipt, Secret
from desk.testing import check_channel


class Machine(Channel):
    """A pager with its number written into the code."""

    name = "machine"
    labels = {"en": "machine"}
    can = Capabilities(family="sms", address="mobile")
    sent: list[str] = []

    def send(self, message, timeout):  # noqa: ARG002
        self.sent.append(message.body)
        return Receipt(state="sent")


class Dialler(Channel):
    """Dials by a program of its own, and a person talks."""

    name = "dialler"
    labels = {"en": "dialler"}
    can = Capabilities(family="phone", address="phone", needs_human=True)
    place: Path

    def send(self, message, timeout):  # noqa: ARG002
        self.reach()
        return Receipt(state="with_agent")

    def steps(self, message):
        return [message.address, message.body]

    def reach(self):
        subprocess.run(["touch", str(self.place)], check=True)


class Writer(Dialler):
    def reach(self):
        self.place.write_text("x", encoding="utf-8")


class Caller(Dialler):
    def reach(self):
        import socket

        socket.create_connection(("127.0.0.1", 9), 0.1)


def test_a_machines_channel_without_a_bench_is_handed_nothing():
    found = {finding.rule: finding.result for finding in check_channel(Machine)}
    assert Machine.sent == []
    assert found["no_address"] == found["receipt"] == "skipped"


@pytest.mark.parametrize("kind", [Dialler, Writer, Caller], ids=lambda kind: kind.__name__)
def test_a_persons_channel_without_a_bench_starts_writes_and_calls_nothing(kind, tmp_path):
    kind.place = tmp_path / "touched"
    found = {finding.rule: finding for finding in check_channel(kind)}
    assert list(tmp_path.iterdir()) == []
    assert found["with_agent"].result == "skipped"
    assert "reaches out" in found["with_agent"].words
    assert found["steps"].result == "ok"


def test_afterwards_everything_may_be_opened_again(tmp_path):
    Dialler.place = tmp_path / "touched"
    check_channel(Dialler)
    Dialler().reach()
    assert Dialler.place.exists()


class RealSettings(ChannelSettings, frozen=True, kw_only=True):
    url: str
    port: int
    password: Secret
    kind: Literal["a", "b"]


class Real(Machine):
    """Sends for real."""

    Settings = RealSettings
    urls: list[str] = []

    def __init__(self, settings=None):
        super().__init__(settings)
        self.urls.append(settings.url)


def test_the_settings_of_the_county_are_not_used():
    given = RealSettings(url="http://sms.example.cn", port=80, password=Secret.of("topsecret"), kind="b")
    channel = Real(given)
    Real.urls.clear()
    found = check_channel(channel)
    assert Machine.sent == []
    assert set(Real.urls) == {"kit"}
    assert {finding.rule for finding in found if finding.result == "failed"} == set()


def test_settings_that_cannot_be_made_up_are_named():
    class Settings(ChannelSettings, frozen=True, kw_only=True):
        number: Annotated[str, Meta(pattern="^1[0-9]{10}$")]

    Patterned = type("Patterned", (Machine,), {"Settings": Settings, "__doc__": "Wants a number."})
    (found,) = check_channel(Patterned, only=["opens_nothing"])
    assert (found.result, found.words) == ("skipped", "it needs settings that nobody gave: number")
