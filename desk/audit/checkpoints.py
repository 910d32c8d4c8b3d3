"""Checkpoints: who holds one can tell later that the audit up to its line is what it was.

They are stored, each tied to the one before, and copied to `audit/checkpoints.jsonl` of the data folder of the seat
that signed; a copy kept elsewhere is worth most.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from desk import schema
from desk.audit.chain import canonical, hash_of
from desk.audit.keys import SigningKey, is_signed, read_private
from desk.errors import BadInput, StoreProblem
from desk.i18n import _
from desk.records import AuditLine, Checkpoint

if TYPE_CHECKING:
    from desk.place import Place
    from desk.store import RecordTable

FOLDER = "audit"  # in the data folder
FILE = "checkpoints.jsonl"
REGISTERED = "audit_key "  # the mark that stands once a key's line is in the audit


class Checkpoints:
    """The checkpoints of one store, and this seat's copies of its own."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.folder: Path = place.config.data / FOLDER

    @cached_property
    def table(self) -> RecordTable[Checkpoint]:
        return self._place.store.records(schema.CHECKPOINTS, Checkpoint)

    def key(self) -> SigningKey:
        """This seat's key, made if there is none yet."""
        return SigningKey.of(self.folder)

    def has_key(self) -> bool:
        """Whether this seat has signed anything yet."""
        return bool(read_private(self.folder))

    def is_registered(self, public: str) -> bool:
        """Whether a line of the audit names this key."""
        return self._place.marks_table.get(REGISTERED + public) is not None

    def register(self, public: str) -> None:
        """The line that names the key is being stored."""
        self._place.mark(REGISTERED + public)

    def last(self) -> Checkpoint | None:
        """The newest one."""
        return self.table.newest()

    def add(self, key: SigningKey, line: AuditLine) -> Checkpoint:
        """Sign for `line`; inside the transaction that has seen it as the last."""
        before = self.last()
        made = Checkpoint(
            id="",
            number=line.number,
            hash=line.hash,
            at=self._place.now(),
            seat=self._place.seat,
            previous=digest(before) if before else "",
            key=key.public,
        )
        return self.table.add(lambda number: _signed(key, replace(made, id=f"C{number}")))

    def keep_copies(self, public: str) -> None:
        """Append to the file what this seat has signed and not yet kept: whoever was killed in between left some."""
        kept = {one.id for one in self.copies() or ()}
        missing = [one for one in self.table.all() if one.key == public and one.id not in kept]
        if missing:
            self._append(missing)

    def copies(self) -> list[Checkpoint] | None:
        """What the file holds; None when there is no such file. Raises BadInput for one that cannot be read."""
        return read_file(self.folder / FILE) if (self.folder / FILE).exists() else None

    def _append(self, made: Iterable[Checkpoint]) -> None:
        lines = b"".join(canonical(one) + b"\n" for one in made)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _cut_torn(self.folder / FILE)
            with open(os.open(self.folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), "ab") as file:
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
        except OSError as problem:
            words = _("{folder} cannot be written to; the audit's checkpoints are kept there").format(
                folder=self.folder
            )
            raise StoreProblem(words, why=str(problem)) from None


def digest(checkpoint: Checkpoint) -> str:
    """By which the next one names it."""
    return hash_of(canonical(checkpoint))


def is_genuine(checkpoint: Checkpoint) -> bool:
    """Whether the signature is that of the key that it names."""
    return is_signed(checkpoint.key, _content(checkpoint), checkpoint.signature)


def read_file(file: Path) -> list[Checkpoint]:
    """Checkpoints as `desk audit checkpoint` prints them and the file keeps them, one a line; raises BadInput."""
    try:
        return list(_read(file.read_bytes()))
    except OSError as problem:
        words = {"file": file, "problem": problem.strerror}
        raise BadInput(_("{file} cannot be read: {problem}").format(**words)) from None
    except (msgspec.MsgspecError, UnicodeError) as problem:
        raise BadInput(_("{file} holds a line that is no checkpoint").format(file=file), why=str(problem)) from None


def _read(content: bytes) -> Iterator[Checkpoint]:
    whole = content.splitlines() if content.endswith(b"\n") else _without_the_torn(content)
    return (msgspec.json.decode(line, type=Checkpoint) for line in whole if line.strip())


def _cut_torn(file: Path) -> None:
    content = file.read_bytes() if file.exists() else b""
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(file, whole)


def _without_the_torn(content: bytes) -> list[bytes]:
    """Whoever was killed while appending left half a line; the store has the whole one."""
    *lines, last = content.splitlines() or [b""]
    try:
        msgspec.json.decode(last, type=Checkpoint)
    except msgspec.MsgspecError:
        return lines
    return [*lines, last]


def _signed(key: SigningKey, checkpoint: Checkpoint) -> Checkpoint:
    return replace(checkpoint, signature=key.sign(_content(checkpoint)))


def _content(checkpoint: Checkpoint) -> bytes:
    """What is signed: the canonical bytes without the signature."""
    return canonical(replace(checkpoint, signature=""))
