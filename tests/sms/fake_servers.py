"""What the two fake gateways share: a server on a thread of its own, its frames, and its faults."""

from __future__ import annotations

import asyncio
import random
import struct
from collections.abc import Callable
from threading import Thread
from typing import Any


class FakeServer:
    """Listens on a free port of loopback. Attributes say how it acts; they may be changed while it runs."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.refuse_login = 0  # status
        self.refuse_logins = 10**9  # how many of them, while it refuses
        self.answer = 0  # status of each submit
        self.answers: Callable[[str], int] = lambda _address: self.answer
        self.swallow = False  # no answers
        self.hang_up = ""  # "before" or "after" taking a submit
        self.drop_every = 0  # cut the line after so many submits
        self.junk = False
        self.pong = True
        self.receipts = True
        self.receipt_delay = 0.01
        self.receipt_times = 1
        self.receipts_first = False
        self.held: list[tuple[Any, ...]] = []  # receipts that were sent and not answered, by sequence
        self.logins = 0
        self.logins_refused = 0
        self.pings = 0
        self.taken: list[Any] = []
        self.random = random.Random(1)
        self.writers: list[asyncio.StreamWriter] = []
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        Thread(target=self._loop.run_forever, daemon=True, name="fake gateway").start()
        self.start()

    def start(self) -> None:
        """Listen, on the same port as before."""
        self.do(self._start())

    def stop(self) -> None:
        """Hang up, and listen no more."""
        self.do(self._stop())

    def drop(self) -> None:
        """Hang up on everybody."""
        self.do(self._drop())

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(5)

    async def session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError

    async def _start(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._guarded, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        server, self._server = self._server, None
        if server:
            server.close()
        await self._drop()

    async def _drop(self) -> None:
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()
        await asyncio.sleep(0)

    async def _guarded(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            await self.session(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            if writer in self.writers:
                self.writers.remove(writer)

    async def frame(self, reader: asyncio.StreamReader) -> bytes:
        """One whole frame, without its four bytes of length."""
        (length,) = struct.unpack(">L", await reader.readexactly(4))
        return await reader.readexactly(length - 4)
