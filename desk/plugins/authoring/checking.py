"""`desk plugins check`: the file, its templates, its example, its settings, the hosts it calls, and the contract.

Each finding says what was looked at, what came of it, and (failed) what is wrong, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from desk.errors import BadInput, ConfigProblem, NotFound
from desk.i18n import _
from desk.plugins.channels import Channel
from desk.plugins.declared import DeclaredChannel, Ground
from desk.plugins.declared.example import mistakes
from desk.plugins.declared.head import CHANNELS, kind_of
from desk.plugins.declared.reading import read_channel
from desk.plugins.host import PluginHost

Result = Literal["ok", "failed", "skipped"]
Contract = Callable[[type[Channel]], Iterable[Any]]  # of `desk.testing`: findings with rule, result and words


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that was looked at. `words` say what is wrong, or why it was skipped."""

    part: str
    what: str
    result: Result
    words: str = ""


def check_file(file: Path, ground: Ground, contract: Contract | None = None) -> list[Finding]:
    """Everything about one TOML file of a channel; nothing is sent and no one is called."""
    try:
        content = file.read_bytes()
    except OSError as problem:
        raise BadInput(_("{file} cannot be read: {words}").format(file=file, words=problem.strerror)) from None
    if kind_of(content) not in CHANNELS and file.suffix == ".py":
        return [_compiled(file, content)]
    try:
        kind = read_channel(file.absolute(), content, ground)
    except ConfigProblem as problem:
        return [_failed(file.stem, "file", words) for words in problem.problems]
    return [Finding(part=kind.name, what="file", result="ok"), *_checked(kind, contract)]


def check_part(host: PluginHost, name: str, contract: Contract | None = None) -> list[Finding]:
    """Everything about a part or a channel of the county by its name; raises NotFound."""
    found = list(_of_part(host, name, contract)) + list(_of_channel(host, name))
    if not found:
        raise NotFound(_('there is no plugin or channel called "{name}"; see desk plugins list').format(name=name))
    return found


def _of_part(host: PluginHost, name: str, contract: Contract | None) -> Iterator[Finding]:
    for row in host.listed():
        if name not in (row.name, row.from_, *row.parts):
            continue
        if not row.parts:
            yield from _all_mistakes(row.from_) or [_failed(row.name, "file", row.reason)]
            continue
        yield Finding(part=row.name, what="file", result="ok", words=row.reason)
        for part in row.parts:
            if (kind := host.channel_types.get(part)) and name in (row.name, row.from_, part):
                yield from _checked(kind, contract)


def _of_channel(host: PluginHost, name: str) -> Iterator[Finding]:
    """The state of the county's channels that are called so, or are of a type called so."""
    for row in host.channel_states():
        if name in (row.name, row.type):
            result: Result = "ok" if row.state == "on" else "skipped" if not row.section else "failed"
            yield Finding(part=row.name, what="settings", result=result, words=row.reason)


def _all_mistakes(shown: str) -> list[Finding]:
    """Every mistake of a TOML file that is off; empty when it is off for another reason."""
    path = Path(shown)
    if path.suffix != ".toml" or not path.is_file() or kind_of(path.read_bytes()) not in CHANNELS:
        return []
    return [finding for finding in check_file(path, Ground()) if finding.result == "failed"]


def _checked(kind: type[Channel], contract: Contract | None) -> Iterator[Finding]:
    if issubclass(kind, DeclaredChannel):
        wrong = mistakes(kind) if kind.example else []
        if not kind.example:
            text = _("the file has no [example]; with one it is its own test")
            yield Finding(part=kind.name, what="example", result="skipped", words=text)
        elif not wrong:
            yield Finding(part=kind.name, what="example", result="ok")
        for words in wrong:
            yield _failed(kind.name, "example", words)
    for rule in contract(kind) if contract else ():
        yield Finding(part=kind.name, what=rule.rule, result=rule.result, words=rule.words)


def _compiled(file: Path, content: bytes) -> Finding:
    """A script is read, never run: running it needs someone's approval."""
    try:
        compile(content, str(file), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as problem:
        words = _("{file} line {line}: this is not Python: {words}")
        line = getattr(problem, "lineno", 1)
        return _failed(file.stem, "file", words.format(file=file, line=line, words=getattr(problem, "msg", problem)))
    text = _("it was read, not run; approve it first: desk plugins trust {file}").format(file=file)
    return Finding(part=file.stem, what="file", result="skipped", words=text)


def _failed(part: str, what: str, words: str) -> Finding:
    return Finding(part=part, what=what, result="failed", words=words)
