"""A data file of an older format brought up to the present one, step by step, with a copy made first.

A step is a function that changes the file's tables from one version to the next; it stands in STEPS under the version
it starts from. Each step and its new number are one transaction of SQLite: whoever is killed leaves a file of one
version or of the next, which is brought up further when it is next opened.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path

from desk.store import problems
from desk.store.problems import ERRORS, from_sqlite, problem

Step = Callable[[sqlite3.Connection], None]
STEPS: Mapping[int, Step] = {}  # version → what makes the next version of it
FOLDER = "backups"  # beside the data file

_PAGES = 1024  # copied at a time


def bring_up(db: sqlite3.Connection, path: Path, target: int, patience: float) -> None:
    """Bring the file from its version up to `target`. Nobody else may have it open meanwhile: raises StoreProblem
    when somebody has, after `patience` seconds, and when there is no room for the copy; the file is as it was then."""
    _alone(db, path, patience)
    try:
        version = _version(db)
        if version < target:
            _copied(db, path, version)
        for step in range(version, target):
            _step(db, step)
    except ERRORS as error:
        raise from_sqlite(error, path) from error
    finally:
        db.execute("PRAGMA locking_mode=NORMAL")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()  # lets the lock go


def _alone(db: sqlite3.Connection, path: Path, patience: float) -> None:
    """Have the file for this process alone: SQLite leaves its log only when nobody else has the file open."""
    give_up = time.monotonic() + patience
    db.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            with suppress(sqlite3.OperationalError):
                if db.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete":
                    db.execute("PRAGMA locking_mode=EXCLUSIVE")
                    db.execute("BEGIN EXCLUSIVE")
                    db.execute("COMMIT")  # the lock stays
                    return
            if time.monotonic() > give_up:
                raise problem(problems.IN_USE, path)
            time.sleep(0.05)
    finally:
        db.execute(f"PRAGMA busy_timeout={round(1000 * patience)}")


def _step(db: sqlite3.Connection, version: int) -> None:
    db.execute("BEGIN EXCLUSIVE")
    try:
        STEPS[version](db)
        db.execute(f"PRAGMA user_version={version + 1}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection) -> int:
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def _copied(db: sqlite3.Connection, path: Path, version: int) -> Path:
    """A copy of the whole file as it is, durable under its name before this returns."""
    copy = path.parent / FOLDER / f"{path.stem}-version-{version}-{time.strftime('%Y%m%d-%H%M%S')}.db"
    part = copy.with_name(copy.name + ".part")
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as into:
            db.backup(into, pages=_PAGES)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(copy)
    except (OSError, *ERRORS) as error:
        with suppress(OSError):
            part.unlink()
        raise problem(problems.NO_COPY, path, error) from error
    return copy
