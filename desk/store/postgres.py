"""The engine for many seats: documents as rows of a PostgreSQL database, each county on its own.

    open_store("postgresql://desk@db.example/desk95598?county=qingshan", specs, password)

The same meanings as on the embedded engine (sqlite.py). What is committed is heard of, not asked for; see
postgres_listener. Raises StoreUnreachable while the server does not answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import psycopg

from desk.errors import StoreProblem
from desk.store import postgres_problems as problems
from desk.store import postgres_rows, postgres_terms, postgres_upkeep
from desk.store.encoding import RowId, Scalar, as_stored, decode
from desk.store.engine import Condition, Row, TableInfo
from desk.store.postgres_catalogue import Table
from desk.store.postgres_layout import prepare
from desk.store.postgres_lines import Connection, Lines, broken
from desk.store.postgres_listener import Listener, Seen
from desk.store.postgres_match import Matcher
from desk.store.postgres_problems import from_postgres, unreachable
from desk.store.postgres_snapshot import PostgresSnapshot, snapshot
from desk.store.postgres_transactions import Transactions
from desk.store.postgres_url import Address
from desk.store.postgres_values import value_of
from desk.store.postgres_writing import Writer
from desk.store.spec import TableSpec
from desk.store.terms import is_term

if TYPE_CHECKING:
    from desk.store.terms import Term

P = ParamSpec("P")
R = TypeVar("R")

_AT_ONCE = 2_000  # rows of a table that are read at once; of a larger one they are streamed
_STREAMED = 500  # rows at a time
_COPIED = 20  # new rows from which COPY pays
_MANY = 10_000  # new rows after which the planner is told
_STALE_SECONDS = 300.0  # until it is asked anew which terms are common
_PATIENCE_SECONDS = 600.0  # to wait while another program makes an index anew


def _told(method: Callable[Concatenate[PostgresEngine, P], R]) -> Callable[Concatenate[PostgresEngine, P], R]:
    """Errors of a statement inside a transaction leave the engine as StoreProblem."""

    @wraps(method)
    def told(engine: PostgresEngine, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(engine, *args, **kwargs)
        except psycopg.Error as error:
            raise engine.meaning(error) from error

    return told


class PostgresEngine:
    """An `Engine` on a server. Raises BadInput for a url that is none, StoreProblem when it cannot be used."""

    def __init__(self, url: str, specs: Iterable[TableSpec] = (), password: str = "") -> None:
        self.address = Address.read(url, password)
        self.county = self.address.county
        self._specs = {spec.name: spec for spec in specs}
        self._lines = Lines(self.address)
        self._seen = Seen(self.county)
        self._bulky: dict[str, int] = {}  # tables that a bulk has added to, and how many rows
        self._in_bulk = 0
        self._common: dict[str, tuple[float, frozenset[str]]] = {}
        self._reported: dict[str, Table] = {}
        try:
            self.identity = prepare(self._lines, self.county)
            self._transactions = Transactions(self._lines, self._seen, self.county, self.identity)
            self._listener = Listener(self._lines, self._seen, self._transactions.channel)
            self.look()
            self._reported = self._seen.catalogue.tables
            self._bring_up_all()
            self._reported = self._seen.catalogue.tables
        except BaseException:
            self._lines.close()
            raise
        self._listener.start()

    def close(self) -> None:
        if self._lines.closed:
            return
        with self._transactions.lock:  # whoever is writing finishes first
            self._lines.close()
        self._listener.end()

    def trouble(self) -> str:
        return self._lines.trouble

    def look(self) -> None:
        """Read now what others committed, instead of hearing of it in a moment: one round trip."""
        known = self._seen.catalogue
        rows = self._lines.ask(lambda line: line.execute(self._seen.question(known.at)).fetchall())
        self._seen.offer(known.with_news(rows))

    def meaning(self, error: psycopg.Error) -> StoreProblem:
        """What an error of the driver means for a person."""
        return self._transactions.told(error) if self.inside() else from_postgres(error, self.address.shown)

    def snapshot(self) -> AbstractContextManager[PostgresSnapshot]:
        return snapshot(self._lines, self._seen)

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
        return dict(self._transactions.tables() if self.inside() else self._committed())

    def info(self, table: str) -> TableInfo | None:
        return self._table(table)

    def stamp(self, table: str) -> tuple[int, int]:
        info = self._table(table)
        return (info.version if info else 0), self._transactions.writes[table]

    def changed(self) -> frozenset[str]:
        now, before = self._committed(), self._reported
        if now is before:
            return frozenset()
        self._reported = now
        return frozenset(name for name in now.keys() | before.keys() if _version(now, name) != _version(before, name))

    @_told
    def create(self, table: str) -> None:
        if self._transactions.table(table) is None:
            self._touch(table)

    @_told
    def drop(self, table: str) -> None:
        if self._transactions.table(table) is not None:
            self._empty(self._touch(table))
            self._transactions.drop(table)

    @_told
    def clear(self, table: str) -> None:
        cleared = self._touch(table)
        self._empty(cleared)
        cleared.rows = 0

    # Reads

    def rows(self, table: str, where: Condition | None = None) -> Iterator[Row]:
        known = self._table(table)
        if known is None:
            return iter(())
        query = postgres_rows.all_rows(self.county, known, where)
        if self.inside() or known.rows <= _AT_ONCE:
            return iter(self._rows(*query))
        return self._streamed(*query)

    def row(self, table: str, id: RowId) -> Row | None:
        return _only(self._found(table, lambda known: postgres_rows.one_row(self.county, known, id)))

    def with_ids(self, table: str, ids: Iterable[RowId]) -> list[Row]:
        wanted = list(ids)
        return (
            self._found(table, lambda known: postgres_rows.rows_with_ids(self.county, known, wanted)) if wanted else []
        )

    def ids(self, table: str, where: Condition | None = None) -> list[RowId]:
        found = self._ask(table, lambda known: postgres_rows.all_ids(self.county, known, where))
        return [id if name is None else name.decode("utf-8", "surrogatepass") for id, name in found]

    def first(self, table: str, where: Condition) -> Row | None:
        return _only(self._found(table, lambda known: postgres_rows.first_row(self.county, known, where)))

    def between(
        self, table: str, field: str, low: str | None, high: str | None, *, newest_first: bool, limit: int | None
    ) -> list[Row]:
        return self._found(
            table, lambda known: postgres_rows.between(self.county, known, field, low, high, newest_first, limit)
        )

    def count(self, table: str, where: Condition) -> int:
        found = self._ask(table, lambda known: postgres_rows.how_many(self.county, known, where))
        return found[0][0] if found else 0

    def revisions(self, table: str, field: str, where: Condition | None) -> list[tuple[Scalar, int]]:
        found = self._ask(table, lambda known: postgres_rows.revisions(self.county, known, field, where))
        values = ((value_of(told, field, body), revision) for told, body, revision in found)
        return [(value, revision) for value, revision in values]  # type: ignore[misc]

    def greatest_id(self, table: str) -> int | None:
        found = self._ask(table, lambda known: postgres_rows.greatest_id(self.county, known))
        return found[0][0] if found else None

    def text_ids(self, table: str) -> list[str]:
        found = self._ask(table, lambda known: postgres_rows.text_ids(self.county, known))
        return [name.decode("utf-8", "surrogatepass") for (name,) in found]

    def matching(self, table: str, groups: Sequence[Sequence[Term]], limit: int) -> list[Row]:
        known, spec = self._table(table), self._specs.get(table)
        if known is None or spec is None or spec.terms is None:
            return []
        if postgres_upkeep.lacks_terms(known, spec):
            known = self._bring_up(spec) or known
        wanted = [[term for term in group if is_term(term.text)] for group in groups]
        if limit <= 0 or not wanted or not all(wanted):
            return []
        matcher = Matcher(self._asked_anew, self.county, known, limit, self._commonest(known))
        return [postgres_rows.row_of(row) for row in matcher.rows(wanted)]

    # Writes

    @_told
    def put(self, table: str, id: RowId, body: str, document: Mapping[str, Any], before: Row | None) -> Row:
        known, spec = self._touch(table), self._specs.get(table)
        writer, document = self._writer(table, known), as_stored(document, body)
        values = writer.values(document)
        terms = postgres_upkeep.terms_to_keep(known, spec, document)
        if before is None:
            seq = writer.insert(id, body, values, terms)
        else:
            seq = before[0]
            writer.change(seq, body, values, terms)
        if terms is not None:
            old = postgres_upkeep.terms_of(spec, decode(before[3])) if before and spec else set()
            postgres_terms.put(self._line, self.county, known, seq, terms, old)
            self._index_terms(known)
        return seq, id, writer.number, body

    @_told
    def put_many(self, table: str, rows: Sequence[tuple[RowId, str, Mapping[str, Any]]]) -> None:
        if len(rows) < _COPIED:
            for id, body, document in rows:
                self.put(table, id, body, document, None)
            return
        known, spec = self._touch(table), self._specs.get(table)
        writer, documents = self._writer(table, known), [as_stored(document, body) for _id, body, document in rows]
        values = [writer.values(document) for document in documents]
        terms = [postgres_upkeep.terms_to_keep(known, spec, document) for document in documents]
        writer.copy(rows, values, terms)
        self._bulky[table] = self._bulky.get(table, 0) + len(rows)
        if known.terms is not None and not self._in_bulk:
            self._index_terms(known)

    @_told
    def delete(self, table: str, row: Row) -> None:
        known, spec = self._touch(table), self._specs.get(table)
        terms = postgres_upkeep.terms_to_keep(known, spec, decode(row[3])) if known.terms else None
        sql = f"DELETE FROM {known.physical} WHERE county = %s AND seq = %s"
        self._line.execute(sql, (self.county, row[0]))
        if terms:
            postgres_terms.put(self._line, self.county, known, row[0], set(), terms)
        known.rows -= 1

    @contextmanager
    def bulk(self) -> Iterator[None]:
        with self._transactions():
            self._in_bulk += 1
            outermost, self._bulky = self._in_bulk == 1, self._bulky if self._in_bulk > 1 else {}
            try:
                yield
            finally:
                self._in_bulk -= 1
            if outermost:
                for table in self._bulky:
                    if (known := self._transactions.table(table)) is not None:
                        self._index_terms(known)
        if outermost and not self.inside():
            self._tell_planner([table for table, rows in self._bulky.items() if rows >= _MANY])

    @_told
    def next_number(self, table: str, count: int = 1) -> int:
        known = self._touch(table)
        first = known.last_number + 1
        known.last_number = first + count - 1
        return first

    # Inside

    @property
    def _line(self) -> Connection:
        return self._transactions.work.line

    def _committed(self) -> dict[str, Table]:
        if self._lines.closed:
            self._lines.check()
        return self._seen.catalogue.tables

    def _touch(self, table: str) -> Table:
        return self._transactions.touch(
            table, lambda name: postgres_upkeep.new_table(self._line, name, self._specs.get(name))
        )

    def _empty(self, table: Table) -> None:
        self._line.execute(f"DELETE FROM {table.physical} WHERE county = %s", (self.county,))
        if table.terms is not None:
            postgres_terms.clear(self._line, self.county, table)

    def _writer(self, table: str, known: Table) -> Writer:
        work = self._transactions.work
        return Writer(work.line, self.county, work.number, table, known)

    def _index_terms(self, known: Table) -> None:
        if known.terms is not None and known.rows >= postgres_terms.WORTH and known.physical not in self._indexed:
            postgres_upkeep.index_terms(self._line, known)
            indexed_now, physical = self._indexed, known.physical
            indexed_now.add(physical)
            self.on_rollback(lambda: indexed_now.discard(physical))

    @property
    def _indexed(self) -> set[str]:
        known: set[str] = self.__dict__.setdefault("_indexed_tables", set())
        return known

    def _commonest(self, known: Table) -> frozenset[str]:
        # As the server counted them, which it does anew after many changes: asked for now and then.
        asked_at, common = self._common.get(known.physical, (-_STALE_SECONDS, frozenset()))
        if known.rows >= postgres_terms.WORTH and time.monotonic() - asked_at > _STALE_SECONDS:
            found = self._asked(postgres_terms.COMMONEST, (known.physical,))
            common = frozenset(found[0][0] or ()) if found else frozenset()
            self._common[known.physical] = time.monotonic(), common
        return common

    def _tell_planner(self, tables: Iterable[str]) -> None:
        for table in tables:
            if (known := self._committed().get(table)) is not None:
                names = [known.physical] + ([postgres_terms.far(known)] if known.terms else [])
                self._lines.ask(lambda line, names=names: line.execute(f"ANALYZE {', '.join(names)}"))  # type: ignore[misc]

    def _table(self, name: str) -> Table | None:
        # As this thread may see it, with the indexes that its spec counts on.
        table = self._transactions.table(name) if self.inside() else self._committed().get(name)
        spec = self._specs.get(name)
        if table is None or spec is None or not postgres_upkeep.lacks_fields(table, spec):
            return table
        return self._bring_up(spec)

    def _ask(self, name: str, query: Callable[[Table], postgres_rows.Query]) -> list[Any]:
        known = self._table(name)
        return [] if known is None else self._asked(*query(known))

    def _found(self, name: str, query: Callable[[Table], postgres_rows.Query]) -> list[Row]:
        return [postgres_rows.row_of(row) for row in self._ask(name, query)]

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Row]:
        return [postgres_rows.row_of(row) for row in self._asked(sql, values)]

    def _asked(self, sql: str, values: Sequence[Any], prepare: bool | None = None) -> list[Any]:
        if not self.inside():
            return self._lines.ask(lambda line: line.execute(sql, values, prepare=prepare).fetchall())
        try:
            return self._line.execute(sql, values, prepare=prepare).fetchall()
        except psycopg.Error as error:
            raise self.meaning(error) from error

    def _asked_anew(self, sql: str, values: Sequence[Any]) -> list[Any]:
        # Planned for just these terms: a common one and a rare one want different plans.
        return self._asked(sql, values, prepare=False)

    def _streamed(self, sql: str, values: Sequence[Any]) -> Iterator[Row]:
        with self._lines.reading() as line:
            try:
                yield from map(postgres_rows.row_of, line.cursor().stream(sql, values, size=_STREAMED))
            except psycopg.Error as error:
                if not broken(line, error):
                    raise from_postgres(error, self.address.shown) from error
                self._listener.wake()
                raise unreachable(problems.OUT_OF_REACH, self.address.shown, error) from error

    def _bring_up_all(self) -> None:
        # Another program may be at it already, and that takes a minute for a large table.
        usual, self._transactions.busy_seconds = self._transactions.busy_seconds, _PATIENCE_SECONDS
        known = self._committed()
        for spec in self._specs.values():
            table = known.get(spec.name)
            if table and (postgres_upkeep.lacks_fields(table, spec) or postgres_upkeep.lacks_terms(table, spec)):
                self._bring_up(spec)
        self._transactions.busy_seconds = usual

    @_told
    def _bring_up(self, spec: TableSpec) -> Table | None:
        with self.bulk():
            if self._transactions.table(spec.name) is None:
                return None
            table = self._touch(spec.name)
            self._bring(table, spec)
            return table

    @_told
    def _bring(self, table: Table, spec: TableSpec) -> None:
        postgres_upkeep.bring_up(self._line, self.county, table, spec)
        self._index_terms(table)


def _only(rows: list[Row]) -> Row | None:
    return rows[0] if rows else None


def _version(tables: dict[str, Table], name: str) -> int | None:
    return tables[name].version if name in tables else None
