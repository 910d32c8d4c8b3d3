"""How groups of terms are intersected on PostgreSQL within a few milliseconds, however common a term is.

GIN intersects at once, but gives all rows before a LIMIT counts. So what may be common is looked for among the first
rows first (`postgres_terms.LEVELS`). A long term is listed from the sorted terms; a long beginning that very many rows
share is taken by its first four characters among other groups, as on SQLite (sqlite_match).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from desk.store.postgres_catalogue import Table
from desk.store.postgres_rows import ROW
from desk.store.postgres_terms import LEVELS, far
from desk.store.terms import SHORT, Term

GATHERED = 3_000  # rows of a long beginning that are gathered; what has more is common
PIECE = 12_000  # rows of a common one that are met with the other groups
FEW = 155  # rows asked for: so many are first tried by the first characters of a common beginning
SPARE = 2_000  # rows that may be fetched for a limit

Ask = Callable[[str, Sequence[Any]], list[Any]]
Group = Sequence[Term]


class Part(NamedTuple):
    """What stands for one group: elements of the array, beginnings of one character, and rows known by number."""

    near: list[str]
    starts: list[str]
    seqs: list[int] | None


class Matcher:
    """One search in a table; `ask` runs a statement."""

    def __init__(self, ask: Ask, county: str, table: Table, limit: int) -> None:
        self._ask = ask
        self._county = county
        self._table = table
        self._limit = limit

    def rows(self, groups: Sequence[Group]) -> list[Any]:
        """The rows that have a term of every group, and perhaps some more, as columns ROW."""
        if len(groups) == 1:
            return self._fetched(self._any(groups[0]))
        long = list(dict.fromkeys(term for group in groups for term in group if _is_long(term)))
        listed = dict(zip(long, self._listed(long, GATHERED), strict=True))
        common = [term for term in long if len(listed[term]) >= GATHERED and term.prefix]
        parts = [_part(group, listed, common) for group in groups]
        rows = self._all(parts)
        if not common or len(rows) < self._limit or self._limit <= FEW:
            return rows
        return self._met(groups, listed, common, rows)

    def _any(self, group: Group) -> list[int]:
        """The first rows by number of the first term, then of the next, …; of a long one in the order of its terms."""
        long = [term for term in group if _is_long(term)]
        listed = dict(zip(long, self._listed(long, self._limit), strict=True))
        found: dict[int, None] = {}
        for term in group:
            if len(found) >= self._limit:
                break
            seqs = listed[term] if term in listed else [row[0] for row in self._all([_part([term], {}, [])])]
            found.update(dict.fromkeys(seqs))
        return list(found)[: self._limit]

    def _listed(self, terms: Sequence[Term], limit: int) -> list[list[int]]:
        """The rows of each long term, in the order of the terms that begin so."""
        if not terms:
            return []
        one = (
            f"(SELECT %s::int, seq FROM {far(self._table)} WHERE county = %s AND term >= %s AND term < %s"
            " ORDER BY term, seq LIMIT %s)"
        )
        values = [
            value for at, term in enumerate(terms) for value in (at, self._county, term.text, _end(term), 2 * limit)
        ]
        found: list[dict[int, None]] = [{} for _ in terms]
        for at, seq in self._ask(" UNION ALL ".join([one] * len(terms)), values):
            found[at][seq] = None
        return [list(seqs)[:limit] for seqs in found]

    def _all(self, parts: Sequence[Part]) -> list[Any]:
        if any(not (part.near or part.starts or part.seqs) for part in parts):
            return []
        narrow = any(part.seqs is not None and not part.near and not part.starts for part in parts)
        total, before = self._table.last_seq, (0, 0)
        for size, mark in LEVELS if not narrow else ():
            if 4 * self._limit > size or total <= size:
                continue
            if before[0] and before[1] * total / before[0] <= SPARE:
                break  # so rare that all of them are quicker
            rows = self._some(parts, mark)
            if len(rows) >= self._limit:
                return rows
            before = size, len(rows) + 1
        return self._some(parts)

    def _some(self, parts: Sequence[Part], mark: str = "") -> list[Any]:
        conditions, values = ["county = %s"], [self._county]
        if mark:
            conditions.append("terms @> %s::text[]")
            values.append([mark])  # type: ignore[arg-type]
        for part in parts:
            sql, more = _condition(part)
            conditions.append(sql)
            values += more
        # `seq + 0`: walking along the primary key until enough is found would take for ever for what is rare.
        sql = f"SELECT {ROW} FROM {self._table.physical} WHERE {' AND '.join(conditions)} ORDER BY seq + 0 LIMIT %s"
        return self._ask(sql, [*values, self._limit])

    def _met(
        self, groups: Sequence[Group], listed: dict[Term, list[int]], common: list[Term], rows: list[Any]
    ) -> list[Any]:
        # The first rows share only the first characters of what is common: those that share all of it come first.
        longer = dict(listed)
        longer.update(zip(common, self._listed(common, PIECE), strict=True))
        met = self._all([_part(group, longer, []) for group in groups])
        known = {row[0] for row in met}
        return sorted((met + [row for row in rows if row[0] not in known])[: self._limit])

    def _fetched(self, seqs: list[int]) -> list[Any]:
        if not seqs:
            return []
        sql = f"SELECT {ROW} FROM {self._table.physical} WHERE county = %s AND seq = ANY(%s::bigint[]) ORDER BY seq"
        return self._ask(sql, [self._county, seqs])


def _is_long(term: Term) -> bool:
    return len(term.text) > SHORT


def _end(term: Term) -> str:
    # After everything that begins so; a whole term has nothing else before its next.
    return term.text + ("\U0010ffff" if term.prefix else "\x01")


def _part(group: Group, listed: dict[Term, list[int]], common: list[Term]) -> Part:
    near: list[str] = []
    starts: list[str] = []
    seqs: dict[int, None] = {}
    for term in group:
        if term in common:
            near.append(term.text[:SHORT])
        elif _is_long(term):
            seqs.update(dict.fromkeys(listed[term]))
        elif not term.prefix:
            near.append(term.text + ".")
        elif len(term.text) == 1:
            starts.append(term.text)
        else:
            near.append(term.text)
    return Part(near, starts, list(seqs) if any(_is_long(term) for term in group) else None)


def _condition(part: Part) -> tuple[str, list[Any]]:
    pieces, values = [], []
    if part.near:
        pieces.append("terms && %s::text[]")
        values.append(part.near)
    if part.seqs:
        pieces.append("seq = ANY(%s::bigint[])")
        values.append(part.seqs)  # type: ignore[arg-type]
    for start in part.starts:
        pieces.append("EXISTS (SELECT FROM unnest(terms) e WHERE starts_with(e, %s))")
        values.append(start)  # type: ignore[arg-type]
    return f"({' OR '.join(pieces)})", values
