"""What may be asked of an outage: to open one, to change one; read from JSON with every mistake named at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from msgspec import Struct

from desk.clock import parse_time
from desk.errors import BadInput
from desk.i18n import _
from desk.records import Phase, Scope


class FieldProblem(Struct, frozen=True):
    """One value that is not what it must be: where, what was written, what is wrong with it."""

    field: str
    value: str
    problem: str

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}" if self.field else self.problem


class BadRequest(BadInput):
    """A request with mistakes; `problems` lists them all, for a form or an import report."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


class OutageRequest(Struct, frozen=True, kw_only=True):
    """An outage someone asks the desk to take in. `fingerprint` is set by an import only."""

    type: str
    reference: str = ""
    feeders: tuple[str, ...] = ()
    laterals: tuple[str, ...] = ()
    transformer_areas: tuple[str, ...] = ()
    meter_boxes: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    etr: datetime | None = None
    cause: str = ""
    area: str = ""
    received_at: datetime | None = None
    danger_to_life: bool = False
    phases: tuple[Phase, ...] = ()
    facts: dict[str, Any] = {}
    fingerprint: str = ""

    @property
    def scope(self) -> Scope:
        return Scope(
            feeders=self.feeders,
            laterals=self.laterals,
            transformer_areas=self.transformer_areas,
            meter_boxes=self.meter_boxes,
            accounts=self.accounts,
        )


class OutageChange(Struct, frozen=True, kw_only=True):
    """What is to become different about an outage, why, and who said so; None leaves a value as it is."""

    reason: str
    start: datetime | None = None
    end: datetime | None = None
    etr: datetime | None = None
    scope: Scope | None = None
    cause: str | None = None
    area: str | None = None
    danger_to_life: bool | None = None
    facts: dict[str, Any] | None = None  # those to be set; None as a value takes one away
    reported_by: str = ""
    reported_at: datetime | None = None


Reader = Callable[[Any, tzinfo], Any]


def read_request(document: object, zone: tzinfo) -> OutageRequest:
    """The request in a JSON object as `desk outage open` takes it; raises BadRequest naming every mistake."""
    return OutageRequest(**read_fields(document, OUTAGE_FIELDS, zone, required=("type",)))


def read_scope(document: object, zone: tzinfo) -> Scope:
    """The scope in a JSON object: any of feeders, laterals, transformer_areas, meter_boxes, accounts."""
    return Scope(**read_fields(document, SCOPE_FIELDS, zone))


def read_fields(
    document: object, fields: Mapping[str, Reader], zone: tzinfo, required: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The values of a JSON object, each read by its field's reader; raises BadRequest naming every mistake."""
    if not isinstance(document, Mapping):
        raise BadInput(_("a JSON object is expected, like {example}").format(example='{"type": "grid_fault", …}'))
    problems, values = [_unknown_key(key, fields) for key in document if key not in fields], {}
    for name, read in fields.items():
        given = document.get(name)
        if given is None:
            continue
        try:
            values[name] = read(given, zone)
        except (BadInput, TypeError, ValueError) as problem:
            problems.append(FieldProblem(name, str(given), str(problem)))
    problems += [FieldProblem(name, "", _("is needed")) for name in required if not document.get(name)]
    if problems:
        raise BadRequest(problems)
    return values


def _unknown_key(key: object, fields: Iterable[str]) -> FieldProblem:
    from desk.grid import nearest

    likely = nearest(str(key), tuple(fields), 1)
    if likely:
        return FieldProblem(str(key), "", _("there is no such key; did you mean {name}?").format(name=likely[0]))
    return FieldProblem(str(key), "", _("there is no such key"))


# Readers take what JSON holds and the county's zone, and raise what says how it must be written.


def tidy(text: str) -> str:
    """A name as the network has it: full-width forms made plain, stray spaces gone."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def read_text(value: Any, _zone: tzinfo) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise TypeError(_("must be text"))


def _names(value: Any, zone: tzinfo) -> tuple[str, ...]:
    given = value if isinstance(value, list | tuple) else [value]
    names = (tidy(read_text(name, zone)) for name in given)
    return tuple(dict.fromkeys(name for name in names if name))


def read_time(value: Any, zone: tzinfo) -> datetime | None:
    text = read_text(value, zone)
    return parse_time(text, zone) if text else None


def read_flag(value: Any, _zone: tzinfo) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError(_("must be true or false"))


def _facts(value: Any, _zone: tzinfo) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise TypeError(_("must be an object of facts"))


def _phases(value: Any, zone: tzinfo) -> tuple[Phase, ...]:
    if not isinstance(value, list):
        raise TypeError(_("must be a list of phases with start, end and supply"))
    return tuple(Phase(**read_fields(phase, PHASE_FIELDS, zone, required=("start", "end"))) for phase in value)


def _supply(value: Any, _zone: tzinfo) -> str:
    if value in ("none", "single_circuit"):
        return str(value)
    raise ValueError(_("must be none or single_circuit"))


SCOPE_FIELDS: Mapping[str, Reader] = {
    "feeders": _names,
    "laterals": _names,
    "transformer_areas": _names,
    "meter_boxes": _names,
    "accounts": _names,
}
OUTAGE_FIELDS: Mapping[str, Reader] = {
    "type": read_text,
    "reference": read_text,
    **SCOPE_FIELDS,
    "planned_start": read_time,
    "planned_end": read_time,
    "etr": read_time,
    "cause": read_text,
    "area": read_text,
    "received_at": read_time,
    "danger_to_life": read_flag,
    "phases": _phases,
    "facts": _facts,
}
PHASE_FIELDS: Mapping[str, Reader] = {"start": read_time, "end": read_time, "supply": _supply, "note": read_text}
