"""Telephones that ring: HTTP and lines at the endpoint, and what Asterisk's manager says."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, cast

from desk.app import Desk
from desk.errors import DeskError
from desk.plugins.secrets import Secret
from desk.rings.endpoint import Endpoint
from desk.rings.talks import serve
from tools.fuzz.targets.county import counties
from tools.fuzz.targets.target import Door, Target

RINGS = 200  # inputs until the county is made anew: what rings at once is looked through for each further ring
TOKEN = b"geheim-4711"


class _Told(Exception):
    """The desk answered that it did not expect this."""


class _Door(Endpoint):
    """The endpoint without its sockets."""

    def __init__(self, here: Callable[[], Desk]) -> None:
        self._here = here
        self.receive = self._receive

    @property
    def rings(self) -> Any:  # type: ignore[override]
        return self._here().rings

    def _receive(self, channel: str, payload: Mapping[str, Any]) -> int:
        return self._here().outbox.receive(channel, payload)


def _talking(token: Secret | None) -> Callable[[Path], Any]:
    @contextmanager
    def opened(folder: Path) -> Iterator[Door]:
        with counties(folder, RINGS) as here:
            endpoint = _Door(here)

            def door(data: bytes) -> None:
                said = _talked(data, endpoint, token)
                if b"did not expect" in said or "没有料到".encode() in said or b"HTTP/1.1 500" in said:
                    raise _Told(said[-300:].decode("utf-8", "replace"))

            yield door

    return opened


def _talked(data: bytes, endpoint: Endpoint, token: Secret | None) -> bytes:
    """What was answered to `data`."""
    ours, theirs = socket.socketpair()
    heard: list[bytes] = []
    with ours, theirs:
        theirs.settimeout(1.0)
        reader = Thread(target=_read, args=(theirs, data, heard), daemon=True)
        reader.start()
        with suppress(OSError):
            serve(ours, endpoint, token)
        ours.close()
        reader.join(2)
    return b"".join(heard)


def _read(theirs: socket.socket, data: bytes, heard: list[bytes]) -> None:
    try:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        while piece := theirs.recv(65536):
            heard.append(piece)
    except OSError:
        return


@contextmanager
def ami(folder: Path) -> Iterator[Door]:
    """Bytes as they come from Asterisk, as far as the stored ring."""
    from desk.feeds.taking import Taking
    from plugins.asterisk_rings.calls import Calls
    from plugins.asterisk_rings.session import Blocks

    with counties(folder, RINGS) as here:

        def door(data: bytes) -> None:
            desk = here()
            blocks, calls = Blocks(), Calls(r"\d{3,4}", on_arrival=bool(data[:1] and data[0] & 1))
            taking = Taking(desk.place, desk.rings, "asterisk", "calls")
            for piece in (data[: len(data) // 2], data[len(data) // 2 :]):
                for event in blocks.take(piece):
                    taking.take(calls.hear(event))

        yield door


@contextmanager
def ami_dialling(_folder: Path) -> Iterator[Door]:
    """The session that dials, and what it makes of events."""
    from plugins.asterisk.calls import Calls
    from plugins.asterisk.session import Session

    def door(data: bytes) -> None:
        session = cast(Any, Session.__new__(Session))
        session._buffer, session._read_to, session._events = data, 0, []
        calls = Calls()
        calls.began("desk-1", "13800138000")
        for event in session.taken():
            calls.hear(event)
        calls.forget([one.token for one in calls.news()])

    yield door


def _http(path: str, body: str, kind: str = "application/json", method: str = "POST") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nX-Token: {TOKEN.decode()}\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(body.encode())}\r\nConnection: close\r\n\r\n{body}".encode()


def requests() -> Iterator[bytes]:
    yield _http("/ring", '{"number": "13800138000", "extension": "8001", "call_id": "17.1", "state": "ringing"}')
    yield _http("/ring?number=13800138000&seat=3", "")
    yield _http("/ring", "number=13800138000&ext=8001", "application/x-www-form-urlencoded")
    yield _http("/receipt/wecom", '{"msgid": "1", "status": "DELIVRD", "list": [{"id": 1}]}')
    yield _http("/receipt/kannel?id=1&type=8", "", method="GET")
    yield _http("/receipt/%2e%2e%2fx", "[{}, 1, null]")
    yield _http("/x", "", method="PUT")


def lines() -> Iterator[bytes]:
    yield b'{"number": "13800138000", "token": "geheim-4711", "call_id": "1.2"}\n{"state": "ended", "call_id": "1.2"}\n'
    yield b'{"caller": "<sip:0951@x>", "ext": "8001", "state": "answered"}\n'
    yield b'{"number": 5, "seat": null}\n\n{"number": "1"'


def events() -> Iterator[bytes]:
    new = "Event: Newchannel\r\nChannel: SIP/trunk-1\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\nCallerIDNum: 1380013\r\n\r\n"
    dial = (
        "Event: DialBegin\r\nLinkedid: 1.1\r\nUniqueid: 1.1\r\nChannel: SIP/trunk-1\r\nDestChannel: SIP/8001-2\r\n"
        "DestUniqueid: 1.2\r\n\r\n"
    )
    end = (
        "Event: DialEnd\r\nLinkedid: 1.1\r\nDestChannel: SIP/8001-2\r\nDestUniqueid: 1.2\r\nDialStatus: ANSWER\r\n\r\n"
        "Event: Hangup\r\nLinkedid: 1.1\r\nUniqueid: 1.1\r\n\r\n"
    )
    queue = (
        "Event: AgentCalled\nLinkedid: 1.1\nChannel: SIP/t\nInterface: SIP/8002\n\n"
        "Event: NewCallerid\nUniqueid: 1.1\nLinkedid: 1.1\nCallerIDNum: 1\n\n"
    )
    state = "Event: Newstate\r\nLinkedid: 1.1\r\nUniqueid: 1.2\r\nChannel: SIP/8001-2\r\nChannelState: 5\r\n\r\n"
    originate = (
        "Event: OriginateResponse\r\nActionID: desk-1\r\nResponse: Success\r\nUniqueid: 1.1\r\nReason: 4\r\n\r\n"
    )
    yield (new + dial + end).encode()
    yield (new + queue + state).encode()
    yield (originate + end).encode()
    yield (originate.replace("Success", "Failure") + originate + originate.replace("1.1", "1.2")).encode()
    yield b"Asterisk Call Manager/5.0\r\nResponse: Success\r\nActionID: x\r\n\r\n"


FIELDS = (
    b"Event: ",
    b"Linkedid: 1.1\r\n",
    b"Uniqueid: 1.2\r\n",
    b"ActionID: desk-1\r\n",
    b"\r\n\r\n",
    b"OriginateResponse",
    b"Hangup",
)
TARGETS = {
    "rings_http": Target(
        _talking(Secret.of(TOKEN.decode())),
        requests,
        (b"Content-Length: ", b"Transfer-Encoding: chunked\r\n", b"\r\n\r\n", b"POST /ring"),
        (DeskError, OSError),
    ),
    "rings_lines": Target(
        _talking(None), lines, (b'"number"', b'"state"', b'"ended"', b'"call_id"', b"}\n{"), (DeskError, OSError)
    ),
    "ami": Target(ami, events, FIELDS),
    "ami_dialling": Target(ami_dialling, events, FIELDS),
}
