"""Goes through the lines of an audit as they are stored and finds what does not follow. Pure: texts in, faults out.

    following = Following(wanted={1200})
    for body in bodies:
        following.take(body)
    following.close()
    following.faults      what is wrong, with the number of the line
    following.hashes      {1200: "…"}, to be held against a checkpoint

One wrong line is one fault: the next is held against the hash that the wrong one states.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from desk.audit.chain import canonical, canonical_line
from desk.i18n import _

MOST = 200  # so many faults are told one by one


class Fault(Struct, frozen=True, kw_only=True):
    """One thing that is wrong. `line`: the number of the first line concerned, 0 where no line is; `kind`: the word
    for programs; `what`: the sentence."""

    kind: str
    line: int
    id: str = ""
    what: str


class Following:
    """What is known while line after line is taken in the order in which they are stored."""

    def __init__(self, wanted: Collection[int] = ()) -> None:
        self._wanted = frozenset(wanted)
        self.hashes: dict[int, str] = {}  # of the lines that checkpoints name, as they are now
        self.faults: list[Fault] = []
        self.fault_count = 0
        self.old = 0  # lines from before there was a chain
        self.lines = 0  # lines of the chain
        self.last_number = 0
        self.last: dict[str, Any] = {}
        self._old_digest = sha256()
        self._hash = ""
        self._gaps: dict[int, int] = {}  # first number that is missing → last
        self._firsts: dict[str, Any] = {}

    def take(self, body: str) -> dict[str, Any] | None:
        """The next stored line; gives it back when it is what it says it is."""
        try:
            line = msgspec.json.decode(body)
            stated = line.pop("hash", "")
        except (msgspec.MsgspecError, AttributeError):
            self._fault("unreadable", self.last_number + 1, "", _("what is stored there is no line of an audit"))
            return None
        if not stated:
            self._unchained(line)
            return None
        number = line.get("number", 0)
        if not isinstance(number, int) or number < 1:
            self._changed(line, self.last_number + 1)
            return None
        sound = sha256(canonical_line(line)).hexdigest() == stated
        if not sound:
            self._changed(line, number)
        self._place(line, number, stated)
        self.lines += 1
        return line if sound else None

    def close(self) -> None:
        """No more lines: what is still missing is missing."""
        for first, last in sorted(self._gaps.items()):
            self._missing(first, last)

    def _unchained(self, line: dict[str, Any]) -> None:
        if not self.lines:
            self.old += 1
            self._old_digest.update(canonical(line) + b"\n")
            return
        what = _("a line without number and hash stands behind line {number}: it was put in").format(
            number=self.last_number
        )
        self._fault("inserted", self.last_number + 1, str(line.get("id", "")), what)

    def _place(self, line: dict[str, Any], number: int, stated: str) -> None:
        if not self.lines:
            self._begin(line, number)
        elif number == self.last_number + 1:
            if line.get("previous") != self._hash:
                what = _("line {number} does not follow line {before}: one of them was made anew")
                self._fault("broken", number, line.get("id", ""), what.format(number=number, before=self.last_number))
        elif number > self.last_number:
            self._gaps[self.last_number + 1] = number - 1
        else:
            self._out_of_place(line, number)
            return
        self.last_number, self._hash, self.last = number, stated, line
        if number in self._wanted:
            self.hashes[number] = stated

    def _begin(self, line: dict[str, Any], number: int) -> None:
        """The first line of the chain says how many lines are older, and their digest."""
        if number > self.old + 1:
            self._gaps[self.old + 1] = number - 1
        elif number < self.old + 1 or line.get("previous") != self._old_digest.hexdigest():
            what = _("the lines from before the chain are not those that line {number} sealed").format(number=number)
            self._fault("old_lines", min(number, self.old + 1), line.get("id", ""), what)

    def _out_of_place(self, line: dict[str, Any], number: int) -> None:
        id = line.get("id", "")
        for first, last in list(self._gaps.items()):
            if first <= number <= last:
                del self._gaps[first]
                self._gaps |= {low: high for low, high in ((first, number - 1), (number + 1, last)) if low <= high}
                what = _("line {number} stands behind line {before}").format(number=number, before=self.last_number)
                self._fault("moved", number, id, what)
                return
        what = _("line {number} is there a second time, behind line {before}")
        self._fault("inserted", number, id, what.format(number=number, before=self.last_number))

    def _missing(self, first: int, last: int) -> None:
        what = _("lines {first} to {last} are missing") if last > first else _("line {first} is missing")
        self._fault("missing", first, "", what.format(first=first, last=last))

    def _changed(self, line: dict[str, Any], number: int) -> None:
        what = _("line {number} ({id}) is not what it was when it was written").format(
            number=number, id=line.get("id", "")
        )
        self._fault("changed", number, str(line.get("id", "")), what)

    def _fault(self, kind: str, line: int, id: str, what: str) -> None:
        self.fault_count += 1
        if len(self.faults) < MOST:
            self.faults.append(Fault(kind=kind, line=line, id=id, what=what))
