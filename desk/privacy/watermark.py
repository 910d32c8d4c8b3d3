"""The line by which every file that leaves the desk says who took it, when, what for and under which number.

    # 青河县供电公司: customers, taken by 李娜 2026-12-01 09:30, for “yearly check”, number E12

It is the last row of a table (alone in its first cell) and the last line of JSON lines (`{"#": "…"}`); an import of
ours passes over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from desk.i18n import N_, _
from desk.text import clean

if TYPE_CHECKING:
    from desk.place import Place
    from desk.records import ExportApproval

MARK = "# "
WHAT: Mapping[str, str] = {
    "customers": N_("customer records"),
    "outages": N_("outage records"),
    "calls": N_("call records"),
    "duties": N_("duty records"),
    "person": N_("what is held on a person"),
    "proof": N_("proof of an outage"),
    "compliance": N_("self-check"),
    "briefing": N_("briefing"),
    "reliability": N_("reliability"),
    "notices": N_("printed notices"),
    "rounds": N_("delivery list"),
}
KEY = "#"  # of the last line of JSON lines


def watermark(place: Place, leave: ExportApproval) -> str:
    """The line of a table or a file of text."""
    return MARK + words(place, leave)


def words(place: Place, leave: ExportApproval) -> str:
    """The same without its sign, for the foot of a page."""
    said = {
        "county": place.config.county.name,
        "what": _(WHAT.get(leave.what, leave.what)),
        "who": place.agent,
        "at": f"{place.now():%Y-%m-%d %H:%M}",
        "purpose": leave.purpose,
        "number": leave.id,
    }
    text = _("{county}: {what}, taken by {who} {at}, for “{purpose}”, number {number}")
    return " ".join(clean(text.format(**said)).split())


def printed_by(place: Place, leave: ExportApproval) -> str:
    """The same in short, for the foot of what customers are handed."""
    said = {"who": place.agent, "at": f"{place.now():%Y-%m-%d %H:%M}", "number": leave.id}
    return " ".join(clean(_("printed by {who} {at}, {number}").format(**said)).split())


def is_watermark(cells: Mapping[str, Any]) -> bool:
    """Whether a row that was read is such a line: its sign in the first cell, and nothing beside it."""
    if cells.keys() == {KEY}:
        return True
    values = iter(cells.values())
    first = next(values, None)
    return type(first) is str and first.startswith(MARK) and not any(values)
