"""A thread of its own for one channel, and a watch that gives a call up when its time is over.

A call that does not come back is abandoned with its thread: the answer is what the caller said it would be in that
case, the next call gets a new thread. Threads are daemons, so that nothing keeps the desk from closing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Condition, Lock, Thread, current_thread
from time import monotonic
from typing import Any, Generic, TypeVar

from desk.plugins.printing import printed

T = TypeVar("T")
FOREVER = float("inf")


class Job(Generic[T]):
    """One call: what to do, how long it may take, and what it comes to when the thread given is left behind."""

    def __init__(self, call: Callable[[], T], seconds: float, given_up: Callable[[Thread | None], T]) -> None:
        self.call = call
        self.seconds = seconds
        self.given_up = given_up
        self.future: Future[T] = Future()


class Gathered(Generic[T]):
    """Several futures that become one: the answers of all, in the order of the parts, whoever finishes last."""

    def __init__(self, parts: Sequence[Future[list[T]]]) -> None:
        self.whole: Future[list[T]] = Future()
        self.whole.set_running_or_notify_cancel()
        self._parts = parts
        self._left = len(parts)
        self._lock = Lock()
        for part in parts:
            part.add_done_callback(self._one_more)
        if not parts:
            self.whole.set_result([])

    def _one_more(self, _part: Future[list[T]]) -> None:
        with self._lock:  # the watch and a lane may finish two at once
            self._left -= 1
            last = not self._left
        if last:
            self.whole.set_result([answer for part in self._parts for answer in part.result()])


class Lane:
    """Calls one after another on a daemon thread. `call` and `given_up` of a job must not raise."""

    def __init__(self, name: str, watch: Watch) -> None:
        self.name = name
        self.deadline = FOREVER
        self._watch = watch
        self._jobs: deque[Job[Any]] = deque()
        self._changed = Condition()
        self._current: Job[Any] | None = None
        self._worker: Thread | None = None
        self._closed = False

    def ask(self, job: Job[T]) -> Future[T]:
        """Do it after what was asked before."""
        with self._changed:
            self._jobs.append(job)
            if self._worker is None:
                self._worker = Thread(target=self._work, name=f"desk {self.name}", daemon=True)
                self._worker.start()
            self._changed.notify()
        return job.future

    def close(self) -> None:
        """The thread ends after what is in its queue."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def give_up(self, now: float) -> None:
        """Abandon the call that is over its time, if one is."""
        with self._changed:
            job = self._current
            if job is None or now < self.deadline:
                return
            answer = job.given_up(self._worker)
            self._current, self._worker, self.deadline = None, None, FOREVER
            if self._jobs:
                self._worker = Thread(target=self._work, name=f"desk {self.name}", daemon=True)
                self._worker.start()
        job.future.set_result(answer)

    def _work(self) -> None:
        me = current_thread()
        with printed(self.name):
            while (job := self._next(me)) is not None:
                answer = job.call()
                with self._changed:
                    if self._current is not job:
                        return  # given up meanwhile: another thread goes on
                    self._current, self.deadline = None, FOREVER
                job.future.set_result(answer)

    def _next(self, me: Thread) -> Job[Any] | None:
        with self._changed:
            while not self._jobs:
                if self._closed:
                    self._worker = None
                    self._watch.forget(self)
                    return None
                self._changed.wait()
            job = self._current = self._jobs.popleft()
            job.future.set_running_or_notify_cancel()
            self.deadline = monotonic() + job.seconds
        self._watch.until(self.deadline)
        return job


class Watch:
    """One daemon thread that looks at all lanes whenever a deadline of one may have come."""

    def __init__(self) -> None:
        self._lanes: list[Lane] = []
        self._changed = Condition()
        self._wakes = FOREVER
        self._thread: Thread | None = None

    def lane(self, name: str) -> Lane:
        """A new lane under this watch."""
        lane = Lane(name, self)
        with self._changed:
            self._lanes.append(lane)
        return lane

    def forget(self, lane: Lane) -> None:
        """Nothing more is asked of it."""
        with self._changed:
            if lane in self._lanes:
                self._lanes.remove(lane)

    def until(self, deadline: float) -> None:
        """Look no later than then."""
        if deadline >= self._wakes:
            return
        with self._changed:
            self._wakes = min(deadline, self._wakes)
            if self._thread is None:
                self._thread = Thread(target=self._look, name="desk watch", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _look(self) -> None:
        while True:
            with self._changed:
                while (wait := self._wakes - monotonic()) > 0:
                    self._changed.wait(None if wait == FOREVER else wait)
                self._wakes = FOREVER
                lanes = list(self._lanes)
            now = monotonic()
            for lane in lanes:
                lane.give_up(now)
            self.until(min((lane.deadline for lane in lanes), default=FOREVER))
