"""What a plugin prints goes to its log, thread by thread: the screen is never touched.

`contextlib.redirect_stdout` is for the whole process: it would take away what other threads print meanwhile, and a
thread that is abandoned would print on the screen as soon as its caller has left.
"""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident
from typing import Any, TextIO

from desk.plugins.secrets import starred

LONGEST = 2000  # signs of one line in the log
_captured: dict[int, Log] = {}
_changing = Lock()
_folder: Path | None = None


def log_in(folder: Path) -> None:
    """From now on the log of the plugins is the one of this data folder."""
    global _folder
    _folder = folder


def keep_screen() -> None:
    """Before code that did not ship runs: what it writes past `print` goes to the log as well."""
    from desk.plugins.terminal import keep_terminal

    keep_terminal(_folder)


def log(text: str) -> None:
    """A line in the log of the plugins, without any secret in it."""
    from desk.plugins.journal import note  # logging costs 2 ms, and most plugins have nothing to tell

    note(starred(text), _folder)


class Log(io.TextIOBase):
    """Writes whole lines to the log `desk.plugins`, under the part's name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._tell(line)
        if len(self._rest) > LONGEST:
            self.flush()
        return len(text)

    def flush(self) -> None:
        self._rest, rest = "", self._rest
        self._tell(rest)

    def _tell(self, line: str) -> None:
        if line.strip():
            log(f"{self._name} printed: {line.rstrip()[:LONGEST]}")


class ByThread:
    """Stands in for a stream of `sys`: threads that belong to a plugin write to its log, the others where they did."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(_captured.get(get_ident(), self.stream), name)

    def write(self, text: str) -> int:
        return _captured.get(get_ident(), self.stream).write(text)

    def flush(self) -> None:
        _captured.get(get_ident(), self.stream).flush()


class Silence(io.StringIO):
    """Stands in for the keyboard: there is nothing to read."""


class KeyboardByThread:
    """Stands in for `sys.stdin`: a plugin's thread reads nothing, the others what they did."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(Silence() if get_ident() in _captured else self.stream, name)

    def __iter__(self) -> Iterator[str]:
        return iter(Silence() if get_ident() in _captured else self.stream)


@contextmanager
def printed(name: str) -> Iterator[None]:
    """What this thread prints meanwhile goes to the log of `name`; it reads nothing from the keyboard."""
    me = get_ident()
    before = _captured.get(me)
    log = Log(name)
    with _changing:
        _captured[me] = log
        _stand_in()
    try:
        yield
    finally:
        log.flush()
        with _changing:
            _captured.pop(me) if before is None else _captured.update({me: before})
            if not _captured:
                _step_aside()


def quiet_threads() -> None:
    """An exception that ends a thread of a plugin's own goes to the log too: Python would print it on the screen."""
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = _log_end


def _log_end(ended: threading.ExceptHookArgs) -> None:
    name = ended.thread.name if ended.thread else "?"
    log(f"thread {name} ended: {ended.exc_type.__name__}: {ended.exc_value}")


def _stand_in() -> None:
    for name, kind in STREAMS.items():
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, kind):
            setattr(sys, name, kind(stream))


def _step_aside() -> None:
    for name, kind in STREAMS.items():
        stream = getattr(sys, name)
        if isinstance(stream, kind):
            setattr(sys, name, stream.stream)


STREAMS: dict[str, Any] = {"stdout": ByThread, "stderr": ByThread, "stdin": KeyboardByThread}
