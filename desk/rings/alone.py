"""A lock on a file of a name: one process of this machine holds it, and the system lets go when that one ends."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import IO, Any


class Alone:
    """Whether this process is the one; `hold` never waits. Where no file can be written everybody is."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.lock"
        self._file: IO[Any] | None = None

    def hold(self) -> bool:
        """Take the name, if nobody else has it."""
        if self._file is not None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("w")
        except OSError:
            return True  # two that read the same are better than nobody
        if not _locked(file):
            file.close()
            return False
        self._file = file
        return True

    def let_go(self) -> None:
        """Somebody else may have it."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None


if os.name == "nt":  # pragma: no cover - Windows
    import msvcrt

    def _locked(file: IO[Any]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(file: IO[Any]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
