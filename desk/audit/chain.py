"""What a line of the audit is hashed over: its canonical bytes, and the hash that ties it to the line before. Pure.

    line = {"id": "A7", "number": 7, "previous": "…", "at": "…", "by": "李敏", "act": "outage.open", …}
    hash_of(canonical(line)) == line["hash"]

Canonical is JSON in UTF-8 without spaces, keys in the order of their code points, without the key `hash`. Numbers
are whole ones, so that every language writes them alike. docs/audit.md has twenty lines of Python that check it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec.structs import replace

from desk.phone_numbers import without_numbers
from desk.records import AuditLine

SAFE = 2**53  # up to here every reader of JSON keeps a whole number exact

_sorted = msgspec.json.Encoder(order="sorted").encode


canonical_line = _sorted  # the same, without a step between: for a million lines


def canonical(document: Mapping[str, Any] | msgspec.Struct) -> bytes:
    """The bytes of a document, or of a record as it is stored; a key `hash` must not be in it any more."""
    return _sorted(document)


def canonical_list(*values: object) -> bytes:
    """The same for a list of values."""
    return _sorted(values)


def hash_of(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return sha256(content).hexdigest()


def chained(line: AuditLine) -> AuditLine:
    """The line with its own hash; `number` and `previous` are in it already."""
    return replace(line, hash=hash_of(canonical(line)))


def document_digest(document: msgspec.Struct, without: frozenset[str] = frozenset()) -> str:
    """What stands in a line for a stored document: the SHA-256 of its canonical bytes, less some of its fields."""
    held = msgspec.to_builtins(document)
    return hash_of(canonical({name: value for name, value in held.items() if name not in without}))


def readable(body: str) -> dict[str, Any]:
    """A stored line as it stands there; empty where that is no line, or one with a number that is none."""
    try:
        document = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return {}
    if not isinstance(document, dict) or (document.get("hash") and not isinstance(document.get("number"), int)):
        return {}
    return document


def clean(text: str) -> str:
    """A text as every program writes it: without halves of characters."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def plain(value: Any) -> Any:
    """A detail as it may stand in a line: texts without telephone numbers, whole numbers, lists, mappings."""
    if isinstance(value, str):
        return without_numbers(clean(value))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) <= SAFE else str(value)
    if isinstance(value, Mapping):
        return {clean(str(name)): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in (sorted(value, key=str) if isinstance(value, (set, frozenset)) else value)]
    return value.isoformat() if isinstance(value, (date, datetime)) else plain(str(value))
