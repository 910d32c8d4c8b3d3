"""What a backup says of itself: where and when it was made, what is in it, and the hash of every part.

The head is the first member of the archive, the manifest the last: it can only be written once everything else was.
"""

from __future__ import annotations

import os
from datetime import datetime
from urllib.parse import quote

import msgspec
from msgspec import Struct

FORMAT = 1  # of the archive; one with a greater number is refused

HEAD_NAME = "desk-backup.json"
MANIFEST_NAME = "manifest.json"
TABLES = "tables/"
FILES = "files/"


class Head(Struct, frozen=True, kw_only=True):
    """Which desk the backup is of, and who made it when, with which version. `data`: where its data folder was."""

    format: int = FORMAT
    id: str
    desk: str
    records: int
    county: str
    area_code: str
    engine: str
    data: str
    made_at: datetime
    made_by: str
    encrypted: bool


class KeptTable(Struct, frozen=True):
    """One table: `sha256` is over its lines, those of all `parts` one after the other. `last_number` is the greatest
    number that a document of it was ever given."""

    name: str
    parts: int
    rows: int
    bytes: int
    sha256: str
    last_number: int


class KeptFile(Struct, frozen=True):
    """One file of the data folder."""

    path: str
    bytes: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """Everything that is in the backup."""

    head: Head
    tables: tuple[KeptTable, ...]
    files: tuple[KeptFile, ...]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def new_id() -> str:
    return os.urandom(8).hex()


def part_name(table: str, number: int) -> str:
    """Where the lines of a table stand in the archive: `tables/customers.00001.jsonl`."""
    return f"{TABLES}{quote(table, safe='')}.{number:05d}.jsonl"


def as_json(what: Struct) -> bytes:
    """As it stands in the archive: to be read by people too."""
    return msgspec.json.format(msgspec.json.encode(what), indent=1) + b"\n"
