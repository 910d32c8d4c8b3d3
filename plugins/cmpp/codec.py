"""CMPP 2.0 and 3.0 on the wire: each frame as a list of fields, which the two versions differ in.

Source: China Mobile, CMPP 2.0 (2002) chapter 7.4, and CMPP 3.0 (2004) chapter 8.4.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple


class Command(IntEnum):
    """What a frame is for; an answer has the first bit set."""

    CONNECT = 0x1
    TERMINATE = 0x2
    SUBMIT = 0x4
    DELIVER = 0x5
    ACTIVE_TEST = 0x8


ANSWER = 0x80000000
HEADER = struct.Struct(">3L")  # length, command, sequence number


class Field(NamedTuple):
    """One field: its name, and `N` octets of text, `N` of a number, or as many as the field before it says."""

    name: str
    kind: str  # text, number, octets
    size: int


class Layout:
    """The fields of one frame, in order; written and read by name."""

    def __init__(self, *fields: Field) -> None:
        self._fields = fields

    def write(self, values: Mapping[str, Any]) -> bytes:
        """The body; a field that is not in `values` is empty, one that does not fit in is a ValueError."""
        return b"".join(self._written(field, values) for field in self._fields)

    def read(self, body: bytes) -> dict[str, Any]:
        """The fields; ValueError when the body is shorter than they are."""
        found: dict[str, Any] = {}
        at = 0
        for field in self._fields:
            size = field.size or found["length"]
            octets = body[at : at + size]
            if len(octets) < size:
                raise ValueError(f"{field.name} is cut off")
            found[field.name] = self._read(field, octets)
            at += size
        return found

    def _written(self, field: Field, values: Mapping[str, Any]) -> bytes:
        value = values.get(field.name)
        if field.kind == "number":
            return int(value or 0).to_bytes(field.size, "big")
        octets = value if isinstance(value, bytes) else str(value or "").encode("ascii")
        if field.size and len(octets) > field.size:
            raise ValueError(f"{field.name} is longer than {field.size}")
        return octets.ljust(field.size, b"\0")

    def _read(self, field: Field, octets: bytes) -> Any:
        if field.kind == "number":
            return int.from_bytes(octets, "big")
        return octets.rstrip(b"\0").decode("latin-1") if field.kind == "text" else octets


def text(name: str, size: int) -> Field:
    return Field(name, "text", size)


def number(name: str, size: int = 1) -> Field:
    return Field(name, "number", size)


def octets(name: str, size: int = 0) -> Field:
    return Field(name, "octets", size)


class Version(NamedTuple):
    """The layouts of one version, and the octet that names it."""

    octet: int
    connect: Layout
    connected: Layout
    submit: Layout
    submitted: Layout
    deliver: Layout
    delivered: Layout
    report: Layout


CONNECT = Layout(text("company", 6), octets("proof", 16), number("version"), number("at", 4))


def version(octet: int, phone: int, result: int, *, typed: bool, link: int) -> Version:
    """`phone`: octets of a mobile's number; `result`: of a result; `typed`: numbers have a type; `link`: at the end."""
    kind = (number("number_type"),) if typed else ()
    fee_kind = (number("fee_number_type"),) if typed else ()
    return Version(
        octet,
        CONNECT,
        Layout(number("result", result), octets("proof", 16), number("version")),
        Layout(
            octets("id", 8),
            number("parts"),
            number("part"),
            number("receipt"),
            number("level"),
            text("service", 10),
            number("payer"),
            text("fee_number", phone),
            *fee_kind,
            number("protocol"),
            number("header_there"),
            number("alphabet"),
            text("company", 6),
            text("fee_type", 2),
            text("fee", 6),
            text("valid_until", 17),
            text("not_before", 17),
            text("source", 21),
            number("numbers"),
            text("number", phone),
            *kind,
            number("length"),
            octets("body"),
            octets("link", link),
        ),
        Layout(octets("id", 8), number("result", result)),
        Layout(
            octets("id", 8),
            text("destination", 21),
            text("service", 10),
            number("protocol"),
            number("header_there"),
            number("alphabet"),
            text("number", phone),
            *kind,
            number("receipt"),
            number("length"),
            octets("body"),
        ),
        Layout(octets("id", 8), number("result", result)),
        Layout(octets("id", 8), text("stat", 7), text("taken", 10), text("done", 10), text("number", phone)),
    )


VERSIONS: Mapping[str, Version] = {
    "2.0": version(0x20, 21, 1, typed=False, link=8),
    "3.0": version(0x30, 32, 4, typed=True, link=20),
}


def framed(command: int, sequence: int, body: bytes = b"") -> bytes:
    """A whole frame."""
    return HEADER.pack(HEADER.size + len(body), command, sequence) + body
