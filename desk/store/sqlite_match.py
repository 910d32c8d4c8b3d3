"""How groups of terms are intersected on SQLite within a few milliseconds, however common a term is.

FTS5 walks single terms lazily and stops at a LIMIT, but first gathers everything below a prefix it has
no index for (0.75 µs a row: 350 ms for a surname's pinyin in a million rows). So a long prefix alone is
listed from the sorted terms; among other groups it is gathered while its rows are few, and else met with
the others piece by piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

from desk.store.terms import SHORT, Term

GATHERED = 3000  # rows of a long prefix that FTS5 may gather
MET = 10_000  # rows of the other groups that are met with them
PIECES = (GATHERED, 4 * GATHERED)
NEAR = 50  # times as far apart as neighbours: rows this near are met piece by piece, as accounts rise with row numbers
FEW = 155  # rows asked for: so many are first tried by the first characters of a common prefix
REMEMBERED = 1000
NARROWING = 6  # groups that are intersected; more only cost time, as the caller looks at the rows anyway
PROBED = 40  # rows of a group by whose spread its rarity is judged

# Prefixes once found common, of any index. One that is so no more is only answered a little slower.
_COMMON: set[tuple[str, str]] = set()

Group = Sequence[Term]


class Matcher:
    """One search in the index table `index`, whose terms are listed in `listed` (both quoted)."""

    def __init__(self, db: Connection, index: str, listed: str, limit: int) -> None:
        self._db = db
        self._index = index
        self._terms = listed
        self._limit = limit

    def rows(self, groups: Sequence[Group]) -> list[int]:
        """Rows that have a term of every group, and perhaps some more; see `sqlite_terms.match`."""
        if len(groups) == 1:
            return self._any(groups[0])
        common = [[term for term in group if self._is_common(term)] for group in groups]
        at = next((at for at, terms in enumerate(common) if terms), None)
        short = [[_shortened(t) if t in far else t for t in group] for group, far in zip(groups, common, strict=True)]
        if at is None:
            return self._all(self._rarest(short), self._limit)
        others = self._rarest(short[:at] + short[at + 1 :])
        rest = [term for term in groups[at] if term not in common[at]]
        found = dict.fromkeys(self._all([*others, rest], self._limit)) if rest else {}
        for term in common[at]:
            if len(found) < self._limit:
                found.update(dict.fromkeys(self._meet(term, others)))
        return list(found)[: self._limit]

    def _any(self, terms: Group) -> list[int]:
        found: dict[int, None] = {}
        for term in terms:
            rows = self._listed(term.text, self._limit) if _is_long(term) else self._all([[term]], self._limit)
            found.update(dict.fromkeys(rows))
        return list(found)[: self._limit]

    def _all(self, groups: Sequence[Group], limit: int, low: int = 0, high: int = 2**62) -> list[int]:
        query = " AND ".join(f"({' OR '.join(map(_phrase, group))})" for group in groups)
        found = self._db.execute(
            f"SELECT rowid FROM {self._index} WHERE {self._index} MATCH ? AND rowid BETWEEN ? AND ?"
            " ORDER BY rowid LIMIT ?",
            (query, low, high, limit),
        )
        return [row for (row,) in found]

    def _listed(self, prefix: str, limit: int) -> list[int]:
        found = self._db.execute(
            f"SELECT DISTINCT doc FROM {self._terms} WHERE term >= ? AND term < ? LIMIT ?",
            (prefix, prefix + "\U0010ffff", limit),
        )
        return [row for (row,) in found]

    def _postings(self, prefix: str, limit: int) -> list[int]:
        """As `_listed`, but a row comes once for each of its terms: a third quicker."""
        found = self._db.execute(
            f"SELECT doc FROM {self._terms} WHERE term >= ? AND term < ? LIMIT ?",
            (prefix, prefix + "\U0010ffff", limit),
        )
        return [row for (row,) in found]

    def _is_common(self, term: Term) -> bool:
        if not _is_long(term):
            return False
        known = (self._index, term.text)
        if known not in _COMMON and len(self._postings(term.text, GATHERED)) == GATHERED:
            if len(_COMMON) >= REMEMBERED:
                _COMMON.clear()
            _COMMON.add(known)
        return known in _COMMON

    def _meet(self, term: Term, others: Sequence[Group]) -> list[int]:
        """Rows of the common `term` among the others, perhaps with some that only share its first characters."""
        rows = self._all([*others, [_shortened(term)]], self._limit)
        if len(rows) < self._limit:
            return rows
        near = _lie_near(self._postings(term.text, PROBED))
        both: list[int] = []
        for size in PIECES if near else PIECES[: self._limit > FEW]:
            piece = self._postings(term.text, size)
            met = self._all(others, MET, min(piece, default=0), max(piece, default=0))
            both = sorted(set(piece).intersection(met))
            complete = len(piece) < size and len(met) < MET
            if complete or len(both) >= self._limit:
                return both[: self._limit]
        return [*both, *rows]

    def _rarest(self, groups: list[list[Term]]) -> list[list[Term]]:
        if len(groups) <= NARROWING:
            return groups
        return sorted(groups, key=self._spread, reverse=True)[:NARROWING]

    def _spread(self, group: Group) -> float:
        """How far apart the first rows of `group` lie: a cheap measure of rarity; when wrong it only costs time."""
        rows = self._all([group], PROBED)
        return rows[-1] / PROBED if len(rows) == PROBED else float("inf")


def _lie_near(rows: Sequence[int]) -> bool:
    return bool(rows) and max(rows) - min(rows) <= NEAR * len(rows)


def _is_long(term: Term) -> bool:
    return term.prefix and len(term.text) > SHORT


def _shortened(term: Term) -> Term:
    return Term(term.text[:SHORT], prefix=True)


def _phrase(term: Term) -> str:
    return f'"{term.text}" *' if term.prefix else f'"{term.text}"'
