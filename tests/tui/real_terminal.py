"""A real terminal for tests: the whole program in a pty, its screen kept by pyte, cells and caret readable."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parents[2]


# What a test or the machine may have set and no desk of a test should see; the size is the terminal's own to say.
NOT_PASSED_ON = (
    *("NO_COLOR", "DESK_THEME", "DESK_NOW", "DESK_CONFIG", "DESK_DATA", "TEXTUAL_FPS"),
    *("COLUMNS", "LINES"),
)


class Terminal:
    """`with Terminal(data, (80, 24), ["--no-mouse"], DESK_THEME="light") as terminal:` – type into it, read it."""

    def __init__(
        self,
        data: Path,
        size: tuple[int, int] = (80, 24),
        flags: Sequence[str] = (),
        *,
        program: Sequence[str] = ("-m", "desk"),
        **more: str,
    ) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""  # everything that came, as it came
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
            for name in NOT_PASSED_ON:
                environment.pop(name, None)
            command = [sys.executable, *program, *flags, "--data", str(data)]
            os.execve(sys.executable, command, {**environment, **more})
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_problem: object) -> None:
        self.kill()

    def exit_code(self, seconds: float = 10.0) -> int:
        """Read until the program has ended by itself; its exit code."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with suppress(OSError):
                self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                with suppress(OSError):
                    self.read(0.05)
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"still running:\n{self.text()}")

    def kill(self) -> None:
        """kill -9: no chance to tidy up."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self._fd)
            self.pid = 0

    def send(self, keys: str) -> None:
        """Keys as a terminal sends them."""
        os.write(self._fd, keys.encode())

    def paste(self, text: str) -> None:
        """Text pasted in one piece (bracketed paste)."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def wait_for(self, words: str, seconds: float = 15.0) -> float:
        """Read until `words` stand on the screen; how long that took."""
        begun = time.monotonic()
        while words not in self.text():
            assert time.monotonic() - begun < seconds, f"no {words!r} within {seconds} s:\n{self.text()}"
            self.read(0.02)
        return time.monotonic() - begun

    def read(self, seconds: float) -> None:
        """Take in what the program writes for a while."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self._fd], [], [], left)[0]:
                came = os.read(self._fd, 65536)
                self.written += came
                self._stream.feed(came)

    def text(self) -> str:
        """The screen as text. Not `screen.display`: that stumbles over half a wide sign, left between two reads."""
        buffer, columns = self.screen.buffer, range(self.screen.columns)
        return "\n".join("".join(buffer[y][x].data for x in columns) for y in range(self.screen.lines))

    def line_of(self, words: str) -> int:
        """The row of the screen that holds `words`."""
        return next(y for y, line in enumerate(self.screen.display) if words in line)

    def rest(self, seconds: float = 0.4) -> None:
        """Read until nothing on the screen has moved for so long; ten seconds at most."""
        until, before = time.monotonic() + 10, ""
        while before != (before := self.text()) and time.monotonic() < until:
            self.read(seconds)

    def column_of(self, words: str, y: int) -> int:
        """The cell in which `words` begin on row `y`."""
        cells = [self.screen.buffer[y][x].data for x in range(self.screen.columns)]
        joined = "".join(cells)
        at = joined.index(words)
        taken = 0
        for x, cell in enumerate(cells):
            if taken >= at and cell:
                return x
            taken += len(cell)
        raise ValueError(words)
