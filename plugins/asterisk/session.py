"""One session with Asterisk's manager interface (AMI): blocks of `Key: value` lines over TCP, answers among events.

Whatever is no such line is junk and left out. Before the request is written nothing was dialled; after it, no answer
means that nobody knows. Source: docs.asterisk.org, "Asterisk Manager Interface (AMI)".
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import count
from time import monotonic
from typing import Any
from uuid import uuid4

from desk.plugins import ConfigProblem, NoConnection, SendError, UnknownOutcome, in_language

Block = dict[str, str]
_END = re.compile(rb"\r?\n\r?\n")
MOST = 1 << 20  # bytes without an end of block: no manager says so much in one breath
KEPT = 10_000  # events nobody asked for; a busy switch says a thousand a minute
NOT_LET_IN = {
    "zh_CN": "Asterisk 不让登录，请核对用户名、密码和 manager.conf",
    "en": "Asterisk lets nobody in by this name; look at user, secret and manager.conf",
}


class Session:
    """Logged in; answers are returned by `ask`, events wait to be `taken`. Raises as it is made, see `ask`."""

    def __init__(self, settings: Any, timeout: float) -> None:
        deadline = monotonic() + timeout
        self._buffer = b""
        self._read_to = 0  # so far its blocks were given out
        self._events: list[Block] = []
        self._numbers = count(1)
        self._prefix = uuid4().hex[:12]  # another session's answers are not taken for ours
        secret = settings.secret.reveal()
        try:
            self._socket = socket.create_connection((settings.host, settings.port), timeout=timeout)
        except OSError as error:
            raise NoConnection(why=str(error)) from None
        try:
            login = {"Action": "Login", "Username": settings.user, "Secret": secret, "Events": "call"}
            answer = self.ask(login, deadline - monotonic(), lost=NoConnection)
            if answer.get("response") != "Success":
                raise ConfigProblem(in_language(NOT_LET_IN), why=answer.get("message", ""))
        except BaseException:
            self.close()
            raise

    def ask(self, action: Mapping[str, str], timeout: float, lost: type[SendError] = UnknownOutcome) -> Block:
        """The answer to `action`; raises `lost` when none comes, NoConnection when it could not be written."""
        deadline = monotonic() + timeout
        id = f"desk-{self._prefix}-{next(self._numbers)}"
        self._write({**action, "ActionID": id}, timeout)
        while True:
            for block in self._blocks():
                if "response" in block and block.get("actionid") == id and "event" not in block:
                    return block
                self._keep(block)
            left = deadline - monotonic()
            if left <= 0 or not self.look(left):
                raise lost

    def look(self, seconds: float) -> bool:
        """Read what came in within `seconds`; whether the session still stands and something came."""
        self._socket.settimeout(max(seconds, 0.0))
        try:
            data = self._socket.recv(65536)
        except OSError:
            return False
        self._buffer = (self._buffer[self._read_to :] + data)[-MOST:]
        self._read_to = 0
        return bool(data)

    def taken(self) -> list[Block]:
        """The events since the last time, in order."""
        for block in self._blocks():
            self._keep(block)
        taken, self._events = self._events, []
        return taken

    def close(self) -> None:
        with suppress(OSError):
            self._socket.close()

    def _write(self, action: Mapping[str, str], timeout: float) -> None:
        lines = (f"{key}: {' '.join(value.split())}\r\n" for key, value in action.items())
        self._socket.settimeout(max(timeout, 0.01))
        try:
            self._socket.sendall("".join([*lines, "\r\n"]).encode())
        except OSError as error:
            raise NoConnection(why=str(error)) from None

    def _keep(self, block: Block) -> None:
        if "event" in block and len(self._events) < KEPT:
            self._events.append(block)

    def _blocks(self) -> Iterator[Block]:
        """Every whole block read so far; a half one stays until its end comes."""
        while end := _END.search(self._buffer, self._read_to):
            text, self._read_to = self._buffer[self._read_to : end.start()], end.end()
            lines = (line.partition(":") for line in text.decode("utf-8", "replace").split("\n"))
            block = {key.strip().lower(): value.strip() for key, colon, value in lines if colon}
            if block:
                yield block
