"""A backup opened for reading: sealed or not, whole or damaged; each in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from desk.errors import BadInput
from desk.i18n import _
from desk.keeping.archive import BEGINNING, members
from desk.keeping.belongings import is_allowed
from desk.keeping.manifest import (
    FILES,
    FORMAT,
    HEAD_NAME,
    MANIFEST_NAME,
    TABLES,
    Head,
    KeptFile,
    KeptTable,
    Manifest,
    part_name,
)
from desk.keeping.sealed import MAGIC, Damaged, Unsealing, is_sealed
from desk.keeping.standing import UNFINISHED

T = TypeVar("T", bound=Struct)


def needs_passphrase(file: Path) -> bool:
    """Whether the backup was encrypted; raises BadInput for a file that is no backup."""
    with _opened(file) as source:
        return is_sealed(_beginning(source, file))


def contents(file: Path, passphrase: str = "") -> Iterator[tuple[str, bytes]]:
    """Name and content of everything in the backup, in order.

    Raises BadInput, at the latest at the end, unless the file is whole and the passphrase right.
    """
    with _opened(file) as source:
        sealed = is_sealed(_beginning(source, file))
        if sealed and not passphrase:
            raise BadInput(_("{file} is encrypted; its passphrase is needed").format(file=file))
        try:
            yield from members(Unsealing(source, passphrase) if sealed else source)
        except Damaged as problem:
            raise _damaged(file, str(problem)) from None


def verified(file: Path, passphrase: str = "") -> Manifest:
    """Read all of a backup and hold it against what it says of itself; raises BadInput unless everything is right."""
    reading = _Reading(file)
    for name, content in contents(file, passphrase):
        reading.take(name, content)
    return reading.done()


class _Reading:
    """The parts of a backup as they come by; at the end they must be what the manifest says, no more and no less."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._head: Head | None = None
        self._manifest: Manifest | None = None
        self._tables: dict[str, _Tally] = {}
        self._files: list[KeptFile] = []

    def take(self, name: str, content: bytes) -> None:
        if self._manifest is not None:
            raise _damaged(self._file, f"{name} after the manifest")
        if self._head is None and name != HEAD_NAME:
            raise BadInput(_("{file} is no backup of a desk").format(file=self._file))
        if name == HEAD_NAME:
            self._head = self._read_head(content)
        elif name == MANIFEST_NAME:
            self._manifest = self._decoded(content, Manifest)
        elif name.startswith(FILES):
            self._files.append(KeptFile(name.removeprefix(FILES), len(content), sha256(content).hexdigest()))
        else:
            self._tables.setdefault(name.rsplit(".", 2)[0], _Tally()).add(name, content)

    def done(self) -> Manifest:
        manifest = self._manifest
        if manifest is None:
            raise _damaged(self._file, "no manifest")
        told = {part_name(table.name, 1).rsplit(".", 2)[0]: table for table in manifest.tables if table.parts}
        for stem in told.keys() | self._tables.keys():
            if stem not in told or stem not in self._tables or not self._tables[stem].is_as(told[stem]):
                raise _damaged(self._file, stem)
        doubled = len({table.name for table in manifest.tables} - {UNFINISHED}) < len(manifest.tables)
        if doubled or manifest.head != self._head or manifest.files != tuple(self._files):
            raise _damaged(self._file, "manifest")
        outside = [file.path for file in manifest.files if not is_allowed(file.path)]
        if outside:
            words = _("{file} holds {path}, which is no place for a file of a desk: nothing was restored")
            raise BadInput(words.format(file=self._file, path=ascii(outside[0])))
        return manifest

    def _read_head(self, content: bytes) -> Head:
        # A newer head may have another shape: its number is looked at first.
        if self._decoded(content, _Numbered).format > FORMAT:
            words = _("{file} was made by a newer version of the desk; update the desk to read it")
            raise BadInput(words.format(file=self._file))
        return self._decoded(content, Head)

    def _decoded(self, content: bytes, shape: type[T]) -> T:
        try:
            return msgspec.json.decode(content, type=shape)
        except (msgspec.MsgspecError, UnicodeError) as problem:
            raise _damaged(self._file, str(problem)) from None


class _Numbered(Struct):
    format: int


class _Tally:
    """The parts of one table, in order."""

    def __init__(self) -> None:
        self._parts = self._rows = self._bytes = 0
        self._hash = sha256()
        self._in_order = True

    def add(self, name: str, content: bytes) -> None:
        self._parts += 1
        self._in_order &= name.endswith(f".{self._parts:05d}.jsonl") and name.startswith(TABLES)
        self._rows += content.count(b"\n")
        self._bytes += len(content)
        self._hash.update(content)

    def is_as(self, table: KeptTable) -> bool:
        seen = (self._parts, self._rows, self._bytes, self._hash.hexdigest())
        return self._in_order and seen == (table.parts, table.rows, table.bytes, table.sha256)


@contextmanager
def _opened(file: Path) -> Iterator[BufferedReader]:
    try:
        source = file.open("rb")
    except OSError as problem:
        words = {"file": file, "problem": problem.strerror}
        raise BadInput(_("{file} cannot be read: {problem}").format(**words), why=str(problem)) from None
    with source:
        yield source


def _beginning(source: BufferedReader, file: Path) -> bytes:
    beginning = source.read(len(BEGINNING))
    source.seek(0)
    if is_sealed(beginning):
        if beginning[len(MAGIC) - 1 : len(MAGIC)] > MAGIC[-1:]:
            words = _("{file} was made by a newer version of the desk; update the desk to read it")
            raise BadInput(words.format(file=file))
    elif beginning != BEGINNING:
        raise BadInput(_("{file} is no backup of a desk, or its beginning is damaged").format(file=file))
    return beginning


def _damaged(file: Path, why: str) -> BadInput:
    words = _("{file} is damaged or was cut off; nothing in it can be relied upon: take another backup")
    return BadInput(words.format(file=file), why=why)
