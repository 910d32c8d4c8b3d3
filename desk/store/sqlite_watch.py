"""What is committed to a data file, by anyone: asked in microseconds, because SQLite tells whether anything was."""

from __future__ import annotations

from threading import Lock

from desk.store import problems, sqlite_catalogue
from desk.store.problems import ERRORS, from_sqlite, problem
from desk.store.sqlite_catalogue import Table
from desk.store.sqlite_file import SqliteFile


class Watch:
    """The committed catalogue, read again only after a commit; and what changed since one last asked."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._lock = Lock()
        self._seen_at = -1
        self._seen: dict[str, Table] = {}
        self._reported = self.tables()

    def tables(self) -> dict[str, Table]:
        """Every table by its name; the same dict for as long as nothing is committed."""
        with self._lock:
            try:
                at = self._file.watcher.execute("PRAGMA data_version").fetchone()[0]
                if at != self._seen_at:
                    self._seen = sqlite_catalogue.load(self._file.watcher)
                    self._seen_at = at
            except ERRORS as error:
                raise from_sqlite(error, self._file.path) from error
            except (ValueError, TypeError) as error:
                raise problem(problems.DAMAGED, self._file.path, error) from error
            return self._seen

    def changed(self) -> frozenset[str]:
        """The names of the tables that changed since this was last asked."""
        now, before = self.tables(), self._reported
        if now is before:
            return frozenset()
        self._reported = now
        return frozenset(name for name in now.keys() | before.keys() if _version(now, name) != _version(before, name))


def _version(tables: dict[str, Table], name: str) -> int | None:
    return tables[name].version if name in tables else None
