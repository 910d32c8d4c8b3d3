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

KIT = "kit"  # the name of the threads in which channels are called

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
_sealed: dict[int, list[str]] = {}  # thread → what it wanted to open
_seals: list[list[str]] = []
_hooked = threading.Lock()


class Reached(Exception):
    """A sealed channel wanted to open something; the text says what. It did not come to that."""


@contextmanager
def sealed() -> Iterator[list[str]]:
    """What is called `within` a time meanwhile connects to nothing, starts nothing, writes nothing.

    Gives the list of what it wanted to: each attempt is noted, and raises Reached in the channel.
    """
    if _hooked.acquire(blocking=False):
        sys.addaudithook(_audit)  # there is no taking it away; other threads pay one look into an empty table
    seen: list[str] = []
    _seals.append(seen)
    try:
        yield seen
    finally:
        _seals[:] = [other for other in _seals if other is not seen]  # equal lists are not the same


def _audit(event: str, args: tuple[Any, ...]) -> None:
    seen = _sealed.get(threading.get_ident()) if _sealed else None
    if seen is not None and (what := _opened(event, args)):
        seen.append(what)
        raise Reached(what)


def _opened(event: str, args: tuple[Any, ...]) -> str:
    writes = event == "open" and (args[2] or 0) & _WRITES
    if not writes and event not in OPENS:
        return ""
    what = f"{event} {_named(args[:1] if writes else args)}"
    return "" if "__pycache__" in what or os.devnull in what else what


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

    seal = _seals[-1] if _seals else None

    def run() -> None:
        me = threading.get_ident()
        try:
            _sealed.update({me: seal} if seal is not None else {})
            answers.append(call())
        except BaseException as error:
            errors.append(error)
        finally:
            _sealed.pop(me, None)

    thread = threading.Thread(target=run, daemon=True, name=KIT)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not answers:
        raise Broken(_("{what} was not back after {seconds} seconds").format(what=what, seconds=f"{seconds:g}"))
    return answers[0]
