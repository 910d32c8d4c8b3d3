"""Where the desk's store is used: threads of our own, one for acts and one for looking up, that only hand results back.

    result = await work.do(desk.calls.log, request)

Acts run one after the other, so that what an agent does in order is written in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

LAST_SECONDS = 5.0

P = ParamSpec("P")
R = TypeVar("R")


class Work:
    """Two threads: `do` for acts, cards and the board; `look` for what is typed in a search, so that neither waits."""

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check  # raises when the store is not there: asked before every act
        self._acts = ThreadPoolExecutor(1, "desk-acts")
        self._looks = ThreadPoolExecutor(1, "desk-looks")

    async def do(self, verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `verb` on the acting thread and wait for it without holding the screen."""

        def act() -> R:
            self._check()
            return verb(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._acts, act)

    async def look(self, verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The same on the thread for searches."""
        return await asyncio.get_running_loop().run_in_executor(self._looks, lambda: verb(*args, **kwargs))

    def at_once(self, verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `verb` after the acts before it and wait, holding everything up: when the desk has to stop."""
        return self._acts.submit(verb, *args, **kwargs).result(timeout=LAST_SECONDS)

    async def alone(self, verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The same on a thread of its own: long work that must hold nothing up."""
        return await asyncio.to_thread(verb, *args, **kwargs)

    def close(self) -> None:
        """Finish what was begun; what has not begun is dropped, except acts."""
        self._looks.shutdown(wait=False, cancel_futures=True)
        self._acts.shutdown(wait=True)
