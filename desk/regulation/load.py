"""A rule pack's file read and checked: every mistake at once, each with file, line and reason.

pack = load_pack(Path("plugins/county.toml"))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from desk.errors import PackProblem
from desk.i18n import _
from desk.regulation import readers as read
from desk.regulation.crossings import crossings
from desk.regulation.pack import Entry, Pack
from desk.regulation.shapes import KINDS, PACK, SHAPES, Field, Mistake, Place, read_table

_HEADING = re.compile(rf"^\s*\[\[\s*({'|'.join(KINDS)})\s*\]\]", re.MULTILINE)


def load_pack(path: Path) -> Pack:
    """The pack in the file; raises PackProblem with everything that is wrong with it."""
    try:
        about = path.stat()
    except OSError as problem:
        raise _unreadable(path, problem) from None
    return _load(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=32)
def _load(path: Path, _changed: int, _size: int) -> Pack:
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise _unreadable(path, problem) from None
    return read_pack(path, content)


def read_pack(path: Path, content: bytes) -> Pack:
    """The pack in `content`; `path` is only named. Raises PackProblem."""
    import tomllib
    from hashlib import sha256

    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise _problem(path, [(line, _("this is not UTF-8; save the file as UTF-8"))]) from None
    except tomllib.TOMLDecodeError as problem:
        raise _problem(path, [_not_toml(str(problem), text)]) from None
    found: list[Mistake] = []
    pack = _pack(raw, text, path, sha256(content).hexdigest(), found)
    if found or pack is None:
        raise _problem(path, _placed(found, text))
    return pack


def _pack(raw: dict[str, Any], text: str, path: Path, hash: str, found: list[Mistake]) -> Pack | None:
    values = read_table({key: value for key, value in raw.items() if key not in KINDS}, PACK, (), found)
    if raw.get("kind", "rule_pack") != "rule_pack":
        found.append(Mistake(("kind",), _('kind must be "rule_pack"')))
    values.pop("kind", None)
    figures = values.pop("parameters", {})
    lengths = read_table(figures, dict.fromkeys(figures, Field(read.length)), ("parameters",), found)
    entries = [entry for kind in KINDS for entry in _entries(kind, raw, values, found)]
    names = {kind: [str(table.get("id", "")) for table in _tables(raw, kind)] for kind in KINDS}
    found += crossings(entries, names, list(figures))
    if found:
        return None
    ordered = _in_file_order([entry for _path, entry in entries], text)
    return Pack(**values, parameters=lengths, entries=ordered, path=path, hash=hash)


def _entries(
    kind: str, raw: Mapping[str, Any], pack: Mapping[str, Any], found: list[Mistake]
) -> Iterator[tuple[Place, Entry]]:
    written = _tables(raw, kind)
    if kind in raw and written != raw[kind]:
        found.append(Mistake((kind,), _("{name} is a list: write [[{name}]] above each").format(name=kind)))
        return
    make, fields = KINDS[kind]
    for number, table in enumerate(written):
        path = (kind, str(number))
        before = len(found)
        values = read_table(table, fields, path, found)
        if len(found) == before and (values := SHAPES[kind](values, path, found)) and len(found) == before:
            defaults = {"pack": pack.get("id", ""), "verified": pack.get("verified", False)}
            yield path, make(**(defaults | values))


def _tables(raw: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    written = raw.get(kind, [])
    return [table for table in written if isinstance(table, dict)] if isinstance(written, list) else []


def _in_file_order(entries: Iterable[Entry], text: str) -> tuple[Entry, ...]:
    """The entries as they stand in the file: TOML gives them kind by kind."""
    kinds = {make: kind for kind, (make, _fields) in KINDS.items()}
    waiting: dict[str, list[Entry]] = {kind: [] for kind in KINDS}
    for entry in entries:
        waiting[kinds[type(entry)]].append(entry)
    headings = [match[1] for match in _HEADING.finditer(text)]
    if any(headings.count(kind) != len(found) for kind, found in waiting.items()):
        return tuple(entries)  # a text over several lines holds what looks like a heading
    return tuple(waiting[kind].pop(0) for kind in headings)


def _placed(found: Iterable[Mistake], text: str) -> list[tuple[int, str]]:
    from desk.config.lines import key_lines, line_of

    lines = key_lines(text)
    return sorted((line_of(lines, mistake.path), mistake.text) for mistake in found)


def _not_toml(words: str, text: str) -> tuple[int, str]:
    place = re.search(r"\(at line (\d+)", words)
    line = int(place[1]) if place else text.rstrip("\n").count("\n") + 1
    return line, _("this is not TOML: {words}").format(words=re.sub(r" \(at .*\)$", "", words))


def _unreadable(path: Path, problem: OSError) -> PackProblem:
    text = _("{file} cannot be read: {words}").format(file=path, words=problem.strerror)
    return PackProblem(text, (text,), why=str(problem))


def _problem(path: Path, places: Iterable[tuple[int, str]]) -> PackProblem:
    problems = tuple(f"{path}:{line}: {text}" for line, text in places)
    return PackProblem("; ".join(problems), problems)
