"""A program on a pseudo-terminal, watched from outside: when it paints, how it answers keys, what it costs."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

TICKS = os.sysconf("SC_CLK_TCK")
SETTLED = 0.001  # a frame is written at once; its pieces come within a millisecond, the next frame does not


class Terminal:
    """`with Terminal(["desk"]) as terminal:` starts the program on a screen of `size` (columns, rows)."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str] = {}, size: tuple[int, int] = (120, 36)) -> None:
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), {**os.environ, **TERMINAL, **env})
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def until(self, words: str, timeout: float = 30) -> float:
        """Seconds from the start of the program until `words` were painted; raises TimeoutError."""
        seen, wanted, end = b"", words.encode(), time.perf_counter() + timeout
        while wanted not in seen:
            data = self.read(end - time.perf_counter())
            if not data:
                raise TimeoutError(f"{words!r} was not painted; the screen ended with {seen[-400:]!r}")
            seen += data
        return time.perf_counter() - self.started

    def settle(self, quiet: float = 0.3) -> None:
        """Read until nothing has come for `quiet` seconds."""
        while self.read(quiet):
            pass

    def answer(self, keys: bytes, timeout: float = 2, quiet: float = SETTLED) -> float:
        """Seconds from writing `keys` to the last byte of the answer: `quiet` seconds bring nothing more."""
        while self.read(0):
            pass
        start = last = time.perf_counter()
        os.write(self.fd, keys)
        if not self.read(timeout):
            raise TimeoutError(f"no answer to {keys!r}")
        last = time.perf_counter()
        while self.read(quiet):
            last = time.perf_counter()
        return last - start

    def read(self, timeout: float) -> bytes:
        """What the program wrote, waiting at most `timeout` seconds; empty when nothing came."""
        ready, _, _ = select.select([self.fd], [], [], max(timeout, 0))
        if not ready:
            return b""
        try:
            return os.read(self.fd, 1 << 16)
        except OSError:
            return b""

    def processor(self, seconds: float) -> float:
        """The share of one core that the program takes over `seconds` of being left alone."""
        before, end = self._ticks(), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)
        return (self._ticks() - before) / TICKS / seconds

    def memory(self) -> float:
        """Resident megabytes of the program."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    def _ticks(self) -> int:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])


TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
