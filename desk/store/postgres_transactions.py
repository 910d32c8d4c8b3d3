"""Transactions on a server: one writer of a county at a time, savepoints inside, and what became of a broken commit.

Taking the county's lock, reading what others changed and beginning are one round trip; keeping the catalogue,
telling the others and committing are another. Savepoints are made only once something is written in them.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import RLock, get_ident
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.pq import TransactionStatus

from desk.errors import StoreProblem
from desk.store import postgres_problems as problems
from desk.store.postgres_catalogue import NOTHING, Catalogue, Table, literal, row_of, saving
from desk.store.postgres_lines import ENDING, Connection, Lines, broken
from desk.store.postgres_listener import Seen
from desk.store.postgres_problems import from_postgres, problem, unreachable

BUSY_SECONDS = 60.0  # how long a writer waits for another one's transaction
FINDING_OUT = 10.0  # seconds to learn what became of a commit whose answer was lost
REMEMBERED = 20_000  # commits: more than a county can make while one finds out
LONGEST_NOTE = 7_000  # bytes of a NOTIFY; PostgreSQL takes 8,000


@dataclass
class Work:
    """The open transaction: its line and how the server knows it, its commit number (0 until it writes), the tables it
    changed, how to undo objects, and what to call once it is stored."""

    owner: int
    line: Connection
    xid: str
    pid: int
    known: Catalogue
    number: int = 0
    tables: dict[str, Table] = field(default_factory=dict)
    undo: list[Callable[[], None]] = field(default_factory=list)
    after: list[Callable[[], None]] = field(default_factory=list)
    ready: bool = True  # the first savepoint came with the beginning, and nothing is written yet
    levels: list[bool] = field(default_factory=list)  # whether the savepoint of each inner transaction is made
    owed: list[str] = field(default_factory=list)  # statements that ride with the next one


class Transactions:
    """Who is writing, on which line. Commit numbers only rise, and none is given out twice here."""

    def __init__(self, lines: Lines, seen: Seen, county: str, identity: str) -> None:
        self._lines = lines
        self._seen = seen
        self._county = county
        self._channel = f"desk_{identity}"
        self._writer = uuid4().hex
        self._key = int.from_bytes(blake2b(f"{identity} {county}".encode(), digest_size=8).digest(), "big", signed=True)
        self.busy_seconds = BUSY_SECONDS
        self.lock = RLock()
        self._work: Work | None = None
        self._given = 0
        self.writes: Counter[str] = Counter()

    @property
    def channel(self) -> str:
        return self._channel

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
        table = work.tables.get(name) or work.known.tables.get(name)
        return None if table is None or table.dropped else table

    def tables(self) -> dict[str, Table]:
        merged = {**self.work.known.all, **self.work.tables}
        return {name: table for name, table in merged.items() if not table.dropped}

    def touch(self, name: str, make: Callable[[str], Table]) -> Table:
        """The table, made if missing, as one that this transaction changes."""
        self.writing()
        work = self.work
        self.writes[name] += 1
        table = work.tables.get(name)
        if table is not None and not table.dropped:
            return table
        if not work.number:
            work.number = self._given = max(work.known.at, self._given) + 1
        old = table or work.known.all.get(name)
        table = make(name) if old is None or old.dropped else copy(old)
        if old is not None and old.dropped:
            table.last_seq = old.last_seq
        table.version = work.number
        work.tables[name] = table
        return table

    def drop(self, name: str) -> None:
        """The table is gone; its rows are the caller's to delete."""
        table = self.touch(name, lambda name: Table(name, ""))
        self.work.tables[name] = Table(
            name, table.physical, version=table.version, last_seq=table.last_seq, dropped=True
        )

    def writing(self) -> None:
        """Before each write: the savepoints it belongs into are made."""
        work = self.work
        self._check_whole(work)
        work.ready = False
        for level, made in enumerate(work.levels):
            if not made:
                work.owed.append(f"SAVEPOINT level_{level}")
                work.levels[level] = True
        if work.owed:
            owed, work.owed = work.owed, []
            self._run(work, "; ".join(owed))

    def _outer(self) -> Iterator[None]:
        work = self._work = self._begin()
        writes = self.writes.copy()
        try:
            yield
            self._commit(work)
        except BaseException:
            self._rollback(work)
            self.writes = writes
            self._undo(work, 0)
            raise
        finally:
            self._work = None
            self._lines.give(work.line)
        for call in work.after:
            call()

    def _begin(self) -> Work:
        known = self._seen.catalogue
        wait = max(1, round(self.busy_seconds * 1000))
        statement = (
            f"BEGIN; SET LOCAL lock_timeout = {wait}; SELECT pg_advisory_xact_lock({self._key});"
            f" SELECT pg_current_xact_id()::text, pg_backend_pid(); {self._seen.question(known.at)};"
            " SAVEPOINT level_0"
        )

        def begun(line: Connection) -> tuple[str, int, Catalogue]:
            (xid, pid), rows = _last_two(line.execute(statement))
            return xid, pid, self._catalogue(line, known, rows)

        line, answer = self._lines.begin(begun)
        return Work(get_ident(), line, *answer)

    def _catalogue(self, line: Connection, known: Catalogue, rows: list[tuple[Any, ...]]) -> Catalogue:
        if rows and int(rows[0][0]) < known.at:  # set back to an older state
            rows = line.execute(self._seen.question(-1)).fetchall()
            known = NOTHING
        return known.with_news(rows)

    def _commit(self, work: Work) -> None:
        self._check_whole(work)
        if not work.number:
            self._run(work, "COMMIT")
            self._seen.offer(work.known)
            return
        try:
            work.line.execute("; ".join(self._last_words(work)))
        except psycopg.Error as error:
            if not broken(work.line, error):
                raise from_postgres(error, self._lines.shown) from error
            self._find_out(work, error)
        except KeyboardInterrupt as interrupt:  # the answer was not waited for
            work.line.close()
            self._find_out(work, interrupt)
            self._seen.offer(Catalogue.of(work.number, {**work.known.all, **work.tables}))
            raise
        self._seen.offer(Catalogue.of(work.number, {**work.known.all, **work.tables}))

    def _last_words(self, work: Work) -> list[str]:
        changed = list(work.tables.values())
        note = json.dumps([work.number, work.known.at, [row_of(table) for table in changed]], separators=(",", ":"))
        if len(note) > LONGEST_NOTE:
            note = json.dumps([work.number])
        county = literal(self._county)
        return [
            saving(self._county, changed),
            f"UPDATE desk_counties SET commit = {work.number} WHERE county = {county}",
            f"DELETE FROM desk_commits WHERE county = {county} AND number < {work.number - REMEMBERED}",
            f"INSERT INTO desk_commits VALUES ({county}, {work.number}, '{self._writer}')"
            " ON CONFLICT (county, number) DO UPDATE SET writer = excluded.writer",  # set back to an older state
            f"NOTIFY {self._channel}, {literal(note)}",
            "COMMIT",
        ]

    def _find_out(self, work: Work, error: BaseException) -> None:
        """Returns when the commit is stored after all; raises when it is not, or that cannot be learned in time."""
        self._lines.wake()
        deadline, pause = time.monotonic() + FINDING_OUT, 0.02
        while time.monotonic() < deadline and not self._lines.closed:
            with suppress(psycopg.Error):
                outcome = self._outcome(work)
                if outcome == "committed":
                    return
                if outcome != "in progress":
                    raise unreachable(problems.CUT, self._lines.shown, error) from error
            time.sleep(pause)
            pause = min(2 * pause, 0.5)
        raise unreachable(problems.UNSURE, self._lines.shown, error) from error

    def _outcome(self, work: Work) -> str:
        """What became of it: by who made the commit of its number. The server's own word would not do: the number of a
        transaction that a crash took back is given out again, and may be another's who did commit."""
        with self._lines.connect() as line:
            status = self._status(line, work.xid)
            made = line.execute(
                "SELECT writer FROM desk_commits WHERE county = %s AND number = %s", (self._county, work.number)
            ).fetchone()
            if made:
                return "committed" if made[0] == self._writer else "aborted"
            if status != "in progress":  # asked first: had it ended well, the line above would be there
                return "aborted"
            line.execute(ENDING.format(pid=work.pid, xid=work.xid))  # the server still waits for what was cut off
            return status

    def _status(self, line: Connection, xid: str) -> str:
        try:
            found = line.execute("SELECT pg_xact_status(%s::xid8)", (xid,)).fetchone()
        except psycopg.errors.InvalidParameterValue:  # a number the server never gave: set back to before
            return "aborted"
        return str(found[0]) if found and found[0] else "aborted"

    def _inner(self, work: Work) -> Iterator[None]:
        # An inner transaction that fails undoes its own part, and the outer one may go on.
        before = {name: copy(table) for name, table in work.tables.items()}
        writes, undone, called = self.writes.copy(), len(work.undo), len(work.after)
        level = len(work.levels)
        work.levels.append(work.ready and level == 0)
        work.ready = False
        try:
            yield
            if work.levels[level]:
                work.owed.append(f"RELEASE level_{level}")
        except BaseException:
            self._back_to(work, level)
            work.tables, self.writes = before, writes
            self._undo(work, undone)
            del work.after[called:]
            raise
        finally:
            del work.levels[level:]

    def _back_to(self, work: Work, level: int) -> None:
        if not work.levels[level]:
            return
        work.owed = []  # made within what is undone now
        if work.line.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            with suppress(StoreProblem):  # the failure that brought us here is the one to report
                self._run(work, f"ROLLBACK TO level_{level}; RELEASE level_{level}")

    def _check_whole(self, work: Work) -> None:
        status = work.line.pgconn.transaction_status
        if status == TransactionStatus.INTRANS:
            return
        if work.line.closed or status == TransactionStatus.UNKNOWN:
            raise unreachable(problems.CUT, self._lines.shown)
        raise problem(problems.LOST, self._lines.shown)

    def _run(self, work: Work, statement: str) -> None:
        try:
            work.line.execute(statement)
        except psycopg.Error as error:
            raise self.told(error) from error

    def told(self, error: psycopg.Error) -> StoreProblem:
        """What an error means that came inside a transaction."""
        if broken(self.work.line, error):
            self._lines.wake()
            return unreachable(problems.CUT, self._lines.shown, error)
        return from_postgres(error, self._lines.shown)

    def _rollback(self, work: Work) -> None:
        with suppress(psycopg.Error):
            if work.line.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
                work.line.execute("ROLLBACK")
                return
        if work.line.pgconn.transaction_status != TransactionStatus.IDLE:
            work.line.close()
            self._lines.leave(work.pid, work.xid)

    def _undo(self, work: Work, keep: int) -> None:
        while len(work.undo) > keep:
            work.undo.pop()()


def _last_two(cursor: Any) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    # Of several statements in one: the row of the last but one that answers with rows, and the rows of the last.
    answers = [result.fetchall() for result in cursor.results() if result.description]
    return answers[-2][0], answers[-1]
