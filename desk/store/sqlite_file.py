"""The data file of the embedded engine: is it ours, may it be used, and the connections to it.

Nothing is opened with SQLite before the first bytes of the file say that it is ours, so that a file of
somebody else is never touched.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desk.store import problems
from desk.store.problems import ERRORS, from_sqlite, problem

APPLICATION = 0x44095598  # in the header of every SQLite file of ours
VERSION = 1  # of the tables below: one with a greater one is refused, one with a smaller one brought up

BUSY_SECONDS = 60.0  # how long a writer waits for another program's transaction
CACHE_KB = 2_000  # per connection; the system's own file cache does the rest
BULK_CACHE_KB = 64_000
LARGEST_WAL = 64 * 1024 * 1024  # bytes kept of the log after a large import

_MAGIC = b"SQLite format 3\0"
_HEADER = struct.Struct(">16xH10xI28xI4xI28x")  # page size, pages, user_version, application_id
_SCHEMA = """
CREATE TABLE desk_meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE desk_tables (
    physical TEXT PRIMARY KEY, fields TEXT NOT NULL, key TEXT NOT NULL, terms TEXT,
    version INTEGER NOT NULL, rows INTEGER NOT NULL, last_number INTEGER NOT NULL
) WITHOUT ROWID;
"""


class SqliteFile:
    """One writing connection, one that watches for changes, and as many readers as read at the same time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.closed = False
        self._readers: list[sqlite3.Connection] = []
        _check(path)
        self.writer = _connect(path)
        try:
            self.identity = _prepare(self.writer, path)
            self.watcher = self._reader()
        except ERRORS as error:
            self.writer.close()
            raise from_sqlite(error, path) from error
        except BaseException:
            self.writer.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of one's own; each statement on it sees all that is committed when it begins."""
        try:
            db = self._readers.pop()
        except IndexError:
            db = self._reader()
        try:
            yield db
        finally:
            self._readers.append(db)
            if self.closed:
                self.close()

    def close(self) -> None:
        self.closed = True
        for db in (self.watcher, self.writer):
            db.close()
        while self._readers:
            with suppress(IndexError):  # another thread may have taken the last one
                self._readers.pop().close()

    def _reader(self) -> sqlite3.Connection:
        if self.closed:
            raise problem(problems.CLOSED, self.path)
        db = _connect(self.path)
        db.execute("PRAGMA query_only=1")
        return db


def _check(path: Path) -> None:
    # Raises StoreProblem unless `path` is free for a new file or holds one of ours that may be written.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise problem(problems.NO_FOLDER, path.parent, error) from error
    if path.is_dir():
        raise problem(problems.FOLDER, path)
    if path.exists() and not path.is_file():
        raise problem(problems.FOREIGN, path)
    for place in (path, path.parent):
        if place.exists() and not os.access(place, os.R_OK | os.W_OK):
            raise problem(problems.READ_ONLY, place)
    if path.exists() and path.stat().st_size:
        _check_header(path)


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER.size)
    except OSError as error:
        raise problem(problems.UNREADABLE, path, error) from error
    if len(header) < _HEADER.size or not header.startswith(_MAGIC):
        raise problem(problems.FOREIGN, path)
    page, pages, version, application = _HEADER.unpack(header)
    if application != APPLICATION:
        raise problem(problems.FOREIGN, path)
    if version > VERSION:
        raise problem(problems.NEWER, path)
    whole = (65536 if page == 1 else page) * pages
    unfinished = any(path.with_name(path.name + log).exists() for log in ("-wal", "-journal"))
    if path.stat().st_size < whole and not unfinished:
        raise problem(problems.DAMAGED, path)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        db = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        db.execute(f"PRAGMA cache_size=-{CACHE_KB}")
        db.execute("PRAGMA synchronous=FULL")  # a commit that returned survives a power cut
        db.execute("PRAGMA fullfsync=1")  # on macOS too
        db.execute("PRAGMA cell_size_check=1")
    except ERRORS as error:
        raise from_sqlite(error, path) from error
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> str:
    # Makes the file's tables if it is new; returns the identity of the store.
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise problem(problems.NEWER, path)
    if version == 0:
        _create(db)
    elif version < VERSION:
        from desk.store import sqlite_upgrade  # once in years

        sqlite_upgrade.bring_up(db, path, VERSION, BUSY_SECONDS)
    found = db.execute("SELECT value FROM desk_meta WHERE name = 'identity'").fetchone()
    if found is None:
        raise problem(problems.DAMAGED, path)
    _use_log(db, path)
    db.execute(f"PRAGMA journal_size_limit={LARGEST_WAL}")
    return str(found[0])


def _create(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] == 0:  # nobody else was quicker
            for statement in _SCHEMA.strip().split(";\n"):
                db.execute(statement.rstrip(";"))
            db.execute("INSERT INTO desk_meta VALUES ('commit', 0), ('identity', ?)", (os.urandom(8).hex(),))
            # In the file itself from the first moment: the log is not in use yet.
            db.execute(f"PRAGMA application_id={APPLICATION}")
            db.execute(f"PRAGMA user_version={VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _use_log(db: sqlite3.Connection, path: Path) -> None:
    # Write-ahead log: readers and the writer do not wait for each other. SQLite does not wait itself here.
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            mode: str = db.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
            continue
        if mode != "wal":
            raise problem(problems.UNREADABLE, path, RuntimeError(f"journal mode is {mode}"))
        return
