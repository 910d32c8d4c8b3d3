"""Seeing what a channel does besides answering: what it opens, what it prints, and whether it comes back."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TypeVar

from desk.i18n import _
from desk.testing.findings import Broken

T = TypeVar("T")

# CPython's audit events of whatever leaves the process; reading files is not among them, as imports do it.
OPENS = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "sqlite3.connect",
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_watched: dict[int, list[str]] = {}  # thread → what it opened
_hooked = threading.Lock()


@contextmanager
def watching() -> Iterator[list[str]]:
    """Collects what this thread opens meanwhile: connections, programs, files to write; and the threads it starts."""
    if _hooked.acquire(blocking=False):
        sys.addaudithook(_audit)  # there is no taking it away; unwatched threads pay one look into an empty dict
    seen: list[str] = []
    before = set(threading.enumerate())
    _watched[threading.get_ident()] = seen
    try:
        yield seen
    finally:
        del _watched[threading.get_ident()]
        seen += [f"thread {thread.name}" for thread in threading.enumerate() if thread not in before]


def _audit(event: str, args: tuple[Any, ...]) -> None:
    seen = _watched.get(threading.get_ident()) if _watched else None
    if seen is None:
        return
    if event in OPENS:
        seen.append(f"{event} {_named(args)}")
    elif event == "open" and (args[2] or 0) & _WRITES and not _idle(str(args[0])):
        seen.append(f"open {args[0]}")


def _idle(path: str) -> bool:
    return "__pycache__" in path or path == os.devnull


def _named(args: tuple[Any, ...]) -> str:
    return " ".join(str(arg) for arg in args if isinstance(arg, str | bytes | tuple | list | int))[:80]


@contextmanager
def silenced() -> Iterator[io.StringIO]:
    """Nothing printed meanwhile reaches the terminal; it can be read from what this gives."""
    printed = io.StringIO()
    stdin, sys.stdin = sys.stdin, io.StringIO()
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            yield printed
    finally:
        sys.stdin = stdin


def within(seconds: float, what: str, call: Callable[[], T]) -> T:
    """What `call` gives or raises; Broken when it is not back in `seconds` (its thread is left behind)."""
    answers: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(call())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True, name="kit")
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not answers:
        raise Broken(_("{what} was not back after {seconds} seconds").format(what=what, seconds=f"{seconds:g}"))
    return answers[0]
