"""A desk as a process of its own, drawn in one page: textual-serve's `AppService`, started without a shell.

The process is told its session by the first line of its standard input: neither its arguments nor its environment say
who is signed in, as both can be read by others on the machine.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from time import monotonic

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from desk.serve.environment import screen_environment

log = logging.getLogger(__name__)

READY = b"__GANGLION__\n"  # the first line of a Textual app that draws for a page
LONGEST_PACKET = 16 * 1024 * 1024
OPENING_SECONDS = 60.0  # a cold start on a busy machine takes several
LEAVING_SECONDS = 5.0
ENDING_SECONDS = 2.0


class Screen(AppService):
    """One desk in one page. `why` is the close code of its end, decided by whoever ended it first."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        token: str,
        *,
        write_bytes: Callable[[bytes], Awaitable[None]],
        ended: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(
            command[0],
            write_bytes=write_bytes,
            write_str=_nothing_said,
            close=ended,
            download_manager=DownloadManager(),
        )
        self._command = command
        self._environment = environment
        self._token = token
        self.last_key = monotonic()
        self.why = 0
        self.is_open = False
        self._stopping = asyncio.Lock()

    @property
    def process_id(self) -> int:
        return self._process.pid if self._process else 0

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,  # what goes wrong in there is in the desk's own logs
            env={**self._environment, **screen_environment(width, height)},
            start_new_session=True,  # the operator's Ctrl+C is not the agents'
        )
        assert process.stdin is not None
        self._stdin = process.stdin
        self._stdin.write(self._token.encode() + b"\n")
        return process

    async def run(self) -> None:
        """Pass on what the desk draws until it ends, then say so."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            await self._pass_on(self._process.stdout)
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            pass
        finally:
            await self.remote_close()

    async def _pass_on(self, output: asyncio.StreamReader) -> None:
        async with asyncio.timeout(OPENING_SECONDS):
            while (line := await output.readline()) != READY:
                if not line:
                    return
        self.is_open = True
        while True:
            head = await output.readexactly(5)
            size = int.from_bytes(head[1:], "big")
            if size > LONGEST_PACKET:
                log.error("a screen sent a packet of %d bytes", size)
                return
            payload = await output.readexactly(size)
            if head[:1] == b"D":
                with suppress(ConnectionError):  # the page has gone: read on, so that the desk can end
                    await self.remote_write_bytes(payload)
            elif head[:1] == b"M" and json.loads(payload).get("type") == "exit":
                return

    async def stop(self) -> None:
        """Let the desk put everything in order and end; what does not end in time is killed."""
        async with self._stopping:
            process, task = self._process, self._task
            self._process = self._task = None
            if process is not None and process.returncode is None:
                await self.send_meta({"type": "quit"})
                with suppress(OSError, RuntimeError):
                    self.stdin.close()
                await _ended(process)
            if task is not None:
                await asyncio.wait([task], timeout=ENDING_SECONDS)  # the page is told why
                task.cancel()


async def _ended(process: Process) -> None:
    """Wait for `process`; ask again with a signal, and do not ask a third time."""
    for seconds, number in ((LEAVING_SECONDS, signal.SIGTERM), (ENDING_SECONDS, KILL)):
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await process.wait()
                break
        _signal(process, number)
    await process.wait()


def _signal(process: Process, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.kill()


async def _nothing_said(text: str) -> None:
    """A desk asks a page for nothing: no address to open, no file to fetch."""


KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
