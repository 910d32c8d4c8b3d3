"""When a channel is left alone for a while: faults in a row, calls that hang, settings that are wrong.

Five faults in a row pause it for five minutes; then one message is tried, and the next fault pauses it again. A call
that hangs pauses it for a minute, the third one switches it off for the shift. Wrong settings pause it until they
are mended. What the gateway says of one message (refused, bad number, too fast) is no fault.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Literal

from desk.i18n import N_, _

State = Literal["on", "off", "paused"]

FAULTS = 5
FAULT_PAUSE = 300.0  # seconds
HANGS = 3
HANG_PAUSE = 60.0
SHIFT = 8 * 3600.0

FAULTY = N_("{count} faults in a row, the last: {words}")
SHIFT_OFF = N_("{count} calls did not come back, off for this shift; the last: {words}")


class Breaker:
    """Counts what a channel does; `now` is the county's clock, `tick` seconds that only go forward."""

    def __init__(self, now: Callable[[], datetime], tick: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._tick = tick
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._faults = self._hangs = 0
        self._until = 0.0
        self._mend = False
        self._reason = ""

    @property
    def state(self) -> State:
        """`off` until the shift is over, `paused` until `paused_until` (or until mended), else `on`."""
        if self._mend:
            return "paused"
        if self._tick() >= self._until:
            return "on"
        return "off" if self._hangs >= HANGS else "paused"

    @property
    def reason(self) -> str:
        """Why it is not on; empty while it is."""
        return "" if self.state == "on" else self._reason

    @property
    def paused_until(self) -> datetime | None:
        """When it is tried again; None while it is on, or when somebody must mend it first."""
        left = self._until - self._tick()
        return self._now() + timedelta(seconds=left) if left > 0 and not self._mend else None

    @property
    def probing(self) -> bool:
        """Whether the next message is the one try after a pause."""
        return self.state == "on" and (self._faults >= FAULTS or self._hangs > 0)

    def went_well(self) -> None:
        with self._lock:
            self._faults = 0
            self._reason = ""

    def fault(self, words: str) -> None:
        with self._lock:
            self._faults += 1
            if self._faults >= FAULTS:
                self._pause(FAULT_PAUSE, _(FAULTY).format(count=self._faults, words=words))

    def hung(self, words: str) -> None:
        with self._lock:
            self._hangs += 1
            if self._hangs >= HANGS:
                self._pause(SHIFT, _(SHIFT_OFF).format(count=self._hangs, words=words))
            else:
                self._pause(HANG_PAUSE, words)

    def must_be_mended(self, words: str) -> None:
        with self._lock:
            self._mend = True
            self._reason = words

    def reset(self) -> None:
        """Somebody mended it, or wants it tried all the same."""
        with self._lock:
            self._forget()

    def _pause(self, seconds: float, reason: str) -> None:
        self._until = self._tick() + seconds
        self._reason = reason
