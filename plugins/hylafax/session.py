"""One talk with a HylaFAX server. Its protocol (port 4559) is FTP with jobs in it, so `ftplib` speaks it.

Until JSUBM is sent nothing goes out: whatever breaks before may be tried again. The answer to JSUBM lost: unknown.
JSUBM refused (460, no scheduler): the job still stands in the queue, suspended, and is gone when the session ends.
Source: hfaxd(8); seen with HylaFAX 6.0.7.
"""

from __future__ import annotations

import ftplib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from types import TracebackType
from typing import Any

from msgspec import Struct

from desk.plugins import ConfigProblem, GatewayTrouble, NoConnection, Refused, UnknownOutcome, in_language

MOST = 20_000  # lines of a listing
FORMAT = "%j|%a|%J|%p|%y|%d|%Z|%s"  # of one line of LIST sendq; the free text last
STORED = re.compile(r"FILE: (/?[\w./-]+?)[).\s]*$")
DIGITS = 16  # of a number; what has more is none
HALF_MADE = "T"  # suspended: another session has not handed it over yet, or just broke off
MADE = re.compile(r"jobid: (\d+)")
NOT_LET_IN = {
    "zh_CN": "传真服务器不让登录，请核对用户名、密码和服务器上的 hosts.hfaxd",
    "en": "the fax server lets nobody in by this name; look at user, password and its hosts.hfaxd",
}


class Job(Struct, frozen=True):
    """A job as the server lists it; `state` is its letter (T P S B W R, D done, F failed), `when` epoch seconds."""

    number: str
    state: str
    tag: str
    pages: int
    total: int
    dials: int
    when: int
    status: str


class Session:
    """Logged in between `with` and its end; everything in it is over `timeout` seconds after it was made."""

    def __init__(self, settings: Any, timeout: float) -> None:
        self._settings = settings
        self._deadline = monotonic() + timeout
        self._ftp = ftplib.FTP(encoding="latin-1")  # status words come in any encoding; see `text`

    def __enter__(self) -> Session:
        try:
            with telling():
                self._ftp.connect(self._settings.host, self._settings.port, timeout=self._left())
            self._log_in()
            self._ask(f'JOBFMT "{FORMAT}"')
        except BaseException:
            self._ftp.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ftp.sock:
            with suppress(OSError):
                self._ftp.putcmd("QUIT")  # its answer is not waited for
        self._ftp.close()

    def find(self, tag: str) -> str:
        """The number of the job that carries this tag, waiting, running or done; empty when there is none.

        One that failed does not count: who sends again wants a new one.
        """
        job = next((job for job in self.jobs() if tag and job.tag == tag and job.state != "F"), None)
        if job is not None and job.state == HALF_MADE:
            raise UnknownOutcome
        return job.number if job else ""

    def jobs(self) -> list[Job]:
        """Every job that waits, runs or ended. Queue first: a job moves only from there to the ended ones."""
        return [job for folder in ("sendq", "doneq") for line in self._list(folder) for job in read(line)]

    def status(self) -> list[str]:
        """How scheduler and modems are, a line each, like `Modem ttyS0 (+86.951.5550001): Running and idle`."""
        return self._list("status")

    def submit(self, parameters: Iterable[tuple[str, str]], documents: Sequence[bytes]) -> str:
        """The number of a new job with these documents; it is in the queue when this returns."""
        stored = [self._store(document) for document in documents]
        made = MADE.search(self._ask("JNEW"))
        if made is None:
            raise GatewayTrouble
        for name, value in (*parameters, *(("DOCUMENT", name) for name in stored)):
            self._ask(f"JPARM {name} {value}")
        with telling(lost=UnknownOutcome):
            self._ready().voidcmd("JSUBM")
        return made[1]

    def kill(self, number: str) -> bool:
        """Take the job out of the queue; False when it is not there any more."""
        try:
            self._ask(f"JKILL {number}")
        except (Refused, GatewayTrouble):
            return False
        return True

    def _log_in(self) -> None:
        password = self._settings.password.reveal() if self._settings.password else ""
        try:
            with telling():
                self._ready().login(self._settings.user, password)
        except Refused as error:
            raise ConfigProblem(in_language(NOT_LET_IN), why=error.why) from None

    def _store(self, document: bytes) -> str:
        with telling():
            stored = STORED.search(self._ready().storbinary("STOT", io.BytesIO(document)))
        if stored is None:
            raise GatewayTrouble
        return stored[1]

    def _list(self, folder: str) -> list[str]:
        found: list[str] = []

        def keep(line: str) -> None:
            if len(found) >= MOST or not self._left(least=0.0):
                raise ftplib.error_proto("a listing without an end")
            found.append(line)

        with telling():
            self._ready().retrlines(f"LIST {folder}", keep)
        return found

    def _ask(self, command: str) -> str:
        with telling():
            return self._ready().voidcmd(command)

    def _ready(self) -> ftplib.FTP:
        self._ftp.timeout = self._left()
        if self._ftp.sock:
            self._ftp.sock.settimeout(self._ftp.timeout)
        return self._ftp

    def _left(self, least: float = 0.01) -> float:
        return max(self._deadline - monotonic(), least)


@contextmanager
def telling(lost: type[NoConnection | UnknownOutcome] = NoConnection) -> Iterator[None]:
    """The errors of ftplib as send errors; `lost` is what a line that breaks or says junk comes to."""
    try:
        yield
    except ftplib.error_temp as error:
        raise GatewayTrouble(why=text(str(error))) from None
    except ftplib.error_perm as error:
        raise Refused(why=text(str(error))) from None
    except (OSError, EOFError) as error:
        raise lost(why=str(error)) from None
    except (ftplib.Error, ValueError) as error:
        raise (UnknownOutcome if lost is UnknownOutcome else GatewayTrouble)(why=text(str(error))) from None


def read(line: str) -> Iterator[Job]:
    """The job in one line of a listing; nothing where the line is something else."""
    fields = line.split("|", 7)
    if len(fields) < 8 or not fields[0].strip().isdecimal():
        return
    number, state, tag, *counts, status = (field.strip() for field in fields)
    pages, total, dials, when = (int(count) if count.isdecimal() and len(count) < DIGITS else 0 for count in counts)
    yield Job(number, state, tag, pages, total, dials, when, text(status))


def text(words: str) -> str:
    """Words of the server, which come in UTF-8 or in anything else."""
    return words.encode("latin-1", "replace").decode("utf-8", "replace")
