"""Evidence of duties, vouched for entry by entry: a settlement, or 300,000 of them, leaves one line with one digest.

    witness = Witness()
    witness.saw("D12", 0, entry)          an entry was added: the first of this duty
    witness.details()  == {"evidence": 1, "entries": [[0, 12, 12]], "sha256": "…"}

`entries` are runs of [which entry, first duty, last duty], in the order in which the digest goes through them. The
digest is the SHA-256 over the SHA-256 of each entry, which is that of the canonical bytes of [duty, which, entry].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from desk.audit.chain import canonical_list
from desk.records import Duty, Evidence

Run = Sequence[int]  # which entry, first duty, last duty


class Witness:
    """Gathers what evidence was added, in the order in which it is seen."""

    def __init__(self) -> None:
        self._digest = sha256()
        self._runs: list[list[int]] = []
        self.seen = 0

    def saw(self, duty: str, which: int, entry: Evidence) -> None:
        """The entry is new at this duty."""
        self._digest.update(entry_digest(duty, which, entry))
        self.seen += 1
        number, last = int(duty[1:]), self._runs[-1] if self._runs else None
        if last is not None and last[0] == which and last[2] == number - 1:
            last[2] = number
        else:
            self._runs.append([which, number, number])

    def moved(self, before: Duty, after: Duty) -> None:
        """A duty became another: what is new in its evidence."""
        for which in range(len(before.evidence), len(after.evidence)):
            self.saw(after.id, which, after.evidence[which])

    def details(self) -> dict[str, Any]:
        """For the line of the act; empty when there was nothing."""
        if not self.seen:
            return {}
        return {"evidence": self.seen, "entries": self._runs, "sha256": self._digest.hexdigest()}


def entry_digest(duty: str, which: int, entry: Evidence) -> bytes:
    return sha256(canonical_list(duty, which, entry)).digest()


def each_of(runs: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """(duty's number, which entry), in the order of the digest."""
    for which, first, last in runs:
        for number in range(first, last + 1):
            yield number, which
