"""A line to a server that can be cut, stalled and robbed of an answer: for tests of what happens then.

with LineProxy(port) as proxy:       # proxy.port is where to connect
    proxy.stall()                    # no byte goes through, nobody is told
    proxy.go_on()
    proxy.cut()                      # every connection ends, new ones are refused until go_on()
    proxy.lose("COMMIT", reaching=True)    # the server gets it, its answer is lost with the line
"""

from __future__ import annotations

import select
import socket
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any, Self


class LineProxy:
    """Forwards a free port of 127.0.0.1 to `port`."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = Lock()
        self._flowing = Event()
        self._flowing.set()
        self._refusing = False
        self._ended = False
        self._lost: tuple[bytes, bool] | None = None
        self._for_good = False
        self.lost = Event()  # what was to be lost is lost
        Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self._flowing.set()
        self._listener.close()
        self.cut()

    def stall(self) -> None:
        """From now on nothing is passed on, and no line ends."""
        self._flowing.clear()

    def cut(self) -> None:
        """End every line on both sides, and refuse new ones."""
        self._refusing = True
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                _shut(end)

    def go_on(self) -> None:
        self._refusing = False
        self._flowing.set()

    def lose(self, word: str, *, reaching: bool, for_good: bool = False) -> None:
        """When a client next says `word`: it reaches the server or not, and the client's line ends without an answer.

        The server's side stays open: it is not told. With `for_good` new lines are refused from then on.
        """
        self.lost.clear()
        self._for_good = for_good
        self._lost = (word.encode(), reaching)

    def _accept(self) -> None:
        while not self._ended:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._refusing:
                _shut(client)
                continue
            Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._flowing.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            _shut(client)
            return
        with self._lock:
            self._pairs.append((client, server))
        try:
            self._forward(client, server)
        except (OSError, ValueError):  # reset by one side: the other is told too
            _shut(client)
            _shut(server)

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        while True:
            ready, _, _ = select.select([client, server], [], [])
            self._flowing.wait()
            for one in ready:
                data = one.recv(65536)
                if one is client and self._is_lost(data):
                    self._drop(data, client, server)
                    return
                if not data:
                    _shut(client)
                    _shut(server)
                    return
                (server if one is client else client).sendall(data)

    def _is_lost(self, data: bytes) -> bool:
        return self._lost is not None and self._lost[0] in data

    def _drop(self, data: bytes, client: socket.socket, server: socket.socket) -> None:
        assert self._lost is not None
        (_, reaching), self._lost = self._lost, None
        self._refusing = self._refusing or self._for_good
        if reaching:
            server.sendall(data)
            server.recv(65536)  # it is done
        _shut(client)
        self.lost.set()


def _shut(end: Any) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
