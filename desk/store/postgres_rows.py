"""The SQL that reads and writes the rows of one table of documents of one county on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from desk.store.encoding import RowId
from desk.store.engine import Condition, Row
from desk.store.postgres_catalogue import Table, column
from desk.store.postgres_conditions import as_sql
from desk.store.postgres_values import AFTER_TEXTS, TEXT, encoded

Query = tuple[str, Sequence[Any]]

ROW = "seq, id, revision, body, name"


def row_of(found: Sequence[Any]) -> Row:
    """The row of the columns ROW. An id that is no number is kept as bytes: it may hold what a text may not."""
    seq, id, revision, body, name = found
    return seq, name.decode("utf-8", "surrogatepass") if name is not None else id, revision, body


def id_columns(id: RowId) -> tuple[int | None, bytes | None]:
    """An id as the columns `id` and `name` hold it."""
    return (id, None) if isinstance(id, int) else (None, id.encode("utf-8", "surrogatepass"))


def all_rows(county: str, table: Table, where: Condition | None) -> Query:
    sql, values = _where(county, where)
    return f"SELECT {ROW} FROM {table.physical} WHERE {sql} ORDER BY seq", values


def one_row(county: str, table: Table, id: RowId) -> Query:
    number, name = id_columns(id)
    same = "name = %s" if number is None else "id = %s"
    return f"SELECT {ROW} FROM {table.physical} WHERE county = %s AND {same}", [
        county,
        name if number is None else number,
    ]


def first_row(county: str, table: Table, where: Condition) -> Query:
    sql, values = _where(county, where)
    return f"SELECT {ROW} FROM {table.physical} WHERE {sql} LIMIT 1", values


def rows_with_ids(county: str, table: Table, ids: Iterable[RowId]) -> Query:
    both = [id_columns(id) for id in ids]
    numbers, names = [n for n, _ in both if n is not None], [name for _, name in both if name is not None]
    sql = f"SELECT {ROW} FROM {table.physical} WHERE county = %s AND (id = ANY(%s::bigint[])"
    return (f"{sql} OR name = ANY(%s::bytea[])) ORDER BY seq", [county, numbers, names]) if names else (
        f"{sql}) ORDER BY seq", [county, numbers]
    )  # fmt: skip


def rows_at(county: str, table: Table, seqs: list[int]) -> Query:
    return f"SELECT {ROW} FROM {table.physical} WHERE county = %s AND seq = ANY(%s::bigint[]) ORDER BY seq", [
        county,
        seqs,
    ]


def next_rows(county: str, table: Table, after: int, limit: int) -> Query:
    sql = f"SELECT {ROW} FROM {table.physical} WHERE county = %s AND seq > %s ORDER BY seq LIMIT %s"
    return sql, [county, after, limit]


def all_ids(county: str, table: Table, where: Condition | None) -> Query:
    sql, values = _where(county, where)
    return f"SELECT id, name FROM {table.physical} WHERE {sql} ORDER BY seq", values


def between(
    county: str, table: Table, field: str, low: str | None, high: str | None, newest_first: bool, limit: int | None
) -> Query:
    name, order = column(field), "DESC" if newest_first else "ASC"
    bounds = [TEXT if low is None else encoded(low), AFTER_TEXTS if high is None else encoded(high)]
    sql = f"county = %s AND {name} >= %s AND {name} < %s ORDER BY {name} {order}, seq {order} LIMIT %s"
    return f"SELECT {ROW} FROM {table.physical} WHERE {sql}", [county, *bounds, limit]


def how_many(county: str, table: Table, where: Condition) -> Query:
    sql, values = _where(county, where)
    return f"SELECT count(*) FROM {table.physical} WHERE {sql}", values


def revisions(county: str, table: Table, field: str, where: Condition | None) -> Query:
    """Column, body where it must tell the value, revision."""
    sql, values = _where(county, where)
    name = column(field)
    told = f"CASE WHEN {name} < '{TEXT}' OR {name} >= '{AFTER_TEXTS}' OR length({name}) > 400 THEN body ELSE '' END"
    return (
        f"SELECT {name}, {told}, revision FROM {table.physical} WHERE {sql} AND {name} IS NOT NULL ORDER BY seq",
        values,
    )


def greatest_id(county: str, table: Table) -> Query:
    return f"SELECT max(id) FROM {table.physical} WHERE county = %s AND id IS NOT NULL", [county]


def text_ids(county: str, table: Table) -> Query:
    return f"SELECT name FROM {table.physical} WHERE county = %s AND name IS NOT NULL", [county]


# Writes: the rows of a new one are (county, seq, id, name, revision, body, one value per field, terms where there are)


@cache
def columns(fields: tuple[str, ...], terms: bool) -> str:
    return ", ".join(("county, seq, id, name, revision, body", *map(column, fields), *(("terms",) if terms else ())))


@cache
def insertion(physical: str, fields: tuple[str, ...], terms: bool) -> str:
    """Adds nothing where the id or the key is taken; an error would undo the transaction."""
    places = ", ".join(["%s"] * (6 + len(fields)) + ["%s::text[]"] * terms)
    return f"INSERT INTO {physical} ({columns(fields, terms)}) VALUES ({places}) ON CONFLICT DO NOTHING"


@cache
def change(physical: str, fields: tuple[str, ...], key: str, terms: bool) -> str:
    """Changes nothing where another row has the key. Parameters: revision, body, values, terms, county, seq, key."""
    assignments = ["revision = %s", "body = %s", *(f"{column(field)} = %s" for field in fields)]
    assignments += ["terms = %s::text[]"] * terms
    sql = f"UPDATE {physical} SET {', '.join(assignments)} WHERE county = %s AND seq = %s"
    if not key:
        return sql
    twin = f"SELECT FROM {physical} t WHERE t.county = %s AND t.{column(key)} = %s AND t.seq <> %s"
    return f"{sql} AND NOT EXISTS ({twin})"


def _where(county: str, where: Condition | None) -> tuple[str, list[Any]]:
    if where is None:
        return "county = %s", [county]
    sql, values = as_sql(where)
    return f"county = %s AND {sql}", [county, *values]
