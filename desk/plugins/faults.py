"""A plugin's mistake in words: which file, which line, what happened."""

from __future__ import annotations

import sys
from pathlib import Path
from traceback import walk_tb

from desk.i18n import _


class Fault(Exception):
    """Why a part is off: one sentence, with the place in front when it is known."""


def told(error: BaseException, root: Path | None = None) -> str:
    """`plugins/pager.py line 12: …`: the last line under `root` (or at all) that `error` came through, and why."""
    if isinstance(error, Fault):
        return str(error)
    file, line = _syntax_place(error) or _last_place(error, root)
    return f"{place(file, line)}: {_words(error)}" if file else _words(error)


def place(file: str | Path, line: int = 0) -> str:
    """`plugins/pager.py line 12`; the whole path is in the list of plugins."""
    path = Path(file)
    shown = f"{path.parent.name}/{path.name}"
    return _("{file} line {line}").format(file=shown, line=line) if line else shown


def _words(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return _("this is not Python: {words}").format(words=error.msg)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _("needs {module}, which is not installed").format(module=error.name)
    if isinstance(error, SystemExit):
        return _("tried to end the program")
    if isinstance(error, KeyboardInterrupt):
        return _("was interrupted")
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _syntax_place(error: BaseException) -> tuple[str, int] | None:
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno or 0
    return None


def _last_place(error: BaseException, root: Path | None) -> tuple[str, int]:
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    if root:
        frames = [(file, line) for file, line in frames if Path(file).is_relative_to(root)]
    else:
        frames = [(file, line) for file, line in frames if _is_a_plugin(file)]
    return frames[-1] if frames else ("", 0)


def _is_a_plugin(file: str) -> bool:
    return any(getattr(module, "__file__", None) == file for name, module in [*sys.modules.items()] if is_part(name))


def module_name(name: str, path: Path) -> str:
    """The name under which a part's module is kept: no other module can have it, no two parts share it."""
    from zlib import crc32

    word = "".join(sign if sign.isalnum() else "_" for sign in name)
    return f"_desk_part_{crc32(str(path).encode()):08x}_{word}"


def is_part(module: str) -> bool:
    """Whether a module of this name is a part's."""
    return module.startswith("_desk_part_")
