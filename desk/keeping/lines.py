"""A table as lines of JSON, `[id,document]` each, in insertion order; and the digest by which two tables are compared.

The document stands in its line exactly as it is stored, so that the lines of a table have one SHA-256, whatever
engine keeps it: in a backup, in its copy, in the store it is restored into.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256

from msgspec import Struct

from desk.store.encoding import RowId
from desk.store.engine import Row

PAGE_ROWS = 5_000
PAGE_CHARS = 2_000_000  # a sheet of duties may be long: memory does not grow with it

Entry = tuple[RowId, str]  # id and body

_scan = json.JSONDecoder().raw_decode


class Digest(Struct, frozen=True):
    """What a table holds: how many rows, how many bytes of lines, and the SHA-256 over them."""

    rows: int
    bytes: int
    sha256: str


class Digesting:
    """The digest of lines that come page by page."""

    def __init__(self) -> None:
        self._rows = 0
        self._bytes = 0
        self._hash = sha256()

    def add(self, rows: int, lines: bytes) -> None:
        self._rows += rows
        self._bytes += len(lines)
        self._hash.update(lines)

    def done(self) -> Digest:
        return Digest(self._rows, self._bytes, self._hash.hexdigest())


def pages(rows: Iterable[Row]) -> Iterator[list[Entry]]:
    """The rows some at a time, never more than fit easily into memory."""
    page: list[Entry] = []
    chars = 0
    for _seq, id, _revision, body in rows:
        page.append((id, body))
        chars += len(body)
        if len(page) >= PAGE_ROWS or chars >= PAGE_CHARS:
            yield page
            page, chars = [], 0
    if page:
        yield page


def as_lines(page: Iterable[Entry]) -> bytes:
    """The lines of some rows."""
    return "".join([f"[{id if type(id) is int else json.dumps(id)},{body}]\n" for id, body in page]).encode()


def from_lines(lines: bytes) -> list[Entry]:
    """The rows that `as_lines` wrote; raises ValueError for anything else."""
    page: list[Entry] = []
    for line in lines.decode().split("\n")[:-1]:
        id, end = _scan(line, 1)
        page.append((id, line[end + 1 : -1]))
    if as_lines(page) != lines:
        raise ValueError("lines of another form")
    return page


def digest_of(rows: Iterable[Row]) -> Digest:
    """The digest of a table; reads it once, page by page."""
    digesting = Digesting()
    for page in pages(rows):
        digesting.add(len(page), as_lines(page))
    return digesting.done()
