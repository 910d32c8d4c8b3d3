"""The devices and accounts an outage can be declared on, found while typing their names. Pure.

names = scope_names(grid)
complete(names, "dhx")        -> feeder 东湖线, … (names, numbers and pinyin initials)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from desk.i18n import N_
from desk.records import Scope

if TYPE_CHECKING:
    from desk.grid import Grid

KINDS: Mapping[str, str] = {
    "feeders": N_("Feeder"),
    "laterals": N_("Lateral"),
    "transformer_areas": N_("Transformer area"),
    "meter_boxes": N_("Meter box"),
    "accounts": N_("Account"),
}
LIMIT = 50


class ScopeName(NamedTuple):
    """One thing an outage can be declared on: its kind (a field of Scope), its name, and words beside it."""

    kind: str
    name: str
    beside: str = ""
    found_by: str = ""  # what a typed word is compared with, folded


def scope_names(grid: Grid) -> list[ScopeName]:
    """Every feeder, lateral and transformer area of the network, in that order."""
    from desk.pinyin import readings

    def made(kind: str, name: str, beside: str = "") -> ScopeName:
        initials = " ".join(readings(name)[0]) if kind != "transformer_areas" else ""
        return ScopeName(kind, name, beside, folded(f"{name} {beside} {initials}"))

    substations = {area.feeder: area.substation for area in grid.areas.values()}
    return [
        *(made("feeders", name, substations.get(name, "")) for name in grid.feeders),
        *(made("laterals", name) for name in grid.laterals),
        *(made("transformer_areas", area.transformer_area, area.transformer_name) for area in grid.areas.values()),
    ]


def complete(names: Iterable[ScopeName], typed: str, limit: int = LIMIT) -> list[ScopeName]:
    """The names that hold every word typed, those that begin with it first."""
    words = folded(typed).split()
    if not words:
        return []
    found = [name for name in names if all(word in name.found_by for word in words)]
    found.sort(key=lambda name: not name.found_by.startswith(words[0]))
    digits = folded(typed).strip()
    if digits.isdigit() and len(digits) >= 6:
        found.append(ScopeName("accounts", digits))
    return found[:limit]


def folded(text: str) -> str:
    """Text as it is compared: full-width made plain, small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def to_scope(chosen: Sequence[ScopeName]) -> Scope:
    """The scope of what was chosen, each name once."""
    return Scope(**{kind: tuple(dict.fromkeys(name.name for name in chosen if name.kind == kind)) for kind in KINDS})


def from_scope(scope: Scope) -> list[ScopeName]:
    """What was chosen for a scope that exists already."""
    return [ScopeName(kind, name) for kind in KINDS for name in getattr(scope, kind)]
