"""Made-up channels, customers and duties for tests of routing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from desk.outbox.addresses import Contact
from desk.outbox.lines import Line
from desk.outbox.routing import Reach
from desk.plugins import Capabilities, Channel, ChannelSettings
from desk.records import Duty, Message, Phone, Recipient

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=ZONE)
SMS = Capabilities(
    family="sms", address="mobile", encoding="sms", overflow="split", max_parts=10, intrusive=True, price=0.05
)
FAX = Capabilities(family="fax", address="fax", price=0.3)
ROBOT = Capabilities(family="internal", address="group")
CALL = Capabilities(family="phone", address="phone", needs_human=True, intrusive=True)


def line(name: str, can: Capabilities = SMS, *, serves: tuple[str, ...] = (), sign: str = "") -> Line:
    return Line(name, can, serves, sign)


def mobile(number: str, role: str = "") -> Phone:
    return Phone(written=number, number=number, kind="mobile", role=role)


def reach(*numbers: str, fax: tuple[str, ...] = (), **more: Any) -> Reach:
    contact = Contact(phones=tuple(map(mobile, numbers)), fax=fax, account_no="1")
    names = more.pop("names", frozenset({"customer", "1", "张三"}))
    return Reach(names=names, contact=contact, **more)


def duty(*channels: str, kind: str = "customer", **more: Any) -> Duty:
    given: dict[str, Any] = {
        "id": "D1",
        "outage": "O1",
        "key": "k",
        "rules": ("county:A10.3",),
        "articles": ("10.3",),
        "recipient": Recipient(kind=kind, id="1", name="张三"),
        "due": NOW,
        "channels": channels,
    }
    return Duty(**{**given, **more})


def message(channel: str = "sms-a", address: str = "13800138001", **more: Any) -> Message:
    given: dict[str, Any] = {
        "id": "M1",
        "outage": "O1",
        "duty": "D1",
        "recipient": Recipient(kind="customer", id="1", name="张三"),
        "channel": channel,
        "family": "sms",
        "address": address,
        "body": "停电",
        "made_at": NOW,
    }
    return Message(**{**given, **more})


class Texts(Channel):
    """Text messages to mobiles."""

    name = "texts"
    labels = {"zh_CN": "短信", "en": "text message"}
    can = SMS

    class Settings(ChannelSettings, frozen=True, kw_only=True):
        sign: str = ""


class Faxes(Channel):
    """Faxes."""

    name = "faxes"
    labels = {"zh_CN": "传真", "en": "fax"}
    can = FAX


class Robots(Channel):
    """A robot in the office's chat."""

    name = "robot"
    labels = {"zh_CN": "企业微信", "en": "chat"}
    can = ROBOT


class FakeHost:
    """A plugin host whose channels are made up; for anything else it asks the real one."""

    def __init__(self, host: Any, *channels: Channel) -> None:
        self._host = host
        self.channels = {channel.name: channel for channel in channels}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._host, name)
