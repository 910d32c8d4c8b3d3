"""The audit: lines that are only ever added, each tied to the one before, and vouched for by signed checkpoints.

    audit = Audit(place)
    audit.note("outage.open", "O12")      a line; kept or dropped with the transaction it is made in
    audit.checkpoint()                    this seat's signature under the last line
    audit.verify()                        every line, every link, every signature; says what is wrong and where

One writer at a time is what the store promises, so the last line read inside the transaction is the last line.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from desk.audit.bound import bound_by
from desk.audit.chain import canonical, chained, clean, plain, readable
from desk.errors import DeskError, StoreProblem
from desk.records import AuditLine, Checkpoint
from desk.store import DocumentStore

if TYPE_CHECKING:
    from desk.audit.checkpoints import Checkpoints
    from desk.audit.documents import Documents
    from desk.audit.reading import Asked
    from desk.audit.verifying import Found
    from desk.place import Place
    from desk.store import RecordTable

__all__ = ["Audit"]

LINES = 1000  # so many lines without a checkpoint call for one
AGE = timedelta(hours=1)  # so does a line that has waited so long
AT_CLOSE = 50, timedelta(minutes=10)  # the same for a desk that is being closed: a command of a second leaves none


class Signed(NamedTuple):
    """Up to which line a checkpoint is known, and since when the lines after it wait for one."""

    number: int
    since: datetime


@dataclass
class Standing:
    """What this process knows of one store's checkpoints; nothing before its first line."""

    known: Signed | None = None
    trouble: str = ""

    def is_due(self, line: AuditLine, lines: int, age: timedelta) -> bool:
        if self.known is None or line.number <= self.known.number:
            return False
        # A clock that was put back makes the wait negative: as good a reason to sign.
        return line.number - self.known.number >= lines or abs(line.at - self.known.since) >= age


_STANDING: WeakKeyDictionary[DocumentStore, Standing] = WeakKeyDictionary()


class Audit:
    """The audit of one county, from one seat."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def lines(self) -> RecordTable[AuditLine]:
        return self._place.audit_table

    # Writing

    def note(self, act: str, about: str = "", details: dict[str, Any] | None = None) -> AuditLine:
        """Leave a line; inside a transaction it is kept or dropped with it."""

        def made(number: int) -> AuditLine:
            # Inside the transaction of `add`: what is read here is the last line, and the documents after the act.
            said = plain({**(details or {}), **bound_by(self._place, act, about)})
            line = self._next(number, clean(act), clean(about), said)
            self._place.store.after_commit(lambda: self._follow(line))
            return line

        return self.lines.add(made)

    @property
    def trouble(self) -> str:
        """Why this process could not sign lately, in a sentence; empty when it could."""
        return self._standing.trouble

    def close(self) -> None:
        """The desk is being closed: what it wrote is signed, when it was long enough in the open."""
        if self._standing.known is None:  # nothing was written here
            return
        with suppress(DeskError):  # a store that cannot be reached any more
            newest = self.lines.newest()
            if newest is not None:
                self._vouch(newest, *AT_CLOSE)

    # Vouching

    @property
    def checkpoints(self) -> Checkpoints:
        from desk.audit.checkpoints import Checkpoints

        return Checkpoints(self._place)

    def checkpoint(self) -> Checkpoint | None:
        """Sign the last line now; None when there is none to sign. Raises DeskError when that cannot be done."""
        checkpoints = self.checkpoints
        with self._place.store.transaction():
            if not self.lines.count():
                return None
            key = checkpoints.key()
            if not checkpoints.is_registered(key.public):
                self.note("audit.key", key.name, {"key": key.public})
                checkpoints.register(key.public)
            made = checkpoints.add(key, self._last())
        self._standing.known = Signed(made.number, made.at)
        checkpoints.keep_copies(key.public)
        return made

    # Reading

    def listed(self, asked: Asked) -> list[AuditLine]:
        """The lines that are asked for, oldest first."""
        from desk.audit.reading import listed

        return listed(self.lines, asked)

    def verify(
        self, *, kept: Iterable[Checkpoint] = (), trusted: Iterable[str] = (), documents: Documents | None = None
    ) -> Found:
        """Every line, link and signature; `kept` are checkpoints from elsewhere, `trusted` the only keys to believe
        (all that are registered, when empty), `documents` what compares the stored documents with the lines."""
        from desk.audit.verifying import verify

        return verify(self.lines, self.checkpoints, kept=kept, trusted=trusted, documents=documents)

    # Inside

    def _next(self, number: int, act: str, about: str, details: dict[str, Any]) -> AuditLine:
        place, last = self._place, self._last(number)
        return chained(
            AuditLine(
                id=f"A{number}",
                at=place.now(),
                by=clean(place.agent),
                act=act,
                about=about,
                details=details,
                number=last.number + 1,
                previous=last.hash,
                seat=clean(place.seat),
                role=clean(place.role),
            )
        )

    def _last(self, number: int = 0) -> AuditLine:
        """The line that the next one follows: the last of the chain, or the digest of all lines from before it.
        `number`: that of the row to come, which in nearly every case follows the last."""
        try:
            newest = (self.lines.numbered(number - 1) if number > 1 else None) or self.lines.newest()
        except StoreProblem:  # somebody spoiled it: that is for `verify` to tell, and the desk goes on
            newest = None
        return newest if newest is not None and newest.hash else self._searched()

    def _searched(self) -> AuditLine:
        """The same by reading all: once in the life of a store, or where somebody put a line in by hand."""
        count, digest, number, last = 0, sha256(), 0, ""
        for body in self.lines.bodies():
            document = readable(body)
            if document.get("hash"):
                number, last = max((number, last), (int(document["number"]), str(document["hash"])))
            elif not last and document:
                count += 1
                digest.update(canonical(document) + b"\n")
        if not last:
            number, last = count, digest.hexdigest()
        return AuditLine(id="", at=self._place.now(), by="", act="", number=number, hash=last)

    def _follow(self, line: AuditLine) -> None:
        """After a line is stored: sign when enough has gathered."""
        with suppress(DeskError):  # the line is stored, also when the store went out of reach right after it
            if self._standing.known is None:
                self._standing.known = self._known(line)
            self._vouch(line, LINES, AGE)

    def _known(self, line: AuditLine) -> Signed:
        last = self.checkpoints.last()
        if last is not None:
            return Signed(last.number, last.at)
        first = self.lines.range("at", None, None, limit=1)
        return Signed(0, first[0].at if first else line.at)

    def _vouch(self, line: AuditLine, lines: int, age: timedelta) -> None:
        standing = self._standing
        if not standing.is_due(line, lines, age):
            return
        # The act itself is done: that nobody can sign for it now must not make it look undone.
        try:
            standing.known = self._known(line)  # another seat may have signed meanwhile
            if standing.is_due(line, lines, age):
                self.checkpoint()
            standing.trouble = ""
        except (DeskError, OSError, ImportError) as problem:
            standing.known, standing.trouble = Signed(line.number, line.at), str(problem)

    @property
    def _standing(self) -> Standing:
        return _STANDING.setdefault(self._place.store, Standing())
