"""The log of the plugins: what they print and how they fail, in plugins.log of the data folder; never on the screen.

Without a handler of its own Python's logging would write warnings to stderr, over whatever is on the screen.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from desk.phone_numbers import without_numbers
from desk.text import clean

NAME = "plugins.log"
LARGEST = 1_000_000  # bytes; then the file becomes plugins.log.1, in place of an older one


class File(logging.Handler):
    """Appends a line to the file in `folder`; a folder that is not there or cannot be written to keeps no log."""

    folder: Path | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self.folder is None:
            return
        file = self.folder / NAME
        try:
            if file.exists() and file.stat().st_size > LARGEST:
                file.replace(file.with_suffix(".log.1"))
            with file.open("a", encoding="utf-8", errors="replace") as lines:
                lines.write(without_numbers(self.format(record)) + "\n")  # whoever is called is nobody's business
        except OSError:
            return  # a full disk is no reason to stop a channel; the store will name it


@lru_cache(maxsize=1)
def _logger() -> tuple[logging.Logger, File]:
    logger, handler = logging.getLogger("desk.plugins"), File()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return logger, handler


def note(text: str, folder: Path | None) -> None:
    """A line in the log of the desk whose data folder that is."""
    logger, handler = _logger()
    handler.folder = folder
    logger.info("%s", clean(text))  # one line: what a plugin prints does not look like lines of the log
