"""What a command prints goes through here: no text of anybody's is obeyed by the terminal it is shown on.

A customer's name may hold an escape sequence. It is written as `\\u001b`, as in JSON, so that one rule holds for words
and for documents, on a terminal and in a pipe.
"""

from __future__ import annotations

import re
import sys
from io import TextIOWrapper

from desk.text import escaped

_PROGRESS = re.compile(r"\r[ \d%]*\r?")  # our own line that is written over


class Output(TextIOWrapper):
    """A stream of text in which nothing is obeyed but the ends of lines."""

    def write(self, text: str, /) -> int:
        super().write(text if _PROGRESS.fullmatch(text) else escaped(text))
        return len(text)


def guard_output() -> None:
    """Have standard output and standard error guarded, in a process that is the command itself."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, TextIOWrapper):
            stream.flush()
            # The old one lives on as sys.__stdout__, which the screen paints through.
            own = open(stream.fileno(), "wb", closefd=False)  # noqa: SIM115 - lives as long as the process
            setattr(
                sys, name, Output(own, "utf-8", "replace", line_buffering=stream.line_buffering or name == "stderr")
            )
