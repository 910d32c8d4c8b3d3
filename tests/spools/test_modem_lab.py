"""Texts through the real smstools and gammu-smsd, each with a modem of software: `make modem-lab` sets them up."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import pytest

from desk.plugins import Channel, Message, Report
from plugins.gammu import Gammu
from plugins.smstools import SmsTools

pytestmark = pytest.mark.modem

LAB = Path(os.environ.get("MODEM_LAB_RUN") or Path(os.environ.get("TMPDIR", tempfile.gettempdir())) / "modem-lab")
CHANNELS: dict[str, Callable[[], Channel]] = {
    "smstools": lambda: SmsTools(SmsTools.Settings(spool=LAB / "spool")),
    "gammu": lambda: Gammu(Gammu.Settings(database=LAB / "smsd.db")),
}
CHINESE = "【盐池供电】城关镇东街明日08:00至18:00停电😀，请做好准备。95598"


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest) -> Channel:
    channel = CHANNELS[request.param]()
    problem = channel.check(5)
    if problem is not None:
        pytest.skip(f"no modem laboratory here (make modem-lab): {problem.text}")
    return channel


def message(**fields: Any) -> Message:
    given = {"recipient": "王芳", "address": "13800138001", "body": CHINESE, "id": "M1", "key": f"lab-{uuid4()}"}
    return Message(**(given | fields))


def taken(channel: Channel) -> list[dict[str, Any]]:
    """What the modem was given, in order."""
    return [json.loads(line) for line in (LAB / f"{channel.name}.log").read_text(encoding="utf-8").splitlines()]


def end(channel: Channel, id: str, *states: str) -> Report:
    """The report that says one of these states; it is stored then."""
    deadline = monotonic() + 60
    while monotonic() < deadline:
        reports = channel.poll([id], 5)
        found = [report for report in reports if report.state in states]
        if found:
            channel.stored(reports)
            return found[0]
        sleep(0.5)
    raise AssertionError(f"{id} is not {states}: {channel.poll([id], 5)}")


def test_a_chinese_text_with_an_emoji_arrives_whole_and_is_reported_on(channel: Channel) -> None:
    sent = message()
    receipt = channel.send(sent, 10)
    assert channel.send(sent, 10) == receipt
    end(channel, receipt.external_id, "delivered")
    texts = [text for text in taken(channel) if text["text"] == CHINESE]
    assert texts[-1]["number"] == "8613800138001"
    assert channel.send(sent, 10) == receipt  # now it lies with the sent ones
    sleep(3)
    assert len([text for text in taken(channel) if text["text"] == CHINESE]) == len(texts)


def test_parts_have_one_reference_and_their_numbers(channel: Channel) -> None:
    bodies = ("停" * 67, "plain part 95598 " * 9)
    for part, body in enumerate(bodies, 1):
        receipt = channel.send(message(body=body.strip(), part=part, parts=2, reference=0x2A), 10)
        end(channel, receipt.external_id, "delivered")
    texts = taken(channel)[-2:]
    assert [text["header"] for text in texts] == ["0500032a0201", "0500032a0202"]
    assert [(text["alphabet"], text["text"]) for text in texts] == [("UCS2", bodies[0]), ("GSM", bodies[1].strip())]


def test_a_number_that_is_never_reached_is_no_success(channel: Channel) -> None:
    receipt = channel.send(message(address="13800138111"), 10)
    assert end(channel, receipt.external_id, "delivered", "expired", "undelivered").state == "expired"


def test_what_the_network_refuses_has_failed_with_its_code(channel: Channel) -> None:
    receipt = channel.send(message(address="13800138000"), 10)
    report = end(channel, receipt.external_id, "failed")
    assert report.error in ("modem_38", "network_38")


def test_a_text_without_a_report_stays_sent(channel: Channel) -> None:
    receipt = channel.send(message(address="13800138222"), 10)
    end(channel, receipt.external_id, "sent")
    sleep(3)
    assert {report.state for report in channel.poll([receipt.external_id], 5)} == {"sent"}


def test_the_network_is_told_how_long_the_text_is_of_use(channel: Channel) -> None:
    until = datetime.now(UTC) + timedelta(minutes=61)
    receipt = channel.send(message(body="valid for an hour", valid_until=until), 10)
    end(channel, receipt.external_id, "delivered")
    assert next(text for text in reversed(taken(channel)) if text["text"] == "valid for an hour")["validity"] == 11
