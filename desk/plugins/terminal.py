"""The terminal is the desk's alone: what a plugin's programs write past `print` goes to plugins.log, not on the screen.

`os.write(1, …)` and a program that inherits the terminal know nothing of `sys.stdout`. So the desk moves to a place of
its own, and puts the log where everybody else writes. Only in a process that is the desk itself.
"""

from __future__ import annotations

import os
import sys
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
    """The stream writes through another number from now on, to the same place."""
    old = getattr(sys, f"__{name}__")
    if old is None:
        return
    old.flush()
    lines = 1 if old.line_buffering else -1
    new = open(os.dup(number), "w", buffering=lines, encoding=old.encoding, errors=old.errors)  # noqa: SIM115
    for place in (name, f"__{name}__"):
        now = getattr(sys, place)
        if now is old:
            setattr(sys, place, new)
        elif getattr(now, "stream", None) is old:  # a plugin prints at this moment
            now.stream = new


def _opened(log: Path) -> int:
    try:
        return os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
