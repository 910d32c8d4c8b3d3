"""`@needs("look_up")` above a verb of a use case: whoever asks must have the right, before anything is read or written.

    class Cases:
        @needs("log_call")
        def assign(self, id: str, owner: str) -> Case: ...

The room keeps its place as `_place` (or `place`). Verbs that ask inside do the same by `Access.require`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from desk.access import Access

Room = TypeVar("Room")
P = ParamSpec("P")
Answer = TypeVar("Answer")
Verb = Callable[Concatenate[Room, P], Answer]

ANYONE = ""  # no right of its own: whoever is signed in


def needs(right: str) -> Callable[[Verb[Room, P, Answer]], Verb[Room, P, Answer]]:
    """The verb below raises NotAllowed without `right`; SignInNeeded while nobody is signed in."""

    def guarded(verb: Verb[Room, P, Answer]) -> Verb[Room, P, Answer]:
        @wraps(verb)
        def asked(room: Room, /, *args: P.args, **how: P.kwargs) -> Answer:
            require(room, right)
            return verb(room, *args, **how)

        return asked

    return guarded


def require(room: Any, right: str) -> None:
    """Raises unless whoever is at the place of `room` has `right`."""
    access = Access(getattr(room, "_place", None) or room.place)
    if right == ANYONE:
        access.require_anyone()
    else:
        access.require(right)
