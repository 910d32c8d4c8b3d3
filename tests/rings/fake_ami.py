"""Asterisk's manager interface on loopback: it lets in, tells events in any pieces, is cut and comes back."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from itertools import count
from time import monotonic, sleep


class FakeAmi:
    """Listens on `port`. `end` is how its lines end; `logins` and `refused` are counted."""

    def __init__(self, *, end: bytes = b"\r\n") -> None:
        self.secret = "s3cret"
        self.end = end
        self.logins = self.refused = 0
        self.actions: list[dict[str, str]] = []
        self.sessions: list[socket.socket] = []
        self.port = 0
        self._listening: socket.socket | None = None
        self._calls = count(1)
        self.listen()

    def listen(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def gone(self) -> None:
        """Asterisk stops: nobody is let in any more, every session ends."""
        listening, self._listening = self._listening, None
        if listening:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        self.cut()

    def cut(self) -> None:
        """Every session ends, new ones are let in."""
        sessions, self.sessions = self.sessions, []
        for one in sessions:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def send(self, content: bytes) -> None:
        """These very bytes, to everybody."""
        for one in list(self.sessions):
            with suppress(OSError):
                one.sendall(content)

    def tell(self, **fields: str) -> None:
        self.send(self.block(**fields))

    def block(self, **fields: str) -> bytes:
        lines = (f"{name}: {value}".encode() + self.end for name, value in fields.items())
        return b"".join(lines) + self.end

    def come_in(self, number: str, *extensions: str, trunk: str = "trunk") -> str:
        """A call over a trunk, and the telephones that it makes ring, each told three times over; its name."""
        id = f"1700000000.{next(self._calls)}"
        own = {"Channel": f"PJSIP/{trunk}-0000001a", "CallerIDNum": number, "Uniqueid": id, "Linkedid": id}
        self.tell(Event="Newchannel", ChannelState="4", Exten="95598", **own)
        for extension in extensions:
            self.ring(own, extension)
        return id

    def ring(self, own: dict[str, str], extension: str) -> None:
        there = {"DestChannel": f"PJSIP/{extension}-0000002a", "DestUniqueid": f"{own['Uniqueid']}.{extension}"}
        self.tell(Event="AgentCalled", Queue="95598", **own, **there)
        self.tell(Event="DialBegin", DialString=extension, **own, **there)
        self.tell(
            Event="Newstate",
            Channel=there["DestChannel"],
            ChannelState="5",
            ConnectedLineNum=own["CallerIDNum"],
            Uniqueid=there["DestUniqueid"],
            Linkedid=own["Linkedid"],
        )

    def hang_up(self, id: str) -> None:
        self.tell(Event="Hangup", Channel="PJSIP/trunk-0000001a", Cause="16", Uniqueid=id, Linkedid=id)

    def wait_for_login(self, logins: int = 1, seconds: float = 5.0) -> None:
        until = monotonic() + seconds
        while self.logins < logins or not self.sessions:
            assert monotonic() < until, "nobody logged in"
            sleep(0.005)

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                talk, _address = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(talk,), daemon=True).start()

    def _talk(self, talk: socket.socket) -> None:
        with suppress(OSError, ValueError):
            talk.sendall(b"Asterisk Call Manager/5.0.2" + self.end)
            action: dict[str, str] = {}
            for raw in talk.makefile("rb"):
                line = raw.decode().strip()
                key, _colon, value = line.partition(":")
                if line:
                    action[key.strip().lower()] = value.strip()
                elif action:
                    self._obey(talk, action)
                    action = {}

    def _obey(self, talk: socket.socket, action: dict[str, str]) -> None:
        self.actions.append(action)
        answer = {"ActionID": action.get("actionid", "")}
        if action.get("action") != "Login":
            talk.sendall(self.block(Response="Success", **answer, Ping="Pong"))
        elif action.get("secret") != self.secret:
            self.refused += 1
            talk.sendall(self.block(Response="Error", **answer, Message="Authentication failed"))
            talk.close()
        else:
            talk.sendall(self.block(Response="Success", **answer, Message="Authentication accepted"))
            talk.sendall(self.block(Event="FullyBooted", Status="Fully Booted"))
            self.logins += 1
            self.sessions.append(talk)
