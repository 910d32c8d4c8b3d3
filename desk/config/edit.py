"""Changing config.toml from the screen or a command: values move, comments, order and spelling stay.

    write(config.path, [Change(("channels", "sms"), {"type": "smpp", "host": "10.0.0.5"})])

What comes out is checked like a file that is read; with a mistake in it nothing is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from desk.config.load import settings_in
from desk.config.settings import OPEN_SECTIONS
from desk.errors import BadInput, ConfigProblem, StaleWrite, StoreProblem
from desk.i18n import _

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


class Change(NamedTuple):
    """What stands at `path` (section, key) afterwards; None takes it away, a mapping is merged key by key."""

    path: tuple[str, ...]
    value: Any


def read_text(file: Path) -> str:
    """The text as it lies there, empty when there is no file yet; raises ConfigProblem when it cannot be read."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as problem:
        words = {"file": file, "words": problem.strerror}
        raise ConfigProblem(_("{file} cannot be read: {words}").format(**words)) from None
    except UnicodeDecodeError:
        raise ConfigProblem(_("{file} is not UTF-8; save the file as UTF-8").format(file=file)) from None


def changed(text: str, changes: Iterable[Change]) -> str:
    """`text` with the changes made; raises ConfigProblem when it is no TOML, BadInput for a path through a value."""
    import tomlkit  # 60 ms, and only who changes something needs it
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
    except TOMLKitError as problem:
        raise ConfigProblem(_("this is not TOML: {words}").format(words=problem)) from None
    for change in changes:
        _change(document, change)
    return tomlkit.dumps(document)


def write(file: Path, changes: Iterable[Change], *, seen: str | None = None) -> str:
    """Make the changes in `file`, all or none; returns the new text.

    `seen` is the text that was shown when they were decided: StaleWrite when the file says something else by now.
    Raises ConfigProblem with every mistake of what would come out, StoreProblem when it cannot be written.
    """
    before = read_text(file)
    if seen is not None and seen != before:
        raise StaleWrite(_("{file} was changed meanwhile; look at it again").format(file=file))
    after = changed(before, changes)
    if after != before:
        settings_in(file, after)
        _replace(file, after)
    return after


def _change(document: TOMLDocument, change: Change) -> None:
    *above, last = change.path
    if change.value is None:
        _take_away(document, above, last)
        return
    table = _table(document, above)
    if not isinstance(change.value, Mapping) or not _is_section(change.path) or _is_inline(table.get(last)):
        _put(table, last, change.value)
        return
    _table(document, change.path)
    for key, value in change.value.items():
        _change(document, Change((*change.path, key), value))


def _is_section(path: tuple[str, ...]) -> bool:
    """Whether a mapping at `path` is a section of its own; elsewhere it is a value, like a secret's place."""
    return len(path) == 1 or (len(path) == 2 and path[0] in OPEN_SECTIONS)


def _put(table: Any, key: str, value: Any) -> None:
    """The value in place of the old one, with the comment behind it."""
    import tomlkit

    old = table.get(key)
    new = tomlkit.item(_plain(value))
    if old is not None and hasattr(old, "trivia"):
        new.trivia.comment_ws, new.trivia.comment = old.trivia.comment_ws, old.trivia.comment
    table[key] = new


def _plain(value: Any) -> Any:
    """Tables that stand for a value (a secret's place) are written on one line."""
    import tomlkit

    if isinstance(value, Mapping):
        inline = tomlkit.inline_table()
        inline.update({key: _plain(each) for key, each in value.items()})
        return inline
    return list(value) if isinstance(value, tuple) else value


def _table(document: TOMLDocument, path: Iterable[str]) -> Any:
    """The section at `path`, made at the end of the file where there is none."""
    import tomlkit

    table: Any = document
    walked: list[str] = []
    for name in path:
        walked.append(name)
        if name not in table:
            table[name] = tomlkit.table(is_super_table=len(walked) == 1 and name in OPEN_SECTIONS)
        table = table[name]
        if not isinstance(table, Mapping):
            raise BadInput(_("{key} is a value in config.toml, not a section").format(key=".".join(walked)))
    return table


def _take_away(document: TOMLDocument, above: Iterable[str], last: str) -> None:
    table: Any = document
    for name in above:
        table = table.get(name) if isinstance(table, Mapping) else None
    if isinstance(table, Mapping) and last in table:
        table.pop(last)  # type: ignore[attr-defined]


def _is_inline(value: Any) -> bool:
    from tomlkit.items import InlineTable

    return isinstance(value, InlineTable)


def _replace(file: Path, text: str) -> None:
    draft = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(text.encode())
        if file.exists():
            os.chmod(draft, file.stat().st_mode)
        os.replace(draft, file.resolve() if file.is_symlink() else file)
    except OSError as problem:
        draft.unlink(missing_ok=True)
        text = _("{file} cannot be written: {words}").format(file=file, words=problem.strerror)
        raise StoreProblem(text, why=str(problem)) from None
