"""How groups of terms are intersected on PostgreSQL within a few milliseconds, however common a term is.

GIN intersects at once, but numbers all rows before the first is fetched: 10 ms for a hundred thousand. So what may
be common is looked for among the first rows first (`postgres_terms.LEVELS`). A long term is listed from the sorted
terms; a long beginning that very many rows share is taken by its first four characters among other groups, as on
SQLite (sqlite_match).
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
SPARE = 2_000  # rows that may be fetched for a few
FEW = 155  # rows asked for: so many are first tried by the first characters of a common beginning

Ask = Callable[[str, Sequence[Any]], list[Any]]
Group = Sequence[Term]


class Part(NamedTuple):
    """What stands for one group: elements of the array, beginnings of one character, and rows known by number."""

    near: list[str]
    starts: list[str]
    seqs: list[int] | None


class Matcher:
    """One search in a table; `ask` runs a statement, `common` are the commonest elements, where they are known."""

    def __init__(self, ask: Ask, county: str, table: Table, limit: int, common: frozenset[str]) -> None:
        self._ask = ask
        self._common = common
        self._county = county
        self._table = table
        self._limit = limit

    def rows(self, groups: Sequence[Group]) -> list[Any]:
        """The rows that have a term of every group, and perhaps some more, as columns ROW."""
        if len(groups) == 1:
            return self._any(groups[0])
        long = list(dict.fromkeys(term for group in groups for term in group if _is_long(term)))
        listed = dict(zip(long, self._listed(long, GATHERED), strict=True))
        common = [term for term in long if len(listed[term]) >= GATHERED and term.prefix]
        parts = [_part(group, listed, common) for group in groups]
        rows = self._all(parts)
        if not common or len(rows) < self._limit or self._limit <= FEW:
            return rows
        return self._met(groups, listed, common, rows)

    def _any(self, group: Group) -> list[Any]:
        """The first rows by number of the first term, then of the next, …; of a long one in the order of its terms."""
        long = [term for term in group if _is_long(term)]
        short = [term for term in group if not _is_long(term)]
        listed = dict(zip(long, self._listed(long, self._limit), strict=True))
        looked = dict(zip(short, self._looked([[_part([term], {}, [])] for term in short]), strict=True))
        rows = {row[0]: row for found in looked.values() for row in found}
        seqs = dict.fromkeys(
            seq for term in group for seq in (listed[term] if term in listed else [row[0] for row in looked[term]])
        )
        wanted = sorted(list(seqs)[: self._limit])
        rows.update((row[0], row) for row in self._fetched([seq for seq in wanted if seq not in rows]))
        return [rows[seq] for seq in wanted if seq in rows]

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
        return self._looked([parts])[0]

    def _looked(self, wanted: Sequence[Sequence[Part]]) -> list[list[Any]]:
        """The first rows of each of several looks, all at once; of those that no longer count, perhaps none."""
        found: list[list[Any]] = [[] for _ in wanted]
        levels = {at: self._level(parts) for at, parts in enumerate(wanted)}
        while levels:
            answers = self._run([(at, wanted[at], level) for at, level in levels.items()])
            for at, level in list(levels.items()):
                found[at] = answers[at]
                if level and len(found[at]) < self._limit:
                    levels[at] = self._next_level(level, len(found[at]))
                else:
                    del levels[at]
            ended = min(levels, default=len(found))
            if len({row[0] for rows in found[:ended] for row in rows}) >= self._limit:
                break
        return found

    def _level(self, parts: Sequence[Part]) -> str:
        """The mark of the first rows that a look begins with; empty where it looks at all of them at once."""
        return "" if _is_narrow(parts) or any(map(self._is_rare, parts)) else self._first_of(LEVELS)

    def _is_rare(self, part: Part) -> bool:
        return bool(self._common) and not part.starts and self._common.isdisjoint(part.near)

    def _next_level(self, level: str, rows: int) -> str:
        at = [mark for _, mark in LEVELS].index(level)
        rare = (rows + 1) * self._table.last_seq / LEVELS[at][0] <= SPARE
        return "" if rare else self._first_of(LEVELS[at + 1 :])

    def _first_of(self, levels: Sequence[tuple[int, str]]) -> str:
        return next((mark for size, mark in levels if 4 * self._limit <= size < self._table.last_seq), "")

    def _run(self, looks: Sequence[tuple[int, Sequence[Part], str]]) -> dict[int, list[Any]]:
        pieces, values = [], []
        for at, parts, level in looks:
            sql, more = self._query(at, parts, level)
            pieces.append(f"({sql})")
            values += more
        answers: dict[int, list[Any]] = {at: [] for at, _, _ in looks}
        for at, *row in self._ask(" UNION ALL ".join(pieces), values):
            answers[at].append(row)
        return answers

    def _query(self, at: int, parts: Sequence[Part], level: str) -> tuple[str, list[Any]]:
        # Only the index of terms, or of the rows known by number, is of use here: walking along the primary key until
        # enough is found would take for ever for what is rare, or common in one town alone.
        conditions, values = ["county = %s" if _is_numbered(parts) else "county || '' = %s"], [at, self._county]
        if level:
            conditions.append("terms @> %s::text[]")
            values.append([level])
        for part in parts:
            sql, more = _condition(part)
            conditions.append(sql)
            values += more
        # The first by number; of more than these, the first of those that lie first, which is nearly the same.
        fetched = 1_000_000 if level or _is_narrow(parts) else max(SPARE, 2 * self._limit)
        found = f"SELECT {ROW} FROM {self._table.physical} WHERE {' AND '.join(conditions)} LIMIT {fetched}"
        return f"SELECT %s::int, * FROM ({found}) found ORDER BY seq LIMIT %s", [*values, self._limit]

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


def _is_narrow(parts: Sequence[Part]) -> bool:
    return any(part.seqs is not None and not part.near and not part.starts for part in parts)


def _is_numbered(parts: Sequence[Part]) -> bool:
    return any(part.seqs for part in parts)


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
