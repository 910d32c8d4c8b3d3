"""The desk's own door: HTTP with a token and lines of JSON, on this machine only; whatever is sent, it goes on."""

from __future__ import annotations

import http.client
import json
import socket
import stat
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ring_county import TOKEN, County, comes

from desk.app import Desk

PARTS = """
from desk.plugins import *

class Pager(Channel):
    name = "pager"
    labels = {"en": "pager"}
    can = Capabilities(family="sms", receipts="handset")

    def send(self, message, timeout):
        return Receipt(state="accepted", external_id="1")

    def receipt(self, payload):
        return [Report(external_id=payload["id"], state=AttemptState(payload["state"]))]

@hookimpl
def desk_channels():
    return [Pager]
"""

Ask = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def desk(county: County, port: int) -> Desk:
    (county.folder / "token").write_text(TOKEN + "\n")
    seats = '{ "8001" = "1" }'
    county.sections = f'[ring]\nport = {port}\nsocket = "ring.sock"\ntoken = {{ file = "token" }}\nseats = {seats}\n'
    desk = county.open()
    desk.start_listening()
    comes(lambda: desk.endpoint.port)
    return desk


@pytest.fixture
def ask(desk: Desk, port: int) -> Ask:
    def asked(
        method: str, path: str, body: object = "", headers: Mapping[str, str] = {"X-Token": TOKEN}
    ) -> tuple[int, dict[str, object]]:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        line.request(method, path, content, dict(headers))
        answer = line.getresponse()
        found = answer.status, json.loads(answer.read())
        line.close()
        return found

    assert desk
    return asked


def test_a_ring_over_http_is_stored_when_it_is_answered(ask: Ask, desk: Desk) -> None:
    status, answer = ask("POST", "/ring", {"number": "13800138000", "extension": "8001", "call_id": "17.1"})
    assert (status, answer) == (200, {"id": "R1", "state": "ringing", "seats": ["1"]})
    assert [(ring.number, ring.source) for ring in desk.rings.waiting("1")] == [("13800138000", "http")]


def test_a_form_and_the_address_do_as_well_as_json(ask: Ask, desk: Desk) -> None:
    form = {"X-Token": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
    assert ask("POST", "/ring", "number=%2B8613800138000&extension=8001", form)[0] == 200
    assert ask("POST", f"/ring?number=139&token={TOKEN}", "", {})[0] == 200
    assert [ring.number for ring in desk.rings.waiting()] == ["13800138000", ""]


def test_the_end_of_a_call_is_told_the_same_way(ask: Ask, desk: Desk) -> None:
    ask("POST", "/ring", {"number": "138", "call_id": "1"})
    assert ask("POST", "/ring", {"call_id": "1", "state": "ended"})[1]["state"] == "missed"
    assert desk.rings.waiting() == []


TOKENS = {
    "none": {},
    "wrong": {"X-Token": "guess"},
    "empty": {"X-Token": ""},
    "not-ascii": {"X-Token": "é"},
    "wrong-bearer": {"Authorization": "Bearer guess"},
    "bad-basic": {"Authorization": "Basic ####"},
}


@pytest.mark.parametrize("headers", TOKENS.values(), ids=TOKENS)
@pytest.mark.parametrize("path", ["/ring", "/receipt/pager"])
def test_who_has_not_the_token_is_refused(ask: Ask, desk: Desk, path: str, headers: dict[str, str]) -> None:
    assert ask("POST", path, {"number": "138"}, headers) == (401, {"error": "the token is missing or wrong"})
    assert desk.rings.waiting() == []


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": f"Bearer {TOKEN}"}, {"Authorization": "Basic " + b64encode(f"pbx:{TOKEN}".encode()).decode()}],
    ids=["bearer", "basic"],
)
def test_the_token_may_come_as_systems_send_it(ask: Ask, headers: dict[str, str]) -> None:
    assert ask("POST", "/ring", {"number": "138"}, headers)[0] == 200


BAD = {
    "not-json": ("POST", "/ring", "number 138", 400),
    "deep": ("POST", "/ring", '{"number":' + "[" * 60_000, 400),
    "list": ("POST", "/ring", "[1]", 400),
    "no-number": ("POST", "/ring", "{}", 400),
    "unknown-field": ("POST", "/ring", '{"number": "1", "nummer": "2"}', 400),
    "end-of-nothing": ("POST", "/ring", '{"call_id": "9", "state": "ended"}', 400),
    "too-long": ("POST", "/ring", " " * 70_000, 413),
    "get-ring": ("GET", "/ring", "", 405),
    "nowhere": ("POST", "/rings", "{}", 404),
    "get-nowhere": ("GET", "/", "", 404),
    "no-channel": ("POST", "/receipt/nothing", "{}", 404),
    "no-channel-named": ("POST", "/receipt/", "{}", 404),
    "other-method": ("DELETE", "/ring", "", 501),
}


@pytest.mark.parametrize(("method", "path", "body", "status"), BAD.values(), ids=BAD)
def test_what_is_not_a_call_is_refused_with_a_sentence(
    ask: Ask, desk: Desk, method: str, path: str, body: str, status: int
) -> None:
    found, answer = ask(method, path, body)
    assert (found, list(answer)) == (status, ["error"])
    assert "Traceback" not in str(answer)
    assert desk.rings.waiting() == []
    assert ask("POST", "/ring", {"number": "138"})[0] == 200


@pytest.mark.usefixtures("desk")
def test_a_body_without_a_length_is_refused(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b"POST /ring HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert b" 411 " in line.makefile("rb").readline()


@pytest.fixture
def pager(county: County, desk: Desk) -> Desk:
    from desk.plugins.host import PluginHost

    shipped = county.folder / "parts"
    shipped.mkdir()
    (shipped / "pager.py").write_text(PARTS)
    desk.place.use_plugins(PluginHost.open(desk.place.config, shipped=shipped))
    return desk


def test_a_gateways_receipt_reaches_the_outbox_by_post_and_by_get(ask: Ask, pager: Desk) -> None:
    assert ask("POST", "/receipt/pager", {"id": "1", "state": "delivered"}) == (200, {"reports": 1})
    assert ask("GET", f"/receipt/pager?id=2&state=delivered&token={TOKEN}", "", {}) == (200, {"reports": 1})
    assert ask("POST", "/receipt/pager", [{"id": "3", "state": "sent"}, {"id": "4", "state": "sent"}])[1] == {
        "reports": 2
    }
    assert len(pager.outbox.strays()) == 4


def test_a_line_of_json_is_a_ring(desk: Desk, port: int, county: County) -> None:
    for place, told in ((("127.0.0.1", port), {"token": TOKEN}), (str(county.folder / "ring.sock"), {})):
        kind = socket.AF_UNIX if isinstance(place, str) else socket.AF_INET
        with socket.socket(kind) as line:
            line.settimeout(5)
            line.connect(place)
            file = line.makefile("rwb")
            for number in ("13800138000", "13900139000"):
                file.write(json.dumps({"number": number, "extension": "8001", **told}).encode() + b"\n")
            file.write(b'{"nummer": 1}\n[]\n\xff\n')
            file.flush()
            answers = [json.loads(file.readline()) for _line in range(5)]
            assert [list(answer) for answer in answers] == [["id", "state", "seats"]] * 2 + [["error"]] * 3
    assert [ring.source for ring in desk.rings.waiting()] == ["socket", "socket"]


def test_a_line_without_the_token_is_refused(desk: Desk, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b'{"number": "138"}\n')
        assert json.loads(line.makefile("rb").readline()) == {"error": "the token is missing or wrong"}
    assert desk.rings.waiting() == []


def test_only_this_user_may_open_the_unix_socket_and_it_goes_with_the_desk(desk: Desk, county: County) -> None:
    file = county.folder / "ring.sock"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    desk.close()
    comes(lambda: not file.exists())


def test_nobody_from_outside_this_machine_is_heard(desk: Desk) -> None:
    assert [one.getsockname()[0] for one in desk.endpoint._listening if one.family == socket.AF_INET] == ["127.0.0.1"]


def test_a_caller_that_says_nothing_holds_nobody_up(ask: Ask, port: int) -> None:
    silent = [socket.create_connection(("127.0.0.1", port)) for _caller in range(10)]
    began = monotonic()
    assert ask("POST", "/ring", {"number": "138"})[0] == 200
    assert monotonic() - began < 2
    for one in silent:
        one.close()


def test_a_second_desk_of_this_machine_waits_and_takes_over(
    desk: Desk, county: County, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.rings.endpoint.AGAIN", 0.05)
    second = county.open(seat="2")
    second.start_listening()
    sleep(0.2)
    assert (second.endpoint.port, second.deaf_to()) == (0, [])  # the other one hears for both
    desk.close()
    comes(lambda: second.endpoint.port == port)


def test_a_port_that_somebody_else_has_is_said(county: County, port: int) -> None:
    (county.folder / "token").write_text(TOKEN)
    county.sections = f'[ring]\nport = {port}\ntoken = {{ file = "token" }}\n'
    with socket.create_server(("127.0.0.1", port)):
        desk = county.open()
        desk.start_listening()
        [words] = comes(desk.deaf_to)
        assert f"127.0.0.1:{port}" in words


@pytest.mark.parametrize(
    ("token", "words"),
    [("{}", "token says nothing"), ('{ file = "nowhere" }', "cannot be read"), ('{ env = "DESK_NO" }', "is not set")],
    ids=["none", "no-file", "no-variable"],
)
def test_without_a_token_nothing_is_opened_and_it_says_so(county: County, port: int, token: str, words: str) -> None:
    county.sections = f"[ring]\nport = {port}\ntoken = {token}\n"
    desk = county.open()
    desk.start_listening()
    assert words in comes(lambda: desk.endpoint.trouble)
    assert desk.endpoint.port == 0


def test_a_socket_left_behind_by_a_desk_that_died_is_taken_over(county: County) -> None:
    county.sections = '[ring]\nsocket = "ring.sock"\n'
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(county.folder / "ring.sock"))
    dead.close()
    desk = county.open()
    desk.start_listening()
    with socket.socket(socket.AF_UNIX) as line:
        comes(lambda: _connects(line, county.folder / "ring.sock"))
        line.sendall(b'{"number": "138"}\n')
        assert b'"R1"' in line.makefile("rb").readline()


def _connects(line: socket.socket, file: Path) -> bool:
    with suppress(OSError):
        line.connect(str(file))
        return True
    return False


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.sampled_from([b"GET ", b"POST /ring HTTP/1.1\r\n", b"{\n", b"{"]))
def test_any_bytes_leave_the_door_open(ask: Ask, port: int, content: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line, suppress(OSError):
        line.sendall(content)
        line.shutdown(socket.SHUT_WR)
        while line.recv(4096):
            pass
    assert ask("POST", "/ring", {"number": "138"})[0] == 200
