"""Transactions of the embedded engine: one writer, savepoints inside, and what each has changed so far."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from threading import RLock, get_ident

from desk.store import problems, sqlite_catalogue
from desk.store.problems import ERRORS, from_sqlite, problem
from desk.store.sqlite_catalogue import Table
from desk.store.sqlite_file import SqliteFile


@dataclass
class Work:
    """The open transaction: its commit number (0 until it writes), the tables it changed, how to undo objects, and
    what to call once it is stored."""

    owner: int
    known: dict[str, Table]
    number: int = 0
    tables: dict[str, Table | None] = field(default_factory=dict)  # None: dropped
    undo: list[Callable[[], None]] = field(default_factory=list)
    after: list[Callable[[], None]] = field(default_factory=list)


class Transactions:
    """The writing connection and who is on it. Commit numbers only rise, and none is given out twice here."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self.lock = RLock()
        self._work: Work | None = None
        self._depth = 0
        self._known: dict[str, Table] = {}
        self._known_at = -1
        self._given = 0
        self.writes: Counter[str] = Counter()

    @property
    def db(self) -> sqlite3.Connection:
        return self._file.writer

    def inside(self) -> bool:
        work = self._work
        return work is not None and work.owner == get_ident()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self.lock:
            if self._work is None:
                yield from self._outer()
            else:
                yield from self._inner(self._work)

    @property
    def work(self) -> Work:
        """The transaction of this thread; raises RuntimeError outside of one."""
        work = self._work
        if work is None or work.owner != get_ident():
            raise RuntimeError("writes belong inside store.transaction()")
        return work

    def table(self, name: str) -> Table | None:
        """The table as the present transaction sees it."""
        work = self.work
        return work.tables[name] if name in work.tables else work.known.get(name)

    def tables(self) -> dict[str, Table]:
        work = self.work
        merged = {**work.known, **work.tables}
        return {name: table for name, table in merged.items() if table is not None}

    def touch(self, name: str, make: Callable[[str], Table]) -> Table:
        """The table, made if missing, as one that this transaction changes."""
        work = self.work
        self.writes[name] += 1
        table = work.tables.get(name)
        if table is not None:
            if not self.db.in_transaction:  # SQLite itself gave the transaction up after a failure
                raise problem(problems.LOST, self._file.path)
            return table
        return self._first_touch(work, name, make)

    def forget(self, name: str) -> None:
        """The table is gone."""
        self.touch(name, Table)
        self.work.tables[name] = None

    def _first_touch(self, work: Work, name: str, make: Callable[[str], Table]) -> Table:
        if not self.db.in_transaction:
            raise problem(problems.LOST, self._file.path)
        if not work.number:
            stored: int = self.db.execute("SELECT value FROM desk_meta WHERE name = 'commit'").fetchone()[0]
            work.number = self._given = max(stored, self._given) + 1
        known = None if name in work.tables else work.known.get(name)
        table = make(name) if known is None else copy(known)
        table.version = work.number
        work.tables[name] = table
        return table

    def _outer(self) -> Iterator[None]:
        db = self.db
        self._begin(db)
        work = self._work = Work(get_ident(), self._known)
        writes = self.writes.copy()
        try:
            yield
            self._commit(db, work)
        except BaseException:
            self._rollback(db)
            self.writes = writes
            self._undo(work, 0)
            raise
        finally:
            self._work = None
        for call in work.after:
            call()

    def _begin(self, db: sqlite3.Connection) -> None:
        try:
            if db.in_transaction:  # left behind by an interrupt
                db.execute("ROLLBACK")
            db.execute("BEGIN IMMEDIATE")
            version = db.execute("PRAGMA data_version").fetchone()[0]
            if version != self._known_at:  # another connection has committed since
                self._known = sqlite_catalogue.load(db)
                self._known_at = version
        except ERRORS as error:
            self._rollback(db)
            raise from_sqlite(error, self._file.path) from error

    def _commit(self, db: sqlite3.Connection, work: Work) -> None:
        try:
            if not db.in_transaction:
                raise problem(problems.LOST, self._file.path)
            if not work.number:
                db.execute("COMMIT")
                return
            for table in work.tables.values():
                if table is not None:
                    sqlite_catalogue.save(db, table)
            db.execute("UPDATE desk_meta SET value = ? WHERE name = 'commit'", (work.number,))
            db.execute("COMMIT")
        except ERRORS as error:
            raise from_sqlite(error, self._file.path) from error
        merged = {**work.known, **work.tables}
        self._known = {name: table for name, table in merged.items() if table is not None}

    def _inner(self, work: Work) -> Iterator[None]:
        # An inner transaction that fails undoes its own part, and the outer one may go on.
        before = {name: copy(table) for name, table in work.tables.items()}
        writes, undone, called = self.writes.copy(), len(work.undo), len(work.after)
        self._depth += 1
        name = f"level_{self._depth}"
        self._run(f"SAVEPOINT {name}")
        try:
            yield
            self._run(f"RELEASE {name}")
        except BaseException:
            if self.db.in_transaction:
                self._run(f"ROLLBACK TO {name}")
                self._run(f"RELEASE {name}")
            work.tables, self.writes = before, writes
            self._undo(work, undone)
            del work.after[called:]
            raise
        finally:
            self._depth -= 1

    def _run(self, statement: str) -> None:
        if not self.db.in_transaction:
            raise problem(problems.LOST, self._file.path)
        try:
            self.db.execute(statement)
        except ERRORS as error:
            raise from_sqlite(error, self._file.path) from error

    def _rollback(self, db: sqlite3.Connection) -> None:
        try:
            if db.in_transaction:
                db.execute("ROLLBACK")
        except ERRORS:  # the failure that brought us here is the one to report
            self._known_at = -1

    def _undo(self, work: Work, keep: int) -> None:
        while len(work.undo) > keep:
            work.undo.pop()()
