"""How a document becomes a row and back: its text, its id, and the values its indexes hold.

    encode({"name": "张三"}) == '{"name":"张三"}'
    index_value(True) == 1; index_value(None) == ODD; index_value(MISSING) is None

Nothing here knows an engine, so that every engine keeps the same rows.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from desk.errors import StoreProblem
from desk.i18n import _

Scalar = str | int | float
RowId = int | str

#: Stands in an index for a value no engine compares as Python does: None, a list, a number or text out
#: of bounds. Every condition lets it through, and the document itself decides.
ODD = b"\0"
MISSING = object()

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_decode = msgspec.json.Decoder(strict=True).decode  # six times as quick as json.loads
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_ascii = json.JSONEncoder(separators=(",", ":")).encode


def encode(document: Mapping[Any, Any]) -> str:
    """The document as JSON, as TinyDB's own storage would write it; raises what `json.dumps` raises."""
    text = _encode(document)
    if text.isascii() or _encodable(text):
        return text
    return _encode_ascii(document)  # half characters survive only as escapes


def decode(body: str) -> dict[str, Any]:
    """The document that `encode` was given, with JSON's types; raises StoreProblem when that is no document."""
    try:
        document = _decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, TypeError):
        document = _decode_slowly(body)
    if not isinstance(document, dict):
        raise _damaged(repr(document))
    return document


def row_id(doc_id: object) -> RowId:
    """How a document id is kept: TinyDB's `str(doc_id)`, as a number where it is one."""
    text = str(doc_id)
    return int(text) if _INTEGER.fullmatch(text) else text


def index_value(value: Any) -> Scalar | bytes | None:
    """What an index holds for a field's value; None when the document has no such field (`MISSING`)."""
    if value is MISSING:
        return None
    plain = comparable(value)
    return ODD if plain is None else plain


def comparable(value: Any) -> Scalar | None:
    """The value as every engine compares it exactly like Python; None when there is no such value."""
    if isinstance(value, str):
        return str.__str__(value) if "\0" not in value and (value.isascii() or _encodable(value)) else None
    if isinstance(value, int):
        return int(value) if _SMALLEST <= value <= _LARGEST else None
    if isinstance(value, float):
        return float(value) if math.isfinite(value) and abs(value) < _LARGEST else None
    return None


def indexed(document: Mapping[Any, Any], fields: tuple[str, ...]) -> list[Scalar | bytes | None]:
    """The index values of a document, in the order of `fields`."""
    return [index_value(document.get(field, MISSING)) for field in fields]


def as_stored(document: Mapping[Any, Any], body: str) -> Mapping[str, Any]:
    """The document with the field names it has once stored: JSON turns 1 into "1" and None into "null"."""
    return document if all(type(name) is str for name in document) else decode(body)


def _decode_slowly(body: str) -> Any:
    # NaN, infinities and half characters, which the quick decoder refuses. What it takes, it reads alike.
    try:
        return json.loads(body)
    except (ValueError, TypeError, RecursionError) as error:
        raise _damaged(repr(error)) from error


def _damaged(why: str) -> StoreProblem:
    return StoreProblem(_("a stored document is damaged; restore the data from a backup"), why=why)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
