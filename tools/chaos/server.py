"""The PostgreSQL of the day, on a disk that may be full, behind a line that may be cut.

with served(disk_folder) as server:
    server.url          over the line
    server.crash(); server.away(2.0); server.cut(); server.mend()
"""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread

from tests.postgres_server import Missing, PostgresServer

CHUNK = 65536
PATIENCE = 60.0  # seconds in which a server must come up again


class Line:
    """A port of this machine that passes everything on to another, until it is cut."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Every connection ends at once, in the middle of whatever was being said."""
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._to), 2)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                self._open |= {near, far}
                for one, other in ((near, far), (far, near)):
                    Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(CHUNK):
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.discard(one)
        one.close()


class Server:
    """The server, and what may befall it. One thing at a time."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._line = Line(server.port)
        self._lock = Lock()
        self.url = server.url(port=self._line.port)

    def crash(self) -> None:
        """As hard as a kill: nothing is written out; it comes up again at once."""
        with self._lock:
            self._stop("immediate")
            self._start()

    def away(self, seconds: float) -> None:
        """Down for a while."""
        with self._lock:
            self._stop("fast")
            time.sleep(seconds)
            self._start()

    def cut(self) -> None:
        """The network fails for a moment."""
        self._line.cut()

    def mend(self) -> None:
        """It runs again, whatever happened."""
        with self._lock:
            if not self._answers():
                self._stop("immediate")
                self._start()

    def close(self) -> None:
        self._line.close()
        self._server.remove()

    def _stop(self, mode: str) -> None:
        with suppress(Missing):  # it had stopped by itself: its disk was full
            self._server.stop(mode)

    def _start(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self._answers():
            try:
                self._server.start()
            except Missing:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _answers(self) -> bool:
        import psycopg

        with suppress(psycopg.Error):
            psycopg.connect(self._server.url(), connect_timeout=2).close()
            return True
        return False


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """A server whose data lie in `folder`."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        server = Server(PostgresServer(max_wal_size="128MB", min_wal_size="80MB"))
    finally:
        tempfile.tempdir = before
    try:
        yield server
    finally:
        server.close()
