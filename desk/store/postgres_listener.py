"""Hears of every commit of a county, by anyone, and knows whether the server answers: one thread, one connection.

A commit tells what it changed (NOTIFY). Whoever missed it, after a lost line or otherwise, catches up from the
catalogue, which is asked once a second; that is also how a server that fell silent is noticed.
"""

from __future__ import annotations

import json
import os
import select
import time
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any

import psycopg
from psycopg.pq import ExecStatus

from desk.store import postgres_problems as problems
from desk.store.postgres_catalogue import COMMIT_AND_TABLES, NOTHING, Catalogue, literal, read
from desk.store.postgres_lines import ENDING, Connection, Lines
from desk.store.postgres_problems import not_connected

HEARTBEAT = 1.0  # seconds between questions
SLOW = 3.0  # seconds until an answer is called late
SILENT = 10.0  # seconds until the server counts as gone
PAUSES = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0)  # seconds before each new try
PATIENT = 0.4  # seconds a command has to end before it needs a listener


class Silent(Exception):
    """The server did not answer in time."""


class Seen:
    """What is known to be committed: it only grows newer."""

    def __init__(self, county: str) -> None:
        self.county = county
        self.catalogue = NOTHING
        self._lock = Lock()

    def question(self, after: int) -> str:
        """What to ask the server for the commits after number `after`."""
        return COMMIT_AND_TABLES.format(after=after, county=literal(self.county))

    def offer(self, catalogue: Catalogue) -> None:
        with self._lock:
            if catalogue.at > self.catalogue.at:
                self.catalogue = catalogue

    def replace(self, catalogue: Catalogue) -> None:
        """After a line was lost: the server may even have been set back."""
        with self._lock:
            if catalogue.at != self.catalogue.at:
                self.catalogue = catalogue


class Listener:
    """The thread; begun with `start`, which a short command never waits for."""

    def __init__(self, lines: Lines, seen: Seen, channel: str) -> None:
        self._lines = lines
        self._seen = seen
        self._channel = channel
        self._ended = False
        self._hurry = Event()
        self._alarm, self._ring = os.pipe()
        os.set_blocking(self._ring, False)
        self._thread = Thread(target=self._run, name="desk-listener", daemon=True)

    def start(self) -> None:
        self._lines.wake = self.wake
        self._thread.start()

    def wake(self) -> None:
        """Look now: a line broke, or somebody waits."""
        self._hurry.set()
        with suppress(OSError):
            os.write(self._ring, b"x")

    def end(self) -> None:
        self._ended = True
        self.wake()
        self._thread.join(2)
        if not self._thread.is_alive():
            os.close(self._alarm)
            os.close(self._ring)
            self._ring = -1

    # Inside

    def _run(self) -> None:
        self._hurry.wait(PATIENT)
        failures = 0
        while not self._ended:
            connection: Connection | None = None
            try:
                connection = self._lines.connect()
                self._begin(connection)
                failures = 0
                self._follow(connection)
            except (psycopg.Error, Silent, OSError) as error:
                if self._ended:
                    return
                failures += 1
                self._failed(error, failures)
            finally:
                if connection is not None:
                    with suppress(psycopg.Error):
                        connection.close()
            self._pause(PAUSES[min(failures, len(PAUSES) - 1)])

    def _failed(self, error: BaseException, failures: int) -> None:
        # A line that merely broke is made anew at once; only when that fails is the server called gone.
        if isinstance(error, Silent) or failures > 1:
            sentence = not_connected(error) if isinstance(error, psycopg.Error) else problems.OUT_OF_REACH
            self._lines.down(sentence, error)

    def _pause(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self._ended and (left := deadline - time.monotonic()) > 0:
            select.select([self._alarm], [], [], left)
            self._drain()

    def _drain(self) -> None:
        self._hurry.clear()
        if select.select([self._alarm], [], [], 0)[0]:
            os.read(self._alarm, 4096)

    def _begin(self, connection: Connection) -> None:
        if self._ask(connection, "SELECT pg_is_in_recovery()") == [["f"]]:  # a replica tells nobody
            self._ask(connection, f"LISTEN {self._channel}")
        self._seen.replace(NOTHING.with_news(self._ask(connection, self._seen.question(-1))))
        self._end_left(connection)
        self._lines.up()

    def _end_left(self, connection: Connection) -> None:
        while self._lines.left:
            pid, xid = self._lines.left.pop()
            self._ask(connection, ENDING.format(pid=pid, xid=xid))

    def _follow(self, connection: Connection) -> None:
        pgconn = connection.pgconn
        while not self._ended:
            ready, _, _ = select.select([pgconn.socket, self._alarm], [], [], HEARTBEAT)
            if pgconn.socket in ready:
                pgconn.consume_input()
            if not self._hear(connection) or self._alarm in ready:
                self._drain()
                self._catch_up(connection)

    def _hear(self, connection: Connection) -> bool:
        """Take in what was told; False when that does not follow on what is known."""
        heard = False
        while (told := connection.pgconn.notifies()) is not None:
            news = json.loads(told.extra)
            known = self._seen.catalogue
            if news[0] <= known.at:
                heard = True
                continue
            if len(news) < 3 or news[1] != known.at:
                return False
            changed = {table.name: table for table in map(read, news[2])}
            self._seen.offer(Catalogue.of(news[0], {**known.all, **changed}))
            heard = True
        return heard

    def _catch_up(self, connection: Connection) -> None:
        known = self._seen.catalogue
        rows = self._ask(connection, self._seen.question(known.at))
        if rows and int(rows[0][0]) < known.at:  # set back to an older state
            self._seen.replace(NOTHING.with_news(self._ask(connection, self._seen.question(-1))))
        else:
            self._seen.offer(known.with_news(rows))
        self._end_left(connection)
        self._lines.up()

    def _ask(self, connection: Connection, statement: str) -> list[list[Any]]:
        # Not psycopg's `execute`: that waits for ever.
        pgconn, begun = connection.pgconn, time.monotonic()
        pgconn.send_query(statement.encode())
        pgconn.flush()
        while pgconn.is_busy():
            waited = time.monotonic() - begun
            if self._ended or waited > SILENT:
                raise Silent(f"no answer for {waited:.0f} s")
            if waited > SLOW:
                self._lines.slow()
            select.select([pgconn.socket], [], [], 0.25)
            pgconn.consume_input()
        return _rows(pgconn)


def _rows(pgconn: Any) -> list[list[Any]]:
    found: list[list[Any]] = []
    while (result := pgconn.get_result()) is not None:
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            raise psycopg.OperationalError(result.error_message.decode("utf-8", "replace"))
        found += _texts(result)
    return found


def _texts(result: Any) -> list[list[Any]]:
    def text(row: int, column: int) -> str | None:
        value = result.get_value(row, column)
        return None if value is None else value.decode()

    return [[text(row, column) for column in range(result.nfields)] for row in range(result.ntuples)]
