"""Facts of an outage's type as they are typed into the form, and back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from desk.tui import times

if TYPE_CHECKING:
    from desk.plugins.facts import Fact


def as_typed(table: Iterable[Fact], facts: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """What stands in the form for `facts`: a flag is yes or no, a list is joined, a time as it is typed."""
    return {fact.name: _typed(fact, facts[fact.name], now) for fact in table if facts.get(fact.name) is not None}


def from_typed(table: Iterable[Fact], typed: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """What the request takes of it: times read as the desk reads times, all else as it was typed. Raises BadInput."""
    found: dict[str, Any] = {}
    for fact in table:
        text = typed.get(fact.name, "").strip()
        if text:
            found[fact.name] = times.read_time(text, now).isoformat() if fact.kind == "time" else text
    return found


def changes(
    table: Iterable[Fact], typed: Mapping[str, str], before: Mapping[str, Any], now: datetime
) -> dict[str, Any] | None:
    """The facts to be set; None as a value takes one away, None altogether when nothing moved."""
    table = tuple(table)
    was = as_typed(table, before, now)
    moved = [fact for fact in table if typed.get(fact.name, "").strip() != was.get(fact.name, "")]
    read = from_typed(moved, typed, now)
    return {fact.name: read.get(fact.name) for fact in moved} or None


def known(table: Iterable[Fact], typed: Mapping[str, str]) -> dict[str, Any]:
    """What is known so far, as `OutageType.asked` wants it: flags as flags, all else as text."""
    flags = {"yes": True, "no": False}
    found = {fact.name: (fact.kind, typed.get(fact.name, "").strip()) for fact in table}
    return {name: flags[text] if kind == "flag" else text for name, (kind, text) in found.items() if text}


def _typed(fact: Fact, value: Any, now: datetime) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    if fact.kind == "time" and isinstance(value, str):
        return times.typed(datetime.fromisoformat(value), now)
    return str(value)
