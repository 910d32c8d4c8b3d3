"""Bringing a table to its spec: columns and indexes that are missing, lookup terms that are old."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from desk.store import sqlite_catalogue, sqlite_rows, sqlite_terms
from desk.store.encoding import decode, indexed
from desk.store.engine import Row
from desk.store.spec import TableSpec
from desk.store.sqlite_catalogue import STALE, Table, column, physical_name

_PAGE = 1000  # rows read at a time


def new_table(db: sqlite3.Connection, name: str, spec: TableSpec | None) -> Table:
    """Make the table as its spec says."""
    spec = spec or TableSpec(name)
    table = Table(physical_name(name), spec.fields, spec.key, terms=terms_mark(spec))
    sqlite_catalogue.create(db, table)
    if spec.terms:
        sqlite_terms.create(db, table.physical)
    return table


def terms_mark(spec: TableSpec) -> str | None:
    """What the catalogue says of a table whose terms are as the spec makes them."""
    return f"v{spec.terms_version}" if spec.terms else None


def lacks_fields(table: Table, spec: TableSpec) -> bool:
    return (table.fields != spec.fields and not set(spec.fields) <= set(table.fields)) or (
        spec.key != "" and table.key != spec.key
    )


def lacks_terms(table: Table, spec: TableSpec) -> bool:
    return spec.terms is not None and table.terms != terms_mark(spec)


def bring_up(db: sqlite3.Connection, table: Table, spec: TableSpec) -> None:
    """Give the table what its spec asks for; what others asked for stays."""
    if lacks_fields(table, spec):
        _add_fields(db, table, spec)
    if lacks_terms(table, spec):
        _renew_terms(db, table, spec)


def index_terms(
    db: sqlite3.Connection,
    table: Table,
    spec: TableSpec | None,
    seq: int,
    new: Mapping[str, Any] | None,
    old: str | None,
) -> None:
    """Note the lookup terms of a row whose document was `old` (its body) and is `new`; None where there is none."""
    if table.terms is None or table.terms == STALE:
        return
    if spec is None or lacks_terms(table, spec) or spec.terms is None:
        table.terms = STALE  # this program does not know how to make them: the next one that does will
        return
    before = set(spec.terms(decode(old))) if old is not None else set()
    if new is None:
        sqlite_terms.delete(db, table.physical, seq, before)
    else:
        sqlite_terms.put(db, table.physical, seq, set(spec.terms(new)), before)


def index_many(
    db: sqlite3.Connection, table: Table, spec: TableSpec | None, rows: Iterable[tuple[int, Mapping[str, Any]]]
) -> None:
    """Note the lookup terms of new rows."""
    if table.terms is None or table.terms == STALE:
        return
    if spec is None or lacks_terms(table, spec) or spec.terms is None:
        table.terms = STALE
        return
    terms = spec.terms
    sqlite_terms.put_many(db, table.physical, ((seq, terms(document)) for seq, document in rows))


def _add_fields(db: sqlite3.Connection, table: Table, spec: TableSpec) -> None:
    new = [field for field in spec.fields if field not in table.fields]
    anew = [*new, *({table.key, spec.key} - {""} if spec.key not in ("", table.key) else ())]
    for field in new:
        sqlite_catalogue.add_column(db, table, field)
    if new:
        assignments = ", ".join(f"{column(field)} = ?" for field in new)
        for seq, _, _, body in _pages(db, table):
            values = indexed(decode(body), tuple(new))
            if any(value is not None for value in values):
                db.execute(f"UPDATE {table.physical} SET {assignments} WHERE seq = ?", (*values, seq))
    table.key = spec.key or table.key
    table.fields = tuple(dict.fromkeys((*spec.fields, *table.fields)))
    for field in dict.fromkeys(anew):
        sqlite_catalogue.create_index(db, table, field)


def _renew_terms(db: sqlite3.Connection, table: Table, spec: TableSpec) -> None:
    sqlite_terms.drop(db, table.physical)
    sqlite_terms.create(db, table.physical)
    table.terms = terms_mark(spec)
    index_many(db, table, spec, ((seq, decode(body)) for seq, _, _, body in _pages(db, table)))


def _pages(db: sqlite3.Connection, table: Table) -> Iterator[Row]:
    # Page by page: the rows are changed while they are walked through.
    after = 0
    while page := db.execute(*sqlite_rows.next_rows(table, after, _PAGE)).fetchall():
        yield from page
        after = page[-1][0]
