"""A plugin's mistake in words: which file, which line, what happened."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Thread
from traceback import walk_stack, walk_tb

from desk.i18n import N_, _
from desk.plugins.secrets import starred
from desk.plugins.send_errors import SendError
from desk.text import clean, cut

LONGEST = 300  # terminal cells


class Fault(Exception):
    """Why a part is off, in one sentence, and where, when a line is to blame."""

    def __init__(self, text: str, file: str = "", line: int = 0) -> None:
        super().__init__(text)
        self.file = file
        self.line = line


class ChannelFault(SendError):
    """The channel itself failed: it raised what it may not, or answered what nobody asked. A `failed` attempt."""

    code = "fault"
    sentence = N_("the channel failed; look at the list of plugins")

    @classmethod
    def of(cls, error: BaseException, root: Path | None = None) -> ChannelFault:
        """`fault in plugins/pager.py line 12: …`; the error itself stays behind as the cause."""
        fault = cls(_("fault in {words}").format(words=told(error, root)), why=repr(error))
        fault.__cause__ = error
        return fault


def told(error: BaseException, root: Path | None = None) -> str:
    """`plugins/pager.py line 12: …`: where `error` came from and why, for the part (file or folder) at `root`."""
    file, line = _place(error, root)
    # What a part raises is written by anyone: one line, no terminal code, no novel.
    words = cut(clean(starred(_words(error))), LONGEST)
    return f"{shown(file, line)}: {words}" if file else words


def place_of(function: object) -> tuple[str, int]:
    """The file and line in which a function is written; empty when it is not Python."""
    written = getattr(function, "__func__", function)
    code = getattr(getattr(written, "__wrapped__", written), "__code__", None)
    return (code.co_filename, code.co_firstlineno) if code else ("", 0)


def standing(thread: Thread | None, root: Path | None) -> tuple[str, int]:
    """The line of the part at `root` where a thread is now, for one that does not come back."""
    frame = sys._current_frames().get(thread.ident or 0) if thread else None
    places = [(frame.f_code.co_filename, line) for frame, line in walk_stack(frame)] if frame else []
    own = [place for place in places if root and _is_within(place[0], root)]
    return own[0] if own else (str(root or ""), 0)


def shown(file: str, line: int) -> str:
    path = Path(file)
    short = f"{path.parent.name}/{path.name}"  # the whole path is in the list of plugins
    return _("{file} line {line}").format(file=short, line=line) if line else short


def _words(error: BaseException) -> str:
    if isinstance(error, Fault):
        return str(error)
    if isinstance(error, SyntaxError):
        return _("this is not Python: {words}").format(words=error.msg)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _("needs {module}, which is not installed").format(module=error.name)
    if isinstance(error, SystemExit):
        return _("tried to end the program")
    if isinstance(error, KeyboardInterrupt):
        return _("was interrupted")
    try:
        text = str(error)
    except BaseException:  # an error whose words fail is told by its name
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _place(error: BaseException, root: Path | None) -> tuple[str, int]:
    """The line to blame: the error's own, else the last one of the part that it came through, else the part."""
    if isinstance(error, Fault) and error.file:
        return error.file, error.line
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno or 0
    frames = [] if isinstance(error, Fault) else list(walk_tb(error.__traceback__))
    places = [(frame.f_code.co_filename, line) for frame, line in frames]
    own = [(file, line) for file, line in places if _is_within(file, root)]
    return own[-1] if own else (str(root or ""), 0)


def _is_within(file: str, root: Path | None) -> bool:
    return Path(file).is_relative_to(root) if root else not file.startswith("<frozen")
