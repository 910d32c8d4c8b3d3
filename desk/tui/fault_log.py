"""The technical rest of what went wrong, in `desk.log` of the data folder: never on the screen, nobody's data in it.

Places in the code are written, and the words of an error without its numbers and its Chinese: an error's words may
quote a customer's name, address or telephone number.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from threading import Lock
from time import monotonic
from traceback import extract_tb
from types import FrameType

from desk.text import clean

FILE_NAME = "desk.log"
MOST_BYTES = 1_000_000  # then the file becomes desk.log.1, and a new one begins
SAME_AGAIN_SECONDS = 60.0
INNERMOST = 30  # places of one error or stall
_PRIVATE = re.compile(r"\d{3,}|[^\x00-\x7f]+|[\w.+-]+@[\w.-]+")


class FaultLog:
    """`fault(error)` and `stall(seconds, places)` write a few lines each; a full disk is no fault."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._lock = Lock()
        self._seen: dict[str, float] = {}

    def fault(self, error: BaseException) -> bool:
        """Write an error down; False when the same one was written a moment ago, as by a line painted again."""
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]
        words = f"{type(error).__name__}: {without_persons(str(error))}"
        what = f"{words} {places[-1:]}"
        now = monotonic()
        if now - self._seen.get(what, -SAME_AGAIN_SECONDS) < SAME_AGAIN_SECONDS:
            return False
        self._seen[what] = now
        self._write(f"fault {words}", places)
        return True

    def stall(self, seconds: float, places: Iterable[str]) -> None:
        """Write down that the screen stood still, and where the code was then."""
        self._write(f"stalled {seconds * 1000:.0f} ms", places)

    def _write(self, head: str, places: Iterable[str]) -> None:
        moment = datetime.now().astimezone().isoformat(timespec="milliseconds")
        lines = [f"{moment} [{os.getpid()}] {head}", *(f"    {place}" for place in [*places][-INNERMOST:])]
        try:
            with self._lock:
                self._turn_over()
                with self.path.open("a", encoding="utf-8") as file:
                    file.write("\n".join(lines) + "\n")
        except OSError:
            pass  # a full disk: the sentence on the screen is all that can be done

    def _turn_over(self) -> None:
        if self.path.exists() and self.path.stat().st_size > MOST_BYTES:
            os.replace(self.path, self.path.with_suffix(".log.1"))


def without_persons(words: str) -> str:
    """The words of an error without what may be somebody's: numbers, Chinese, addresses of mail."""
    return _PRIVATE.sub("…", clean(words))[:500]


def places_of(frame: FrameType | None) -> list[str]:
    """Where the code is: the places from the outermost to `frame`, without any value."""
    places: list[str] = []
    while frame is not None:
        places.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return places[::-1]
