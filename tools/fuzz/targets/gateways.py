"""What gateways answer: SMPP and CMPP frames, and the answers and callbacks of web services."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from desk.plugins.declared.ground import Ground
from desk.plugins.declared.http import Answered
from desk.plugins.declared.reading import read_channel
from desk.plugins.declared.webhook import WebhookChannel
from desk.plugins.messages import Message
from desk.plugins.secrets import Secret
from desk.plugins.sessions.dialect import Dialect, Frame
from desk.plugins.sessions.link import Link
from tools.fuzz.targets.declarations import channel_files
from tools.fuzz.targets.target import Door, Target

MESSAGE = Message(recipient="张三", address="13800138000", body="停电通知", id="M1", key="M1.1")
SECRET = Secret.of("geheim")


class _Wire:
    """A transport that keeps nothing."""

    def write(self, _data: bytes) -> None:
        return

    def abort(self) -> None:
        self.closed = True

    close = abort
    closed = False

    def is_closing(self) -> bool:
        return self.closed


def _heard(dialect: Dialect, data: bytes) -> None:
    """A stream as the session takes it: what arrives is read and answered, answers are understood."""

    def arrived(_link: Link, frame: Frame) -> None:
        if frame.kind == "arrival":
            dialect.arrived(frame)
            dialect.busy(frame)
        if frame.kind in ("arrival", "ping", "bye"):
            dialect.answer(frame)

    link: Any = Link(dialect, 10, arrived)
    link._transport = _Wire()
    half = len(data) // 2
    link.data_received(data[:half])
    link.data_received(data[half:])


def _understood(dialect: Dialect, data: bytes) -> None:
    """One frame as the answer to a login and to a message; ValueError is what a dialect may raise."""
    frame = dialect.read(data)
    if frame.kind == "answer":
        for meaning in (dialect.submitted, dialect.logged_in):
            try:
                meaning(frame)
            except ValueError:
                continue


def _session(make: Callable[[], Dialect]) -> Callable[[Path], Any]:
    @contextmanager
    def opened(_folder: Path) -> Iterator[Door]:
        dialect = make()

        def door(data: bytes) -> None:
            _heard(dialect, data)
            if len(data) >= 12:
                try:
                    _understood(dialect, data)
                except ValueError:
                    return

        yield door

    return opened


def _smpp() -> Dialect:
    from plugins.smpp import Settings
    from plugins.smpp.dialect import SmppDialect

    return SmppDialect(Settings(host="x", system_id="x", password=SECRET, answer_ids="hex", receipt_ids="decimal"))


def _cmpp() -> Dialect:
    from plugins.cmpp import Cmpp
    from plugins.cmpp.dialect import CmppDialect

    return CmppDialect(Cmpp.Settings(host="x", company="901234", password=SECRET, source="10690000", service="x"))


def smpp_frames() -> Iterator[bytes]:
    from plugins.smpp.dialect import encoded

    receipt = b"id:43981 sub:001 dlvrd:001 submit date:2612110900 done date:2612110901 stat:DELIVRD err:000 text:x"
    told = {"source_addr": "13800138000", "destination_addr": "1069"}
    yield encoded("deliver_sm", 1, short_message=receipt, esm_class=4, **told)
    yield encoded("deliver_sm", 2, short_message="退订".encode("utf-16-be"), data_coding=8, **told)
    yield encoded("deliver_sm", 3, short_message=b"\x05\x00\x03\x01\x02\x01hello", esm_class=0x40, **told)
    yield encoded("submit_sm_resp", 4, message_id="abcdef")
    yield encoded("bind_transceiver_resp", 5, system_id="x")
    yield encoded("enquire_link", 6) + encoded("unbind", 7)
    for status in (0, 5, 0x58, 0x14, 0xFFFF):
        yield b"\0\0\0\x10\x80\0\0\x04" + status.to_bytes(4, "big") + b"\0\0\0\x01"


def cmpp_frames() -> Iterator[bytes]:
    from plugins.cmpp.codec import ANSWER, VERSIONS, Command, framed

    for version in VERSIONS.values():
        report = version.report.write(
            {"id": b"12345678", "stat": "DELIVRD", "taken": "2612110900", "done": "2612110901", "number": "13800138000"}
        )
        told = {"id": b"12345678", "destination": "1069", "number": "13800138000"}
        yield framed(
            Command.DELIVER, 1, version.deliver.write({**told, "receipt": 1, "length": len(report), "body": report})
        )
        yield framed(
            Command.DELIVER, 2, version.deliver.write({**told, "alphabet": 8, "length": 4, "body": b"\x90\x00\x8b\xa2"})
        )
        yield framed(Command.SUBMIT | ANSWER, 3, version.submitted.write({"id": b"12345678", "result": 8}))
        yield framed(Command.CONNECT | ANSWER, 4, version.connected.write({"result": 3, "version": version.octet}))
    yield framed(Command.ACTIVE_TEST, 5) + framed(Command.TERMINATE, 6)


@contextmanager
def http_answers(folder: Path) -> Iterator[Door]:
    """The input is a status, a channel and the answer, which is also what the gateway calls back with."""
    made = [_channel(folder, number, content) for number, content in enumerate([*channel_files(), OWN])]
    channels = [one for one in made if isinstance(one, WebhookChannel)]

    def door(data: bytes) -> None:
        channel, status = (
            channels[(data[:1] or b"\0")[0] % len(channels)],
            STATUSES[(data[1:2] or b"\0")[0] % len(STATUSES)],
        )
        text = data[2:].decode("utf-8", "replace")
        _called_back(channel, data[2:])
        channel.heard(Answered(status=status, text=text, location=text[:80]), MESSAGE)

    yield door


STATUSES = (200, 201, 204, 302, 400, 401, 404, 429, 500, 503)
OWN = b"""
kind = "webhook"
label = "x"
[can]
family = "sms"
address = "mobile"
[request]
url = "https://sms.example.cn/send"
text = "{body}"
[answer]
pattern = 'code=(?P<code>\\w+).*id=(?P<id>\\w*)'
errors = { 5 = "throttled" }
[receipt]
list = "data.list"
id = "msgid"
state = "status"
words = "words"
states = { DELIVRD = "delivered", "0" = "sent" }
[reply]
address = "from"
body = "text.0"
"""


def _channel(folder: Path, number: int, content: bytes) -> Any:
    made = read_channel(folder / f"c{number}.toml", content, Ground(data=folder))
    needed = {
        field.name: SECRET if field.name in made.secrets else "x"
        for field in msgspec.structs.fields(made.Settings)
        if field.required
    }
    return made(made.Settings(**needed))


def _called_back(channel: WebhookChannel, data: bytes) -> None:
    try:
        payload = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    if isinstance(payload, dict):
        channel.receipt(payload)
        channel.reply(payload)


def answers() -> Iterator[bytes]:
    for number in range(6):
        head = bytes([number, 0])
        yield head + b'{"errcode": 0, "errmsg": "ok", "msgid": "x1"}'
        yield head + b'{"errcode": 45009, "errmsg": "too fast"}'
        yield (
            head
            + b'{"code": "9499", "msg": "bad", "data": {"list": [{"msgid": 1, "status": "DELIVRD", "words": "x"}]}}'
        )
        yield head + b"code=5 id=abc"
        yield head + b'{"from": "13800138000", "text": ["TD"], "msgid": "1", "status": "0"}'
        yield bytes([number, 8]) + b"<html>Bad gateway</html>"


TARGETS = {
    "smpp": Target(
        _session(_smpp),
        smpp_frames,
        (b"id:", b"stat:", b"err:", b"\0\0\0\x10", b"\x80\0\0\x04", b"\x04\x24", b"\x04\x27\0\x01"),
    ),
    "cmpp": Target(
        _session(_cmpp), cmpp_frames, (b"\0\0\0\x0c", b"\0\0\0\x05", b"\x80\0\0\x04", b"DELIVRD", b"MK:0001")
    ),
    "http_answers": Target(
        http_answers, answers, (b'"errcode"', b'"code"', b'"data"', b'"list"', b"null", b"1e999", b'"msgid"')
    ),
}
