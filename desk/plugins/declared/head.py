"""The head of a TOML part: its kind says what it brings. A rule pack is read later, when its rules are asked for."""

from __future__ import annotations

import re
from pathlib import Path

from desk.errors import ConfigProblem
from desk.i18n import _, ngettext
from desk.plugins.collect import NAME, Thing
from desk.plugins.declared.ground import Ground
from desk.plugins.faults import Fault
from desk.plugins.parts import RulePack

CHANNELS = ("webhook", "command", "apprise", "human", "file")
KINDS = ("rule_pack", *CHANNELS)
RUNS_PROGRAMS = ("command",)

_HEAD = re.compile(r"""^\s*(kind|id)\s*=\s*(["'])(.*?)\2""", re.MULTILINE)
_TABLE = re.compile(r"^\s*\[", re.MULTILINE)


def declared(path: Path, content: bytes | None = None, ground: Ground | None = None) -> list[Thing]:
    """What the file brings: a rule pack, or the class of a channel; raises Fault with what is wrong and where.

    `content` is given where the bytes were read already (and approved).
    """
    content = _content(path) if content is None else content
    head = _head(content)
    kind = head.get("kind", "")
    if kind not in KINDS:
        text = _('its first lines must say a kind that the desk knows ({kinds}), not "{kind}"')
        raise Fault(text.format(kinds=", ".join(KINDS), kind=kind), str(path))
    return [_channel(path, content, ground or Ground()) if kind in CHANNELS else _rule_pack(path, head.get("id", ""))]


def needs_approval(content: bytes) -> bool:
    """Whether someone must answer for a file before it may be used: it runs a program."""
    return kind_of(content) in RUNS_PROGRAMS


def kind_of(content: bytes) -> str:
    """The kind that a file says it is; empty when it says none."""
    return _head(content).get("kind", "")


def first_of(problem: ConfigProblem, path: Path) -> Fault:
    """The first of a file's mistakes as what is wrong with the part; the command that names them all is told."""
    return _first(problem, path, "desk regulation check")


def _rule_pack(path: Path, id: str) -> Thing:
    if not NAME.fullmatch(id):
        raise Fault(_('id must be small letters, digits, _ and -, not "{id}"').format(id=id), str(path))
    return Thing("rule_pack", id, RulePack(id=id, path=path))


def _channel(path: Path, content: bytes, ground: Ground) -> Thing:
    from desk.plugins.declared.reading import read_channel

    try:
        channel = read_channel(path, content, ground)
    except ConfigProblem as problem:
        raise _first(problem, path, "desk plugins check") from None
    return Thing("channel", channel.name, channel)


def _head(content: bytes) -> dict[str, str]:
    text = content.decode("utf-8-sig", "replace")
    table = _TABLE.search(text)
    return {found[1]: found[3] for found in _HEAD.finditer(text[: table.start()] if table else text)}


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Fault(_("cannot be read: {words}").format(words=problem.strerror), str(path)) from None


def _first(problem: ConfigProblem, path: Path, command: str) -> Fault:
    first, *others = problem.problems or (str(problem),)
    line, _colon, text = first.removeprefix(f"{path}:").partition(": ")
    words = text if line.isdecimal() else first
    if others:
        more = ngettext("and {count} more mistake", "and {count} more mistakes", len(others)).format(count=len(others))
        words = f"{words}; {more}: {command} {path}"
    return Fault(words, str(path), int(line) if line.isdecimal() else 0)
