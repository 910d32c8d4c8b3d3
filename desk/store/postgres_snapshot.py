"""One moment of a county on a server, read in peace while others write: for backups and copies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg

from desk.store import postgres_problems, postgres_rows
from desk.store.engine import Row, TableInfo
from desk.store.postgres_catalogue import NOTHING, Catalogue
from desk.store.postgres_lines import Connection, Lines, broken
from desk.store.postgres_listener import Seen
from desk.store.postgres_problems import from_postgres, unreachable

FETCHED = 1_000  # rows at a time


class PostgresSnapshot:
    """A `Snapshot` on a connection that stays in one reading transaction."""

    def __init__(self, lines: Lines, line: Connection, county: str, catalogue: Catalogue) -> None:
        self._lines = lines
        self._line = line
        self._county = county
        self._catalogue = catalogue
        self._numbers = count()

    def tables(self) -> dict[str, TableInfo]:
        return dict(self._catalogue.tables)

    def rows(self, table: str) -> Iterator[Row]:
        known = self._catalogue.tables.get(table)
        if known is None:
            return
        try:
            with self._line.cursor(name=f"walk_{next(self._numbers)}") as cursor:
                cursor.itersize = FETCHED
                cursor.execute(*postgres_rows.all_rows(self._county, known, None))
                yield from map(postgres_rows.row_of, cursor)
        except psycopg.Error as error:
            if broken(self._line, error):
                raise unreachable(postgres_problems.OUT_OF_REACH, self._lines.shown, error) from error
            raise from_postgres(error, self._lines.shown) from error


@contextmanager
def snapshot(lines: Lines, seen: Seen) -> Iterator[PostgresSnapshot]:
    """What is committed now."""
    begin = (
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0;"
        f" {seen.question(-1)}"
    )

    def begun(line: Connection) -> list[tuple[object, ...]]:
        answers = [result.fetchall() for result in line.execute(begin).results() if result.description]
        return answers[-1]

    line, rows = lines.begin(begun)
    try:
        yield PostgresSnapshot(lines, line, seen.county, NOTHING.with_news(rows))
    finally:
        lines.drop(line)
