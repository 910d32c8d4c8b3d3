"""Notices that the data file was taken away under the open desk: an open SQLite file is written on, wherever it went.

watch = StoreWatch(config.store_url)
watch.problem()  -> "" or one sentence
"""

from __future__ import annotations

import os
from pathlib import Path

from desk.errors import StoreProblem
from desk.i18n import _


class StoreWatch:
    """Remembers which file the desk opened; asking costs one `stat`. A server's store has no file."""

    def __init__(self, url: str) -> None:
        scheme, _separator, path = url.partition(":///")
        self._path = Path(path) if scheme == "sqlite" else None
        self._opened = self._identity()

    def problem(self) -> str:
        """What is wrong with the file now, in one sentence; empty while it is the one that was opened."""
        if self._path is None or self._identity() == self._opened:
            return ""
        return _("{file} was moved or replaced; nothing is saved until it is back").format(file=self._path)

    def check(self) -> None:
        """Raises StoreProblem when the file is not the one that was opened: a call must not be saved nowhere."""
        if problem := self.problem():
            raise StoreProblem(problem)

    def _identity(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_dev, found.st_ino
