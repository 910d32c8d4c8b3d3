"""What one kind of outage wants to know beyond what every outage has, and how it is read.

    Fact(name="overdue_days", labels={"zh_CN": "逾期天数", "en": "days overdue"}, kind="number", needed="start")

A type's table of facts is its form on screen, the check of `facts` in `desk outage open`, and its documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from typing import Annotated, Any, Literal, NamedTuple
from unicodedata import normalize

from msgspec import Meta, Struct

from desk.clock import parse_time
from desk.errors import BadInput
from desk.i18n import N_, _, in_language

Name = Annotated[str, Meta(pattern="^[a-z][a-z0-9_-]*$")]
Words = Annotated[dict[str, str], Meta(min_length=1)]
Kind = Literal["text", "number", "choice", "time", "flag", "list"]
Needed = Literal["no", "soon", "start", "open"]

MISSPELT = 0.85  # how alike two names are when one is the other with a slip of the finger


class Fact(Struct, frozen=True, kw_only=True):
    """One thing to know of an outage.

    `name` is its key in `facts`, `labels` its words by language, `also` other keys under which files bring it.
    `needed`: `no`, it may be given; `soon`, the desk asks for it while it is not there; `start`, the outage may not
    be carried out without it; `open`, it may not be opened without it. `only` says when it is asked for at all:
    other fact → the values of that (a flag's are `yes` and `no`). `choices` are the values of a `choice`, each with
    its words; `least` is the lowest number. `article` is where the regulation asks for it.
    """

    name: Name
    labels: Words
    kind: Kind = "text"
    needed: Needed = "no"
    only: dict[str, tuple[str, ...]] = {}
    choices: dict[str, Words] = {}
    least: float | None = None
    article: str = ""
    help: dict[str, str] = {}
    also: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What it is called in the language spoken now."""
        return in_language(self.labels)

    @property
    def hint(self) -> str:
        """What to write there; may be empty."""
        return in_language(self.help)

    def shown(self, value: Any) -> str:
        """A value of it as a person reads it."""
        if self.kind == "choice" and value in self.choices:
            return in_language(self.choices[value])
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)

    def is_called(self, key: str) -> bool:
        """Whether a key of `facts` means this: its name, its words in any language, or another name of it."""
        return plain(key) in map(plain, (self.name, *self.labels.values(), *self.also))

    def is_asked(self, facts: Mapping[str, Any]) -> bool:
        """Whether it is asked for while `facts` are known."""
        return all(_said(facts.get(name)) in values for name, values in self.only.items())

    def read(self, value: Any, zone: tzinfo) -> Any:
        """`value` as it is stored, None when it says nothing; raises BadInput with what it must be.

        Numbers become int or float, times ISO 8601 with the offset of `zone`, choices their ids, lists lists of text.
        """
        if value is None or value == "" or value == []:
            return None
        return READERS[self.kind](self, value, zone)


# Sites of one owner that asked to be told themselves besides the group's contact; known to every type.
COMMON = (
    Fact(
        name="own_notice",
        labels={"zh_CN": "单独通知的户号", "en": "accounts told by themselves"},
        kind="list",
        help={"zh_CN": "集团客户中要求单独通知的户号", "en": "accounts of a group that asked for their own notice"},
    ),
)


class Reading(NamedTuple):
    """Facts as they are stored (None: taken away), what is wrong with the others, and keys nobody knows."""

    facts: dict[str, Any]
    wrong: dict[str, str]
    unknown: tuple[str, ...]


def read_facts(table: Iterable[Fact], given: Mapping[str, Any], zone: tzinfo) -> Reading:
    """`given` read by `table`. A key nobody knows is kept as it is, unless it looks like a slip for one that is."""
    known = (*table, *COMMON)
    facts: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    unknown = []
    for key, value in given.items():
        fact = next((fact for fact in known if fact.is_called(key)), None)
        if fact is None:
            meant = _meant(key, known)
            if meant:
                wrong[key] = _("there is no such fact; did you mean {name}?").format(name=meant)
            else:
                unknown.append(key)
                facts[key] = value
            continue
        try:
            facts[fact.name] = fact.read(value, zone)
        except BadInput as problem:
            wrong[fact.name] = f"{fact.label} {problem}"
    return Reading(facts, wrong, tuple(unknown))


def mistakes(table: Iterable[Fact]) -> str:
    """What is wrong with a table of facts itself, for the author of a type; empty when nothing is."""
    table = tuple(table)
    names = [fact.name for fact in table]
    for fact in table:
        if names.count(fact.name) > 1:
            return _('brings two things called "{name}"').format(name=fact.name)
        if (fact.kind == "choice") != bool(fact.choices):
            return _("{name}: choices belong to the kind choice, and only there").format(name=fact.name)
        missing = [name for name in fact.only if name not in names]
        if missing:
            return _("{name}: only names {other}, which is no fact of this type").format(
                name=fact.name, other=missing[0]
            )
    return ""


def plain(text: str) -> str:
    """A word without what writers do differently: width, case, spaces, hyphens."""
    return "".join(sign for sign in normalize("NFKC", text).casefold() if sign not in " \t_-'’")


def _said(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _meant(key: str, known: Iterable[Fact]) -> str:
    from difflib import get_close_matches

    names = {plain(fact.name): fact.name for fact in known}
    near = get_close_matches(plain(key), names, 1, MISSPELT)
    return names[near[0]] if near else ""


def _text(_fact: Fact, value: Any, _zone: tzinfo) -> str | None:
    if isinstance(value, bool):  # "is there a paper?" is answered before its number is known
        return "yes" if value else None
    if isinstance(value, str | int | float):
        return str(value).strip() or None
    raise BadInput(_("must be text"))


def _number(fact: Fact, value: Any, _zone: tzinfo) -> int | float:
    try:
        number = float(normalize("NFKC", value) if isinstance(value, str) else value)
    except (TypeError, ValueError):
        raise BadInput(_("must be a number")) from None
    if isinstance(value, bool) or number in (float("inf"), float("-inf")) or number != number:
        raise BadInput(_("must be a number"))
    if fact.least is not None and number < fact.least:
        raise BadInput(_("must be at least {least}").format(least=f"{fact.least:g}"))
    return int(number) if number.is_integer() else number


def _choice(fact: Fact, value: Any, _zone: tzinfo) -> str:
    known = {plain(word): name for name, words in fact.choices.items() for word in (name, *words.values())}
    meant = known.get(plain(value)) if isinstance(value, str) else None
    if meant is None:
        choices = ", ".join(f"{name} ({in_language(words)})" for name, words in fact.choices.items())
        raise BadInput(_("must be one of: {choices}").format(choices=choices))
    return meant


def _time(_fact: Fact, value: Any, zone: tzinfo) -> str | None:
    if not isinstance(value, str):
        raise BadInput(_("must be a time like 2026-12-01T08:00"))
    return parse_time(value, zone).isoformat() if value.strip() else None


FLAGS: Mapping[str, bool] = {
    N_("yes"): True,
    N_("no"): False,
    **dict.fromkeys(("true", "y", "1", "是", "有"), True),
    **dict.fromkeys(("false", "n", "0", "否", "无"), False),
}


def _flag(_fact: Fact, value: Any, _zone: tzinfo) -> bool:
    found = value if isinstance(value, bool) else FLAGS.get(plain(str(value)))
    if found is None:
        raise BadInput(_("must be true or false"))
    return found


def _list(_fact: Fact, value: Any, _zone: tzinfo) -> list[str] | None:
    if isinstance(value, str):
        value = normalize("NFKC", value).replace("、", ",").replace(";", ",").split(",")
    if not isinstance(value, list | tuple) or not all(isinstance(item, str | int | float) for item in value):
        raise BadInput(_("must be a list of words"))
    return [text for text in (str(item).strip() for item in value) if text] or None


READERS: Mapping[Kind, Callable[[Fact, Any, tzinfo], Any]] = {
    "text": _text,
    "number": _number,
    "choice": _choice,
    "time": _time,
    "flag": _flag,
    "list": _list,
}
