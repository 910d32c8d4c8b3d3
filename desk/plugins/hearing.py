"""Telling listeners what happened: each on its own thread, with its own short queue; nobody waits for one.

A listener that is slow misses what came while its queue was full, and how much that was is counted and shown. One
that raises is told so in the list of plugins, and hears the next event all the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Condition, Thread
from time import monotonic
from typing import Any

from desk.plugins.faults import told
from desk.plugins.parts import Listener
from desk.plugins.printing import printed

QUEUE = 1000
EVENTS = (
    "outage_opened",
    "outage_started",
    "outage_changed",
    "outage_restored",
    "outage_cancelled",
    "outage_closed",
    "call_logged",
    "duty_settled",
    "message_ended",
)


class Ear:
    """One listener's thread and queue. `missed` counts what did not fit."""

    def __init__(self, listener: Listener, root: Path | None, tell: Callable[[str], None]) -> None:
        self.listener = listener
        self.missed = 0
        self._root = root
        self._tell = tell
        self._queue: deque[tuple[str, Mapping[str, Any]]] = deque()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._hearing = False

    def hear(self, event: str, about: Mapping[str, Any]) -> None:
        """Put it at the end of the queue; returns at once."""
        with self._changed:
            if len(self._queue) >= QUEUE:
                self.missed += 1
                return
            self._queue.append((event, about))
            if self._thread is None:
                self._thread = Thread(target=self._work, name=f"desk listener {self.listener.name}", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def finished(self, until: float) -> bool:
        """Whether everything told so far was heard; waits for it until then (`time.monotonic`)."""
        with self._changed:
            while self._queue or self._hearing:
                if not self._changed.wait(max(0.0, until - monotonic())) and monotonic() >= until:
                    return False
        return True

    def _work(self) -> None:
        with printed(self.listener.name):
            while True:
                with self._changed:
                    while not self._queue:
                        self._changed.wait()
                    event, about = self._queue.popleft()
                    self._hearing = True
                self._heard(event, about)
                with self._changed:
                    self._hearing = False
                    self._changed.notify_all()

    def _heard(self, event: str, about: Mapping[str, Any]) -> None:
        try:
            self.listener.hear(event, dict(about))
        except BaseException as error:
            self._tell(told(error, self._root))
