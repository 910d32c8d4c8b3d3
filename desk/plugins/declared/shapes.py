"""What may stand in a declared channel's file: tables of fields, read so that every mistake is found at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from desk.config.mistakes import Mistake, guess
from desk.i18n import N_, _
from desk.plugins.declared.templates import Wrong, parse, parse_value
from desk.plugins.send_errors import SEND_ERRORS

Place = tuple[str, ...]
Read = Callable[[Any, "Known"], Any]

FEW, MOST_REPEATS = 16, 5  # of a pattern: how often is not yet a repeat, how many repeats it may have
STATES = ("accepted", "sent", "delivered")
REPORTED = (*STATES, "read", "undelivered", "rejected", "failed", "expired")
ERRORS = {error.code: error for error in SEND_ERRORS}


class Known(NamedTuple):
    """What the other tables of the file say that a reader must know."""

    settings: Collection[str]


class Field(NamedTuple):
    """How one key is read, and whether the file is wrong without it."""

    read: Read
    needed: bool = False


def read_table(
    raw: Any, fields: Mapping[str, Field], place: Place, known: Known, found: list[Mistake]
) -> dict[str, Any]:
    """The values of `raw` that are right, by key; what is wrong is added to `found`."""
    name = ".".join(place)
    if not isinstance(raw, dict):
        found.append(Mistake(place, _("{name} is a section: write [{name}] on a line of its own").format(name=name)))
        return {}
    where = f"[{name}] " if name else ""
    for key in raw.keys() - fields.keys():
        text = _('{where}has no key "{key}"') if where else _('there is no "{key}"')
        found.append(Mistake((*place, key), text.format(where=where, key=key) + guess(key, fields)))
    for key, field in fields.items():
        if field.needed and key not in raw:
            found.append(Mistake(place, _("{where}{key} is missing").format(where=where, key=key)))
    values: dict[str, Any] = {}
    for key in (key for key in fields if key in raw):
        try:
            values[key] = fields[key].read(raw[key], known)
        except Wrong as wrong:
            found.append(Mistake((*place, key), f"{where}{key} {wrong}"))
    return values


def must(words: str, value: Any) -> Wrong:
    """The mistake that `value` is not what `words` ask for."""
    return Wrong(_("must be {expected}, not {value}").format(expected=words, value=shown(value)))


def shown(value: Any) -> str:
    """A value of a file as it is quoted in a sentence."""
    text = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def text(value: Any, _known: Known) -> str:
    if not isinstance(value, str) or not value.strip():
        raise must(_("a text in quotes"), value)
    return value


def flag(value: Any, _known: Known) -> bool:
    if not isinstance(value, bool):
        raise must(_("true or false"), value)
    return value


def words(value: Any, _known: Known) -> dict[str, str]:
    """A text, or one for each language."""
    if isinstance(value, str) and value.strip():
        return {"zh_CN": value}
    if isinstance(value, dict) and value and all(isinstance(word, str) for word in value.values()):
        return dict(value)
    raise must(_('a text, or one per language like { zh_CN = "…", en = "…" }'), value)


def choice(options: Collection[str]) -> Read:
    """One of `options`."""

    def read(value: Any, _known: Known) -> str:
        if isinstance(value, str) and value in options:
            return value
        if not isinstance(value, str):
            raise must(_("a text in quotes"), value)
        raise Wrong(_('cannot be "{value}"').format(value=value) + guess(value, options))

    return read


def template(value: Any, known: Known) -> Any:
    return parse(text(value, known), known.settings)


def templates(value: Any, known: Known) -> list[Any]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise must(_("a list of texts"), value)
    found: list[Any] = parse_value(value, known.settings)
    return found


def values(value: Any, known: Known) -> Any:
    """Any value, with the texts in it as templates."""
    return parse_value(value, known.settings)


def lines(value: Any, known: Known) -> dict[str, Any]:
    """A section of key = text (or a number)."""
    if not isinstance(value, dict) or not all(isinstance(item, str | int | float) for item in value.values()):
        raise must(_("a section of key = text"), value)
    texts = {key: item if isinstance(item, str) else shown(item) for key, item in value.items()}
    found: dict[str, Any] = parse_value(texts, known.settings)
    return found


def path(value: Any, _known: Known) -> tuple[str, ...]:
    """Where something stands in an answer: `data.msgid`; a number is a place in a list."""
    if not isinstance(value, str) or not value or not all(value.split(".")):
        raise must(_('a path into the answer, like "data.msgid"'), value)
    return tuple(value.split("."))


def pattern(value: Any, known: Known) -> re.Pattern[str]:
    """A regular expression with groups called code, id and words."""
    try:
        found = re.compile(text(value, known))
    except re.error as problem:
        raise Wrong(_("is no regular expression: {words}").format(words=problem)) from None
    if is_heavy(found.pattern):
        raise Wrong(_("repeats what repeats already; a gateway's answer could keep it busy for ever"))
    if wrong := found.groupindex.keys() - {"code", "id", "words"}:
        raise Wrong(_("names a group {name}; it may be {words}").format(name=min(wrong), words="code, id, words"))
    return found


def is_heavy(pattern: str) -> bool:
    """Whether a text can be written for it that takes longer than anyone lives: a repeat in a repeat, a choice in one,
    the same again, or many repeats one after the other."""
    from re import _constants as code  # type: ignore[attr-defined]
    from re import _parser  # type: ignore[attr-defined]

    repeats = 0

    def heavy(tokens: Any, *, repeated: bool) -> bool:
        return any(one_heavy(name, about, repeated=repeated) for name, about in tokens)

    def one_heavy(name: Any, about: Any, *, repeated: bool) -> bool:
        nonlocal repeats
        if name in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            many = about[1] > FEW
            repeats += many
            return (many and repeated) or heavy(about[2], repeated=repeated or many)
        if name is code.GROUPREF or (name is code.BRANCH and repeated):
            return True
        return any(heavy(inner, repeated=repeated) for inner in _inside(name, about, code))

    return heavy(_parser.parse(pattern), repeated=False) or repeats > MOST_REPEATS


def _inside(name: Any, about: Any, code: Any) -> list[Any]:
    if name is code.SUBPATTERN:
        return [about[3]]
    if name is code.BRANCH:
        return list(about[1])
    if name in (code.ASSERT, code.ASSERT_NOT):
        return [about[1]]
    return [about] if name is code.ATOMIC_GROUP else []


def codes(value: Any, _known: Known) -> tuple[str, ...]:
    """A code, or a list of them, as texts: gateways write 0 and "0"."""
    listed = value if isinstance(value, list) else [value]
    if not listed or not all(isinstance(item, str | int) for item in listed):
        raise must(_("a code or a list of codes"), value)
    return tuple(code(item) for item in listed)


def code(value: Any) -> str:
    """A code as it is compared: true and True, 0 and "0" are the same."""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def mapped(what: str, options: Collection[str]) -> Read:
    """A section of a gateway's words → ours."""

    def read(value: Any, _known: Known) -> dict[str, str]:
        if not isinstance(value, dict):
            raise must(_("a section of key = text"), value)
        for key, ours in value.items():
            if not isinstance(ours, str) or ours not in options:
                raise Wrong(_(what).format(key=key, value=shown(ours)) + guess(str(ours), options))
        return dict(value)

    return read


errors = mapped(N_("{key}: there is no error {value}"), ERRORS)
outcomes = mapped(N_("{key}: there is no outcome {value}"), (*STATES, *ERRORS))
states = mapped(N_("{key}: there is no state {value}"), REPORTED)
