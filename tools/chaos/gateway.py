"""The gateway of the bad day: takes messages over HTTP and keeps a log; now and then its answer is lost."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

LOST = 0.02  # of the answers
REFUSED = 0.02  # of the messages


class Gateway:
    """What a customer's telephone would show: how often each message went out, whatever the desks believe."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"gateway {seed}")
        self._lock = Lock()
        self.sent: Counter[str] = Counter()  # by the message's id
        self.port = 0

    def take(self, id: str) -> int:
        """The status of the answer; 0: no answer at all."""
        with self._lock:
            chance = self._random.random()
            if chance < REFUSED:
                return 400
            self.sent[id] += 1
            return 0 if chance < REFUSED + LOST else 200


class Quiet(ThreadingHTTPServer):
    """A worker that is killed in the middle of a request is no news."""

    def handle_error(self, *_about: object) -> None:
        """Nothing is printed."""


@contextmanager
def running(gateway: Gateway) -> Iterator[Gateway]:
    """The gateway on a free port of this machine's loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = gateway.take(asked["id"])
            if not status:
                self.close_connection = True
                return
            body = json.dumps({"id": f"g{gateway.sent.total()}"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Nothing is printed."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        gateway.port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
        yield gateway
        server.shutdown()
