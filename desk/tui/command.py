"""What a command is: one thing a person can ask for, its keys, and where it works."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from desk.tui.context import InputContext

When = Callable[[InputContext], bool]


class Command(Struct, frozen=True, kw_only=True):
    """One thing a person can ask for. `footer` 1 is shown first, 0 never; `where` is where it works."""

    id: str
    label: str
    keys: tuple[str, ...]
    group: str
    where: frozenset[str]
    footer: int = 0
    when: When = lambda _context: True
    palette: bool = True


def allowed(command: Command, context: InputContext) -> bool:
    """May `command` run in `context` at all (whatever the key)?"""
    return context.where in command.where and command.when(context)


def at(*places: str) -> frozenset[str]:
    """Where a command works."""
    return frozenset(places)


def about_outage(*stages: str) -> When:
    """When an outage is under the cursor that may be written to, in one of these stages (any, when none is named)."""

    def when(context: InputContext) -> bool:
        return bool(context.outage) and context.may_write and (not stages or context.stage in stages)

    return when
