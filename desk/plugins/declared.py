"""A part that is a TOML file: no code, so nobody must answer for it; its `kind` says what it brings.

    kind = "rule_pack"
    id = "city"

Only the head is read here, in microseconds: a pack is read and checked when its rules are first asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from desk.errors import ConfigProblem
from desk.i18n import _, ngettext
from desk.plugins.collect import NAME, Thing
from desk.plugins.faults import Fault
from desk.plugins.parts import RulePack

_HEAD = re.compile(r"""^\s*(kind|id)\s*=\s*(["'])(.*?)\2""", re.MULTILINE)
_TABLE = re.compile(r"^\s*\[", re.MULTILINE)

KINDS: Mapping[str, Callable[[str, Path], Thing]] = {
    "rule_pack": lambda id, path: Thing("rule_pack", id, RulePack(id=id, path=path)),
}


def declared(path: Path) -> list[Thing]:
    """What the file brings; raises Fault when its head does not say so."""
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as problem:
        raise Fault(_("cannot be read: {words}").format(words=problem.strerror), str(path)) from None
    table = _TABLE.search(text)
    head = {found[1]: found[3] for found in _HEAD.finditer(text[: table.start()] if table else text)}
    kind, id = head.get("kind", ""), head.get("id", "")
    if kind not in KINDS:
        text = _('its first lines must say a kind that the desk knows ({kinds}), not "{kind}"')
        raise Fault(text.format(kinds=", ".join(KINDS), kind=kind), str(path))
    if not NAME.fullmatch(id):
        raise Fault(_('id must be small letters, digits, _ and -, not "{id}"').format(id=id), str(path))
    return [KINDS[kind](id, path)]


def first_of(problem: ConfigProblem, path: Path) -> Fault:
    """The first of a file's mistakes as what is wrong with the part; the command that names them all is told."""
    first, *others = problem.problems or (str(problem),)
    line, _colon, text = first.removeprefix(f"{path}:").partition(": ")
    words = text if line.isdecimal() else first
    if others:
        more = ngettext("and {count} more mistake", "and {count} more mistakes", len(others)).format(count=len(others))
        words = f"{words}; {more}: desk regulation check {path}"
    return Fault(words, str(path), int(line) if line.isdecimal() else 0)
