"""CMPP: login with a proof instead of the password, messages, status reports, the test of the line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from desk.plugins import ConfigProblem, Message, Receipt, Reply, Report, SendError, Unsupported, in_language
from desk.plugins.sessions import Dialect, Frame, mobile

from .codec import ANSWER, HEADER, VERSIONS, Command, framed
from .results import meaning, no_login, refusal

ASCII, UCS2, GBK = 0, 8, 15
DECODED = {ASCII: "ascii", 3: "latin-1", UCS2: "utf-16-be", GBK: "gbk"}
BUSY = 8  # flow control
LOGGED_IN = 18  # octets of the answer to a login in 2.0; 3.0 has three more
KINDS: Mapping[int, Any] = {Command.DELIVER: "arrival", Command.ACTIVE_TEST: "ping", Command.TERMINATE: "bye"}

WRONG = {"zh_CN": "设置写不进协议：{why}，请核对", "en": "a setting does not fit into the protocol: {why}; look at it"}
NOT_ASCII = {
    "zh_CN": "内容有 CMPP 英文短信没有的字符，又超过一条中文短信的长度",
    "en": "the text has signs that a plain CMPP message lacks, and is too long for a Chinese one",
}


class Unit(NamedTuple):
    """One frame: what it is for, its body, and for an arrival its fields (None where it cannot be read)."""

    command: int
    body: bytes
    fields: Mapping[str, Any] | None = None


class CmppDialect(Dialect):
    """The words of CMPP with one channel's settings."""

    def __init__(self, settings: Any) -> None:
        self._is = settings
        self._in = VERSIONS[settings.version]

    def login(self, number: int) -> bytes:
        # The gateway compares the stamp with its clock, which is Beijing's.
        stamp = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%m%d%H%M%S}"
        proof = authenticator(self._is.company, self._is.password.reveal(), stamp)
        fields = {"company": self._is.company, "proof": proof, "version": self._in.octet, "at": int(stamp)}
        try:
            return framed(Command.CONNECT, number, self._in.connect.write(fields))
        except ValueError as error:
            raise ConfigProblem(in_language(WRONG).format(why=error)) from None

    def logged_in(self, frame: Frame) -> SendError | None:
        body = frame.body.body
        if len(body) < LOGGED_IN:
            raise ValueError("the answer to the login is cut off")
        # A gateway of the other version has a result of the other size: the length of the answer tells.
        result = int.from_bytes(body[:4] if len(body) > LOGGED_IN else body[:1], "big")
        return no_login(result) if result else None

    def submit(self, message: Message, number: int) -> bytes:
        alphabet, octets = written(message)
        several = message.parts > 1
        fields = {
            "parts": message.parts,
            "part": message.part,
            "receipt": int(self._is.receipts),
            "service": self._is.service,
            "payer": self._is.payer,
            "header_there": int(several),
            "alphabet": alphabet,
            "company": self._is.company,
            "fee_type": self._is.fee_type,
            "fee": self._is.fee,
            "valid_until": mobile.validity(message),
            "source": self._is.source,
            "numbers": 1,
            "number": mobile.dialled(message.address),
        }
        body = mobile.part_header(message) + octets if several else octets
        try:
            return framed(Command.SUBMIT, number, self._in.submit.write({**fields, "length": len(body), "body": body}))
        except ValueError as error:
            raise ConfigProblem(in_language(WRONG).format(why=error)) from None

    def submitted(self, frame: Frame) -> Receipt | SendError:
        if frame.body.command != Command.SUBMIT | ANSWER:
            raise ValueError(f"command {frame.body.command:#010x} answers a submit")
        fields = self._in.submitted.read(frame.body.body)
        if fields["result"]:
            return refusal(fields["result"])
        return Receipt(state="accepted", external_id=fields["id"].hex())

    def ping(self, number: int) -> bytes:
        return framed(Command.ACTIVE_TEST, number)

    def bye(self, number: int) -> bytes:
        return framed(Command.TERMINATE, number)

    def read(self, data: bytes) -> Frame:
        _length, command, number = HEADER.unpack(data[: HEADER.size])
        body = data[HEADER.size :]
        if command & ANSWER:
            return Frame("answer", number, Unit(command, body))
        kind = KINDS.get(command, "other")
        return Frame(kind, number, Unit(command, body, self._fields(body) if kind == "arrival" else None))

    def answer(self, frame: Frame) -> bytes:
        bodies = {"arrival": self._delivered(frame, 0), "ping": b"\0"}
        return framed(frame.body.command | ANSWER, frame.number, bodies.get(frame.kind, b""))

    def busy(self, frame: Frame) -> bytes:
        return framed(Command.DELIVER | ANSWER, frame.number, self._delivered(frame, BUSY))

    def arrived(self, frame: Frame) -> Report | Reply | None:
        fields = frame.body.fields
        if fields is None:
            return None
        if fields["receipt"]:
            return self._report(fields["body"])
        body = mobile.without_header(fields["body"]) if fields["header_there"] else fields["body"]
        words = body.decode(DECODED.get(fields["alphabet"], "latin-1"), "replace")
        return Reply(address=fields["number"], body=words, external_id=fields["id"].hex())

    def _report(self, body: bytes) -> Report | None:
        try:
            fields = self._in.report.read(body)
        except ValueError:
            return None
        found = meaning(fields["stat"].strip())
        if found is None:
            return None
        state, error, words = found
        at = mobile.moment(fields["done"], self._is.time_zone)
        # The number is what a person goes by when the answer with the id was lost.
        told = {"error": error, "words": words, "proof": fields["number"]}
        return Report(external_id=fields["id"].hex(), state=state, at=at, **told)

    def _fields(self, body: bytes) -> Mapping[str, Any] | None:
        try:
            return self._in.deliver.read(body)
        except ValueError:
            return None

    def _delivered(self, frame: Frame, result: int) -> bytes:
        return self._in.delivered.write({"id": frame.body.body[:8].ljust(8, b"\0"), "result": result})


def authenticator(company: str, password: str, stamp: str) -> bytes:
    """What proves that we know the password without sending it (8.4.1.1)."""
    secret = company.encode() + bytes(9) + password.encode() + stamp.encode()
    return hashlib.md5(secret, usedforsecurity=False).digest()


def written(message: Message) -> tuple[int, bytes]:
    """The alphabet's number and the octets: ASCII where the text is small and plain, else UCS-2."""
    alphabet, octets = mobile.written(message)
    if alphabet == "small" and message.body.isascii():
        return ASCII, message.body.encode("ascii")
    if alphabet == "small":
        octets = message.body.encode("utf-16-be")
        if len(octets) > mobile.ROOM["ucs2"][message.parts > 1]:
            raise Unsupported(in_language(NOT_ASCII))
    return UCS2, octets
