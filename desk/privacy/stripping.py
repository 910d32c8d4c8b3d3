"""Old calls without their callers: what is counted stays, who it was does not.

Reports of how often a feeder failed and how quickly calls were taken go back for years, and need no person; so a call
is not deleted, it loses whoever called. What is left is no personal information any more (PIPL art. 4 and 73(4)): no
account, name, number, note or meter box, and no transformer where a single customer has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from desk.place import Place
from desk.records import Call

# Field → what it becomes. A new field of a call is a person's until somebody writes here or in COUNTED what it is.
PERSONAL: dict[str, object] = {
    "number": "",
    "written_number": "",
    "account_no": "",
    "customer_name": "",
    "meter_box": "",
    "note": "",
    "outcome": "",
    "hazard": "",  # said in words
    "spoken": None,
}
COUNTED = frozenset(
    {
        *("id", "at", "topic", "transformer_area", "trouble_code", "multiple_premises", "outage", "predicted"),
        *("uncounted", "counted", "counted_at", "still_out", "own_transformer", "callback", "agent", "seat", "key"),
    }
)


def stripped(call: Call) -> Call:
    """The call without its caller; the same object when it has none."""
    gone: dict[str, object] = {field: value for field, value in PERSONAL.items() if getattr(call, field) != value}
    if call.own_transformer and call.transformer_area:
        gone["transformer_area"] = ""
    return replace(call, **gone) if gone else call


def to_strip(place: Place, before: datetime) -> Iterator[str]:
    """The ids of calls from before that still say who called."""
    for call in place.calls_table.all():
        if call.at < before and stripped(call) is not call:
            yield call.id
