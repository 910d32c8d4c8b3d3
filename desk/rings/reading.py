"""What a telephone system writes of a call, read: whatever it is, a ring comes of it, and nothing written is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from desk.errors import BadInput
from desk.i18n import _
from desk.phone_numbers import read_phone
from desk.plugins.feeds import Incoming

STATES = ("ringing", "answered", "ended")
# How telephone systems call the fields, beside our own names.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "number": ("number", "caller", "callerid", "from"),
    "seat": ("seat",),
    "extension": ("extension", "ext"),
    "call_id": ("call_id", "callid", "uniqueid"),
    "state": ("state",),
}
LONGEST = 200  # signs
_ADDRESS = re.compile(r"""^\s*(?:"[^"]*"\s*)?<?\s*(?:sips?:|tel:)([^@;>]*)""", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"<\s*([+\d][^<>]*)>\s*$")


def read_incoming(document: object) -> Incoming:
    """The word about a call in a JSON object or a form; raises BadInput with every mistake."""
    if not isinstance(document, Mapping):
        raise BadInput(_("a JSON object is expected, like {example}").format(example='{"number": "13800138000", …}'))
    known = {word for words in FIELDS.values() for word in words}
    problems = [_('there is no field "{key}"').format(key=as_text(key)) for key in document if key not in known]
    values = {name: _value(document, words, problems) for name, words in FIELDS.items()}
    if not any(key in document for key in FIELDS["number"]) and not values["call_id"]:
        problems.append(_("number is missing; an empty one is a withheld number"))
    if (values["state"] or "ringing") not in STATES:
        problems.append(_("state must be one of {states}").format(states=", ".join(STATES)))
    if problems:
        raise BadInput("; ".join(problems))
    return plain(
        Incoming(
            number=values["number"],
            seat=values["seat"],
            call_id=values["call_id"],
            extensions=(values["extension"],) if values["extension"] else (),
            state=values["state"] or "ringing",  # type: ignore[arg-type]
        )
    )


def plain(told: Incoming) -> Incoming:
    """The same in text that can be stored, of a length that can be shown."""
    return replace(
        told,
        number=as_text(told.number),
        seat=as_text(told.seat).strip(),
        call_id=as_text(told.call_id).strip(),
        extensions=tuple(filter(None, (as_text(one).strip() for one in told.extensions))),
    )


def as_text(value: object) -> str:
    """Any value as text that a store takes; what is longer than any number is cut."""
    return str(value)[:LONGEST].encode("utf-8", "replace").decode()


def understood(written: str, area_code: str) -> str:
    """The number in what a telephone system wrote, also inside a SIP address or behind a name; empty where none is."""
    found = _ADDRESS.match(written) or _IN_BRACKETS.search(written)
    return read_phone(found[1] if found else written, area_code).number


def _value(document: Mapping[Any, Any], words: tuple[str, ...], problems: list[str]) -> str:
    value = next((document[word] for word in words if word in document), "")
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        problems.append(_("{field} must be text").format(field=words[0]))
        return ""
    return as_text(value)
