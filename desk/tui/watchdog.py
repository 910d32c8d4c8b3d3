"""With DESK_DEBUG=1: notices when the screen stands still for more than 50 ms, and notes what was running.

watchdog = Watchdog(log); watchdog.start(asyncio.get_running_loop())
"""

from __future__ import annotations

import os
import sys
from asyncio import AbstractEventLoop
from collections.abc import Mapping
from threading import Event, Thread, get_ident
from time import perf_counter

from desk.tui.fault_log import FaultLog, places_of

STALL = 0.05  # seconds
LOOK = 0.01  # how often the loop says that it runs, and how often that is looked at


def is_debugging(environ: Mapping[str, str] = os.environ) -> bool:
    """Did the person who started the desk ask for its inner life?"""
    return environ.get("DESK_DEBUG", "") not in ("", "0")


class Watchdog:
    """A thread that looks whether the loop still says, every 10 ms, that it runs."""

    def __init__(self, log: FaultLog) -> None:
        self._log = log
        self._said = perf_counter()
        self._over = Event()
        self._thread = 0

    def start(self, loop: AbstractEventLoop) -> None:
        """Watch `loop`; called on its own thread."""
        self._thread = get_ident()
        self._say(loop)
        Thread(target=self._watch, name="desk-watchdog", daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def _say(self, loop: AbstractEventLoop) -> None:
        self._said = perf_counter()
        if not self._over.is_set():
            loop.call_later(LOOK, self._say, loop)

    def _watch(self) -> None:
        places: list[str] = []
        said = self._said
        while not self._over.wait(LOOK):
            if self._said != said:
                if places:
                    self._log.stall(self._said - said, places)
                said, places = self._said, []
            elif not places and perf_counter() - said > STALL:
                places = places_of(sys._current_frames().get(self._thread))
