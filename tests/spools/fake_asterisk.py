"""Asterisk's manager interface on loopback, as it is at work: other calls' events in between, lines in two halves."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from socketserver import StreamRequestHandler, ThreadingTCPServer
from time import sleep

NOISE = (
    b"Event: Newchannel\r\nChannel: PJSIP/trunk-1\r\nCallerIDNum: 95001\r\nUniqueid: 5.1\r\nLinkedid: 5.1\r\n\r\n",
    b"\xff\xfe no such line\r\n: \r\n\r\n",
    b"Event: Hangup\r\nUniqueid: 5.1\r\nLinkedid: 5.1\r\nCause: 16\r\n\r\n",
    b"Response: Success\r\nActionID: of-somebody-else\r\n\r\n",
)


class FakeAsterisk:
    """Listens on `port`; `mode` says how Originate is answered, `dialled` what was asked for."""

    def __init__(self) -> None:
        self.mode = "accept"
        self.refusal = "no credit left 余额不足"
        self.secret = "s3cret"
        self.dialled: list[dict[str, str]] = []
        self.logins = 0
        self.port = 0
        self._server: ThreadingTCPServer | None = None
        self._sessions: list[_Session] = []
        self._calls = count(1)
        self.listen()

    def listen(self) -> None:
        if self._server is None:
            self._server = _Server(("127.0.0.1", self.port), _Session)
            self._server.fake = self
            self.port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        self.cut()

    def cut(self) -> None:
        """Asterisk is restarted: every session ends."""
        for session in self._sessions:
            with suppress(OSError):
                session.connection.shutdown(2)
        self._sessions.clear()

    def tell(self, **fields: str) -> None:
        """An event, to everybody."""
        for session in list(self._sessions):
            session.say(fields)

    def call(self, id: str, *, picked_up: str = "4", then: Iterable[dict[str, str]] = ()) -> str:
        """The agent's phone answers (Reason 4) or not; then what else Asterisk says of the call, by its name."""
        name = f"1700000000.{next(self._calls)}"
        success = "Success" if picked_up == "4" else "Failure"
        self.tell(Event="OriginateResponse", ActionID=id, Response=success, Reason=picked_up, Uniqueid=name)
        for event in then:
            self.tell(Linkedid=name, Uniqueid=name, **event)
        return name


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    fake: FakeAsterisk


class _Session(StreamRequestHandler):
    def handle(self) -> None:
        self.fake: FakeAsterisk = self.server.fake  # type: ignore[attr-defined]
        self.writing = threading.Lock()
        self.wfile.write(b"Asterisk Call Manager/5.0.2\r\n")
        action: dict[str, str] = {}
        with suppress(OSError):
            for raw in self.rfile:
                line = raw.decode().strip()
                key, _colon, value = line.partition(":")
                if line:
                    action[key.strip().lower()] = value.strip()
                elif action:
                    if self.obey(action) == "end":
                        break
                    action = {}

    def say(self, fields: dict[str, str]) -> None:
        text = "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode() + b"\r\n"
        with self.writing, suppress(OSError):
            for noise in NOISE:
                self.wfile.write(noise)
            self.wfile.write(text[: len(text) // 2])
            self.wfile.flush()
            sleep(0.002)
            self.wfile.write(text[len(text) // 2 :])

    def obey(self, action: dict[str, str]) -> str | None:
        name, answer = action["action"].lower(), {"ActionID": action.get("actionid", "")}
        if name == "originate":
            return self.originate(action, answer)
        if name == "login":
            self.fake.logins += 1
            if action.get("secret") != self.fake.secret:
                self.say({"Response": "Error", **answer, "Message": "Authentication failed"})
                return "end"
            self.fake._sessions.append(self)
        self.say({"Response": "Success", **answer})
        return None

    def originate(self, action: dict[str, str], answer: dict[str, str]) -> str | None:
        mode = self.fake.mode
        if mode in ("reject", "forbid"):
            words = self.fake.refusal if mode == "reject" else "Permission denied"
            self.say({"Response": "Error", **answer, "Message": words})
            return None
        self.fake.dialled.append(action)
        if mode == "accept":
            self.say({"Response": "Success", **answer, "Message": "Originate successfully queued"})
        elif mode == "junk":
            self.wfile.write(b"\x00\xffgood morning\r\n\r\n")
        return "end" if mode in ("junk", "lose") else None
