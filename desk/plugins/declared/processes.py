"""A program run without a shell, in a clean environment and a process group of its own, until its deadline."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Thread
from typing import IO, TYPE_CHECKING

from msgspec import Struct

from desk.i18n import _
from desk.plugins.send_errors import ConfigProblem, GatewayTrouble, UnknownOutcome, Unsupported

if TYPE_CHECKING:
    from subprocess import Popen

MOST = 64 * 1024  # bytes kept of what it prints
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT")  # all of the desk's environment it sees


class Ended(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it ended: its exit code (below 0: killed by that signal) and what it printed."""

    exit: int
    output: str = ""
    errors: str = ""


def program(name: str) -> str:
    """The path of the program that would be run; empty when there is none."""
    from shutil import which

    return which(name, path=_environment({}).get("PATH")) or ""


def run(
    argv: Sequence[str],
    *,
    timeout: float,
    stdin: str = "",
    environment: Mapping[str, str] | None = None,
    folder: str = "",
) -> Ended:
    """How the program ended; raises ConfigProblem when it cannot be started, UnknownOutcome at the deadline."""
    with _started(argv, stdin, environment or {}, folder) as process:
        readers = [_Reader(stream) for stream in (process.stdout, process.stderr) if stream]
        try:
            exit = process.wait(timeout)
        except BaseException as problem:
            _kill(process)
            if type(problem).__name__ != "TimeoutExpired":
                raise
            text = _("the program did not end within {seconds} seconds and was killed; nobody knows whether it arrived")
            raise UnknownOutcome(text.format(seconds=round(timeout, 1))) from None
        for reader in readers:
            reader.join(0.2)  # a child that lives on may keep the pipe open: what came so far is enough
        return Ended(exit=exit, output=readers[0].text, errors=readers[1].text)


@contextmanager
def _started(argv: Sequence[str], stdin: str, environment: Mapping[str, str], folder: str) -> Iterator[Popen[bytes]]:
    from subprocess import PIPE, Popen
    from tempfile import TemporaryFile

    with TemporaryFile() as given:  # not a pipe: a program that does not read cannot hold us up
        given.write(stdin.encode())
        given.seek(0)
        try:
            process = Popen(
                list(argv),
                stdin=given,
                stdout=PIPE,
                stderr=PIPE,
                env=_environment(environment),
                cwd=folder or None,
                start_new_session=True,
            )
        except OSError as problem:
            raise _not_started(argv[0], problem) from None
        yield process


class _Reader(Thread):
    """Takes everything a stream brings, and keeps the beginning."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._kept = b""
        self.start()

    @property
    def text(self) -> str:
        return self._kept.decode("utf-8", "replace")

    def run(self) -> None:
        with suppress(OSError, ValueError), self._stream:
            while piece := os.read(self._stream.fileno(), MOST):
                self._kept = (self._kept + piece)[:MOST]


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | dict(own)


def _kill(process: Popen[bytes]) -> None:
    """End the program and all it started."""
    from signal import SIGTERM

    with suppress(OSError):
        if hasattr(os, "killpg"):
            from signal import SIGKILL

            os.killpg(process.pid, SIGKILL)
        else:
            os.kill(process.pid, SIGTERM)
    process.wait()


def _not_started(name: str, problem: OSError) -> ConfigProblem | GatewayTrouble | Unsupported:
    from errno import E2BIG, EAGAIN, ENOMEM

    if problem.errno == E2BIG:
        return Unsupported(_("the text is too long for an argument of a program"))
    if problem.errno in (EAGAIN, ENOMEM):
        return GatewayTrouble(why=str(problem))
    return ConfigProblem(_("{name} cannot be run: {words}").format(name=name, words=problem.strerror))
