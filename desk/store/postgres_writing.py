"""Storing documents of one table on PostgreSQL: one new, one over another, many at once.

A key that is taken is found without an error of the server, which would undo the whole transaction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from desk.errors import BadInput
from desk.i18n import _
from desk.store import postgres_rows, postgres_terms
from desk.store.encoding import RowId, indexed
from desk.store.postgres_catalogue import Table
from desk.store.postgres_lines import Connection
from desk.store.postgres_values import ODD, stored

Columns = list[str | None]

_TWIN = re.compile(r"\)=\((?:.*), t?(.*?)\)")


@dataclass(frozen=True)
class Writer:
    """Writes to `table`, which is the catalogue's own of the transaction on `line`, as commit `number`."""

    line: Connection
    county: str
    number: int
    name: str
    table: Table

    def values(self, document: Mapping[str, Any]) -> Columns:
        """What the index columns hold; raises BadInput for a key that is none."""
        values = stored(indexed(document, self.table.fields))
        if self.table.key and values[0] == ODD:
            message = _("{field} in {table} must be a text or a number")
            raise BadInput(message.format(field=self.table.key, table=self.name))
        return values

    def insert(self, id: RowId, body: str, values: Columns, terms: set[str] | None) -> int:
        """Add a last row; returns its place. Raises BadInput where id or key are taken."""
        seq = self.table.last_seq + 1
        sql = postgres_rows.insertion(self.table.physical, self.table.fields, terms is not None)
        row = (self.county, seq, *postgres_rows.id_columns(id), self.number, body, *values, *_array(terms, seq))
        if not self.line.execute(sql, row).rowcount:
            raise self._taken(values)
        self.table.last_seq = seq
        self.table.rows += 1
        self._count_on(id)
        return seq

    def change(self, seq: int, body: str, values: Columns, terms: set[str] | None) -> None:
        """Raises BadInput where another row has the key."""
        table = self.table
        sql = postgres_rows.change(table.physical, table.fields, table.key, terms is not None)
        key = (self.county, values[0], seq) if table.key else ()
        done = self.line.execute(sql, (self.number, body, *values, *_array(terms, seq), self.county, seq, *key))
        if not done.rowcount:
            raise self._taken(values)

    def copy(
        self, rows: Sequence[tuple[RowId, str, Any]], values: Sequence[Columns], terms: Sequence[set[str] | None]
    ) -> None:
        """Add many last rows. Raises BadInput where id or key are taken; the transaction is then to be undone."""
        first, termed = self.table.last_seq + 1, terms[0] is not None
        sql = f"COPY {self.table.physical} ({postgres_rows.columns(self.table.fields, termed)}) FROM STDIN"
        try:
            with self.line.cursor().copy(sql) as copy:
                for seq, (row, held, found) in enumerate(zip(rows, values, terms, strict=True), first):
                    place = (self.county, seq, *postgres_rows.id_columns(row[0]), self.number)
                    copy.write_row((*place, row[1], *held, *_array(found, seq)))
        except psycopg.errors.UniqueViolation as error:
            twin = _TWIN.search(error.diag.message_detail or "")
            raise self._taken(["t" + twin[1] if twin else None], error) from error
        if termed:
            numbered = ((seq, found or ()) for seq, found in enumerate(terms, first))
            postgres_terms.put_many(self.line, self.county, self.table, numbered)
        self.table.last_seq += len(rows)
        self.table.rows += len(rows)
        for row in rows:
            self._count_on(row[0])

    def _count_on(self, id: RowId) -> None:
        # A number once used as an id is not given out.
        if isinstance(id, int) and id > self.table.last_number:
            self.table.last_number = id

    def _taken(self, values: Columns, error: Exception | None = None) -> BadInput:
        message = _("{table} already has a document with this {field}: {value}")
        value = (values[0] or "")[1:] if self.table.key else ""
        return BadInput(message.format(table=self.name, field=self.table.key, value=value), why=str(error or ""))


def _array(terms: set[str] | None, seq: int) -> tuple[str, ...]:
    return () if terms is None else (postgres_terms.elements(terms, seq),)
