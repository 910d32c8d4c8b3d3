"""The embedded engine: documents as rows of one SQLite file, shared by the processes of one machine."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from desk.errors import BadInput
from desk.i18n import _
from desk.store import sqlite_catalogue, sqlite_rows, sqlite_terms, sqlite_upkeep
from desk.store.encoding import ODD, RowId, Scalar, as_stored, indexed
from desk.store.engine import Condition, Row, TableInfo
from desk.store.problems import ERRORS, from_sqlite
from desk.store.spec import TableSpec
from desk.store.sqlite_catalogue import Table
from desk.store.sqlite_file import BULK_CACHE_KB, BUSY_SECONDS, CACHE_KB, SqliteFile
from desk.store.sqlite_snapshot import SqliteSnapshot, snapshot
from desk.store.sqlite_transactions import Transactions
from desk.store.sqlite_watch import Watch

if TYPE_CHECKING:
    from desk.store.terms import Term

P = ParamSpec("P")
R = TypeVar("R")

_BOUND = 10_000  # values bound to one statement; SQLite takes 32,766
_PATIENCE_SECONDS = 600  # to wait while another program makes an index anew


def _told(
    method: Callable[Concatenate[SqliteEngine, P], R],
) -> Callable[Concatenate[SqliteEngine, P], R]:
    """SQLite's errors leave the engine as StoreProblem."""

    @wraps(method)
    def told(engine: SqliteEngine, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(engine, *args, **kwargs)
        except ERRORS as error:
            raise from_sqlite(error, engine.path) from error

    return told


class SqliteEngine:
    """An `Engine` on one file. Raises StoreProblem when the file is not ours or cannot be used."""

    def __init__(self, path: str | Path, specs: Iterable[TableSpec] = ()) -> None:
        self.path = Path(path).absolute()
        self._file = SqliteFile(self.path)
        self._specs = {spec.name: spec for spec in specs}
        self._transactions = Transactions(self._file)
        try:
            self._watch = Watch(self._file)
            self._bring_up_all()
        except BaseException:
            self.close()
            raise

    @property
    def identity(self) -> str:
        return self._file.identity

    def trouble(self) -> str:
        return ""  # a file is there, or its failure is told by whoever uses it

    def close(self) -> None:
        with self._transactions.lock:  # whoever is writing finishes first
            self._file.close()

    def snapshot(self) -> AbstractContextManager[SqliteSnapshot]:
        return snapshot(self._file)

    # Transactions

    def transaction(self) -> AbstractContextManager[None]:
        return self._transactions()

    def inside(self) -> bool:
        return self._transactions.inside()

    def on_rollback(self, undo: Callable[[], None]) -> None:
        self._transactions.work.undo.append(undo)

    def after_commit(self, call: Callable[[], None]) -> None:
        if self.inside():
            self._transactions.work.after.append(call)
        else:
            call()

    # Tables

    def tables(self) -> dict[str, TableInfo]:
        return dict(self._transactions.tables() if self.inside() else self._watch.tables())

    def info(self, table: str) -> TableInfo | None:
        return self._table(table)

    def stamp(self, table: str) -> tuple[int, int]:
        info = self._table(table)
        return (info.version if info else 0), self._transactions.writes[table]

    def changed(self) -> frozenset[str]:
        return self._watch.changed()

    @_told
    def create(self, table: str) -> None:
        if self._transactions.table(table) is None:
            self._touch(table)

    @_told
    def drop(self, table: str) -> None:
        if self._transactions.table(table) is not None:
            dropped = self._touch(table)
            if dropped.terms is not None:
                sqlite_terms.drop(self._db, dropped.physical)
            sqlite_catalogue.drop(self._db, dropped)
            self._transactions.forget(table)

    @_told
    def clear(self, table: str) -> None:
        cleared = self._touch(table)
        self._db.execute(f"DELETE FROM {cleared.physical}")
        if cleared.terms is not None:
            sqlite_terms.clear(self._db, cleared.physical)
        cleared.rows = 0

    # Reads

    def rows(self, table: str, where: Condition | None = None) -> Iterator[Row]:
        if self.inside():
            yield from self._ask(table, lambda known: sqlite_rows.all_rows(known, where))
            return
        known = self._table(table)
        if known is None:
            return
        try:
            with self._file.reading() as db:
                cursor = db.execute(*sqlite_rows.all_rows(known, where))
                try:
                    yield from cursor
                finally:
                    cursor.close()  # a statement left open would keep reading from the past
        except ERRORS as error:
            raise from_sqlite(error, self.path) from error

    def row(self, table: str, id: RowId) -> Row | None:
        return _only(self._ask(table, lambda known: sqlite_rows.one_row(known, id)))

    def with_ids(self, table: str, ids: Iterable[RowId]) -> list[Row]:
        found: list[Row] = []
        for some in _batches(list(ids), _BOUND):
            found += self._ask(table, partial(sqlite_rows.some_rows, name="id", values=some))
        return sorted(found, key=_place)

    def ids(self, table: str, where: Condition | None = None) -> list[RowId]:
        return [id for (id,) in self._ask(table, lambda known: sqlite_rows.all_ids(known, where))]

    def first(self, table: str, where: Condition) -> Row | None:
        return _only(self._ask(table, lambda known: sqlite_rows.first_row(known, where)))

    def between(
        self, table: str, field: str, low: str | None, high: str | None, *, newest_first: bool, limit: int | None
    ) -> list[Row]:
        return self._ask(
            table, lambda known: sqlite_rows.between(known, field, low, high, newest_first, limit)
        )  # fmt: skip

    def count(self, table: str, where: Condition) -> int:
        found = self._ask(table, lambda known: sqlite_rows.how_many(known, where))
        return found[0][0] if found else 0

    def revisions(self, table: str, field: str, where: Condition | None) -> list[tuple[Scalar, int]]:
        return self._ask(table, lambda known: sqlite_rows.revisions(known, field, where))

    def greatest_id(self, table: str) -> int | None:
        found = self._ask(table, sqlite_rows.greatest_id)
        return found[0][0] if found else None

    def text_ids(self, table: str) -> list[str]:
        return [id for (id,) in self._ask(table, sqlite_rows.text_ids)]

    @_told
    def matching(self, table: str, groups: Sequence[Sequence[Term]], limit: int) -> list[Row]:
        known, spec = self._table(table), self._specs.get(table)
        if known is None or spec is None:
            return []
        if sqlite_upkeep.lacks_terms(known, spec):
            self._bring_up(spec)
        with self._reading() as db:
            found: list[Row] = []
            for seqs in _batches(sqlite_terms.match(db, known.physical, groups, limit), _BOUND):
                found += db.execute(*sqlite_rows.some_rows(known, "seq", seqs)).fetchall()
            return found

    # Writes

    @_told
    def put(self, table: str, id: RowId, body: str, document: Mapping[str, Any], before: Row | None) -> Row:
        known, spec = self._touch(table), self._specs.get(table)
        document = as_stored(document, body)
        values = self._values(table, known, document)
        number = self._transactions.work.number
        try:
            if before is None:
                seq = sqlite_rows.insert(self._db, known, id, number, body, values)
                known.rows += 1
            else:
                seq = before[0]
                sqlite_rows.update(self._db, known, seq, number, body, values)
        except sqlite3.IntegrityError as error:
            raise _taken(table, known, values, error) from error
        sqlite_upkeep.index_terms(self._db, known, spec, seq, document, before[3] if before else None)
        return seq, id, number, body

    @_told
    def put_many(self, table: str, rows: Sequence[tuple[RowId, str, Mapping[str, Any]]]) -> None:
        if not rows:
            return
        known, spec = self._touch(table), self._specs.get(table)
        first, number = sqlite_rows.last_seq(self._db, known) + 1, self._transactions.work.number
        documents = [as_stored(document, body) for _id, body, document in rows]
        values = [self._values(table, known, document) for document in documents]
        try:
            sqlite_rows.insert_many(
                self._db,
                known,
                (
                    (seq, row[0], number, row[1], *held)
                    for seq, (row, held) in enumerate(zip(rows, values, strict=True), first)
                ),
            )
        except sqlite3.IntegrityError as error:
            twin = sqlite_rows.last_seq(self._db, known) + 1 - first  # those before it are in already
            raise _taken(table, known, values[twin], error) from error
        known.rows += len(rows)
        sqlite_upkeep.index_many(self._db, known, spec, enumerate(documents, first))

    @_told
    def delete(self, table: str, row: Row) -> None:
        known = self._touch(table)
        sqlite_rows.delete(self._db, known, row[0])
        sqlite_upkeep.index_terms(self._db, known, self._specs.get(table), row[0], None, row[3])
        known.rows -= 1

    @contextmanager
    def bulk(self) -> Iterator[None]:
        with self._transactions():
            self._db.execute(f"PRAGMA cache_size=-{BULK_CACHE_KB}")
            try:
                yield
            finally:
                self._db.execute(f"PRAGMA cache_size=-{CACHE_KB}")
        self._db.execute("PRAGMA shrink_memory")

    def next_number(self, table: str, count: int = 1) -> int:
        known = self._touch(table)
        first = max(known.last_number, self.greatest_id(table) or 0) + 1
        known.last_number = first + count - 1
        return first

    # Inside

    @property
    def _db(self) -> sqlite3.Connection:
        return self._file.writer

    def _touch(self, table: str) -> Table:
        return self._transactions.touch(
            table, lambda name: sqlite_upkeep.new_table(self._db, name, self._specs.get(name))
        )

    def _values(self, table: str, known: Table, document: Mapping[str, Any]) -> list[Any]:
        values = indexed(document, known.fields)
        if known.key and values[0] == ODD:
            raise BadInput(_("{field} in {table} must be a text or a number").format(field=known.key, table=table))
        return values

    def _table(self, name: str) -> Table | None:
        # As this thread may see it, with the indexes that its spec counts on.
        table = self._transactions.table(name) if self.inside() else self._watch.tables().get(name)
        spec = self._specs.get(name)
        if table is None or spec is None or not sqlite_upkeep.lacks_fields(table, spec):
            return table
        return self._bring_up(spec)

    def _ask(self, name: str, query: Callable[[Table], sqlite_rows.Query]) -> list[Any]:
        for last in (False, True):
            known = self._table(name)
            if known is None:
                return []
            try:
                with self._reading() as db:
                    return db.execute(*query(known)).fetchall()
            except sqlite3.OperationalError as error:
                if last or "no such" not in str(error):  # dropped since we looked: look once more
                    raise from_sqlite(error, self.path) from error
            except ERRORS as error:
                raise from_sqlite(error, self.path) from error
        return []

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if self.inside():
            yield self._db
            return
        with self._file.reading() as db:
            yield db

    @_told
    def _bring_up_all(self) -> None:
        # Another program may be at it already, and that takes a minute for a large table.
        self._db.execute(f"PRAGMA busy_timeout={_PATIENCE_SECONDS * 1000}")
        known = self._watch.tables()
        for spec in self._specs.values():
            table = known.get(spec.name)
            if table and (sqlite_upkeep.lacks_fields(table, spec) or sqlite_upkeep.lacks_terms(table, spec)):
                self._bring_up(spec)
        self._db.execute(f"PRAGMA busy_timeout={round(BUSY_SECONDS * 1000)}")

    @_told
    def _bring_up(self, spec: TableSpec) -> Table | None:
        with self.bulk():
            if self._transactions.table(spec.name) is None:
                return None
            table = self._touch(spec.name)
            sqlite_upkeep.bring_up(self._db, table, spec)
            return table


def _only(rows: list[Row]) -> Row | None:
    return rows[0] if rows else None


def _place(row: Row) -> int:
    return row[0]


def _batches(values: list[Any], size: int) -> Iterator[list[Any]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _taken(table: str, known: Table, values: list[Any], error: sqlite3.IntegrityError) -> BadInput:
    message = _("{table} already has a document with this {field}: {value}")
    return BadInput(message.format(table=table, field=known.key, value=values[0] if values else ""), why=str(error))
