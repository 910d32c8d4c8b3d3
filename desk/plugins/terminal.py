"""The terminal is the desk's alone: what a plugin's programs write past `print` goes to plugins.log, not on the screen.

`os.write(1, …)` and a program that inherits the terminal know nothing of `sys.stdout`. So the desk moves to a place of
its own, and puts the log where everybody else writes. Only in a process that is the desk itself.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from threading import Lock

import desk
from desk.plugins.journal import NAME

STREAMS = {"stdout": 1, "stderr": 2}
_moving = Lock()
_moved = False


def keep_terminal(folder: Path | None) -> None:
    """From now on only the desk's own streams reach the terminal; done once, and before code that did not ship runs.

    `folder` is where the log is; None: nowhere.
    """
    global _moved
    with _moving:
        if _moved or not desk.is_program:
            return
        _moved = True
        beside = _opened(folder / NAME) if folder else _opened(Path(os.devnull))
        for name, number in STREAMS.items():
            _move(name, number)
            os.dup2(beside, number)
        os.close(beside)


def _move(name: str, number: int) -> None:
    """Every stream that writes there writes through another number from now on, to the same place."""
    other = os.dup(number)
    for place in (name, f"__{name}__"):
        now = getattr(sys, place)
        inner = getattr(now, "stream", now)  # a plugin may print at this moment
        if not isinstance(inner, TextIOWrapper) or inner.fileno() != number:
            continue
        inner.flush()
        moved = _through(inner, other)
        if inner is now:
            setattr(sys, place, moved)
        else:
            now.stream = moved


def _through(stream: TextIOWrapper, number: int) -> TextIOWrapper:
    """A stream of the same kind: what cleans its text goes on cleaning it."""
    own = open(number, "wb", closefd=False)  # noqa: SIM115 - lives as long as the process
    return type(stream)(own, stream.encoding, stream.errors, line_buffering=stream.line_buffering)


def _opened(log: Path) -> int:
    try:
        return os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
