"""A TinyDB query as a condition the engine can narrow by; the query itself always has the last word.

    narrowed(where("status") == "confirmed", {"status"}) == Among("status", ("confirmed",))
    narrowed(where("note").exists(), {"status"}) is None      # nothing to narrow by: look at every document

TinyDB names a query by a hash value: `("==", ("status",), "confirmed")`, `("and", frozenset(…))`. That
shape is read here, and a shape not known is not narrowed. A condition lets through every document that
could match, and every one on which the query would raise, so that the answer is TinyDB's own.
(A list given to `one_of` and changed afterwards is not noticed, neither here nor by TinyDB's cache.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from types import FunctionType
from typing import Any, NamedTuple

from tinydb.queries import QueryInstance
from tinydb.utils import FrozenDict

from desk.store.encoding import comparable
from desk.store.engine import Among, Both, Compared, Condition, Either, OtherKind

NOTHING = Either(())


class Reading(NamedTuple):
    """What is known of a query: which rows may match, and on which it may raise; None stands for any row."""

    matches: Condition | None
    raises: Condition | None


_OPAQUE = Reading(None, None)
_HARMLESS = Reading(None, NOTHING)


def narrowed(query: object, fields: Collection[str]) -> Condition | None:
    """The condition that narrows `query` by the indexed `fields`; None when there is nothing to narrow by."""
    if not fields or not isinstance(query, QueryInstance) or not query.is_cacheable():
        return None
    return _read(query._hash, query, fields).matches


def _read(shape: Any, query: QueryInstance | None, fields: Collection[str]) -> Reading:
    match shape:
        case ():
            return _HARMLESS
        case ("and" | "or" as word, frozenset() as shapes):
            return _pair(word, shapes, query, fields)
        case ("not", inner):
            return Reading(None, _read(inner, None, fields).raises)
        case (str() as sign, tuple() as path, value) if sign in _LEAVES:
            return _LEAVES[sign](sign, _field(path, fields), value)
        case ("exists", tuple()):
            return _HARMLESS
    return _OPAQUE


def _field(path: tuple[Any, ...], fields: Collection[str]) -> str | None:
    name = path[0] if len(path) == 1 else None
    return name if isinstance(name, str) and name in fields else None


def _pair(word: str, shapes: frozenset[Any], query: QueryInstance | None, fields: Collection[str]) -> Reading:
    ordered = _operands(query, shapes)
    parts = [_read(part._hash, part, fields) for part in ordered] or [_read(shape, None, fields) for shape in shapes]
    matches, raises = [part.matches for part in parts], [part.raises for part in parts]
    if word == "or":
        return Reading(_either(matches), _either(raises))
    # `a & b` looks at b only where a holds: what b would raise elsewhere is never raised.
    first = raises[:1] if ordered else raises
    return Reading(_either([_both(matches), *first]), _either(raises))


def _operands(query: QueryInstance | None, shapes: frozenset[Any]) -> list[QueryInstance]:
    # The hash does not tell which side comes first; the function that evaluates `a & b` holds both.
    test = getattr(query, "_test", None)
    if not isinstance(test, FunctionType) or sorted(test.__code__.co_freevars) != ["other", "self"]:
        return []
    held = dict(zip(test.__code__.co_freevars, (cell.cell_contents for cell in test.__closure__ or ()), strict=True))
    parts = [held["self"], held["other"]]
    known = all(isinstance(part, QueryInstance) for part in parts)
    return parts if known and frozenset(part._hash for part in parts) == shapes else []


def _equal(_sign: str, field: str | None, value: Any) -> Reading:
    if not _is_plain(value):
        return _OPAQUE
    if field is None:
        return _HARMLESS
    wanted = _comparable(value)
    if wanted is not None:
        return Reading(Among(field, (wanted,)), NOTHING)
    return Reading(Among(field, ()) if value is None else None, NOTHING)


def _unequal(_sign: str, _field: str | None, value: Any) -> Reading:
    return _HARMLESS if _is_plain(value) else _OPAQUE


def _compared(sign: str, field: str | None, value: Any) -> Reading:
    wanted = _comparable(value)
    if field is None or wanted is None:
        return _OPAQUE
    return Reading(Compared(field, sign, wanted), OtherKind(field, wanted))


def _one_of(_sign: str, field: str | None, values: Any) -> Reading:
    if not isinstance(values, (tuple, frozenset)) or not all(map(_is_plain, values)):
        return _OPAQUE
    # A list or dict is looked for in a list without harm; in a set it raises.
    harmless = isinstance(values, tuple)
    if field is None:
        return _HARMLESS if harmless else _OPAQUE
    wanted = tuple(_comparable(value) for value in values)
    sure = tuple(value for value in wanted if value is not None)
    complete = all(value is None or known is not None for value, known in zip(values, wanted, strict=True))
    return Reading(Among(field, sure) if complete else None, NOTHING if harmless else Among(field, ()))


def _regex(_sign: str, _field: str | None, pattern: Any) -> Reading:
    try:
        re.compile(pattern)
    except (re.error, TypeError, ValueError, OverflowError, RecursionError):
        return _OPAQUE
    return _HARMLESS if isinstance(pattern, str) else _OPAQUE


_LEAVES: dict[str, Callable[[str, str | None, Any], Reading]] = {
    "==": _equal,
    "!=": _unequal,
    "<": _compared,
    "<=": _compared,
    ">": _compared,
    ">=": _compared,
    "one_of": _one_of,
    "matches": _regex,
    "search": _regex,
}


def _either(parts: list[Condition | None]) -> Condition | None:
    if any(part is None for part in parts):
        return None
    known = tuple(part for part in parts if part is not None and part != NOTHING)
    return known[0] if len(known) == 1 else Either(known)


def _both(parts: list[Condition | None]) -> Condition | None:
    known = tuple(part for part in parts if part is not None)
    if len(known) < 2:
        return known[0] if known else None
    return Both(known)


def _is_plain(value: Any) -> bool:
    # Compared with anything JSON holds, these never raise and never surprise.
    if isinstance(value, (tuple, frozenset)):
        return all(map(_is_plain, value))
    if isinstance(value, FrozenDict):
        return all(map(_is_plain, value.values()))
    return value is None or (isinstance(value, (str, int, float)) and _compares_plainly(value))


def _comparable(value: Any) -> str | int | float | None:
    return comparable(value) if isinstance(value, (str, int, float)) and _compares_plainly(value) else None


def _compares_plainly(value: Any) -> bool:
    kind = type(value)
    return kind.__eq__ in _EQUALS and kind.__lt__ in _BELOWS


_EQUALS: tuple[object, ...] = (str.__eq__, int.__eq__, float.__eq__)
_BELOWS: tuple[object, ...] = (str.__lt__, int.__lt__, float.__lt__)
