"""Which tables a data file holds, and how each is laid out.

A table of documents is one table of SQLite: `doc_calls` for a plain name, `hex_…` for any other, since
SQLite takes `A` and `a` for the same name. Each indexed field has a column of its own, filled by us.
"""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass
from functools import cache

STALE = "stale"  # lookup terms that somebody wrote past; they are made anew when next needed

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(slots=True)
class Table:
    """One row of the catalogue. `terms` says of which version its lookup terms are; None when it has none."""

    physical: str
    fields: tuple[str, ...] = ()
    key: str = ""
    terms: str | None = None
    version: int = 0
    rows: int = 0
    last_number: int = 0


def load(db: sqlite3.Connection) -> dict[str, Table]:
    """Every table by its name."""
    rows = db.execute("SELECT physical, fields, key, terms, version, rows, last_number FROM desk_tables")
    return {
        table_name(physical): Table(physical, tuple(json.loads(fields)), *rest)
        for physical, fields, *rest in rows.fetchall()
    }


def save(db: sqlite3.Connection, table: Table) -> None:
    """Keep what changed of a table."""
    db.execute(
        "INSERT OR REPLACE INTO desk_tables VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            table.physical, json.dumps(table.fields), table.key, table.terms,
            table.version, table.rows, table.last_number,
        ),
    )  # fmt: skip


def create(db: sqlite3.Connection, table: Table) -> None:
    """Make the table with its columns and indexes."""
    columns = "".join(f", {column(field)}" for field in table.fields)
    db.execute(
        f"CREATE TABLE {table.physical} (seq INTEGER PRIMARY KEY, id UNIQUE NOT NULL,"
        f" revision INTEGER NOT NULL, body TEXT NOT NULL{columns})"
    )
    for field in table.fields:
        create_index(db, table, field)


def add_column(db: sqlite3.Connection, table: Table, field: str) -> None:
    """Give the table a column for one more field; the caller fills it."""
    db.execute(f"ALTER TABLE {table.physical} ADD COLUMN {column(field)}")


def create_index(db: sqlite3.Connection, table: Table, field: str) -> None:
    """Index one column; documents without the field take no room in it."""
    unique = "UNIQUE" if field == table.key else ""
    name = f'"by_{table.physical}.{column(field)}"'
    db.execute(f"DROP INDEX IF EXISTS {name}")
    db.execute(f"CREATE {unique} INDEX {name} ON {table.physical} ({column(field)}) WHERE {column(field)} IS NOT NULL")


def drop(db: sqlite3.Connection, table: Table) -> None:
    """Take the table away."""
    db.execute(f"DROP TABLE {table.physical}")
    db.execute("DELETE FROM desk_tables WHERE physical = ?", (table.physical,))


@cache
def physical_name(name: str) -> str:
    """The SQLite table of a table of documents: no two names share one."""
    return f"doc_{name}" if _PLAIN.fullmatch(name) else f"hex_{_hex(name)}"


def table_name(physical: str) -> str:
    """The name whose `physical_name` this is."""
    kind, rest = physical[:4], physical[4:]
    return rest if kind == "doc_" else bytes.fromhex(rest).decode("utf-8", "surrogatepass")


@cache
def column(field: str) -> str:
    """The column that holds the indexed value of a field."""
    return f"ix_{field}" if _PLAIN.fullmatch(field) else f"hx_{_hex(field)}"


def _hex(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").hex()
