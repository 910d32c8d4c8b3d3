"""Dialling by Asterisk: one call for one request, whatever else the switch is saying; what became of it, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import monotonic, sleep
from typing import Any

import pytest
from fake_asterisk import FakeAsterisk

from desk.plugins import (
    AttemptState,
    BadAddress,
    Channel,
    ConfigProblem,
    Message,
    NoConnection,
    Report,
    Secret,
    UnknownOutcome,
)
from desk.testing import Bench, ChannelContract, Heard, Mode
from plugins.asterisk import Asterisk

BUSY = {"Event": "DialEnd", "DialStatus": "BUSY"}
ANSWER = {"Event": "DialEnd", "DialStatus": "ANSWER"}
HANGUP = {"Event": "Hangup", "Cause": "16"}


class DialBench(Bench):
    plays = frozenset({"accept", "closed", "stall", "lose", "reject", "junk"})
    reads = False  # the switch is told the number; the words are the agent's
    redelivers = False  # an event is said once

    def __init__(self) -> None:
        self.server = FakeAsterisk()
        settings = {"host": "127.0.0.1", "port": self.server.port, "user": "desk", "phone": "PJSIP/8001"}
        super().__init__(Asterisk, settings, make=lambda: dialler(self.server))

    def play(self, mode: Mode) -> None:
        self.server.mode = mode
        if mode == "closed":
            self.server.close()
        else:
            self.server.listen()

    def heard(self) -> Sequence[Heard]:
        return [Heard(words=(action["exten"],), id=action["actionid"]) for action in self.server.dialled]

    def settle(self, id: str, state: AttemptState) -> bool:
        if state is not AttemptState.FAILED:
            return False
        self.server.call(id, then=[BUSY])
        return True

    def reset(self) -> None:
        super().reset()
        self.server.dialled.clear()

    def close(self) -> None:
        self.server.close()


class TestAsterisk(ChannelContract):
    channels = ("asterisk",)

    @pytest.fixture
    def bench(self) -> Iterator[Bench]:
        bench = DialBench()
        yield bench
        bench.close()


@pytest.fixture
def server() -> Iterator[FakeAsterisk]:
    server = FakeAsterisk()
    yield server
    server.close()


@pytest.fixture
def channel(server: FakeAsterisk) -> Iterator[Channel]:
    channel = dialler(server)
    yield channel
    channel.close()


def dialler(server: FakeAsterisk, secret: str = "s3cret", **more: Any) -> Channel:
    settings = {"host": "127.0.0.1", "port": server.port, "user": "desk", "phone": "PJSIP/8001"}
    return Asterisk(Asterisk.Settings(secret=Secret.of(secret), **(settings | more)))


def message(**fields: Any) -> Message:
    given = {"recipient": "城关水厂", "address": "0951-5550002", "body": "明晚停电", "id": "M7", "key": "k7"}
    return Message(**(given | fields))


def news(channel: Channel, how_many: int) -> list[Report]:
    """So many reports, or all that came within two seconds."""
    deadline = monotonic() + 2
    while monotonic() < deadline:
        found = list(channel.poll([], 1))
        if len(found) >= how_many:
            return found
        sleep(0.01)
    return list(channel.poll([], 1))


def test_the_agents_phone_rings_first_then_the_customer_is_dialled(server: FakeAsterisk) -> None:
    receipt = dialler(server, prefix="9", context="outbound", ring=30).send(message(), 5)
    (action,) = server.dialled
    assert receipt.state == "with_agent"
    said = {name: action[name] for name in ("channel", "exten", "context", "async", "timeout", "variable", "callerid")}
    assert said == {
        "channel": "PJSIP/8001",
        "exten": "909515550002",
        "context": "outbound",
        "async": "true",
        "timeout": "30000",
        "variable": "DESK_MESSAGE=M7",
        "callerid": "95598",
    }


@pytest.mark.parametrize("address", ["", "水厂", "110\r\nAction: Command", "*72110", "1;2", "１１０"])
def test_what_is_no_number_is_not_dialled(address: str, server: FakeAsterisk, channel: Channel) -> None:
    with pytest.raises(BadAddress):
        channel.send(message(address=address), 5)
    assert server.logins == 0


def test_no_setting_smuggles_in_another_action(server: FakeAsterisk) -> None:
    channel = dialler(server, caller="95598\r\n\r\nAction: Command\r\nCommand: core stop now")
    channel.send(message(id="M7\r\nExten: 110"), 5)
    (action,) = server.dialled
    assert action["exten"] == "09515550002"
    assert "command" not in action


def test_one_session_serves_many_calls(server: FakeAsterisk, channel: Channel) -> None:
    ids = {channel.send(message(), 5).external_id for _call in range(5)}
    assert (len(ids), server.logins) == (5, 1)


def test_a_session_that_was_cut_is_opened_again_and_the_call_dialled_once(
    server: FakeAsterisk, channel: Channel
) -> None:
    channel.send(message(), 5)
    server.cut()
    channel.send(message(), 5)
    assert (len(server.dialled), server.logins) == (2, 2)


def test_a_call_cut_off_before_its_answer_is_not_dialled_again(server: FakeAsterisk, channel: Channel) -> None:
    server.mode = "lose"
    with pytest.raises(UnknownOutcome):
        channel.send(message(), 5)
    assert len(server.dialled) == 1
    server.mode = "accept"
    assert channel.send(message(), 5).state == "with_agent"


def test_a_switch_that_is_away_is_no_connection_and_is_found_when_it_is_back(
    server: FakeAsterisk, channel: Channel
) -> None:
    channel.send(message(), 5)
    server.close()
    with pytest.raises(NoConnection):
        channel.send(message(), 2)
    server.listen()
    assert channel.send(message(), 5).state == "with_agent"


def test_a_wrong_secret_and_a_missing_right_are_matters_of_settings(server: FakeAsterisk, channel: Channel) -> None:
    with pytest.raises(ConfigProblem) as caught:
        dialler(server, secret="hunter2").send(message(), 5)
    assert "hunter2" not in f"{caught.value} {caught.value.why}"
    server.mode = "forbid"
    with pytest.raises(ConfigProblem, match="originate"):
        channel.send(message(), 5)


@pytest.mark.parametrize(
    ("status", "code"),
    [("BUSY", "busy"), ("NOANSWER", "no_answer"), ("CONGESTION", "congestion"), ("新", "not_connected")],
)
def test_a_customer_who_was_not_reached_says_why(
    status: str, code: str, server: FakeAsterisk, channel: Channel
) -> None:
    id = channel.send(message(), 5).external_id
    server.call(id, then=[{"Event": "DialEnd", "DialStatus": status}, HANGUP])
    (report,) = news(channel, 1)
    assert (report.external_id, report.state, report.error) == (id, "failed", code)


@pytest.mark.parametrize(("reason", "code"), [("3", "agent_no_answer"), ("5", "agent_busy"), ("99", "not_connected")])
def test_an_agent_who_does_not_pick_up_is_no_failure_of_the_customer(
    reason: str, code: str, server: FakeAsterisk, channel: Channel
) -> None:
    id = channel.send(message(), 5).external_id
    server.call(id, picked_up=reason)
    (report,) = news(channel, 1)
    assert (report.state, report.error) == ("failed", code)


def test_a_call_that_was_answered_says_so_and_how_long_it_was(server: FakeAsterisk, channel: Channel) -> None:
    id = channel.send(message(), 5).external_id
    server.call(id, then=[ANSWER, HANGUP])
    answered, over = news(channel, 2)
    assert {answered.state, over.state} == {"sent"}
    assert answered.proof == "09515550002 answered"
    assert over.proof == "09515550002 answered, 0 seconds"


def test_other_calls_on_the_switch_are_none_of_our_business(server: FakeAsterisk, channel: Channel) -> None:
    channel.send(message(), 5)
    server.call("desk-of-another-seat", then=[ANSWER, HANGUP])
    sleep(0.1)
    assert news(channel, 1) == []


def test_news_come_until_they_are_stored_and_not_after(server: FakeAsterisk, channel: Channel) -> None:
    server.call(channel.send(message(), 5).external_id, then=[BUSY])
    first = news(channel, 1)
    assert channel.poll([], 1) == first
    channel.stored(first)
    assert list(channel.poll([], 1)) == []


def test_events_that_came_before_the_session_was_cut_are_not_lost(server: FakeAsterisk, channel: Channel) -> None:
    id = channel.send(message(), 5).external_id
    server.call(id, then=[BUSY])
    sleep(0.1)
    server.cut()
    channel.send(message(), 5)
    assert [report.external_id for report in news(channel, 1)] == [id]
