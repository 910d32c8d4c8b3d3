"""What a library says in its log while it works: Apprise gives its reasons nowhere else."""

from __future__ import annotations

import io
import logging


class Log(logging.Handler):
    """What is written to a logger between entering and leaving."""

    def __init__(self, name: str) -> None:
        super().__init__(logging.DEBUG)
        self._logger = logging.getLogger(name)
        self._lines = io.StringIO()

    @property
    def text(self) -> str:
        return self._lines.getvalue()

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.write(record.getMessage() + "\n")

    def __enter__(self) -> None:
        self._before = self._logger.level, self._logger.propagate
        self._logger.setLevel(logging.DEBUG)
        self._logger.propagate = False
        self._logger.addHandler(self)

    def __exit__(self, *_problem: object) -> None:
        self._logger.removeHandler(self)
        self._logger.level, self._logger.propagate = self._before
