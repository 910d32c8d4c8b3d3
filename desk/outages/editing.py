"""Two seats change one outage: what only one of them touched is kept, what both touched is shown to the second. Pure.

`seen` is the outage as an agent had it on screen when the change was begun, `stored` as it is now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from desk.errors import StaleWrite
from desk.i18n import N_, _
from desk.outages.acts import ACT_WORDS, TRANSITIONS, Act, shown
from desk.outages.requests import OutageChange
from desk.records import ACTIVE, Change, Outage, Scope
from desk.seats.merging import Conflict, EditConflict, Merged, merge, refused, touched

# What may be changed of an outage → where it stands in its record. Facts are fields of their own, `facts.NAME`.
FIELDS: Mapping[str, str] = {
    "start": "planned_start",
    "end": "planned_end",
    "etr": "etr",
    "scope": "scope",
    "cause": "cause",
    "area": "area",
    "danger_to_life": "danger_to_life",
}
WORDS: Mapping[str, str] = {
    "start": N_("Starts at"),
    "end": N_("End / expected"),
    "etr": N_("Expected"),
    "scope": N_("Scope"),
    "cause": N_("Cause"),
    "area": N_("Area in words"),
    "danger_to_life": N_("Danger to life"),
}
IN_WORDS = frozenset({"cause", "area"})  # nothing owed hangs on these


def as_edited(outage: Outage) -> dict[str, Any]:
    """What of an outage may be changed, by field."""
    facts = {f"facts.{name}": value for name, value in outage.facts.items()}
    return {**{name: getattr(outage, at) for name, at in FIELDS.items()}, **facts}


def wanted(seen: Outage, change: OutageChange) -> dict[str, Any]:
    """The same as `change` would have it."""
    etr = change.etr or (change.end if seen.status in ACTIVE else None)
    asked = {name: getattr(change, name) for name in FIELDS} | {"etr": etr}
    mine = as_edited(seen) | {name: value for name, value in asked.items() if value is not None}
    mine |= {f"facts.{name}": value for name, value in (change.facts or {}).items()}
    return {name: value for name, value in mine.items() if not (name.startswith("facts.") and value is None)}


def merged(seen: Outage, stored: Outage, change: OutageChange) -> Merged:
    """What comes of `change` on what is stored now, and what both changed."""
    return _once(merge(as_edited(seen), as_edited(stored), wanted(seen, change)))


def rebased(seen: Outage, stored: Outage, change: OutageChange) -> OutageChange:
    """`change` as it is to be done to what is stored now: what it left as it was seen is not put back over what
    somebody else made of it. Raises EditConflict with both versions where both changed the same fields."""
    found = merged(seen, stored, change)
    if found.conflicts:
        told = {
            one.field: (label(one.field), value_words(one.theirs), value_words(one.mine)) for one in found.conflicts
        }
        raise refused(stored.id, who_changed(seen, stored, found.conflicts), found, told)
    mine = touched(as_edited(seen), wanted(seen, change))
    left: dict[str, Any] = {name: None for name in FIELDS if name not in mine}
    if seen.status in ACTIVE:  # else a new end would be put over an estimate that somebody else has changed
        left["etr"] = found.values["etr"]
    facts = {name: value for name, value in (change.facts or {}).items() if f"facts.{name}" in mine}
    return replace(change, **left, facts=facts or None)


def refuse_unseen(foreseen: Outage, stored: Outage) -> None:
    """Raises StaleWrite where what duties hang on is another than when it was shown what a change would mean."""
    moved = touched(as_edited(foreseen), as_edited(stored)) - IN_WORDS
    if not moved and foreseen.status is stored.status:
        return
    names = _(", ").join(label(name) for name in sorted(moved)) or _("status")
    words = {"id": stored.id, "by": who_changed(foreseen, stored), "fields": names}
    raise StaleWrite(_("{id} was changed by {by} meanwhile ({fields}); see what it means now").format(**words))


def refuse_done_already(outage: Outage, act: Act, at: datetime | None, agent: str) -> None:
    """Raises EditConflict where somebody else was quicker with the same act: who, when, and both moments."""
    last = outage.history[-1] if outage.history else None
    if last is None or last.act != act.value or last.by == agent or outage.status in TRANSITIONS[act]:
        return
    theirs = {Act.START: outage.actual_start, Act.RESTORE: outage.actual_end}.get(act) or last.at
    words = {"id": outage.id, "by": last.by, "act": _(ACT_WORDS[act]), "theirs": shown(theirs)}
    text = _("{id}: {by} was quicker with “{act}”: {theirs}")
    if at is not None and at != theirs:
        text = _("{id}: {by} was quicker with “{act}”: {theirs}, yours {mine}")
        words["mine"] = shown(at)
    raise EditConflict(text.format(**words), (Conflict(act.value, None, theirs, at),))


def as_seen(outage: Outage, steps: int) -> Outage:
    """The outage as it stood after the first `steps` of its history, as far as it may be changed."""
    undone = [change for change in outage.history[max(steps, 1) :] if change.values]
    before = msgspec.to_builtins(outage)
    for change in reversed(undone):
        before |= {name: pair[0] for name, pair in change.values.items()}
    return replace(msgspec.convert(before, Outage), history=outage.history[: max(steps, 1)])


def since(seen: Outage, stored: Outage) -> tuple[Change, ...]:
    """What was done to an outage meanwhile."""
    return stored.history[len(seen.history) :]


def who_changed(seen: Outage, stored: Outage, conflicts: tuple[Conflict, ...] = ()) -> str:
    """Who did it, and at what time; of these fields, where some are named."""
    fields = {FIELDS.get(one.field, "facts") for one in conflicts}
    done = [one for one in since(seen, stored) if not fields or fields & one.values.keys()]
    return f"{done[-1].by} {done[-1].at:%H:%M}" if done else _("someone else")


def label(field: str) -> str:
    """What a field is called; a fact by its own name."""
    return _(WORDS[field]) if field in WORDS else field.removeprefix("facts.")


def value_words(value: Any) -> str:
    """A value in words."""
    match value:
        case datetime():
            return shown(value)
        case bool():
            return _("yes") if value else _("no")
        case Scope():
            return "、".join(name for part in msgspec.structs.astuple(value) for name in part)
        case None:
            return ""
        case _:
            return str(value)


def _once(found: Merged) -> Merged:
    """Of an outage that is off a new end is its estimate too: one question, not two."""
    fields = {one.field: one for one in found.conflicts}
    if "end" in fields and "etr" in fields and fields["end"].mine == fields["etr"].mine:
        return Merged(found.values, tuple(one for one in found.conflicts if one.field != "etr"))
    return found
