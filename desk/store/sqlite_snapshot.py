"""One moment of a data file, read in peace while others write on: for backups and copies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from desk.store import sqlite_catalogue, sqlite_rows
from desk.store.engine import Row, TableInfo
from desk.store.problems import ERRORS, from_sqlite
from desk.store.sqlite_catalogue import Table
from desk.store.sqlite_file import SqliteFile


class SqliteSnapshot:
    """A `Snapshot` on a connection that stays in one reading transaction."""

    def __init__(self, file: SqliteFile, db: sqlite3.Connection, tables: dict[str, Table]) -> None:
        self._file = file
        self._db = db
        self._tables = tables

    def tables(self) -> dict[str, TableInfo]:
        return dict(self._tables)

    def rows(self, table: str) -> Iterator[Row]:
        known = self._tables.get(table)
        if known is None:
            return
        try:
            yield from self._db.execute(*sqlite_rows.all_rows(known, None))
        except ERRORS as error:
            raise from_sqlite(error, self._file.path) from error


@contextmanager
def snapshot(file: SqliteFile) -> Iterator[SqliteSnapshot]:
    """What is committed now. The log of the file grows meanwhile, so be done within minutes."""
    with file.reading() as db:
        try:
            db.execute("BEGIN")
            tables = sqlite_catalogue.load(db)  # the first read fixes the moment
        except ERRORS as error:
            raise from_sqlite(error, file.path) from error
        try:
            yield SqliteSnapshot(file, db, tables)
        finally:
            with suppress(sqlite3.Error):  # closed meanwhile
                db.execute("ROLLBACK")
