"""What every session does, whatever the protocol; tried over SMPP."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from smpp_centre import Centre

from desk.plugins import AttemptState, Message, Receipt, Report, Secret
from desk.plugins.faults import ChannelFault
from desk.plugins.sessions import Frame, inbox
from plugins.smpp import Smpp
from plugins.smpp.dialect import SmppDialect

ROOT = Path(__file__).parents[2]


@pytest.fixture
def centre() -> Iterator[Centre]:
    centre = Centre()
    yield centre
    centre.close()


@pytest.fixture
def channel(centre: Centre) -> Iterator[Smpp]:
    channel = Smpp(
        Smpp.Settings(host="127.0.0.1", port=centre.port, system_id="desk", password=Secret.of("secret"), window=8)
    )
    yield channel
    channel.close()


def message(number: int) -> Message:
    return Message(recipient=f"客户{number}", address=f"1380013{number:04}", body="今晚停电")


def until(seen: Callable[[], Any], seconds: float = 3) -> bool:
    limit = time.monotonic() + seconds
    while not seen() and time.monotonic() < limit:
        time.sleep(0.01)
    return bool(seen())


class Wire:
    """Stands for a connection in tests of the inbox."""


def test_a_report_that_was_handed_out_and_not_stored_is_handed_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(inbox, "monotonic", lambda: clock[0])
    box = inbox.Inbox()
    for id in ("kept", "lost"):
        box.add(Report(external_id=id, state=AttemptState.DELIVERED), Wire(), Frame("arrival", 1))  # type: ignore[arg-type]
    first = box.reports()
    box.stored([report.token for report in first if report.external_id == "kept"])
    assert box.reports() == []
    clock[0] += inbox.AGAIN + 1
    assert [report.external_id for report in box.reports()] == ["lost"]


def test_a_desk_that_does_not_ask_tells_the_gateway_to_come_again(
    centre: Centre, channel: Smpp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "ROOM", 3)
    channel.send_many([message(number) for number in range(5)], 3)
    assert until(lambda: centre.answered_receipts == [0x14, 0x14])
    reports = channel.poll([], 1)
    channel.stored(reports)
    assert until(lambda: centre.answered_receipts == [0x14, 0x14, 0, 0, 0])
    assert centre.unanswered == 2


def test_a_fault_of_the_protocols_code_spoils_one_message_and_no_other(
    centre: Centre, channel: Smpp, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = SmppDialect.submit

    def faulty(self: SmppDialect, message: Message, number: int) -> bytes:
        return b"" + None if message.address.endswith("0002") else submit(self, message, number)  # type: ignore[operator]

    monkeypatch.setattr(SmppDialect, "submit", faulty)
    answers = channel.send_many([message(number) for number in (1, 2, 3)], 3)
    assert [type(answer) for answer in answers] == [Receipt, ChannelFault, Receipt]
    assert len(centre.taken) == 2


def test_an_arrival_that_trips_the_protocols_code_is_let_go_and_told(
    centre: Centre, channel: Smpp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(SmppDialect, "arrived", lambda _self, _frame: 1 // 0)
    with caplog.at_level(logging.ERROR, "desk.plugins"):
        channel.send(message(1), 3)
        assert until(lambda: centre.answered_receipts == [0])
    assert "cannot be read" in caplog.text
    assert centre.logins == 1


def test_near_the_end_of_its_time_nothing_more_goes_out(centre: Centre, channel: Smpp) -> None:
    centre.refuse_login, centre.refuse_logins = 0x0D, 1
    channel.check(1)
    answers = channel.send_many([message(number) for number in range(3)], 0.2)
    assert not any(isinstance(answer, Receipt) for answer in answers)
    time.sleep(1)
    assert centre.taken == []


def test_many_threads_may_use_one_channel(centre: Centre, channel: Smpp) -> None:
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda start=start: found.extend(channel.send_many(list(map(message, start)), 5)))  # type: ignore[misc]
        for start in (range(100), range(100, 200), range(200, 300))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len({answer.external_id for answer in found}) == 300
    assert len(centre.taken) == 300


def test_a_broken_line_prints_nothing(centre: Centre, channel: Smpp, capfd: pytest.CaptureFixture[str]) -> None:
    channel.check(3)
    for _time in range(3):
        centre.drop()
        channel.send_many([message(number) for number in range(40)], 2)
    channel.close()
    assert capfd.readouterr() == ("", "")


def test_making_a_channel_loads_no_event_loop_and_no_codec() -> None:
    code = """
import sys
from plugins.smpp import Smpp
from plugins.cmpp import Cmpp
from desk.plugins import Secret
Smpp(Smpp.Settings(host="h", system_id="s", password=Secret.of("x")))
Cmpp(Cmpp.Settings(host="h", company="c", source="1", password=Secret.of("x")))
print(sorted({"asyncio", "smpplib", "socket", "hashlib"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr
