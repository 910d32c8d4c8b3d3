"""What each kind of entry may hold: the keys of its table, how each is read, and which must be there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from desk.errors import BadInput
from desk.i18n import _
from desk.regulation import readers as read
from desk.regulation import vocabulary as known
from desk.regulation.moments import CONTRACT
from desk.regulation.pack import ApprovalRule, CalendarRule, Entry, Limit, Principle, Rule, Step
from desk.regulation.readers import Reader

Place = tuple[str, ...]


class Field(NamedTuple):
    """One key of a table: how its value is read, and whether it must be there."""

    read: Reader
    needed: bool = False


class Mistake(NamedTuple):
    """One thing that is wrong: where in the file (tables, numbers, keys) and what, in a sentence."""

    path: Place
    text: str


PACK: dict[str, Field] = {
    "kind": Field(read.text, needed=True),
    "id": Field(read.identifier, needed=True),
    "title": Field(read.words, needed=True),
    "source": Field(read.text, needed=True),
    "version": Field(read.text, needed=True),
    "effective_from": Field(read.day),
    "verified": Field(read.flag),
    "parameters": Field(read.section),
}
ENTRY: dict[str, Field] = {
    "id": Field(read.identifier, needed=True),
    "articles": Field(read.some_texts, needed=True),
    "name": Field(read.words, needed=True),
    "says": Field(read.words, needed=True),
    "outage_types": Field(read.open_words((*known.OUTAGE_TYPES, "any"))),
    "owner": Field(read.open_word(known.OWNERS)),
    "source": Field(read.text),
    "verified": Field(read.flag),
}
RULE: dict[str, Field] = ENTRY | {
    "trigger": Field(read.one_of(known.TRIGGERS), needed=True),
    "recipients": Field(read.selectors, needed=True),
    "channels": Field(read.channels, needed=True),
    "due": Field(read.moments, needed=True),
    "owner": Field(read.open_word(known.OWNERS), needed=True),
    "not_before": Field(read.moments),
    "due_by_contract": Field(read.moments),
    "evidence_kind": Field(read.one_of(known.EVIDENCE)),
    "notice": Field(read.open_word(())),
    "waits_for": Field(read.texts),
    "must_follow": Field(read.texts),
    "only_if": Field(read.conditions),
    "exempt_causes": Field(read.texts),
}
LIMIT: dict[str, Field] = ENTRY | {
    "broken": Field(read.words, needed=True),
    "holds": Field(read.comparison),
    "fact": Field(read.open_word(())),
    "more_than": Field(read.number),
    "one_of": Field(read.some_texts),
    "refuses": Field(read.flag),
}
STEP: dict[str, Field] = {
    "order": Field(read.number, needed=True),
    "step": Field(read.open_word(()), needed=True),
    "post": Field(read.open_word(known.POSTS), needed=True),
}
APPROVAL: dict[str, Field] = ENTRY | {
    "step": Field(lambda value: value, needed=True),
    "subject": Field(read.one_of(known.SUBJECTS)),
    "customers": Field(read.customer_selectors),
    "except_customers": Field(read.customer_selectors),
    "needed_by": Field(read.moments),
}
CALENDAR: dict[str, Field] = ENTRY | {
    "every": Field(read.day_of_year, needed=True),
    "recipients": Field(read.selectors),
    "evidence_kind": Field(read.one_of(known.EVIDENCE)),
}
PRINCIPLE: dict[str, Field] = ENTRY | {"check": Field(read.flag), "facts": Field(read.texts)}

KINDS: Mapping[str, tuple[type[Entry], Mapping[str, Field]]] = {
    "rule": (Rule, RULE),
    "limit": (Limit, LIMIT),
    "approval": (ApprovalRule, APPROVAL),
    "calendar": (CalendarRule, CALENDAR),
    "principle": (Principle, PRINCIPLE),
}


def read_table(
    table: Mapping[str, Any],
    fields: Mapping[str, Field],
    path: Place,
    found: list[Mistake],
) -> dict[str, Any]:
    """The values of `table`, each read by its field; what cannot be read is told in `found`."""
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in fields:
            found.append(Mistake((*path, key), _unknown(key, fields)))
            continue
        try:
            values[key] = fields[key].read(value)
        except BadInput as problem:
            found.append(Mistake((*path, key), f"{key}: {problem}"))
    for key, field in fields.items():
        if field.needed and key not in table:
            found.append(Mistake(path, _("{key} is missing{where}").format(key=key, where=_of(table))))
    return values


def _rule(values: dict[str, Any], path: Place, found: list[Mistake]) -> dict[str, Any]:
    mode, channels = values.pop("channels")
    text = _("{name} belongs in due_by_contract").format(name=CONTRACT)
    keys = ("due", "not_before")
    wrong = [key for key in keys if any(moment.parameter == CONTRACT for moment in values.get(key, ()))]
    found += [Mistake((*path, key), text) for key in wrong]
    return values | {"channels": channels, "channel_mode": mode}


def _limit(values: dict[str, Any], path: Place, found: list[Mistake]) -> dict[str, Any]:
    if ("holds" in values) == ("fact" in values):
        found.append(Mistake(path, _("a limit has either holds or fact")))
    elif "fact" in values and ("more_than" in values) == ("one_of" in values):
        found.append(Mistake((*path, "fact"), _("fact needs either more_than or one_of")))
    return values


def _approval(values: dict[str, Any], path: Place, found: list[Mistake]) -> dict[str, Any]:
    written = values.pop("step")
    if not isinstance(written, list) or not written or not all(isinstance(step, dict) for step in written):
        found.append(
            Mistake((*path, "step"), _("{name} is a list: write [[{name}]] above each").format(name="approval.step"))
        )
        return {}
    before, steps = len(found), []
    for number, table in enumerate(written):
        place = (*path, "step", str(number))
        steps.append((place, read_table(table, STEP, place, found)))
    if len(found) == before:
        _check_order(steps, found)
    return values | {"steps": tuple(Step(**step) for _place, step in steps)} if len(found) == before else {}


def _check_order(steps: list[tuple[Place, dict[str, Any]]], found: list[Mistake]) -> None:
    for (_before, one), (place, other) in pairwise(steps):
        if other["order"] <= one["order"]:
            words = {"step": other["step"], "before": one["step"], "order": other["order"]}
            text = _("step {step} (order {order}) stands after {before}; steps stand in their order")
            found.append(Mistake((*place, "order"), text.format(**words)))


def _as_it_is(values: dict[str, Any], _path: Place, _found: list[Mistake]) -> dict[str, Any]:
    return values


SHAPES: Mapping[str, Callable[[dict[str, Any], Place, list[Mistake]], dict[str, Any]]] = {
    "rule": _rule,
    "limit": _limit,
    "approval": _approval,
    "calendar": _as_it_is,
    "principle": _as_it_is,
}


def _unknown(key: str, fields: Iterable[str]) -> str:
    from desk.config.mistakes import guess

    return _('there is no key "{key}" here').format(key=key) + guess(key, fields)


def _of(table: Mapping[str, Any]) -> str:
    name = table.get("id")
    return _(" in {name}").format(name=name) if isinstance(name, str) else ""
