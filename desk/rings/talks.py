"""One caller at the endpoint: an HTTP client, or a telephone system that writes lines of JSON.

Whatever it sends, it gets a status and a sentence, and the desk goes on.
"""

from __future__ import annotations

import socket
from base64 import b64decode
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from desk.errors import BadInput, NotFound
from desk.i18n import _
from desk.plugins.secrets import Secret
from desk.records import Ring
from desk.rings.endpoint import told_errors
from desk.rings.reading import read_incoming

if TYPE_CHECKING:
    from desk.rings.endpoint import Endpoint

LONGEST = 1 << 16  # bytes of one call's body or line
QUIET = 3600.0  # seconds that a telephone system may have nothing to tell
RECEIPT = "/receipt/"


def serve(talk: socket.socket, endpoint: Endpoint, token: Secret | None) -> None:
    """Talk with one caller until it has done; its first byte says which language it speaks. Raises OSError."""
    if talk.recv(1, socket.MSG_PEEK) == b"{":
        _Lines(talk, endpoint, token).serve()
    elif token is not None:
        _Http(talk, endpoint, token)


class _Lines:
    """One JSON object a line, one answered with; `{"error": …}` where it was not taken."""

    def __init__(self, talk: socket.socket, endpoint: Endpoint, token: Secret | None) -> None:
        self._talk = talk
        self._endpoint = endpoint
        self._token = token

    def serve(self) -> None:
        with self._talk.makefile("rb") as lines:
            while line := lines.readline(LONGEST):
                if not line.endswith(b"\n") and len(line) == LONGEST:
                    return self._answer({"error": _("a line of more than {most} bytes").format(most=LONGEST)})
                if line.strip():
                    with told_errors(lambda _status, words: self._answer({"error": words})):
                        self._answer(self._heard(line))
        return None

    def _heard(self, line: bytes) -> dict[str, Any]:
        document = _decoded(line)
        if not isinstance(document, dict):
            raise BadInput(_("a JSON object is expected, like {example}").format(example='{"number": "13800138000"}'))
        given = document.pop("token", "")
        if self._token is not None and not self._endpoint.is_token(str(given), self._token):
            return {"error": _("the token is missing or wrong")}
        self._talk.settimeout(QUIET)  # only for one that is known: the others would hold the door
        return answered(self._endpoint.rings.hear(read_incoming(document), "socket"))

    def _answer(self, document: Mapping[str, Any]) -> None:
        self._talk.sendall(msgspec.json.encode(document) + b"\n")


class _Http(BaseHTTPRequestHandler):
    """The few requests the desk knows. Made for one connection, done when it is made."""

    protocol_version = "HTTP/1.1"
    server_version = "desk"
    sys_version = ""
    timeout = 10
    wbufsize = -1  # head and body leave together: apart they wait 40 ms for each other
    error_content_type = "application/json"
    error_message_format = '{"error": "%(code)d %(message)s"}'

    def __init__(self, talk: socket.socket, endpoint: Endpoint, token: Secret) -> None:
        self._endpoint = endpoint
        self._token = token
        super().__init__(talk, ("", 0), None)  # type: ignore[arg-type]

    def log_message(self, format: str, *args: object) -> None:
        """The screen is not written over."""

    def do_GET(self) -> None:
        if urlsplit(self.path).path.startswith(RECEIPT):
            self.do_POST()
        else:
            self._refused(405 if self._path == "/ring" else 404, _("use POST"))

    def do_POST(self) -> None:
        with told_errors(self._refused):
            body = self._body()
            if body is None:
                return
            if not self._endpoint.is_token(self._given(), self._token):
                self._refused(401, _("the token is missing or wrong"))
            elif self._path == "/ring":
                document = self._merged(_read(body, self.headers.get("Content-Type", "")))
                self._answer(200, answered(self._endpoint.rings.hear(read_incoming(document), "http")))
            elif self._path.startswith(RECEIPT) and self._path != RECEIPT:
                self._receipt(unquote(self._path.removeprefix(RECEIPT)), body)
            else:
                self._refused(404, _("there is only {paths}").format(paths="POST /ring, POST /receipt/CHANNEL"))

    @property
    def _path(self) -> str:
        return urlsplit(self.path).path

    def _receipt(self, channel: str, body: bytes) -> None:
        document = _read(body, self.headers.get("Content-Type", ""))
        payloads = document if isinstance(document, list) else [self._merged(document)]
        try:
            count = sum(self._endpoint.receive(channel, one) for one in payloads if isinstance(one, Mapping))
        except NotFound as problem:
            return self._refused(404, str(problem))
        return self._answer(200, {"reports": count})

    def _body(self) -> bytes | None:
        """What was sent, or None when it was refused: then nothing more of this caller can be understood."""
        length = self.headers.get("Content-Length") or ("" if "Transfer-Encoding" in self.headers else "0")
        if not (length.isascii() and length.isdigit()):
            self._refused_for_good(411, _("say how long the body is, in Content-Length"))
            return None
        if len(length) > 9 or int(length) > LONGEST:
            self._refused_for_good(413, _("a body of more than {most} bytes").format(most=LONGEST))
            return None
        return self.rfile.read(int(length))

    def _given(self) -> str:
        """The token as a caller may write it: Authorization (Bearer, or Basic as its password), X-Token, or ?token=."""
        scheme, _space, rest = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return rest.strip()
        if scheme.lower() == "basic":
            try:
                return b64decode(rest).decode().partition(":")[2]
            except ValueError:
                return ""
        return str(self.headers.get("X-Token") or dict(parse_qsl(urlsplit(self.path).query)).get("token", ""))

    def _merged(self, document: Any) -> Any:
        """The body with what stood in the address."""
        asked = {key: value for key, value in _form(urlsplit(self.path).query).items() if key != "token"}
        return {**asked, **document} if isinstance(document, Mapping) else document

    def _refused_for_good(self, status: int, words: str) -> None:
        self.close_connection = True
        self._refused(status, words)

    def _refused(self, status: int, words: str) -> None:
        self._answer(status, {"error": words})

    def _answer(self, status: int, document: Mapping[str, Any]) -> None:
        content = msgspec.json.encode(document)
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        if status == 401:
            self.send_header("WWW-Authenticate", "Bearer")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)


def answered(ring: Ring) -> dict[str, Any]:
    """What a telephone system is told of its ring."""
    return {"id": ring.id, "state": ring.state.value, "seats": [seat for seat in (ring.seat, *ring.also) if seat]}


def _read(body: bytes, kind: str) -> Any:
    """The object in a body: a form where it says so or looks like one, else JSON; nothing in an empty one."""
    if not body.strip():
        return {}
    if "form" in kind.lower() and body.lstrip()[:1] not in b"{[":
        return _form(body.decode("utf-8", "replace"))
    return _decoded(body)


def _form(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    except ValueError as problem:
        raise BadInput(_("this form cannot be read"), why=str(problem)) from None


def _decoded(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BadInput(_("this is not JSON: {problem}").format(problem=problem)) from None
