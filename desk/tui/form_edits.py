"""Two agents in the form of one outage: what the other saved comes into the fields, what both changed is asked. Pure.

Fields are compared as they are typed; what stands in a field as it was filled in was not touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

from msgspec import Struct

from desk.errors import DeskError
from desk.i18n import _
from desk.outages.editing import WORDS, who_changed
from desk.records import Outage
from desk.seats import Conflict, merge
from desk.text import fit
from desk.tui import times
from desk.tui.cells import Line, Piece, heading, line, wrap
from desk.tui.typed_outage import TypedOutage, read_moments, typed_from

Fields = dict[str, Any]

PLAIN = ("scope", "start", "end", "cause", "area", "danger")
NAMES: Mapping[str, str] = {"danger": "danger_to_life"}  # in the form → of a change
GUTTER = 2


class Rebased(Struct, frozen=True):
    """The form over what is stored now: what to put into which field, and what both changed."""

    taken: Fields
    conflicts: tuple[Conflict, ...]
    by: str


def as_fields(typed: TypedOutage) -> Fields:
    """What of the form is about the outage, by field; a fact is `facts.NAME`."""
    facts = {f"facts.{name}": text.strip() for name, text in typed.facts.items() if text.strip()}
    fields = {name: getattr(typed, name) for name in PLAIN}
    words = {name: value.strip() for name, value in fields.items() if isinstance(value, str)}
    return {**fields, **words, "scope": [name[:2] for name in typed.scope], **facts}


def rebase(filled: TypedOutage, before: Outage, after: Outage, typed: TypedOutage, now: datetime) -> Rebased:
    """`filled` is how the fields were filled from `before`, `after` what is stored now, `typed` what stands in them."""
    base, theirs = (as_fields(typed_from(one, now, typed.table)) for one in (before, after))
    was, stands, read = as_fields(filled), as_fields(typed), as_fields(_tidy(typed, now))
    touched = {name for name in was.keys() | stands.keys() if was.get(name) != stands.get(name)}
    mine = {name: value for name, value in base.items() if name not in touched}
    found = merge(base, theirs, mine | {name: value for name, value in read.items() if name in touched})
    asked = {one.field for one in found.conflicts} | touched
    moved = {name for name in base.keys() | theirs.keys() if base.get(name) != theirs.get(name)}
    return Rebased({name: theirs.get(name, "") for name in moved - asked}, found.conflicts, who_changed(before, after))


def conflict_lines(conflicts: tuple[Conflict, ...], by: str, at: str, width: int) -> Iterator[Line]:
    """Both versions side by side, the field that is decided next with a `>`."""
    if not conflicts:
        return
    half = max((width - GUTTER) // 2, 8)
    yield heading(_("Both changed: what is it to be?"))
    yield line(Piece(fit("  " + _("now: {by}").format(by=by), half) + " " * GUTTER, "dim"), Piece(_("yours"), "dim"))
    for one in conflicts:
        yield line(Piece("> " if one.field == at else "  ", "key"), Piece(field_label(one.field), "strong"))
        sides = (wrap(shown(side), half - 2) for side in (one.theirs, one.mine))
        for theirs, mine in zip_longest(*sides, fillvalue=""):
            yield line(Piece(fit(f"  {theirs}", half) + " " * GUTTER, "warn"), Piece(mine, "accent"))


def field_label(name: str) -> str:
    """What a field of the form is called."""
    known = NAMES.get(name, name)
    return _(WORDS[known]) if known in WORDS else name.removeprefix("facts.")


def shown(value: Any) -> str:
    """What stands in a field, to be read."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(str(name[1]) for name in value) or "–"
    return str(value) if isinstance(value, str) and value else "–"


def _tidy(typed: TypedOutage, now: datetime) -> TypedOutage:
    """Times as the desk writes them, where they can be read: `+2h` may be just what somebody else has saved."""
    from dataclasses import replace

    try:
        start, end = read_moments(typed, now)
    except DeskError:
        return typed
    return replace(typed, start=times.typed(start, now), end=times.typed(end, now))
