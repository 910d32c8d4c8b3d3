"""A call as it is to be logged; read from JSON with every mistake named at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from msgspec import Struct

from desk.i18n import _
from desk.outages.requests import Reader, read_fields, read_flag, read_text, read_time
from desk.records import Spoken, Topic


class CallRequest(Struct, frozen=True, kw_only=True):
    """One answered call. `draft` is the draft it grew from: gone once the call is saved. `key`: of which one call is
    saved, however often it is tried. `agent`: who took it, where somebody else's seat stores it."""

    topic: Topic
    number: str = ""
    account_no: str = ""
    trouble_code: str = ""
    multiple_premises: bool = False
    hazard: str = ""
    note: str = ""
    outcome: str = ""
    outage: str = ""
    callback: bool = False
    at: datetime | None = None
    spoken: Spoken | None = None
    draft: str = ""
    key: str = ""
    agent: str = ""


def read_call(document: object, zone: tzinfo) -> CallRequest:
    """The call in a JSON object as `desk call log` takes it; raises BadRequest naming every mistake."""
    return CallRequest(**read_fields(document, CALL_FIELDS, zone, required=("topic",)))


def _topic(value: Any, _zone: tzinfo) -> Topic:
    try:
        return Topic(value)
    except ValueError:
        raise ValueError(_("must be one of {topics}").format(topics=", ".join(Topic))) from None


CALL_FIELDS: Mapping[str, Reader] = {
    "number": read_text,
    "account_no": read_text,
    "topic": _topic,
    "trouble_code": read_text,
    "multiple_premises": read_flag,
    "hazard": read_text,
    "note": read_text,
    "outcome": read_text,
    "outage": read_text,
    "callback": read_flag,
    "at": read_time,
}
