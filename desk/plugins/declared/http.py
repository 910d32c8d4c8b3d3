"""One HTTP request, and what became of it: an answer, or the send error that says how far it got.

The line between NoConnection and UnknownOutcome is drawn here: once a byte of the request may have gone out, only an
answer tells. No redirect is followed, no proxy is taken from the environment, no answer is read beyond 64 kB.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from desk.i18n import _
from desk.plugins.send_errors import ConfigProblem, NoConnection, UnknownOutcome

if TYPE_CHECKING:
    from httpx2 import Client, Response

MOST = 64 * 1024  # bytes of an answer
CONNECT = 10.0  # seconds at most, so that a dead gateway is seen before the deadline


class Request(Struct, frozen=True, kw_only=True):
    """What goes out."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes = b""
    proxy: str = ""


class Answered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came back."""

    status: int
    text: str = ""
    location: str = ""
    retry_after: float = 1.0


def called(request: Request, timeout: float) -> Answered:
    """The gateway's answer within `timeout` seconds; raises ConfigProblem, NoConnection or UnknownOutcome."""
    import httpx2 as httpx  # 100 ms

    until = monotonic() + timeout
    waits = httpx.Timeout(timeout, connect=min(timeout, CONNECT))
    try:
        client = _client(request.proxy)
        stream = client.stream(
            request.method, request.url, headers=dict(request.headers), content=request.content, timeout=waits
        )
        with stream as response:
            return Answered(
                status=response.status_code,
                text=_text(response, until),
                location=response.headers.get("location", ""),
                retry_after=_seconds(response.headers.get("retry-after", "")),
            )
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, ValueError) as problem:
        raise ConfigProblem(why=str(problem)) from None
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as problem:
        raise NoConnection(why=str(problem)) from None
    except httpx.TransportError as problem:
        raise UnknownOutcome(why=str(problem) or type(problem).__name__) from None


def reached(url: str, proxy: str, timeout: float) -> str:
    """Why no connection to the host of `url` (or to the proxy) comes about; empty when it does. Nothing is asked."""
    import socket

    parts = urlsplit(proxy or url)
    if not parts.hostname:
        return _('"{url}" names no host').format(url=proxy or url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname, port), min(timeout, CONNECT)).close()
    except OSError as problem:
        words = {"host": parts.hostname, "port": port, "words": problem.strerror or problem}
        return _("{host} port {port} is not reached: {words}").format(**words)
    return ""


@lru_cache(maxsize=8)
def _client(proxy: str) -> Client:
    import httpx2 as httpx

    # A connection is kept only for a burst: one that the gateway closed meanwhile would look like a lost answer.
    limits = httpx.Limits(max_connections=16, keepalive_expiry=1.0)
    headers = {"Accept-Encoding": "identity", "User-Agent": "desk"}
    return httpx.Client(proxy=proxy or None, trust_env=False, follow_redirects=False, limits=limits, headers=headers)


def _text(response: Response, until: float) -> str:
    """As much of the answer as anyone needs; raises UnknownOutcome when it does not end in time."""
    left = max(until - monotonic(), 0.01)
    response.request.extensions["timeout"] = {**response.request.extensions.get("timeout", {}), "read": left}
    content = b""
    for piece in response.iter_raw():
        content += piece
        if len(content) >= MOST:
            break
        if monotonic() > until:
            raise UnknownOutcome(why=_("the answer did not end in time"))
    try:
        return content[:MOST].decode(response.charset_encoding or "utf-8", "replace")
    except LookupError:
        return content[:MOST].decode("utf-8", "replace")


def _seconds(text: str) -> float:
    """Retry-After in seconds; a date, or junk, is half a minute."""
    if not text:
        return 1.0
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() else 30.0
