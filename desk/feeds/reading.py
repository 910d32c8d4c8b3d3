"""Reading one feed: a thread, a lock so that one desk of a machine reads it, and waits that grow while it fails."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from desk.errors import StoreProblem
from desk.i18n import N_, _
from desk.plugins.faults import Fault, told
from desk.plugins.feeds import Feed
from desk.plugins.printing import printed, quiet_threads
from desk.plugins.send_errors import ConfigProblem, SendError
from desk.rings.alone import Alone

if TYPE_CHECKING:
    from desk.feeds.taking import Taking
    from desk.place import Place

State = Literal["on", "off", "waiting", "fault", "elsewhere"]

FIRST_WAIT = 1.0  # seconds after the first failure; twice as long after each further one
LONGEST_WAIT = 60.0
FAULTS = 5  # in a row, after which a feed that is written wrongly is left alone for a while
FAULT_WAIT = 300.0
LOCK_WAIT = 5.0  # seconds until it is looked again whether another desk still reads it
LEAST = 0.02  # seconds of a reading that brings nothing: one that never waits must not take a core
GRACE = 5.0  # seconds over its time after which a reading is called stuck
LAST_WAIT = 1.5

STUCK = N_("no answer for {seconds} seconds")
ELSEWHERE = N_("another desk of this machine reads it")


class Reading:
    """One feed being read. `state` says how it stands, `read_at` when it was last read without trouble."""

    def __init__(self, feed: Feed, root: Path | None, taking: Taking, place: Place) -> None:
        self.read_at: datetime | None = None
        self._feed = feed
        self._root = root
        self._taking = taking
        self._place = place
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"desk feed {feed.name}", daemon=True)
        self._alone = Alone(place.config.data / "feeds", feed.name)
        self._state: tuple[State, str] = ("waiting", "")
        self._began = 0.0  # when the reading that goes on now began; 0 between two
        self._failures = self._faults = 0
        self._left: Sequence[Any] = ()  # what was read and could not be stored yet

    def start(self) -> None:
        quiet_threads()
        self._thread.start()

    def stop(self) -> None:
        """Read no more; what is being read is waited for a moment."""
        self._stop.set()
        self._thread.join(LAST_WAIT)

    def state(self) -> tuple[State, str]:
        """How it stands, and why."""
        began = self._began
        late = monotonic() - began if began else 0.0
        if late > self._feed.timeout + GRACE:
            return "fault", _(STUCK).format(seconds=int(late))
        return self._state

    # Inside

    def _run(self) -> None:
        with printed(self._feed.name):
            while not self._stop.is_set():
                if not self._alone.hold():
                    self._state = ("elsewhere", _(ELSEWHERE))
                    self._stop.wait(LOCK_WAIT)
                    continue
                wait = self._round()
                if wait is None:
                    break
                self._stop.wait(wait)
            self._closed()

    def _round(self) -> float | None:
        """Read once and store; returns the seconds until the next time, None for never."""
        began = monotonic()
        try:
            brought = self._read_and_store()
        except ConfigProblem as problem:
            self._state = ("off", str(problem) + (f" ({problem.why})" if problem.why else ""))
            return None
        except SendError as problem:
            return self._failed(str(problem))
        except StoreProblem as problem:
            return self._failed(str(problem))
        except BaseException as problem:
            return self._fault(problem)
        self._failures = self._faults = 0
        self.read_at, self._state = self._place.now(), ("on", self._taking.trouble)
        if self._feed.every:
            return self._feed.every
        return 0.0 if brought else max(0.0, LEAST - (monotonic() - began))

    def _read_and_store(self) -> bool:
        if not self._left:
            self._began = monotonic()
            try:
                found = self._feed.read(self._feed.timeout)
            finally:
                self._began = 0.0
            if not isinstance(found, list | tuple):
                raise Fault(_("read() must return a list, not {got}").format(got=type(found).__name__))
            self._left = found
        brought = bool(self._left)
        self._taking.take(self._left)
        self._left = ()
        self._feed.stored()
        return brought

    def _failed(self, words: str) -> float:
        """Wait longer each time, and not all desks at once."""
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(self._failures, 10))
        self._failures += 1
        self._state = ("waiting", words)
        return float(wait * random.uniform(0.75, 1.0))

    def _fault(self, problem: BaseException) -> float:
        """Whatever the feed did that it may not: said with file and line."""
        self._faults += 1
        wait = self._failed("") if self._faults < FAULTS else FAULT_WAIT
        self._state = ("fault", _("fault in {words}").format(words=told(problem, self._root)))
        return wait

    def _closed(self) -> None:
        try:
            self._feed.close()
        except BaseException as problem:
            self._state = ("fault", told(problem, self._root))
        finally:
            self._alone.let_go()
