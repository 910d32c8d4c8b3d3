"""The SQL that reads and writes the rows of one table of documents."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from desk.store.encoding import RowId
from desk.store.engine import Condition
from desk.store.sqlite_catalogue import Table, column
from desk.store.sqlite_conditions import as_sql

Query = tuple[str, Sequence[Any]]

_ROW = "seq, id, revision, body"


def insert(db: sqlite3.Connection, table: Table, id: RowId, revision: int, body: str, values: list[Any]) -> int:
    """Add a last row; returns its place."""
    cursor = db.execute(_insert(table.physical, table.fields), (None, id, revision, body, *values))
    return cursor.lastrowid or 0


def insert_many(db: sqlite3.Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    """Add many rows, each (seq, id, revision, body, one value per field)."""
    db.executemany(_insert(table.physical, table.fields), rows)


def update(db: sqlite3.Connection, table: Table, seq: int, revision: int, body: str, values: list[Any]) -> None:
    db.execute(_update(table.physical, table.fields), (revision, body, *values, seq))


def delete(db: sqlite3.Connection, table: Table, seq: int) -> None:
    db.execute(f"DELETE FROM {table.physical} WHERE seq = ?", (seq,))


def last_seq(db: sqlite3.Connection, table: Table) -> int:
    seq: int = db.execute(f"SELECT coalesce(max(seq), 0) FROM {table.physical}").fetchone()[0]
    return seq


def all_rows(table: Table, where: Condition | None) -> Query:
    """The matching rows in insertion order: found by the indexes first, then fetched in order without sorting."""
    if where is None:
        return f"SELECT {_ROW} FROM {table.physical} ORDER BY seq", ()
    sql, values = as_sql(where)
    found = f"SELECT seq FROM {table.physical} WHERE {sql}"
    return f"SELECT {_ROW} FROM {table.physical} WHERE seq IN ({found}) ORDER BY seq", values


def one_row(table: Table, id: RowId) -> Query:
    return f"SELECT {_ROW} FROM {table.physical} WHERE id = ?", (id,)


def first_row(table: Table, where: Condition) -> Query:
    sql, values = as_sql(where)
    return f"SELECT {_ROW} FROM {table.physical} WHERE {sql} LIMIT 1", values


def some_rows(table: Table, name: str, values: Sequence[RowId]) -> Query:
    """The rows whose `seq` or `id` is one of the values."""
    return f"SELECT {_ROW} FROM {table.physical} WHERE {name} IN ({','.join('?' * len(values))}) ORDER BY seq", values


def next_rows(table: Table, after: int, limit: int) -> Query:
    return f"SELECT {_ROW} FROM {table.physical} WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit)


def all_ids(table: Table, where: Condition | None) -> Query:
    if where is None:
        return f"SELECT id FROM {table.physical} ORDER BY seq", ()
    sql, values = as_sql(where)
    return f"SELECT id FROM {table.physical} WHERE {sql} ORDER BY +seq", values


def between(
    table: Table, field: str, low: str | None, high: str | None, newest_first: bool, limit: int | None
) -> Query:
    name, order = column(field), "DESC" if newest_first else "ASC"
    # Texts lie between '' and x''.
    upper, values = (f"{name} < x''", [low or ""]) if high is None else (f"{name} < ?", [low or "", high])
    sql = f"{name} >= ? AND {upper} ORDER BY {name} {order}, seq {order} LIMIT ?"
    return f"SELECT {_ROW} FROM {table.physical} WHERE {sql}", (*values, -1 if limit is None else limit)


def how_many(table: Table, where: Condition) -> Query:
    sql, values = as_sql(where)
    return f"SELECT count(*) FROM {table.physical} WHERE {sql}", values


def revisions(table: Table, field: str, where: Condition | None) -> Query:
    sql, values = ("1", []) if where is None else as_sql(where)
    name = column(field)
    return f"SELECT {name}, revision FROM {table.physical} WHERE ({sql}) AND {name} IS NOT NULL ORDER BY +seq", values


def greatest_id(table: Table) -> Query:
    # Numbers come before texts.
    return f"SELECT max(id) FROM {table.physical} WHERE id < ''", ()


def text_ids(table: Table) -> Query:
    return f"SELECT id FROM {table.physical} WHERE id >= ''", ()


@cache
def _insert(physical: str, fields: tuple[str, ...]) -> str:
    names = ", ".join(("seq, id, revision, body", *map(column, fields)))
    return f"INSERT INTO {physical} ({names}) VALUES (?, ?, ?, ?{', ?' * len(fields)})"


@cache
def _update(physical: str, fields: tuple[str, ...]) -> str:
    columns = "".join(f", {column(field)} = ?" for field in fields)
    return f"UPDATE {physical} SET revision = ?, body = ?{columns} WHERE seq = ?"
