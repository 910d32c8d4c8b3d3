"""What a person is told when a server's store cannot be used: one sentence for each thing that can go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.errors import StoreProblem, StoreUnreachable
from desk.i18n import N_, _
from desk.store.problems import BUSY, CLOSED, LOST, NEWER

if TYPE_CHECKING:
    import psycopg

__all__ = ["BUSY", "CLOSED", "LOST", "NEWER"]

OUT_OF_REACH = N_("the server of {path} does not answer; the desk goes on by itself as soon as it does")
SLOW = N_("the server of {path} takes long to answer")
CUT = N_("the line to {path} broke: nothing was saved; repeat it once the server answers")
UNSURE = N_(
    "the line to {path} broke while this was being saved, and it is not known whether it was; "
    "once the server answers, look whether it is there before repeating it"
)
CROWDED = N_("the server of {path} has no line free; close a desk, or allow more (max_connections)")
REFUSED = N_("the server did not let this desk into {path}; check user, password file and database")
NO_ANSWER = N_("the server of {path} cannot be reached; check that it runs, and its name and port")
FORBIDDEN = N_("the user of {path} may not do this there; give it the schema (docs/postgres.md)")
REPLICA = N_("{path} takes no changes, as a replica does; name the primary server")
FULL_DISK = N_("the disk of the server is full: nothing was saved in {path}; free some space and try again")
ENCODING = N_("{path} keeps no Chinese, as it is not UTF8; make the database anew with ENCODING 'UTF8'")
TOO_OLD = N_("the server of {path} is older than PostgreSQL 14; install a newer one")
BROKEN = N_("the server could not do what was asked of {path}: nothing was saved")

_SENTENCES = {
    "53100": FULL_DISK,
    "53200": CROWDED,
    "53300": CROWDED,
    "55P03": BUSY,
    "57014": BUSY,
    "40001": BUSY,
    "40P01": BUSY,
    "25006": REPLICA,
    "42501": FORBIDDEN,
    "55000": REPLICA,
}
_PASSING = ("starting up", "shutting down", "recovery", "not yet accepting", "too many", "remaining connection")


def problem(sentence: str, path: str, error: BaseException | None = None) -> StoreProblem:
    """The sentence about `path`; what the server said goes to `why`."""
    return StoreProblem(_(sentence).format(path=path), why=_why(error))


def unreachable(sentence: str, path: str, error: BaseException | None = None) -> StoreUnreachable:
    """The same for what passes by itself."""
    return StoreUnreachable(_(sentence).format(path=path), why=_why(error), unsure=sentence == UNSURE)


def from_postgres(error: psycopg.Error, path: str) -> StoreProblem:
    """What an error of a statement means, the line being whole."""
    sentence = _SENTENCES.get(error.sqlstate or "", BROKEN)
    return unreachable(sentence, path, error) if sentence == CROWDED else problem(sentence, path, error)


def not_connected(error: psycopg.Error) -> str:
    """Why no line could be made: REFUSED, CROWDED or OUT_OF_REACH. libpq gives no code here, only words."""
    words = str(error)
    if "FATAL" not in words and "password" not in words:
        return OUT_OF_REACH
    if not any(part in words for part in _PASSING):
        return REFUSED
    return CROWDED if "too many" in words or "remaining connection" in words else OUT_OF_REACH


def _why(error: BaseException | None) -> str:
    return "" if error is None else f"{type(error).__name__}: {str(error).strip()}"
