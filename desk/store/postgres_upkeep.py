"""Bringing a table on a server to its spec: columns and indexes that are missing, lookup terms that are old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from desk.store import postgres_catalogue, postgres_rows, postgres_terms
from desk.store.encoding import decode, indexed
from desk.store.engine import Row
from desk.store.postgres_catalogue import STALE, Table, column, physical_name
from desk.store.postgres_layout import MAKING
from desk.store.postgres_lines import Connection
from desk.store.postgres_values import stored
from desk.store.spec import TableSpec

_PAGE = 1000  # rows read at a time


def new_table(line: Connection, name: str, spec: TableSpec | None) -> Table:
    """Make the table as its spec says."""
    spec = spec or TableSpec(name)
    table = Table(name, physical_name(name), spec.fields, spec.key, terms=terms_mark(spec))
    _make(line, [*postgres_catalogue.creation(table), *(postgres_terms.creation(table) if spec.terms else ())])
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


def bring_up(line: Connection, county: str, table: Table, spec: TableSpec) -> None:
    """Give the table what its spec asks for; what others asked for stays."""
    if lacks_fields(table, spec):
        _add_fields(line, county, table, spec)
    if lacks_terms(table, spec):
        _make(line, postgres_terms.creation(table))
        table.terms = terms_mark(spec)
        rows = ((seq, terms_of(spec, decode(body))) for seq, _, _, body in _pages(line, county, table))
        postgres_terms.renew(line, county, table, rows)


def terms_to_keep(table: Table, spec: TableSpec | None, document: Mapping[str, Any]) -> set[str] | None:
    """The lookup terms of a document; None where the table has none, or this program does not know how to make them."""
    if table.terms is None or table.terms == STALE:
        return None
    if spec is None or spec.terms is None or lacks_terms(table, spec):
        table.terms = STALE  # the next program that knows how makes them anew
        return None
    return terms_of(spec, document)


def terms_of(spec: TableSpec, document: Mapping[str, Any]) -> set[str]:
    return postgres_terms.kept(spec.terms(document)) if spec.terms else set()


def index_terms(line: Connection, table: Table) -> None:
    """Make the indexes of the lookup terms, where they are not there yet."""
    if not postgres_terms.is_indexed(line, table):
        line.execute("SELECT set_config('maintenance_work_mem', '256MB', true)")
        _make(line, postgres_terms.index_creation(table))


def _make(line: Connection, statements: list[str]) -> None:
    # One statement after the other would be as right and much slower.
    line.execute("; ".join((MAKING, *statements)))


def _add_fields(line: Connection, county: str, table: Table, spec: TableSpec) -> None:
    new = [field for field in spec.fields if field not in table.fields]
    anew = [*new, *({spec.key} - {""} if spec.key != table.key else ())]
    table.key = spec.key or table.key
    _make(line, [f'ALTER TABLE {table.physical} ADD COLUMN IF NOT EXISTS {column(f)} text COLLATE "C"' for f in new])
    if new:
        assignments = ", ".join(f"{column(field)} = %s" for field in new)
        sql = f"UPDATE {table.physical} SET {assignments} WHERE county = %s AND seq = %s"
        for seq, _, _, body in _pages(line, county, table):
            values = stored(indexed(decode(body), tuple(new)))
            line.execute(sql, (*values, county, seq))
    table.fields = tuple(dict.fromkeys((*spec.fields, *table.fields)))
    for field in dict.fromkeys(anew):
        _make(line, postgres_catalogue.column_creation(table, field))


def _pages(line: Connection, county: str, table: Table) -> Iterator[Row]:
    # Page by page: the rows are changed while they are walked through.
    after = 0
    while page := line.execute(*postgres_rows.next_rows(county, table, after, _PAGE)).fetchall():
        yield from map(postgres_rows.row_of, page)
        after = page[-1][0]
