"""An indexed value as a text that PostgreSQL orders, byte by byte, as Python orders the values.

    encoded(2) == "nc0000000000000000000"    encoded("张") == "t张"    ODD is "z"

Nothing < numbers < texts < odd values, as on SQLite. Texts are compared by code points (COLLATE "C").
A number is the greatest double that is not above it, and how much it is above that. A text too long for
an index is its beginning and its hash: still equal only to itself, and in order but among those that
begin alike for 400 characters.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Sequence

from desk.store.encoding import Scalar, decode, index_value

NUMBER, TEXT, AFTER_TEXTS, ODD = "n", "t", "u", "z"
LONG = 400  # characters

_DOUBLE = struct.Struct(">d")
_BITS = struct.Struct(">Q")


def encoded(value: Scalar) -> str:
    """The text that stands for a value."""
    if isinstance(value, str):
        return TEXT + (value if len(value) < LONG else _short(value))
    double = float(value)
    if double > value:
        double = math.nextafter(double, -math.inf)
    above = int(value) - int(double) if isinstance(value, int) else 0
    (bits,) = _BITS.unpack(_DOUBLE.pack(double + 0.0))
    ordered = bits ^ (0xFFFFFFFFFFFFFFFF if bits >> 63 else 1 << 63)
    return f"{NUMBER}{ordered:016x}{above:04x}"


def stored(values: Sequence[Scalar | bytes | None]) -> list[str | None]:
    """What the columns of a row hold, see `encoding.indexed`."""
    return [None if value is None else ODD if isinstance(value, bytes) else encoded(value) for value in values]


def value_of(column: str, field: str, body: str) -> Scalar | bytes | None:
    """The value that a column stands for, as an engine gives it back."""
    if column[:1] == TEXT and len(column) <= LONG:
        return column[1:]
    return index_value(decode(body)[field])


def reach(sign: str, value: Scalar) -> tuple[str, str]:
    """Sign and text of a comparison that lets through everything that compares so; a long text a little more."""
    if isinstance(value, str) and len(value) >= LONG:
        beginning = TEXT + value[:LONG]
        return ("<", beginning + "~") if sign[0] == "<" else (">=", beginning)
    return sign, encoded(value)


def _short(text: str) -> str:
    return text[:LONG] + hashlib.sha256(text.encode()).hexdigest()
