"""What a target is: a door, samples of what comes to it, and the refusals that are the desk's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

from desk.errors import DeskError

Door = Callable[[bytes], Any]


class Target(NamedTuple):
    """`opened` gives the door in a folder of its own; `samples` are good inputs; `ours` may be raised."""

    opened: Callable[[Path], AbstractContextManager[Door]]
    samples: Callable[[], Iterable[bytes]]
    words: tuple[bytes, ...] = ()
    ours: tuple[type[BaseException], ...] = (DeskError,)
