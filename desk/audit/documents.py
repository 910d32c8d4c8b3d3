"""Compares what is stored with what the lines of the audit vouch for: which document was changed behind the desk.

What was stored before the chain began is vouched for by nothing, and only counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from desk.audit.evidence import Run, each_of, entry_digest
from desk.audit.following import Fault
from desk.i18n import _
from desk.records import Duty
from desk.schema import DUTIES

RETENTION = "retention.delete"

Present = Iterable[tuple[str, str, str]]  # name, digest, since when


class Bound(NamedTuple):
    """What the last line about a document says of it."""

    digest: str
    line: int
    at: str


class Group(NamedTuple):
    """Evidence that one line vouches for."""

    runs: list[Run]
    digest: str
    line: int


class Documents:
    """`present` gives the documents as they are, `duties` every duty; both are asked once, at the end."""

    def __init__(self, present: Callable[[], Present], duties: Callable[[], Iterable[Duty]]) -> None:
        self._present = present
        self._duties = duties
        self._bound: dict[str, Bound] = {}
        self._groups: list[Group] = []
        self._removed: dict[str, int] = {}  # table → the last line by which retention took documents out of it
        self._begun = ""
        self.count = 0  # documents and entries of evidence that were held against a line

    def take(self, line: dict[str, Any]) -> None:
        """One line of the audit, sound by itself."""
        self._begun = self._begun or str(line["at"])
        said = line.get("details") or {}
        for name, digest in (said.get("documents") or {}).items():
            self._bound[name] = Bound(digest, line["number"], str(line["at"]))
        if line.get("act") == RETENTION:
            self._removed[str(line.get("about"))] = line["number"]
        if "entries" in said:
            self._groups.append(Group(said["entries"], said.get("sha256", ""), line["number"]))

    def faults(self) -> list[Fault]:
        """What is not as the lines say."""
        return [*self._documents(), *self._evidence()]

    def _documents(self) -> Iterator[Fault]:
        left = dict(self._bound)
        for name, digest, since in self._present():
            bound = left.pop(name, None)
            if bound is not None:
                self.count += 1
                if bound.digest != digest:
                    yield _fault(bound.line, name, _("{name} is not what it was after line {line} was written"))
            elif self._begun and _later(since, self._begun):
                yield _fault(0, name, _("{name} is stored, and no line of the audit tells of it"))
        for name, bound in left.items():
            if self._removed.get(name.partition("/")[0], 0) > bound.line:
                continue  # its time was over
            yield _fault(bound.line, name, _("{name} is gone; line {line} tells of it"))

    def _evidence(self) -> Iterator[Fault]:
        entries: dict[tuple[int, int], bytes] = {}
        since: dict[tuple[int, int], str] = {}
        for duty in self._duties():
            for which, entry in enumerate(duty.evidence):
                place = int(duty.id[1:]), which
                entries[place] = entry_digest(duty.id, which, entry)
                since[place] = entry.at.isoformat()
        for group in self._groups:
            if self._removed.get(DUTIES, 0) > group.line and any(place not in entries for place in each_of(group.runs)):
                continue
            digest = sha256()
            for place in each_of(group.runs):
                digest.update(entries.pop(place, b""))
                self.count += 1
            if digest.hexdigest() != group.digest:
                name = _named(group.runs)
                yield _fault(group.line, name, _("the evidence of {name} is not what it was after line {line}"))
        for number, which in sorted(entries):
            if self._begun and _later(since[number, which], self._begun):
                yield _fault(0, f"D{number}", _("{name} has evidence that no line of the audit tells of"))


def _later(since: str, begun: str) -> bool:
    from datetime import datetime

    return datetime.fromisoformat(since) > datetime.fromisoformat(begun)


def _named(runs: list[Run]) -> str:
    return ", ".join(f"D{first}" if first == last else f"D{first}–D{last}" for _which, first, last in runs[:5])


def _fault(line: int, name: str, words: str) -> Fault:
    return Fault(kind="document", line=line, id=name, what=words.format(name=name, line=line))
