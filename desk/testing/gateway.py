"""A gateway on loopback that speaks HTTP and behaves as badly as it is told to.

gateway = FakeGateway()
gateway.play("stall")
…
gateway.requests[0].text        # everything that was asked for, decoded
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

from desk.testing.bench import Mode

REFUSAL = "no credit left 余额不足"


class Answer(Struct, frozen=True):
    """What the gateway says: `{id}` and `{refusal}` in the body are filled in; a mapping is sent as JSON."""

    status: int = 200
    body: str | bytes | Mapping[str, Any] = ""
    headers: Mapping[str, str] = {}


ANSWERS: Mapping[str, Answer] = {
    "accept": Answer(200, {"id": "{id}"}),
    "throttle": Answer(429, {"error": "too fast"}, {"Retry-After": "3"}),
    "reject": Answer(400, {"error": "{refusal}"}),
    "trouble": Answer(503, {"error": "in trouble"}),
    "junk": Answer(200, b"\x00\xff<nonsense"),
}


class Request(Struct, frozen=True, kw_only=True):
    """One request as it came; `id` is the name the gateway gave to what was in it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    id: str

    @property
    def words(self) -> tuple[str, ...]:
        """Every value in it (path, query, form or JSON, at any depth), as text; and the body as it is."""
        text = _decoded(self.body)
        return (unquote(self.path), *self.query.values(), *_values(_parsed(text)), text)

    @property
    def text(self) -> str:
        """All its words, one a line."""
        return "\n".join(self.words)


class FakeGateway:
    """Listens on a free port of 127.0.0.1. `answers` replaces what it says, mode by mode.

    `key_of` finds the idempotency key in a request: one with a key that was taken before is answered the same again.
    """

    def __init__(
        self,
        answers: Mapping[str, Answer] | None = None,
        *,
        key_of: Callable[[Request], str] = lambda request: request.headers.get("idempotency-key", ""),
        refusal: str = REFUSAL,
    ) -> None:
        self.answers = {**ANSWERS, **(answers or {})}
        self.refusal = refusal
        self.requests: list[Request] = []  # everything that came
        self.taken: list[Request] = []  # what it will send on
        self._key_of = key_of
        self._known: dict[str, str] = {}
        self._lock = Lock()
        self._let_go = Event()
        self._open: set[socket.socket] = set()
        self._mode: Mode = "accept"
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self._listen()

    @property
    def host(self) -> str:
        """`127.0.0.1:port`, as `[plugins] hosts` wants it."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.host}"

    def play(self, mode: Mode) -> None:
        """From now on act like `mode`; "closed" hangs up and listens no more."""
        self._let_go.set()
        self._let_go = Event()
        self._mode = mode
        if mode == "closed":
            self._hang_up()
        elif self._server is None:
            self._listen()

    def forget(self) -> None:
        """As if nothing had come yet."""
        self.requests.clear()
        self.taken.clear()
        self._known.clear()

    def receipts(self, payload: Mapping[str, Any], *, times: int = 2) -> Iterator[Mapping[str, Any]]:
        """What it calls the desk with about everything taken, `times` times over; `{id}` is filled in."""
        for request in [*self.taken] * times:
            yield _filled(payload, {"id": request.id, "refusal": self.refusal})

    def close(self) -> None:
        """Hang up for good."""
        self._let_go.set()
        self._hang_up()

    def _listen(self) -> None:
        gateway = self

        class Handler(_Handler):
            fake = gateway

        self._server = _Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True, name="fake gateway").start()

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server:
            server.shutdown()
            server.server_close()
        for connection in list(self._open):
            cut(connection)

    def _take(self, request: Request) -> Request:
        """Note what came; what has a key that is known keeps its first name and is not taken again."""
        with self._lock:
            key = self._key_of(request)
            again = bool(key) and key in self._known
            id = self._known[key] if again else f"g{len(self.requests) + 1}"
            request = Request(
                **{name: getattr(request, name) for name in request.__struct_fields__ if name != "id"}, id=id
            )
            self.requests.append(request)
            if self._mode in ("accept", "stall", "lose", "junk") and not again:
                self.taken.append(request)
                self._known[key] = id
            return request


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""


class _Handler(BaseHTTPRequestHandler):
    fake: FakeGateway
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.fake._open.add(self.connection)

    def finish(self) -> None:
        self.fake._open.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = _pairs(address.query)
        let_go, mode = self.fake._let_go, self.fake._mode
        request = self.fake._take(
            Request(method=self.command, path=address.path, query=query, headers=headers, body=body, id="")
        )
        if mode == "stall":
            let_go.wait(60)
        if mode in ("stall", "lose"):
            self.close_connection = True
            return cut(self.connection)
        return self._say(self.fake.answers[mode], request)

    do_GET = do_PUT = do_POST

    def _say(self, answer: Answer, request: Request) -> None:
        body = _filled(answer.body, {"id": request.id, "refusal": self.fake.refusal})
        sent = (
            body
            if isinstance(body, bytes)
            else (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode()
        )
        self.send_response(answer.status)
        if not isinstance(answer.body, str | bytes):
            self.send_header("Content-Type", "application/json")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)


def cut(connection: socket.socket) -> None:
    """Hang up at once, in the middle of whatever was said."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        connection.close()


def _filled(body: Any, blanks: Mapping[str, str]) -> Any:
    if isinstance(body, Mapping):
        return {key: _filled(value, blanks) for key, value in body.items()}
    if isinstance(body, str):
        return body.replace("{id}", blanks["id"]).replace("{refusal}", blanks["refusal"])
    return body


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return _pairs(text)


def _pairs(text: str) -> dict[str, str]:
    """The fields of a query or form, in UTF-8 or, as older gateways want it, in GB 18030."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        return dict(parse_qsl(text, keep_blank_values=True, encoding="gb18030", errors="replace"))


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def _values(thing: Any) -> Iterator[str]:
    if isinstance(thing, Mapping):
        thing = list(thing.values())
    if isinstance(thing, list):
        for inner in thing:
            yield from _values(inner)
    else:
        yield str(thing)
