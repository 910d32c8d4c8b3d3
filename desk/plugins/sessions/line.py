"""A session on a thread of its own, and how other threads ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as NotInTime
from threading import Thread
from typing import Any, TypeVar

from desk.plugins.send_errors import UnknownOutcome
from desk.plugins.sessions.dialect import Dialect
from desk.plugins.sessions.session import Session

T = TypeVar("T")

SLACK = 0.3  # seconds in which the session gets over to us what it decided at the deadline
GOODBYE = 1.0  # seconds for saying goodbye


class Line:
    """The thread, its loop and the session in it. Everything of the session happens on that thread."""

    def __init__(self, name: str, dialect: Dialect, host: str, port: int, window: int, ping_seconds: float) -> None:
        self._loop = asyncio.new_event_loop()
        self._session = Session(self._loop, dialect, host, port, window, ping_seconds)
        self._thread = Thread(target=self._run, name=f"session {name}", daemon=True)
        self._thread.start()

    def wait(self, ask: Callable[[Session], Coroutine[Any, Any, T]], timeout: float) -> T:
        """What a coroutine of the session gives or raises; it keeps its deadline itself."""
        future = asyncio.run_coroutine_threadsafe(ask(self._session), self._loop)
        try:
            return future.result(timeout + SLACK)
        except (NotInTime, CancelledError):
            future.cancel()
            raise UnknownOutcome(why="the session did not answer in time") from None

    def do(self, ask: Callable[[Session], T], timeout: float) -> T | None:
        """What a plain method of the session gives, None when it is not back in time."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return  # nobody waits for it any more: what it gives would be lost
            try:
                future.set_result(ask(self._session))
            except Exception as error:
                future.set_exception(error)

        self._loop.call_soon_threadsafe(run)
        try:
            return future.result(timeout)
        except NotInTime:
            return None if future.cancel() else future.result(SLACK)

    def tell(self, ask: Callable[[Session], None]) -> None:
        """Have the session do something, without waiting for it."""
        self._loop.call_soon_threadsafe(ask, self._session)

    def close(self) -> None:
        """Say goodbye, end the thread; what was told before is done first."""
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join(GOODBYE + SLACK)

    def _end(self) -> None:
        ending = self._loop.create_task(self._session.close(GOODBYE))
        ending.add_done_callback(lambda _task: self._loop.stop())

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        finally:
            self._loop.close()
