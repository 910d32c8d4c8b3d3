"""The whole way over SMPP: messages in the outbox, the worker, the centre, receipts, what a drop leaves to people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pytest
from smpp_centre import Centre

from desk.app import Desk
from desk.config import load_config
from desk.plugins.host import PluginHost
from desk.records import AttemptState, Message, Recipient

NOW = datetime(2026, 12, 1, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LONG = "因线路检修，您处将于12月11日08:30至17:00停电，请提前做好准备⚡😀👨‍👩‍👧‍👦。" * 4
Opened = Callable[..., Desk]


@pytest.fixture
def centre() -> Iterator[Centre]:
    centre = Centre()
    yield centre
    centre.close()


@pytest.fixture
def opened(centre: Centre, tmp_path: Path) -> Iterator[Opened]:
    """Opens a desk whose only gateway is the centre; `more` are lines of its section."""
    desks: list[Desk] = []

    def open(more: str = "", password: str = "secret") -> Desk:
        data = tmp_path / "data"
        data.mkdir()
        (data / "password").write_text(password + "\n")
        section = f'[channels.sms]\ntype = "smpp"\nhost = "127.0.0.1"\nport = {centre.port}\nsystem_id = "desk"\n'
        lines = f'{section}password = {{ file = "password" }}\nsign = "某县供电公司"\n{more}\n'
        (data / "config.toml").write_text(lines, encoding="utf-8")
        desks.append(Desk.create(load_config(None, data, {}), sandbox=True))
        return desks[-1]

    yield open
    for desk in desks:
        desk.close()


def messages(count: int, body: str = "明日停电") -> list[Message]:
    return [
        Message(
            id="",
            outage="",
            recipient=Recipient(kind="customer", id=f"10{number:04d}", name=f"客户{number}"),
            channel="sms",
            family="sms",
            address=f"1380013{number:04}",
            body=body,
            made_at=NOW,
            state=AttemptState.QUEUED,
        )
        for number in range(1, count + 1)
    ]


def worked(desk: Desk, seconds: float = 10) -> dict[str, int]:
    """What the outbox has when the worker of the open desk has nothing left to wait for."""
    desk.outbox.start_worker()
    until = monotonic() + seconds
    while set(desk.outbox.counts()) & {"queued", "sending", "accepted"} and monotonic() < until:
        sleep(0.05)
    desk.outbox.stop_worker()
    return desk.outbox.counts()


def test_every_message_is_delivered_once_and_every_receipt_confirmed(centre: Centre, opened: Opened) -> None:
    desk = opened()
    desk.outbox.add(messages(100))
    assert worked(desk) == {"delivered": 100}
    assert sorted(each.destination for each in centre.taken) == [each.address for each in messages(100)]
    assert {each.text for each in centre.taken} == {"【某县供电公司】明日停电"}
    assert centre.unanswered == 0


def test_a_long_message_goes_in_parts_and_comes_together_again(centre: Centre, opened: Opened) -> None:
    desk = opened()
    desk.outbox.add(messages(1, LONG))
    assert worked(desk) == {"delivered": 1}
    parts = sorted(centre.taken, key=lambda each: each.header)
    assert len(parts) >= 3
    assert len({each.header[3] for each in parts}) == 1
    assert "".join(each.text for each in parts) == f"【某县供电公司】{LONG}"


def test_after_drops_each_message_is_delivered_or_waits_for_a_person_and_none_went_twice(
    centre: Centre, opened: Opened
) -> None:
    desk = opened("window = 4")
    centre.drop_every = 25
    desk.outbox.add(messages(100))
    desk.outbox.work_once(8)
    centre.drop_every = 0
    worked(desk, 2)
    taken = [each.destination for each in centre.taken]
    assert len(taken) == len(set(taken))
    for view in desk.outbox.listed():
        message = view.message
        assert message.state in ("delivered", "accepted", "unknown", "queued")
        assert message.state != "queued" or message.address not in taken


def test_a_refused_login_pauses_the_channel_and_sends_nothing(centre: Centre, opened: Opened) -> None:
    desk = opened(password="wrong")
    desk.outbox.add(messages(3))
    desk.outbox.work_once(3)
    host = desk.place.plugins
    assert isinstance(host, PluginHost)
    (row,) = [row for row in host.channel_states() if row.name == "sms"]
    assert row.state == "paused"
    assert "密码" in row.reason or "password" in row.reason
    assert (centre.logins_refused, centre.taken) == (1, [])
