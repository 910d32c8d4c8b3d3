"""Switching a part or a channel off and on again: at once for channels, on every seat, and remembered."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from desk.errors import NotFound
from desk.plugins import Message

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
PAGER = (
    "from desk.plugins import *\n"
    "@channel('pager', family='sms')\n"
    "def pager(message):\n"
    "    return Receipt(state='sent')\n"
)
MESSAGE = Message(recipient="县医院", address="1", body="x")


@pytest.fixture
def pager(parts):
    parts.ship(pager=PAGER)
    parts.channels = {"south": {"type": "pager"}}
    return parts


def test_a_channel_that_is_switched_off_takes_nothing_from_now_on(pager):
    host = pager.host()
    runner = host.runner("south")
    host.off("south", "王芳", NOON)
    assert list(host.channels) == ["pager"]
    assert runner.send([MESSAGE]).result(5)[0].code == "config_problem"
    row = next(row for row in host.channel_states() if row.name == "south")
    assert (row.state, row.reason) == ("off", "switched off by 王芳 at 2026-12-01 12:00")


def test_a_part_that_is_switched_off_takes_all_its_channels_with_it(pager):
    host = pager.host()
    host.off("pager", "王芳", NOON)
    assert dict(host.channels) == {}
    again = pager.host()
    assert [(row.name, row.state, row.reason) for row in again.listed()] == [
        ("pager", "off", "switched off by 王芳 at 2026-12-01 12:00")
    ]


def test_another_seat_sees_it_at_once(pager):
    here, there = pager.host(), pager.host()
    there_runner = there.runner("south")
    here.off("south", "王芳", NOON)
    assert there_runner.state == "off"
    here.on("south")
    assert there_runner.state == "on"


def test_on_takes_off_back(pager):
    pager.host().off("pager", "王芳", NOON)
    pager.host().on("pager")
    assert list(pager.host().channels) == ["pager", "south"]


def test_on_tries_a_paused_channel_again(pager):
    host = pager.host()
    runner = host.runner("south")
    runner.breaker.must_be_mended("wrong password")
    assert runner.state == "paused"
    host.on("south")
    assert runner.state == "on"


def test_what_has_no_such_name_cannot_be_switched_off(pager):
    with pytest.raises(NotFound, match='no plugin or channel called "pigeon"'):
        pager.host().off("pigeon", "王芳", NOON)


def test_switching_off_keeps_approvals_and_the_other_way_round(parts, good):
    parts.drop(flood=good("flood"), storm=good("storm"))
    host = parts.host()
    host.approve("flood", "王芳", NOON)
    host.off("storm", "李强", NOON)
    host.off("storm", "李强", NOON)
    host.approve("storm", "王芳", NOON)
    lock = msgspec.json.decode((parts.data / "plugins.lock").read_bytes())
    assert [len(lock["approved"]), [entry["name"] for entry in lock["off"]]] == [2, ["storm"]]
    assert {row.name: row.state for row in parts.host().listed()} == {"flood": "on", "storm": "off"}


def test_a_lock_file_that_breaks_while_the_desk_is_open_changes_nothing(pager):
    host = pager.host()
    host.off("south", "王芳", NOON)
    assert list(host.channels) == ["pager"]
    (pager.data / "plugins.lock").write_text("{")
    assert list(host.channels) == ["pager"]
