"""The CMPP channel against a gateway in Python, in both versions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from cmpp_gateway import Gateway
from hypothesis import given
from hypothesis import strategies as st

from desk.outbox.splitting import cut
from desk.plugins import (
    AttemptState,
    BadAddress,
    Channel,
    ConfigProblem,
    GatewayTrouble,
    Message,
    Receipt,
    Refused,
    Report,
    Secret,
    SendError,
    Throttled,
    UnknownOutcome,
    Unsupported,
)
from desk.testing import Bench, ChannelContract, Heard, Mode
from plugins.cmpp import Cmpp
from plugins.cmpp.dialect import CmppDialect, authenticator
from plugins.cmpp.results import meaning

RESULT = {"throttle": 8, "reject": 9}
WORDS = {AttemptState.DELIVERED: "DELIVRD", AttemptState.UNDELIVERED: "UNDELIV", AttemptState.FAILED: "DELETED"}
TEXT = "【某县供电公司】尊敬的客户：因线路检修，您处将于12月11日08:30至17:00停电，请提前做好准备⚡😀👨‍👩‍👧‍👦。" * 3


class GatewayBench(Bench):
    """The CMPP channel and the gateway in Python. CMPP has no result for a gateway in trouble."""

    plays = frozenset({"accept", "closed", "stall", "lose", "throttle", "reject", "junk"})
    refusal = "9"

    def __init__(self, version: str) -> None:
        self.gateway = Gateway(password="topsecret")
        self.gateway.receipts = False
        settings = {"host": "127.0.0.1", "port": self.gateway.port, "company": "901234", "source": "10690000"}
        super().__init__(Cmpp, {**settings, "password": Secret.of("topsecret"), "version": version})

    def make(self) -> Channel:
        return Cmpp(Cmpp.Settings(**self.settings))

    def play(self, mode: Mode) -> None:
        gateway = self.gateway
        gateway.answer = RESULT.get(mode, 0)
        gateway.swallow = mode == "stall"
        gateway.hang_up = "after" if mode == "lose" else ""
        gateway.junk = mode == "junk"
        gateway.stop() if mode == "closed" else gateway.start()

    def heard(self) -> Sequence[Heard]:
        return [Heard(words=(each.number, each.text), id=each.id) for each in self.gateway.taken]

    def settle(self, id: str, state: AttemptState) -> bool:
        self.gateway.settle(id, WORDS[state])
        return True

    def reset(self) -> None:
        self.gateway.forget()
        super().reset()

    def close(self) -> None:
        self.gateway.close()


class TestCmpp(ChannelContract):
    channels = ("cmpp",)

    @pytest.fixture(params=["2.0", "3.0"])
    def bench(self, request: Any) -> Iterator[Any]:
        bench = GatewayBench(request.param)
        yield bench
        bench.close()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    gateway = Gateway()
    yield gateway
    gateway.close()


@pytest.fixture(params=["2.0", "3.0"])
def make(gateway: Gateway, request: Any) -> Iterator[Callable[..., Cmpp]]:
    channels: list[Cmpp] = []

    def made(**settings: Any) -> Cmpp:
        known = {"host": "127.0.0.1", "port": gateway.port, "company": "901234", "source": "10690000"}
        secret = {"password": Secret.of("secret"), "version": request.param, "service": "HELP"}
        channels.append(Cmpp(Cmpp.Settings(**(known | secret | settings))))
        return channels[-1]

    yield made
    for channel in channels:
        channel.close()


@pytest.fixture
def channel(make: Callable[..., Cmpp]) -> Cmpp:
    return make()


def message(body: str = "东街今晚停电", number: int = 1, **more: Any) -> Message:
    return Message(recipient=f"客户{number}", address=f"1380013{number:04}", body=body, id=f"M{number}", **more)


def polled(channel: Cmpp, count: int, seconds: float = 3) -> list[Report]:
    found: list[Report] = []
    until = time.monotonic() + seconds
    while len(found) < count and time.monotonic() < until:
        found += channel.poll([], 1)
        time.sleep(0.01)
    return found


def until(seen: Callable[[], Any], seconds: float = 3) -> bool:
    limit = time.monotonic() + seconds
    while not seen() and time.monotonic() < limit:
        time.sleep(0.01)
    return bool(seen())


def test_the_proof_is_the_standards_own() -> None:
    # MD5 of the account, nine zeros, the secret and the stamp, in that order (8.4.1.1).
    assert authenticator("900001", "888888", "1021080510").hex() == "90d00c1d517abd0b4f65f6bcf8535d16"


def test_a_message_arrives_with_everything_in_its_place(gateway: Gateway, channel: Cmpp) -> None:
    until_when = datetime(2026, 12, 11, 8, 30, tzinfo=UTC)
    receipt = channel.send(message("停电⚡", valid_until=until_when), 3)
    (taken,) = gateway.taken
    assert (taken.number, taken.text, taken.alphabet) == ("13800130001", "停电⚡", 8)
    assert (taken.company, taken.source, taken.service) == ("901234", "10690000", "HELP")
    assert (taken.valid_until, taken.receipt) == ("261211083000000+", 1)
    assert taken.rest == (20 if gateway.version == 0x30 else 8)
    assert receipt == Receipt(state="accepted", external_id=taken.id)


def test_a_plain_text_goes_as_ascii(gateway: Gateway, channel: Cmpp) -> None:
    channel.send(message("Power off 19:00 [A]"), 3)
    assert (gateway.taken[0].alphabet, gateway.taken[0].text) == (0, "Power off 19:00 [A]")


def test_a_long_text_arrives_in_parts_that_belong_together(gateway: Gateway, channel: Cmpp) -> None:
    pieces = cut(TEXT, Cmpp.can).pieces
    count = len(pieces)
    sent = [message(piece, part=part, parts=count, reference=9) for part, piece in enumerate(pieces, 1)]
    channel.send_many(sent, 3)
    assert count >= 3
    assert [(each.part, each.parts) for each in gateway.taken] == [(part, count) for part in range(1, count + 1)]
    assert [each.header for each in gateway.taken] == [bytes([5, 0, 3, 9, count, part]) for part in range(1, count + 1)]
    assert "".join(each.text for each in gateway.taken) == TEXT


def test_a_text_that_is_too_long_is_refused_before_it_goes(gateway: Gateway, channel: Cmpp) -> None:
    for body in ("电" * 71, "é" * 100):
        with pytest.raises(Unsupported):
            channel.send(message(body), 3)
    assert gateway.taken == []


def test_a_status_report_is_answered_only_when_it_is_stored(gateway: Gateway, channel: Cmpp) -> None:
    receipt = channel.send(message(), 3)
    (report,) = polled(channel, 1)
    assert (report.external_id, report.state) == (receipt.external_id, AttemptState.DELIVERED)
    assert report.at == datetime(2026, 12, 11, 1, 1, tzinfo=UTC)
    assert gateway.answered_reports == []
    channel.stored([report])
    assert until(lambda: gateway.answered_reports == [0])
    assert gateway.unanswered == 0


def test_reports_early_twice_and_after_a_restart_all_come(gateway: Gateway, make: Callable[..., Cmpp]) -> None:
    first = make()
    gateway.receipts_first = True
    early = first.send(message(number=1), 3).external_id
    gateway.receipts_first, gateway.receipt_times = False, 2
    twice = first.send(message(number=2), 3).external_id
    assert sorted(report.external_id for report in polled(first, 3)) == sorted([early, twice, twice])
    first.close()
    assert len(polled(make(), 3)) == 3


@pytest.mark.parametrize(
    ("stat", "state", "error"),
    [
        ("DELIVRD", AttemptState.DELIVERED, ""),
        ("EXPIRED", AttemptState.UNDELIVERED, "EXPIRED"),
        ("UNKNOWN", AttemptState.SENT, "UNKNOWN"),
        ("MK:0001", AttemptState.UNDELIVERED, "wrong_number"),
        ("MK:0006", AttemptState.UNDELIVERED, "MK:0006"),
        ("MA:0054", AttemptState.UNDELIVERED, "MA:0054"),
    ],
)
def test_each_word_of_a_report_is_its_state(
    gateway: Gateway, channel: Cmpp, stat: str, state: AttemptState, error: str
) -> None:
    gateway.stat = stat
    channel.send(message(), 3)
    (report,) = polled(channel, 1)
    assert (report.state, report.error) == (state, error)


@given(st.text(max_size=8))
def test_a_word_that_nobody_knows_is_no_report(stat: str) -> None:
    found = meaning(stat)
    assert found is None or found[2]


@pytest.mark.parametrize(
    ("result", "error"),
    [(5, ConfigProblem), (6, Unsupported), (8, Throttled), (9, Refused), (13, BadAddress), (99, Refused)],
)
def test_each_result_is_its_error(gateway: Gateway, channel: Cmpp, result: int, error: type[SendError]) -> None:
    gateway.answer = result
    with pytest.raises(error) as refused:
        channel.send(message(), 3)
    assert str(result) in refused.value.why


@pytest.mark.parametrize(
    "settings", [{"password": Secret.of("wrong")}, {"company": "000000"}], ids=["password", "account"]
)
def test_a_refused_login_stops_it_and_says_what_to_look_at(
    gateway: Gateway, make: Callable[..., Cmpp], settings: dict[str, Any]
) -> None:
    channel = make(**settings)
    for _time in range(3):
        with pytest.raises(ConfigProblem) as refused:
            channel.send(message(), 3)
    assert gateway.logins_refused == 1
    assert next(iter(settings)) in str(refused.value)


def test_a_login_refused_for_another_reason_is_tried_again(gateway: Gateway, channel: Cmpp) -> None:
    gateway.refuse_login, gateway.refuse_logins = 5, 1
    with pytest.raises(GatewayTrouble):
        channel.send(message(), 3)
    assert channel.send(message(), 3).external_id


def test_a_setting_that_does_not_fit_is_named(make: Callable[..., Cmpp]) -> None:
    with pytest.raises(ConfigProblem) as wrong:
        make(service="帮助").send(message(), 3)
    assert "setting" in str(wrong.value)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_line_that_breaks_leaves_the_message_unknown(gateway: Gateway, channel: Cmpp, when: str) -> None:
    channel.check(3)
    gateway.hang_up = when
    with pytest.raises(UnknownOutcome):
        channel.send(message(), 3)
    gateway.hang_up = ""
    assert channel.send(message(number=2), 5).external_id
    assert len([each for each in gateway.taken if each.number == "13800130001"]) == (when == "after")


def test_a_gateway_that_answers_no_test_of_the_line_is_named(gateway: Gateway, channel: Cmpp) -> None:
    assert channel.check(3) is None
    gateway.pong = False
    problem = channel.check(0.3)
    assert problem is not None
    assert gateway.pings == 2


@pytest.mark.parametrize("alphabet", [8, 15], ids=["UCS-2", "GBK"])
def test_what_a_customer_writes_is_heard(gateway: Gateway, channel: Cmpp, alphabet: int) -> None:
    channel.check(3)
    gateway.says("13800130001", "收到，谢谢", alphabet)
    assert until(lambda: gateway.answered_reports == [0])
    (reply,) = channel.replies(1)
    assert (reply.address, reply.body) == ("13800130001", "收到，谢谢")


IS = {"company": "901234", "source": "1069", "service": "", "payer": 2, "fee_type": "01", "fee": "0", "receipts": True}


@pytest.mark.parametrize("version", ["2.0", "3.0"])
@given(command=st.sampled_from([1, 2, 4, 5, 8, 0x80000001, 0x80000004, 0x80000008, 99]), body=st.binary(max_size=150))
def test_any_frame_is_read_or_left(version: str, command: int, body: bytes) -> None:
    dialect = CmppDialect(SimpleNamespace(**IS, version=version, time_zone="Asia/Shanghai"))
    data = (12 + len(body)).to_bytes(4, "big") + command.to_bytes(4, "big") + b"\0\0\0\1" + body
    frame = dialect.read(data)
    if frame.kind == "arrival":
        dialect.arrived(frame)
        dialect.busy(frame)
    if frame.kind in ("arrival", "ping", "bye"):
        assert dialect.answer(frame)[4] == 0x80
    if frame.kind == "answer":
        for read in (dialect.logged_in, dialect.submitted):
            with suppress(ValueError):
                read(frame)
