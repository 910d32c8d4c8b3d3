"""One connection: cuts the stream into frames, pairs answers with what was asked, passes the rest on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from desk.plugins.sessions.dialect import Dialect, Frame

LEAST, MOST = 12, 65536  # bytes of a frame; another length is junk
LAST_NUMBER = 0x7FFFFFFF


class Lost(Exception):
    """The connection ended, or the deadline came, before the answer."""


class Link(asyncio.Protocol):
    """One connection to the gateway; `heard` is called for each frame that is not an answer."""

    def __init__(self, dialect: Dialect, window: int, heard: Callable[[Link, Frame], None]) -> None:
        self.why = ""
        self.heard_at = monotonic()
        self.gone = asyncio.Event()
        self._dialect = dialect
        self._window = window
        self._heard = heard
        self._room = asyncio.Event()
        self._asked: dict[int, asyncio.Future[Frame]] = {}
        self._number = 0
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    @property
    def lost(self) -> bool:
        """Whether nothing goes out any more; the transport knows it before `connection_lost` is called."""
        return self.gone.is_set() or (self._transport is not None and self._transport.is_closing())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self.why = self.why or str(error or "the gateway hung up")
        self.gone.set()
        for future in self._asked.values():
            if not future.done():
                future.set_exception(Lost(self.why))
        self._asked.clear()
        self._room.set()

    def data_received(self, data: bytes) -> None:
        self.heard_at = monotonic()
        data = self._rest + data
        start = 0
        while len(data) - start >= 4 and not self.lost:
            length = int.from_bytes(data[start : start + 4], "big")
            if not LEAST <= length <= MOST:
                self.drop("the gateway sent what is no frame")
                return
            if len(data) - start < length:
                break
            self._take(data[start : start + length])
            start += length
        self._rest = data[start:]

    def next_number(self) -> int:
        """The sequence number of the next frame."""
        self._number = self._number % LAST_NUMBER + 1
        return self._number

    async def room(self, until: float) -> bool:
        """Whether one more may go out, now or before `until`."""
        while len(self._asked) >= self._window and not self.lost:
            self._room.clear()
            try:
                await asyncio.wait_for(self._room.wait(), until - monotonic())
            except TimeoutError:
                return False
        return not self.lost

    def ask(self, number: int, data: bytes) -> asyncio.Future[Frame]:
        """Send a frame that is answered; the future gives the answer, or raises Lost."""
        future: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._asked[number] = future
        self.write(data)
        return future

    def give_up(self, number: int) -> None:
        """No answer to this is waited for any longer."""
        self._asked.pop(number, None)
        self._room.set()

    def write(self, data: bytes) -> None:
        """Send; a connection that is gone says nothing."""
        if self._transport and not self.lost:
            self._transport.write(data)

    def drop(self, why: str) -> None:
        """Hang up at once."""
        self.why = self.why or why
        if self._transport:
            self._transport.abort()

    def hang_up(self) -> None:
        """Hang up after what was written."""
        if self._transport:
            self._transport.close()

    def _take(self, data: bytes) -> None:
        try:
            frame = self._dialect.read(data)
        except ValueError as error:
            return self.drop(f"the gateway sent what nobody can read: {error}")
        if frame.kind != "answer":
            return self._heard(self, frame)
        future = self._asked.pop(frame.number, None)
        self._room.set()
        if future and not future.done():
            future.set_result(frame)
        return None
