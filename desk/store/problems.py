"""What a person is told when the data file cannot be used: one sentence for each thing that can go wrong."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from desk.errors import StoreProblem
from desk.i18n import N_, _

FULL = N_("the disk is full: nothing was saved in {path}; free some space and try again")
BUSY = N_("another program has been writing to {path} for too long: nothing was saved; try again in a moment")
DAMAGED = N_("the data file {path} is damaged; restore it from a backup")
READ_ONLY = N_("{path} cannot be written to; allow writing to the file and its folder")
UNREADABLE = N_("the data file {path} cannot be opened; check that the folder exists and may be used")
DISK = N_("the disk failed while using {path}: nothing was saved; check the disk")
CLOSED = N_("the store {path} is closed")
UNKNOWN = N_("the data file {path} cannot be used")
LOST = N_("an earlier failure undid this transaction on {path}: nothing was saved; try again")
FOREIGN = N_("{path} is not a file of this desk; choose another place for its data")
NEWER = N_("{path} was made by a newer version of the desk; update the desk to open it")
IN_USE = N_(
    "{path} must be brought up to this version of the desk, and another program has it open: "
    "close the desk on every seat, then start it again"
)
NO_COPY = N_("no copy of {path} can be made before it is brought up to this version; free some space and start again")
FOLDER = N_("{path} is a folder; name the data file itself")
NO_DRIVER = N_("a store on PostgreSQL needs one more package; install it with: pip install 'desk95598[postgres]'")
NO_FOLDER = N_("the folder {path} cannot be made; choose another place for the data")

#: What the sqlite3 module raises; it decodes SQLite's messages strictly, and those quote a damaged file.
ERRORS = (sqlite3.Error, UnicodeDecodeError)

_SENTENCES = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: UNREADABLE,
    sqlite3.SQLITE_IOERR: DISK,
}


def problem(sentence: str, path: Path, error: BaseException | None = None) -> StoreProblem:
    """The sentence about `path`; what the engine said goes to `why`."""
    return StoreProblem(_(sentence).format(path=path), why="" if error is None else f"{type(error).__name__}: {error}")


def from_sqlite(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> StoreProblem:
    """What one of `ERRORS` means for a person."""
    if isinstance(error, UnicodeDecodeError):
        return problem(DAMAGED, path, error)
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return problem(CLOSED if "closed" in str(error) else UNKNOWN, path, error)
    return problem(_SENTENCES.get(code & 0xFF, UNKNOWN), path, error)
