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

from desk.store.terms import Term

PREFIXES = (2, 3, 4)  # kind and one to three characters: found without walking through all longer terms


def create(db: Connection, table: str) -> None:
    """Make the index of `table`, if it is not there."""
    index, every = _names(table)
    prefixes = " ".join(map(str, PREFIXES))
    db.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {_quoted(index)} USING fts5("
        f"terms, content='', detail=none, columnsize=0, tokenize='ascii', prefix='{prefixes}')"
    )
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
    """The first `limit` rows that carry, for every group, at least one of its terms; in the order of their numbers."""
    wanted = [[_phrase(term) for term in group if _clean(term.text)] for group in groups]
    if limit <= 0 or not wanted or not all(wanted):
        return []
    index = _quoted(_names(table)[0])
    query = " AND ".join(f"({' OR '.join(group)})" for group in wanted)
    found = db.execute(f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid LIMIT ?", (query, limit))
    return [seq for (seq,) in found]


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
