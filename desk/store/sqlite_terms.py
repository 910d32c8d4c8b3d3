"""The lookup index on SQLite: which rows of a table carry which terms, as a contentless FTS5 table.

    create(db, "customers")
    put(db, "customers", 1, ["a6401", "n张三"])
    match(db, "customers", [[Term("n张", prefix=True)], [Term("a6401")]], limit=20) == [1]

A term is letters, digits and non-ASCII characters only; its first character says its kind. FTS5 keeps
no text here (`content=''`), so a row's old terms must be given when it changes or goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sqlite3 import Connection

from desk.store.sqlite_match import Matcher
from desk.store.terms import SHORT, Term, is_term

PREFIXES = range(2, SHORT + 1)  # kind and one to three characters: indexed as terms of their own
SEGMENTS = 16  # of one size before FTS5 merges them; its own 4 makes a load a third slower


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
    """Index row `seq` under `terms`; `old_terms` are exactly those it is indexed under now."""
    new, old = set(terms), set(old_terms)
    if new == old:
        return
    # All or nothing: a term that goes would take along the short prefixes it shares with terms that stay.
    delete(db, table, seq, old)
    if new:
        put_many(db, table, [(seq, new)])


def put_many(db: Connection, table: str, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Index many rows that are not indexed yet; quickest when their numbers rise."""
    index = _quoted(_names(table)[0])
    texts = ((seq, " ".join(terms)) for seq, terms in rows)
    db.executemany(f"INSERT INTO {index}(rowid, terms) VALUES (?, ?)", texts)


def delete(db: Connection, table: str, seq: int, terms: Iterable[str]) -> None:
    """Forget row `seq`, which is indexed under exactly `terms`."""
    if text := " ".join(terms):
        index = _quoted(_names(table)[0])
        db.execute(f"INSERT INTO {index}({index}, rowid, terms) VALUES ('delete', ?, ?)", (seq, text))


def match(db: Connection, table: str, groups: Sequence[Sequence[Term]], limit: int) -> list[int]:
    """The first `limit` rows that carry, for every group, at least one of its terms.

    In the order of their numbers; for one group alone, in the order of its terms. Among several groups
    only the rarest narrow, and a long prefix that very many terms share may be taken by its first characters:
    the rows are then more than asked for, never fewer, and the caller looks at them anyway.
    """
    # Anything else would be cut into several tokens, which an index without positions cannot answer.
    wanted = [[term for term in group if is_term(term.text)] for group in groups]
    if limit <= 0 or not wanted or not all(wanted):
        return []
    index, every = _names(table)
    return Matcher(db, _quoted(index), _quoted(every), limit).rows(wanted)


def _names(table: str) -> tuple[str, str]:
    return f"{table} terms", f"{table} terms listed"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
