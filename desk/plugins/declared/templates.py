"""A text with blanks, `{address}` or `{settings.user}`, filled by value: nothing in it is evaluated.

    template = parse("to {address}", settings=())
    template.filled({"address": "13800138000"})      # "to 13800138000"

`{{` and `}}` are braces. The names are a fixed list and are checked when the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from msgspec import Struct

from desk.config.mistakes import guess
from desk.i18n import N_, _

NAMES: Mapping[str, str] = {
    "recipient": N_("who is told, by name"),
    "address": N_("the number or address, as the channel takes it"),
    "body": N_("the words"),
    "subject": N_("the subject, for mail; may be empty"),
    "key": N_("the same whenever the same part of the same try is handed over again"),
    "id": N_("the desk's number of the message"),
    "part": N_("which part of a long text"),
    "parts": N_("of how many"),
    "reference": N_("0 to 255, the same for all parts"),
    "language": N_("the language of the words: zh_CN or en"),
    "outage": N_("the number of the outage"),
    "account_no": N_("the customer's account"),
    "timestamp": N_("now, in seconds since 1970"),
    "timestamp_ms": N_("now, in thousandths of a second"),
    "sign": N_("the signature that [request.sign] asks for"),
}
SETTING = "settings."
_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class Wrong(Exception):
    """What is wrong with one value, as the end of a sentence."""


class Blank(Struct, frozen=True):
    """A place that is filled."""

    name: str

    @property
    def optional(self) -> bool:
        """Whether what is made with it is left out while it is empty: a setting that nobody gave, no signature."""
        return self.name.startswith(SETTING) or self.name == "sign"


class Template(Struct, frozen=True):
    """A text in pieces."""

    pieces: tuple[str | Blank, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, Blank))

    def filled(self, blanks: Mapping[str, str], quote: Callable[[str], str] = str) -> str:
        """The text; each blank's value goes through `quote`."""
        return "".join(piece if isinstance(piece, str) else quote(blanks[piece.name]) for piece in self.pieces)

    def is_left_out(self, blanks: Mapping[str, str]) -> bool:
        """Whether it needs a setting, or a signature, that is empty."""
        return any(isinstance(piece, Blank) and piece.optional and not blanks[piece.name] for piece in self.pieces)


def parse(text: str, settings: Collection[str]) -> Template:
    """The template that `text` is; raises Wrong."""
    pieces: list[str | Blank] = []
    start = 0
    for match in _PIECE.finditer(text):
        pieces += [text[start : match.start()]] if match.start() > start else []
        start = match.end()
        pieces.append(_piece(match, settings))
    pieces += [text[start:]] if start < len(text) else []
    return Template(tuple(pieces))


def _piece(match: re.Match[str], settings: Collection[str]) -> str | Blank:
    if match[0] in ("{{", "}}"):
        return match[0][0]
    if match[1] is None:
        raise Wrong(_('has a brace of its own; write "{brace}" twice').format(brace=match[0]))
    name = match[1].strip()
    known = [*NAMES, *(SETTING + setting for setting in settings)]
    if name not in known:
        raise Wrong(_('has no value for "{name}"').format(name=f"{{{name}}}") + guess(name, known, "{{{}}}"))
    return Blank(name)


def parse_value(value: Any, settings: Collection[str]) -> Any:
    """`value` with every text in it, however deep, as a template; raises Wrong with all that is wrong."""
    wrong: list[str] = []
    found = _parsed(value, settings, wrong)
    if wrong:
        raise Wrong("; ".join(wrong))
    return found


def _parsed(value: Any, settings: Collection[str], wrong: list[str]) -> Any:
    if isinstance(value, dict):
        return {key: _parsed(inner, settings, wrong) for key, inner in value.items()}
    if isinstance(value, list):
        return [_parsed(inner, settings, wrong) for inner in value]
    if not isinstance(value, str):
        return value
    try:
        return parse(value, settings)
    except Wrong as problem:
        wrong.append(str(problem))
        return None


def fill_value(value: Any, blanks: Mapping[str, str]) -> Any:
    """The value with its texts filled; what needs an empty setting is left out of tables and lists."""
    if isinstance(value, Template):
        return value.filled(blanks)
    if isinstance(value, dict):
        return {key: fill_value(inner, blanks) for key, inner in value.items() if not _left_out(inner, blanks)}
    if isinstance(value, list):
        return [fill_value(inner, blanks) for inner in value if not _left_out(inner, blanks)]
    return value


def names_in(value: Any) -> frozenset[str]:
    """Every name that a value of `parse_value` has a blank for."""
    if isinstance(value, Template):
        return value.names
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return frozenset().union(*map(names_in, inner))


def _left_out(value: Any, blanks: Mapping[str, str]) -> bool:
    return isinstance(value, Template) and value.is_left_out(blanks)
