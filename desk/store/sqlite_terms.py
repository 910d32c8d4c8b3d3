"""The lookup index on SQLite: which rows of a table carry which terms, as a contentless FTS5 table.

    create(db, "customers")
    put(db, "customers", 1, ["a6401", "n张三"])
    match(db, "customers", [[Term("n张", prefix=True)], [Term("a6401")]], limit=20) == [1]

A term is letters, digits and non-ASCII characters only; its first character says its kind. FTS5 keeps
no text here (`content=''`), so a row's old terms must be given when it changes or goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from sqlite3 import Connection

from desk.store.terms import SHORT, Term

PREFIXES = range(2, SHORT + 1)  # kind and one to three characters: indexed as terms of their own
SEGMENTS = 16  # of one size before FTS5 merges them; its own 4 makes a load a third slower
GATHERED = 4000  # rows of a long prefix that FTS5 may gather at a query, at 0.75 µs each
NARROWING = 4  # groups that are intersected; more only cost time, as the caller looks at the rows anyway
PROBED = 40  # rows of a group by whose spread its rarity is judged


def create(db: Connection, table: str) -> None:
    """Make the index of `table`, if it is not there."""
    index, every = _names(table)
    prefixes = " ".join(map(str, PREFIXES))
    db.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {_quoted(index)} USING fts5("
        f"terms, content='', detail=none, columnsize=0, tokenize='ascii', prefix='{prefixes}')"
    )
    for setting, value in (("automerge", SEGMENTS), ("crisismerge", 2 * SEGMENTS)):
        db.execute(f"INSERT INTO {_quoted(index)}({_quoted(index)}, rank) VALUES (?, ?)", (setting, value))
    db.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {_quoted(every)} USING fts5vocab({_quoted(index)}, 'instance')")


def drop(db: Connection, table: str) -> None:
    """Take the index of `table` away."""
    for name in reversed(_names(table)):
        db.execute(f"DROP TABLE IF EXISTS {_quoted(name)}")


def clear(db: Connection, table: str) -> None:
    """Forget every row of `table`."""
    index = _quoted(_names(table)[0])
    db.execute(f"INSERT INTO {index}({index}) VALUES ('delete-all')")


def put(db: Connection, table: str, seq: int, terms: Iterable[str], old_terms: Iterable[str] = ()) -> None:
    """Index row `seq` under `terms`; `old_terms` are those it is indexed under now. Only what differs is written."""
    new, old = set(terms), set(old_terms)
    index = _quoted(_names(table)[0])
    if gone := old - new:
        _forget(db, index, seq, gone)
    if come := new - old:
        db.execute(f"INSERT INTO {index}(rowid, terms) VALUES (?, ?)", (seq, " ".join(sorted(come))))


def put_many(db: Connection, table: str, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Index many rows that are not indexed yet; quickest when their numbers rise."""
    index = _quoted(_names(table)[0])
    texts = ((seq, " ".join(terms)) for seq, terms in rows)
    db.executemany(f"INSERT INTO {index}(rowid, terms) VALUES (?, ?)", texts)


def delete(db: Connection, table: str, seq: int, terms: Iterable[str]) -> None:
    """Forget row `seq`, which is indexed under exactly `terms`."""
    if old := set(terms):
        _forget(db, _quoted(_names(table)[0]), seq, old)


def match(db: Connection, table: str, groups: Sequence[Sequence[Term]], limit: int) -> list[int]:
    """The first `limit` rows that carry, for every group, at least one of its terms.

    In the order of their numbers; for one group alone, in the order of its terms. Among several groups
    only the rarest narrow, and a long prefix that very many terms share may be taken by its first characters:
    the rows are then more than asked for, never fewer, and the caller looks at them anyway.
    """
    wanted = [[term for term in group if _clean(term.text)] for group in groups]
    if limit <= 0 or not wanted or not all(wanted):
        return []
    if len(wanted) == 1:
        return _match_any(db, table, wanted[0], limit)
    short = [[_shortened(db, table, term) for term in group] for group in wanted]
    return _match_all(db, table, _rarest(db, table, short), limit)


def _match_any(db: Connection, table: str, terms: Sequence[Term], limit: int) -> list[int]:
    found: dict[int, None] = {}
    for term in terms:
        seqs = _listed(db, table, term.text, limit) if _is_long(term) else _match_all(db, table, [[term]], limit)
        found.update(dict.fromkeys(seqs))
    return list(found)[:limit]


def _match_all(db: Connection, table: str, groups: Sequence[Sequence[Term]], limit: int) -> list[int]:
    index = _quoted(_names(table)[0])
    query = " AND ".join(f"({' OR '.join(map(_phrase, group))})" for group in groups)
    found = db.execute(f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid LIMIT ?", (query, limit))
    return [seq for (seq,) in found]


def _listed(db: Connection, table: str, prefix: str, limit: int) -> list[int]:
    """Rows by walking the sorted terms from `prefix` on: FTS5 itself would first gather all of them (350 ms)."""
    every = _quoted(_names(table)[1])
    end = prefix + "\U0010ffff"
    found = db.execute(f"SELECT DISTINCT doc FROM {every} WHERE term >= ? AND term < ? LIMIT ?", (prefix, end, limit))
    return [seq for (seq,) in found]


def _shortened(db: Connection, table: str, term: Term) -> Term:
    """`term`, unless gathering all that begins with it would cost more than looking at too many rows."""
    if not _is_long(term) or len(_listed(db, table, term.text, GATHERED)) < GATHERED:
        return term
    return Term(term.text[:SHORT], prefix=True)


def _rarest(db: Connection, table: str, groups: list[list[Term]]) -> list[list[Term]]:
    if len(groups) <= NARROWING:
        return groups
    return sorted(groups, key=lambda group: _spread(db, table, group), reverse=True)[:NARROWING]


def _spread(db: Connection, table: str, group: list[Term]) -> float:
    """How far apart the first rows of `group` lie: a cheap measure of rarity; wrong only costs time."""
    rows = _match_all(db, table, [group], PROBED)
    return rows[-1] / PROBED if len(rows) == PROBED else float("inf")


def _is_long(term: Term) -> bool:
    return term.prefix and len(term.text) > SHORT


def _forget(db: Connection, index: str, seq: int, terms: Collection[str]) -> None:
    text = " ".join(sorted(terms))
    db.execute(f"INSERT INTO {index}({index}, rowid, terms) VALUES ('delete', ?, ?)", (seq, text))


def _names(table: str) -> tuple[str, str]:
    return f"{table} terms", f"{table} terms listed"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _phrase(term: Term) -> str:
    return f'"{term.text}" *' if term.prefix else f'"{term.text}"'


def _clean(text: str) -> bool:
    # Anything else would be cut into several tokens, which an index without positions cannot answer.
    return bool(text) and all(char.isalnum() if char.isascii() else not "\ud800" <= char <= "\udfff" for char in text)
