"""Two people changed one thing: what both leave stands, what one changed is kept, what both changed is asked. Pure.

    merged = merge(base={"cause": "树障", "end": eight}, theirs={"cause": "外力", "end": eight},
                   mine={"cause": "树障", "end": nine})
    merged.values     {"cause": "外力", "end": nine}
    merged.conflicts  ()

`base` is what I saw when I began, `theirs` what is stored now, `mine` what I want. A field that is not there is a
value like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from desk.errors import StaleWrite
from desk.i18n import _

Side = Literal["mine", "theirs"]


class _Absent:
    """Stands for a field that one side does not have."""

    def __repr__(self) -> str:
        return "–"


ABSENT = _Absent()


class Conflict(Struct, frozen=True):
    """One field that both sides changed, each to something else."""

    field: str
    base: Any
    theirs: Any
    mine: Any


class Merged(Struct, frozen=True):
    """What a merge came to. In `values` a field in conflict has their value, which is the stored one."""

    values: dict[str, Any]
    conflicts: tuple[Conflict, ...] = ()

    def resolved(self, choices: Mapping[str, Side]) -> Merged:
        """The same after a person has chosen; a field without a choice stays in conflict."""
        taken = {one.field: one.mine for one in self.conflicts if choices.get(one.field) == "mine"}
        return Merged(
            _present({**self.values, **taken}), tuple(one for one in self.conflicts if one.field not in choices)
        )


class EditConflict(StaleWrite):
    """Somebody changed the same fields to something else; `conflicts` has both versions of each."""

    def __init__(self, message: str, conflicts: tuple[Conflict, ...] = ()) -> None:
        super().__init__(message)
        self.conflicts = conflicts


def merge(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Merged:
    """Three ways, field by field."""
    values: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for field in dict.fromkeys((*base, *theirs, *mine)):
        before, stored, wanted = (side.get(field, ABSENT) for side in (base, theirs, mine))
        values[field] = stored if wanted == before else wanted
        if before != stored != wanted != before:
            values[field] = stored
            conflicts.append(Conflict(field, before, stored, wanted))
    return Merged(_present(values), tuple(conflicts))


def touched(base: Mapping[str, Any], mine: Mapping[str, Any]) -> set[str]:
    """The fields that one side changed."""
    return {name for name in base.keys() | mine.keys() if base.get(name, ABSENT) != mine.get(name, ABSENT)}


def refused(about: str, by: str, merged: Merged, shown: Mapping[str, tuple[str, str, str]]) -> EditConflict:
    """The refusal in one sentence; `shown` has for each field its name, their value and mine, in words."""
    parts = [
        _("{field}: now {theirs}, yours {mine}").format(field=name, theirs=theirs or "–", mine=mine or "–")
        for name, theirs, mine in (shown[one.field] for one in merged.conflicts if one.field in shown)
    ]
    words = {"about": about, "by": by, "both": "; ".join(dict.fromkeys(parts))}
    text = _("{about} was changed by {by} meanwhile ({both}); look at it again, and say which it is to be")
    return EditConflict(text.format(**words), merged.conflicts)


def refuse_other(
    about: str,
    by: str,
    sides: tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]],
    labels: Mapping[str, str],
) -> None:
    """Raises the refusal where of (base, theirs, mine), in words, both sides changed a field."""
    found = merge(*sides)
    if found.conflicts:
        told = {one.field: (labels[one.field], one.theirs, one.mine) for one in found.conflicts}
        raise refused(about, by, found, told)


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not ABSENT}
