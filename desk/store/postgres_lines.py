"""The connections to a server: a few kept open, and what is known of whether they work.

    with lines.reading() as connection: …        one of one's own, in autocommit
    lines.trouble                                "" while all is well

A line that broke is replaced once without a word. Where that fails, the store is *down*: every call fails at
once, until the listener (postgres_listener) has a line again.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any, TypeVar

import psycopg

from desk.errors import StoreUnreachable
from desk.i18n import _
from desk.store import postgres_problems as problems
from desk.store.postgres_problems import from_postgres, not_connected, problem, unreachable
from desk.store.postgres_url import Address

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]

_STATUS = psycopg.pq.TransactionStatus

KEPT = 2  # idle lines

# A commit that was answered survives a crash of the server, whatever the server's own default is.
_BEGINNING = (
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') IN ('off', 'local')"
)
#: Ends the server's side of a line that was cut, so that its transaction is over and its locks are free.
ENDING = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid = {pid} AND backend_xid = '{xid}'::xid8::xid AND pid <> pg_backend_pid()"
)


class Lines:
    """All connections of one engine but the listener's."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.closed = False
        self.trouble = ""
        self.wake: Callable[[], None] = lambda: None  # the listener's: something broke
        self._down: StoreUnreachable | None = None
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._lock = Lock()
        self.left: list[tuple[int, str]] = []  # transactions that were cut off: the server's process, and its number

    @property
    def shown(self) -> str:
        return self.address.shown

    # Lines

    def connect(self) -> Connection:
        """A new connection, whatever was known before; raises psycopg.Error."""
        password = {"password": self.address.password} if self.address.password else {}
        connection: Connection = psycopg.connect(self.address.conninfo, autocommit=True, **password)  # type: ignore[arg-type]
        connection.execute(_BEGINNING)
        return connection

    def take(self, *, fresh: bool = False) -> Connection:
        """A line for this thread, to be given back; `fresh`: none of those that may have broken together."""
        self.check()
        with self._lock:
            if fresh:
                self._drop_idle()
            connection = self._idle.pop() if self._idle else None
            if connection is not None:
                self._busy.add(connection)
        return connection or self._new()

    def give(self, connection: Connection) -> None:
        """Back from `take`: kept for the next, unless it is broken or in the middle of something."""
        whole = not connection.closed and connection.pgconn.transaction_status == _STATUS.IDLE
        with self._lock:
            self._busy.discard(connection)
            if whole and len(self._idle) < KEPT and not self.closed and self._down is None:
                self._idle.append(connection)
                return
        with suppress(psycopg.Error):
            connection.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        connection = self.take()
        try:
            yield connection
        finally:
            self.give(connection)

    def ask(self, act: Callable[[Connection], T]) -> T:
        """What `act` returns of a line; done again on a new one where the line turns out to be broken."""
        connection, answer = self.begin(act)
        self.give(connection)
        return answer

    def begin(self, act: Callable[[Connection], T]) -> tuple[Connection, T]:
        """The same, and the line with it, which the caller gives back."""
        for again in (False, True):
            connection = self.take(fresh=again)
            try:
                return connection, act(connection)
            except BaseException as error:
                lost = isinstance(error, psycopg.Error) and broken(connection, error)
                self.drop(connection)
                if not isinstance(error, psycopg.Error):
                    raise
                if not lost:
                    raise from_postgres(error, self.shown) from error
                self.wake()
                if again or self._down is not None:
                    raise unreachable(problems.OUT_OF_REACH, self.shown, error) from error
        raise AssertionError("unreachable")

    def drop(self, connection: Connection) -> None:
        """Back from `take`, in whatever state: undone, or closed where that cannot be."""
        with suppress(psycopg.Error):
            if connection.pgconn.transaction_status in (_STATUS.INTRANS, _STATUS.INERROR):
                connection.execute("ROLLBACK")
        self.give(connection)

    # What is known

    def check(self) -> None:
        """Raises where it is known that nothing can be done."""
        if self.closed:
            raise problem(problems.CLOSED, self.shown)
        if self._down is not None:
            raise unreachable(problems.OUT_OF_REACH, self.shown, self._down)

    def down(self, sentence: str, error: BaseException) -> None:
        """Known broken: whoever waits for an answer is let go, whoever comes is refused."""
        known = unreachable(sentence, self.shown, error)
        with self._lock:
            self._down, self.trouble = known, str(known)
            self._drop_idle()
            for connection in self._busy:
                cut(connection)
        self.wake()

    def leave(self, pid: int, xid: str) -> None:
        """A transaction was cut off: its other end is to be ended by whoever has a line first."""
        self.left.append((pid, xid))
        self.wake()

    def slow(self) -> None:
        """An answer is late; calls are still tried."""
        if self._down is None:
            self.trouble = _(problems.SLOW).format(path=self.shown)

    def up(self) -> None:
        """All is well again."""
        self._down, self.trouble = None, ""

    def close(self) -> None:
        with self._lock:
            self.closed = True
            self._drop_idle()

    # Inside

    def _new(self) -> Connection:
        try:
            connection = self.connect()
        except psycopg.Error as error:
            sentence = not_connected(error)
            if sentence == problems.REFUSED:
                raise problem(sentence, self.shown, error) from error
            self.down(sentence, error)
            raise unreachable(sentence, self.shown, error) from error
        with self._lock:
            self._busy.add(connection)
        return connection

    def _drop_idle(self) -> None:
        while self._idle:
            with suppress(psycopg.Error):
                self._idle.pop().close()


def broken(connection: Connection, error: psycopg.Error) -> bool:
    """Whether the line is lost, and not only a statement refused."""
    lost = connection.closed or connection.pgconn.status != psycopg.pq.ConnStatus.OK
    return lost or (isinstance(error, psycopg.OperationalError) and (error.sqlstate or "").startswith(("08", "57P")))


def cut(connection: Connection) -> None:
    """End the line under whoever waits on it: it is told at once."""
    with suppress(OSError, psycopg.Error), socket.socket(fileno=_twin(connection)) as twin:
        twin.shutdown(socket.SHUT_RDWR)


def _twin(connection: Connection) -> int:
    import os

    return os.dup(connection.pgconn.socket)
