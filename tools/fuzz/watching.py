"""One input at one door: what came of it, how long it took, and whether memory stayed what it was."""

from __future__ import annotations

import resource
import signal
import sys
import traceback
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import perf_counter, process_time
from types import FrameType
from typing import Any

from msgspec import Struct

SLOW = 1.0  # seconds of work; of the clock twenty times as long, for the machine may have others to serve
MORE_MEMORY = 600 << 20  # bytes
KEPT = 40  # findings that are written down
LOOKED_AFTER = 1000  # inputs between two looks at the memory


class Finding(Struct):
    """Something that may not be: an exception that is not ours, or an input that takes too long."""

    what: str
    where: str
    count: int = 1
    example: str = ""


class Result(Struct, kw_only=True):
    """What a target has to say when it is over."""

    target: str
    engine: str
    seed: int
    inputs: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest_ms: float = 0.0
    memory_mb: float = 0.0
    findings: list[Finding] = []


class TooLong(BaseException):
    """The input was still being worked on."""


class Watch:
    """Gives inputs to one door and counts what comes of them."""

    def __init__(self, result: Result, door: Callable[[bytes], Any], ours: tuple[type[BaseException], ...], out: Path):
        self.result = result
        self._door = door
        self._ours = ours
        self._out = out
        self._found: dict[tuple[str, str], Finding] = {}
        self._began = perf_counter()
        self._last = out / f"{result.target}.last"  # what was given when the process died
        self._memory = 0
        signal.signal(signal.SIGPROF, _too_long)
        signal.signal(signal.SIGALRM, _too_long)

    def give(self, data: bytes) -> None:
        """One input; never raises."""
        self._last.write_bytes(data)
        began = process_time()
        try:
            self._timed(data)
        except self._ours:
            self.result.refused += 1
        except TooLong as problem:
            self._note("longer than a second", problem, data)
        except BaseException as problem:
            self._note(f"{type(problem).__name__}: {str(problem)[:120]}", problem, data)
        self._counted(process_time() - began, data)

    def over(self) -> Result:
        self.result.seconds = round(perf_counter() - self._began, 1)
        self.result.findings = list(self._found.values())
        self._last.unlink(missing_ok=True)
        return self.result

    def _timed(self, data: bytes) -> None:
        signal.setitimer(signal.ITIMER_PROF, SLOW, SLOW)  # again, should it be caught inside
        signal.setitimer(signal.ITIMER_REAL, 20 * SLOW, SLOW)
        try:
            self._door(data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _counted(self, seconds: float, data: bytes) -> None:
        self.result.inputs += 1
        if seconds > SLOW:  # a C function that no signal gets into
            self._found_at("longer than a second", "in one call", data)
        self.result.slowest_ms = max(self.result.slowest_ms, round(seconds * 1000, 1))
        if self.result.inputs % LOOKED_AFTER == 0:
            self._look_at_memory(data)

    def _look_at_memory(self, data: bytes) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        if not self._memory:
            self._memory = used
        elif used > self._memory + MORE_MEMORY:
            self._found_at("memory grows", f"{used >> 20} MB", data)
            self._memory = used
        self.result.memory_mb = used >> 20
        print(f"{self.result.target}: {self.result.inputs} inputs", file=sys.stderr, flush=True)

    def _note(self, what: str, problem: BaseException, data: bytes) -> None:
        frames = [one for one in traceback.extract_tb(problem.__traceback__) if "fuzz/watching" not in one.filename]
        ours = [one for one in frames if "/desk/" in one.filename or "/plugins/" in one.filename] or frames
        where = " < ".join(f"{_short(one.filename)}:{one.lineno}" for one in reversed(ours[-2:]))
        self._found_at(what, where, data)

    def _found_at(self, what: str, where: str, data: bytes) -> None:
        key = (what.partition(":")[0], where)
        if key in self._found:
            self._found[key].count += 1
        elif len(self._found) < KEPT:
            name = f"{self.result.target}-{sha256(data).hexdigest()[:12]}"
            (self._out / name).write_bytes(data)
            self._found[key] = Finding(what, where, example=name)
            print(f"{self.result.target}: {what} at {where} ({name})", file=sys.stderr, flush=True)


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TooLong


def _short(file: str) -> str:
    return "/".join(Path(file).parts[-3:])
