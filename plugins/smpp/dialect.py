"""SMPP 3.4 on the wire, over smpplib's codec."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from smpplib import command, smpp  # type: ignore[import-untyped]

from desk.plugins import ConfigProblem, Message, Receipt, Reply, Report, SendError, in_language
from desk.plugins.sessions import Dialect, Frame, mobile

from .receipts import IS_RECEIPT, plain, report
from .statuses import no_login, refusal

NACK, SUBMIT_RESP, DELIVER, UNBIND, ENQUIRE, DATA = 0x80000000, 0x80000004, 0x5, 0x6, 0x15, 0x103
ANSWER = 0x80000000
KINDS = {DELIVER: "arrival", DATA: "arrival", UNBIND: "bye", ENQUIRE: "ping"}
PAYLOAD = 0x0424
HEADER_THERE, RECEIPT_BITS = 0x40, 0x3C  # of esm_class
QUEUE_FULL = 0x14
SMALL, UCS2 = 0, 8  # data_coding
DECODED = {1: "ascii", 3: "latin-1", UCS2: "utf-16-be", 15: "gbk"}
LONGEST_PASSWORD = 8

PASSWORD = {
    "zh_CN": "SMPP 密码最长 8 位，请核对 password",
    "en": "an SMPP password has 8 characters at most",
}
NOT_ASCII = {
    "zh_CN": "账号、密码、主叫等只能用英文字母和数字",
    "en": "account, password, source and types must be plain letters and digits",
}


class Pdu(NamedTuple):
    """One PDU: its command and status, and for an arrival what smpplib made of it."""

    command: int
    status: int
    rest: bytes
    arrival: Any = None


class Arrival(command.DeliverSM):  # type: ignore[misc]
    """A deliver_sm or data_sm; parameters that smpplib does not know are no reason to lose it."""

    def parse_optional_params(self, data: bytes) -> None:
        self.parameters = dict(parameters(data))


class DataArrival(command.DataSM):  # type: ignore[misc]
    """A data_sm."""

    parse_optional_params = Arrival.parse_optional_params


class SmppDialect(Dialect):
    """The words of SMPP with one channel's settings."""

    def __init__(self, settings: Any) -> None:
        self._is = settings
        self._refused = 0  # logins in a row
        self._same = {
            "service_type": settings.service_type,
            "source_addr_ton": settings.source_ton,
            "source_addr_npi": settings.source_npi,
            "source_addr": settings.source,
            "dest_addr_ton": settings.dest_ton,
            "dest_addr_npi": settings.dest_npi,
            "registered_delivery": int(settings.receipts),
        }

    def login(self, number: int) -> bytes:
        password = self._is.password.reveal()
        if len(password) > LONGEST_PASSWORD:  # smpplib would cut it off without a word
            raise ConfigProblem(in_language(PASSWORD))
        said = (self._is.system_id, password, self._is.system_type, self._is.source, self._is.service_type)
        if not "".join(said).isascii():
            raise ConfigProblem(in_language(NOT_ASCII))
        fields = {"system_id": self._is.system_id, "password": password, "system_type": self._is.system_type}
        return encoded("bind_transceiver", number, **fields)

    def logged_in(self, frame: Frame) -> SendError | None:
        status = frame.body.status
        self._refused = self._refused + 1 if status else 0
        return no_login(status, self._refused) if status else None

    def submit(self, message: Message, number: int) -> bytes:
        alphabet, octets = mobile.written(message)
        return encoded(
            "submit_sm",
            number,
            **self._same,
            destination_addr=mobile.dialled(message.address, self._is.country),
            validity_period=mobile.validity(message),
            data_coding=SMALL if alphabet == "small" else UCS2,
            **self._joined(message, octets),
        )

    def submitted(self, frame: Frame) -> Receipt | SendError:
        pdu = frame.body
        if pdu.status:
            return refusal(pdu.status)
        if pdu.command != SUBMIT_RESP:
            raise ValueError(f"command {pdu.command:#010x} answers a submit_sm")
        id = pdu.rest.partition(b"\0")[0].decode("latin-1")
        return Receipt(state="accepted", external_id=plain(id, self._is.answer_ids))

    def ping(self, number: int) -> bytes:
        return encoded("enquire_link", number)

    def bye(self, number: int) -> bytes:
        return encoded("unbind", number)

    def read(self, data: bytes) -> Frame:
        if len(data) < 16:
            raise ValueError("a PDU of less than 16 octets")
        _length, code, status, number = struct.unpack(">4L", data[:16])
        if code == NACK and not number:
            raise ValueError(f"generic_nack {status:#x} to nothing we sent")
        if code & ANSWER:
            return Frame("answer", number, Pdu(code, status, data[16:]))
        kind: Any = KINDS.get(code, "other")
        return Frame(kind, number, Pdu(code, status, b"", parsed(code, data) if kind == "arrival" else None))

    def answer(self, frame: Frame) -> bytes:
        return self._answered(frame, 0)

    def busy(self, frame: Frame) -> bytes:
        return self._answered(frame, QUEUE_FULL)

    def arrived(self, frame: Frame) -> Report | Reply | None:
        pdu = frame.body.arrival
        if pdu is None:
            return None
        text, number = decoded(pdu), pdu.source_addr.decode("latin-1")
        if pdu.esm_class & RECEIPT_BITS or IS_RECEIPT.match(text):
            return report(text, pdu.parameters, number, self._is.receipt_ids, self._is.time_zone)
        return Reply(address=number, body=text)

    def _joined(self, message: Message, octets: bytes) -> dict[str, Any]:
        """The fields that carry the text, and say which part of several it is."""
        if message.parts == 1:
            return {"short_message": octets, "esm_class": 0}
        if self._is.long_text == "udh":
            return {"short_message": mobile.part_header(message) + octets, "esm_class": HEADER_THERE}
        sar = {"msg_ref_num": message.reference, "total_segments": message.parts, "segment_seqnum": message.part}
        return {"short_message": octets, "esm_class": 0, **{f"sar_{name}": value for name, value in sar.items()}}

    def _answered(self, frame: Frame, status: int) -> bytes:
        body = b"\0" if frame.kind == "arrival" else b""
        code = frame.body.command | ANSWER
        return struct.pack(">4L", 16 + len(body), code, status, frame.number) + body


def encoded(name: str, number: int, **fields: Any) -> bytes:
    """A PDU as octets."""
    pdu = smpp.make_pdu(name, sequence=number, **fields)
    pdu.sequence = number  # what it is made with is not kept by smpplib
    octets: bytes = pdu.generate()
    return octets


def parsed(code: int, data: bytes) -> Any:
    """An arrival as smpplib reads it; None for one that cannot be read: it is answered, or it would come for ever."""
    shape, name = (Arrival, "deliver_sm") if code == DELIVER else (DataArrival, "data_sm")
    pdu = shape(name, sequence=0)
    pdu.parameters = {}
    try:
        pdu.parse(data)
    except (struct.error, IndexError, TypeError, ValueError):
        return None
    return None if pdu.data_coding is None else pdu  # smpplib reads as far as there is something


def parameters(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The optional parameters: tag and octets; what is cut off at the end is left out."""
    at = 0
    while at + 4 <= len(data):
        tag, length = struct.unpack(">HH", data[at : at + 4])
        if at + 4 + length <= len(data):
            yield tag, data[at + 4 : at + 4 + length]
        at += 4 + length


def decoded(pdu: Any) -> str:
    """The text of an arrival."""
    octets: bytes = getattr(pdu, "short_message", None) or pdu.parameters.get(PAYLOAD, b"")
    if pdu.esm_class & HEADER_THERE:
        octets = mobile.without_header(octets)
    if pdu.data_coding in DECODED:
        return octets.decode(DECODED[pdu.data_coding], "replace")
    return mobile.from_small(octets)
