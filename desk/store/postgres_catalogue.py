"""Which tables a county holds on a server, and how each is laid out.

A table of documents is one table of PostgreSQL, shared by the counties of a database: `doc_calls`. Its keys and
indexes begin with the county, so that it may be partitioned by county, or spread over a Citus, as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

STALE = "stale"  # lookup terms that somebody wrote past; they are made anew when next needed

_PLAIN = re.compile(r"[a-z_][a-z0-9_]{0,39}")

COLUMNS = "physical, name, fields, key, terms, version, rows, last_number, last_seq, dropped"
COMMIT_AND_TABLES = (
    f"SELECT c.commit, {', '.join('t.' + name for name in COLUMNS.split(', '))} FROM desk_counties c"
    " LEFT JOIN desk_tables t ON t.county = c.county AND t.version > {after} WHERE c.county = {county}"
)
LAYOUT = (
    # Who made each of the last commits: a transaction's own number may be given out again after a crash.
    'CREATE TABLE IF NOT EXISTS desk_commits (county text COLLATE "C", number bigint, writer text NOT NULL,'
    " PRIMARY KEY (county, number))",
    'CREATE TABLE IF NOT EXISTS desk_counties (county text COLLATE "C" PRIMARY KEY, identity text NOT NULL,'
    " layout int NOT NULL, commit bigint NOT NULL)",
    'CREATE TABLE IF NOT EXISTS desk_tables (county text COLLATE "C" NOT NULL, physical text COLLATE "C" NOT NULL,'
    " name text NOT NULL, fields text NOT NULL, key text NOT NULL, terms text, version bigint NOT NULL,"
    " rows bigint NOT NULL, last_number bigint NOT NULL, last_seq bigint NOT NULL, dropped boolean NOT NULL,"
    " PRIMARY KEY (county, physical))",
)


@dataclass(slots=True)
class Table:
    """One row of the catalogue. `terms` says of which version its lookup terms are; None when it has none.

    A table that is dropped stays in the catalogue as such, so that everybody hears of it.
    """

    name: str
    physical: str
    fields: tuple[str, ...] = ()
    key: str = ""
    terms: str | None = None
    version: int = 0
    rows: int = 0
    last_number: int = 0
    last_seq: int = 0
    dropped: bool = False


@dataclass(frozen=True)
class Catalogue:
    """Everything committed up to commit number `at`."""

    at: int
    all: dict[str, Table]
    tables: dict[str, Table]  # those that are not dropped

    @classmethod
    def of(cls, at: int, all: dict[str, Table]) -> Catalogue:
        return cls(at, all, {name: table for name, table in all.items() if not table.dropped})

    def with_news(self, rows: Sequence[Sequence[Any]]) -> Catalogue:
        """With the rows of COMMIT_AND_TABLES that were asked for after `at`."""
        at = int(rows[0][0]) if rows else self.at
        if at == self.at:
            return self
        changed = [read(row[1:]) for row in rows if row[1] is not None]
        return Catalogue.of(at, {**self.all, **{table.name: table for table in changed}})


NOTHING = Catalogue.of(-1, {})


def read(row: Sequence[Any]) -> Table:
    """A table from its row of `desk_tables`, the columns as COLUMNS has them, texts or values."""
    physical, name, fields, key, terms, version, rows, last_number, last_seq, dropped = row
    return Table(
        json.loads(name), physical, tuple(json.loads(fields)), json.loads(key), terms,
        int(version), int(rows), int(last_number), int(last_seq), dropped in (True, "t"),
    )  # fmt: skip


def row_of(table: Table) -> list[Any]:
    """The row of `desk_tables` that `read` reads. Names may hold anything: they are kept as JSON, which is ASCII."""
    return [
        table.physical, json.dumps(table.name), json.dumps(table.fields), json.dumps(table.key), table.terms,
        table.version, table.rows, table.last_number, table.last_seq, table.dropped,
    ]  # fmt: skip


def saving(county: str, tables: Sequence[Table]) -> str:
    """The statement that keeps what changed of the tables."""
    rows = ", ".join(f"({', '.join(map(literal, (county, *row_of(table))))})" for table in tables)
    taken = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS.split(", ")[1:])
    conflict = f"ON CONFLICT (county, physical) DO UPDATE SET {taken}"
    return f"INSERT INTO desk_tables (county, {COLUMNS}) VALUES {rows} {conflict}"


def literal(value: str | int | bool | None) -> str:
    """The value as it is written in a statement; `standard_conforming_strings` is on."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def creation(table: Table) -> list[str]:
    """The statements that make the table, where another county did not, with its columns and indexes."""
    physical = table.physical
    made = [
        f'CREATE TABLE IF NOT EXISTS {physical} (county text COLLATE "C" NOT NULL, seq bigint NOT NULL, id bigint,'
        " name bytea, revision bigint NOT NULL, body text NOT NULL, PRIMARY KEY (county, seq))",
        f"CREATE UNIQUE INDEX IF NOT EXISTS {physical}_id ON {physical} (county, id) WHERE id IS NOT NULL",
        f"CREATE UNIQUE INDEX IF NOT EXISTS {physical}_name ON {physical} (county, name) WHERE name IS NOT NULL",
    ]
    return made + [statement for field in table.fields for statement in column_creation(table, field)]


def column_creation(table: Table, field: str) -> list[str]:
    """The statements that give the table the column of one field, and its index."""
    name, physical = column(field), table.physical
    unique, kind = ("UNIQUE ", "key") if field == table.key else ("", "by")
    index = short_name(f"{physical}_{kind}_{name}")
    return [
        f'ALTER TABLE {physical} ADD COLUMN IF NOT EXISTS {name} text COLLATE "C"',
        f"CREATE {unique}INDEX IF NOT EXISTS {index} ON {physical} (county, {name})",
    ]


@cache
def physical_name(name: str) -> str:
    """The PostgreSQL table of a table of documents: no two names share one."""
    return f"doc_{name}" if _PLAIN.fullmatch(name) else f"hex_{_hashed(name)}"


@cache
def column(field: str) -> str:
    """The column that holds the indexed value of a field."""
    return f"ix_{field}" if _PLAIN.fullmatch(field) else f"hx_{_hashed(field)}"


def short_name(name: str) -> str:
    """A name that is not cut: PostgreSQL keeps 63 bytes."""
    return name if len(name) <= 60 else f"{name[:24]}_{_hashed(name)}"


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
