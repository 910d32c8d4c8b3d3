"""Who has a try in hand, and whether that worker still lives: asked before a try is called unknown.

A worker holds a lock on a file of its name below the data folder for as long as it runs; the system lets go of it
however the worker ends. A worker of another machine has no file here: its tries carry a lease that runs out.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from desk.errors import StoreProblem
from desk.i18n import _
from desk.records import Attempt

FOLDER = "workers"
_NEW_SECONDS = 60


class Hands:
    """One worker's name, and the lock that says that it lives. Raises StoreProblem where it cannot be kept."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER
        self.name = f"{_plain(socket.gethostname())}-{os.getpid()}-{secrets.token_hex(4)}"
        self._file: IO[Any] | None = self._locked()

    def _locked(self) -> IO[Any]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = (self._folder / f"{self.name}.lock").open("w")
        except OSError as problem:
            words = {"folder": self._folder, "problem": problem.strerror}
            raise StoreProblem(_("{folder} cannot be written: {problem}").format(**words), why=str(problem)) from None
        _lock(file)
        return file

    def holds(self, attempt: Attempt, now: datetime) -> bool:
        """Whether somebody is still at this try: this worker, another of this machine, or one whose lease runs."""
        if attempt.worker == self.name:
            return True
        path = self._folder / f"{attempt.worker}.lock"
        if attempt.worker and path.exists():
            return _is_locked(path)
        return attempt.leased_until is not None and attempt.leased_until > now and not self._was_here(attempt.worker)

    def sweep(self, keep: Callable[[str], bool]) -> None:
        """Remove the files of dead workers that left no try behind."""
        for path in self._folder.glob("*.lock"):
            with suppress(OSError):
                old = time.time() - path.stat().st_mtime > _NEW_SECONDS  # a new one may not have its lock yet
                if old and path.stem != self.name and not _is_locked(path) and not keep(path.stem):
                    path.unlink()

    def close(self) -> None:
        """This worker ends: nothing is in its hands any more."""
        if self._file is not None:
            self._file.close()
            self._file = None
            with suppress(OSError):
                (self._folder / f"{self.name}.lock").unlink()

    def _was_here(self, worker: str) -> bool:
        """A worker of this machine whose file is gone has ended."""
        return worker.startswith(f"{_plain(socket.gethostname())}-")


def _plain(name: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in name)


if os.name == "nt":  # pragma: no cover - Windows
    import msvcrt

    def _lock(file: IO[Any]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]

    def _is_locked(path: Path) -> bool:
        try:
            with path.open("r+") as file:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return path.exists()
        return False

else:
    import fcntl

    def _lock(file: IO[Any]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _is_locked(path: Path) -> bool:
        try:
            with path.open("r") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False
