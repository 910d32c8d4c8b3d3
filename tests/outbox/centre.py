"""A gateway in the test's own process with a log, and the channel that talks to it; run as a program, a worker on it.

One line of JSON asks, one answers. The log is what a customer's telephone would show: whatever the workers believe,
it tells how often a message went out.
"""

from __future__ import annotations

import json
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Lock, Thread
from typing import Any

from outbox_county import ABLE, ZONE, FakeChannel, FakeHost, SettableClock

from desk.app import Desk
from desk.config import load_config
from desk.plugins.messages import Message, Receipt, Report
from desk.plugins.send_errors import NoConnection, UnknownOutcome
from desk.records import AttemptState


class Centre:
    """Takes messages, loses some answers, reports each twice until the report is acknowledged."""

    def __init__(self, seed: int, lost: float = 0.02, slow: float = 0.001) -> None:
        self._random = random.Random(seed)
        self._lost = lost
        self.slow = slow  # seconds for a message
        self._lock = Lock()
        self.log: list[tuple[str, str]] = []  # message, part's key
        self.waiting: dict[str, str] = {}  # id → state, until acknowledged
        self.port = 0

    def answer(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        with self._lock:
            match asked["do"]:
                case "send":
                    time.sleep(self.slow)
                    return self._taken(asked)
                case "poll":
                    some = list(self.waiting.items())[:50]
                    return {"reports": [one for one in some for _twice in range(2)]}
                case _:
                    for id in asked["ids"]:
                        self.waiting.pop(id, None)
                    return {}

    def _taken(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        self.log.append((asked["message"], asked["key"]))
        id = f"c{len(self.log)}"
        self.waiting[id] = "delivered"
        return None if self._random.random() < self._lost else {"id": id}

    def times(self) -> Counter[str]:
        return Counter(message for message, _key in self.log)


@contextmanager
def running(centre: Centre) -> Iterator[Centre]:
    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # the worker was killed
                for line in self.rfile:
                    answer = centre.answer(json.loads(line))
                    if answer is None:
                        return  # the line is cut before the answer
                    self.wfile.write(json.dumps(answer).encode() + b"\n")

    ThreadingTCPServer.allow_reuse_address = True
    ThreadingTCPServer.daemon_threads = True
    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        centre.port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
        yield centre
        server.shutdown()


class CentreChannel(FakeChannel):
    """The channel that talks to the centre."""

    def __init__(self, port: int) -> None:
        super().__init__("sms", ABLE)
        self._port = port
        self._line: tuple[socket.socket, Any] | None = None

    def send(self, message: Message, _timeout: float) -> Receipt:
        found = self._ask({"do": "send", "message": message.id, "key": message.key})
        return Receipt(state="accepted", external_id=found["id"])

    def poll(self, _ids: Sequence[str], _timeout: float) -> Sequence[Report]:
        found = self._ask({"do": "poll"})["reports"]
        return [Report(external_id=id, state=AttemptState(state)) for id, state in found]

    def stored(self, reports: Sequence[Report]) -> None:
        self._ask({"do": "stored", "ids": [one.external_id for one in reports]})

    def _ask(self, what: dict[str, Any]) -> Any:
        if self._line is None:
            try:
                line = socket.create_connection(("127.0.0.1", self._port), 2)
            except OSError as problem:
                raise NoConnection(why=str(problem)) from None
            self._line = line, line.makefile("r")
        line, reader = self._line
        line.sendall(json.dumps(what).encode() + b"\n")
        answer = reader.readline()
        if not answer:
            self._line = None
            raise UnknownOutcome
        return json.loads(answer)


def work(data: Path, port: int, now: datetime) -> None:
    """A worker until it is killed."""
    with Desk.open(load_config(None, data, {}), clock=SettableClock(now)) as desk:
        FakeHost.at(desk).bring(CentreChannel(port))
        print("ready", flush=True)
        desk.outbox.worker().run(Event(), idle=0.01)


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3]).astimezone(ZONE))
