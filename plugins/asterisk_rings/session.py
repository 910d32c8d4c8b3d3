"""A session with Asterisk's manager interface (AMI) that listens: blocks of `Key: value` lines over TCP.

Whatever is no such line is junk and left out; a half one waits for its end. Source: docs.asterisk.org, "Asterisk
Manager Interface (AMI)".
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any
from uuid import uuid4

from desk.plugins import ConfigProblem, NoConnection, in_language

Block = dict[str, str]
_END = re.compile(rb"\r?\n\r?\n")
MOST = 1 << 18  # bytes without an end of block: no manager says so much in one breath
SILENCE = 30.0  # seconds after which Asterisk is asked whether it is still there
NOT_LET_IN = {
    "zh_CN": "Asterisk 不让登录，请核对用户名、密码和 manager.conf",
    "en": "Asterisk lets nobody in by this name; look at user, secret and manager.conf",
}
AWAY = {
    "zh_CN": "连不上 Asterisk，会自动重连",
    "en": "Asterisk is not reached; it is tried again by itself",
}


def lost(why: object) -> NoConnection:
    return NoConnection(in_language(AWAY), why=str(why))


class Blocks:
    """Bytes in, whole blocks out, however they are cut and whether their lines end in LF or CRLF."""

    def __init__(self) -> None:
        self._rest = b""

    def take(self, data: bytes) -> Iterator[Block]:
        """The blocks that `data` completes, with small letters for the names of their fields."""
        *whole, rest = _END.split(self._rest + data)
        self._rest = rest[-MOST:]
        for one in whole:
            lines = (line.partition(":") for line in one.decode("utf-8", "replace").split("\n"))
            block = {key.strip().lower(): value.strip() for key, colon, value in lines if colon}
            if block:
                yield block


class Session:
    """Logged in. Raises NoConnection where nobody answers, ConfigProblem where the password is wrong."""

    def __init__(self, settings: Any, timeout: float) -> None:
        self._blocks = Blocks()
        self._waiting: list[Block] = []
        self._heard_at = monotonic()
        self._asked = False
        secret = settings.secret.reveal()
        try:
            self._socket = socket.create_connection((settings.host, settings.port), timeout=timeout)
        except OSError as error:
            raise lost(error) from None
        try:
            self._log_in(settings.user, secret, monotonic() + timeout)
        except BaseException:
            self.close()
            raise

    def events(self, until: float) -> list[Block]:
        """The events of the next bytes, or none when nothing came by then (`time.monotonic`)."""
        waiting, self._waiting = self._waiting, []
        return waiting or [block for block in self._read(until) if "event" in block]

    def close(self) -> None:
        with suppress(OSError):
            self._socket.close()

    def _log_in(self, user: str, secret: str, until: float) -> None:
        id = uuid4().hex
        # `agent` are the events of queues; whoever may not read a class simply does not hear it.
        self._write({"Action": "Login", "Username": user, "Secret": secret, "Events": "call,agent", "ActionID": id})
        while True:
            blocks = list(self._read(until))
            for at, block in enumerate(blocks):
                if "response" in block and block.get("actionid", id) == id:
                    if block["response"].lower() != "success":
                        raise ConfigProblem(in_language(NOT_LET_IN), why=block.get("message", ""))
                    self._waiting += [late for late in blocks[at + 1 :] if "event" in late]
                    return
            if monotonic() >= until:
                raise lost("no answer to Login")

    def _read(self, until: float) -> Iterator[Block]:
        now = monotonic()
        if now - self._heard_at > SILENCE:
            self._still_there()
        self._socket.settimeout(max(0.001, min(until, self._heard_at + SILENCE * (2 if self._asked else 1)) - now))
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return
        except OSError as error:
            raise lost(error) from None
        if not data:
            raise lost("Asterisk closed the session")
        self._heard_at, self._asked = monotonic(), False
        yield from self._blocks.take(data)

    def _still_there(self) -> None:
        """A line that was cut without a word looks like a quiet evening: only an answer tells them apart."""
        if self._asked and monotonic() - self._heard_at > 2 * SILENCE:
            raise lost("no answer to Ping")
        if not self._asked:
            self._asked = True
            self._write({"Action": "Ping"})

    def _write(self, action: Mapping[str, str]) -> None:
        lines = (f"{key}: {' '.join(value.split())}\r\n" for key, value in action.items())
        try:
            self._socket.sendall("".join([*lines, "\r\n"]).encode())
        except OSError as error:
            raise lost(error) from None
