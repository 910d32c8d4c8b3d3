"""The fake gateway does what each mode says, and can be asked what it heard."""

from __future__ import annotations

import json
from http.client import BadStatusLine, HTTPConnection, HTTPException, RemoteDisconnected
from time import monotonic

import pytest

from desk.testing import Answer, FakeGateway


@pytest.fixture
def gateway():
    gateway = FakeGateway()
    yield gateway
    gateway.close()


def post(gateway: FakeGateway, body: str = "{}", *, timeout: float = 5, path: str = "/send", **headers: str):
    wire = HTTPConnection(gateway.host, timeout=timeout)
    try:
        wire.request("POST", path, body.encode(), {name.replace("_", "-"): value for name, value in headers.items()})
        answer = wire.getresponse()
        return answer.status, answer.read(), dict(answer.headers)
    finally:
        wire.close()


def test_it_takes_messages_and_names_each(gateway):
    assert json.loads(post(gateway)[1]) == {"id": "g1"}
    assert json.loads(post(gateway)[1]) == {"id": "g2"}


@pytest.mark.parametrize(
    ("mode", "status", "text"),
    [("throttle", 429, "too fast"), ("reject", 400, "余额不足"), ("trouble", 503, "trouble")],
)
def test_it_says_no_and_takes_nothing(gateway, mode, status, text):
    gateway.play(mode)
    found = post(gateway)
    assert found[0] == status
    assert text in found[1].decode()
    assert (len(gateway.requests), gateway.taken) == (1, [])


def test_one_that_wants_it_slower_says_for_how_long(gateway):
    gateway.play("throttle")
    assert post(gateway)[2]["Retry-After"] == "3"


def test_one_that_is_closed_is_not_there_until_it_opens_at_the_same_place(gateway):
    before = gateway.url
    gateway.play("closed")
    with pytest.raises(ConnectionRefusedError):
        post(gateway)
    gateway.play("accept")
    assert gateway.url == before
    assert post(gateway)[0] == 200


def test_one_that_stalls_takes_the_message_and_does_not_answer(gateway):
    gateway.play("stall")
    started = monotonic()
    with pytest.raises(TimeoutError):
        post(gateway, timeout=0.2)
    assert monotonic() - started < 2
    assert len(gateway.taken) == 1


def test_one_that_loses_the_answer_has_the_message(gateway):
    gateway.play("lose")
    with pytest.raises((RemoteDisconnected, ConnectionResetError, BadStatusLine, HTTPException)):
        post(gateway)
    assert len(gateway.taken) == 1


def test_a_key_that_is_known_is_answered_the_same_again_and_taken_once(gateway):
    answers = [post(gateway, Idempotency_Key="k1")[1] for _ in range(2)]
    assert answers[0] == answers[1]
    assert (len(gateway.requests), len(gateway.taken)) == (2, 1)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/send?text=%E5%81%9C%E7%94%B5", ""),
        ("/send", "text=%E5%81%9C%E7%94%B5&x=1"),
        ("/send", '{"message": {"items": [{"text": "\\u505c\\u7535"}]}}'),
        ("/send", "停电"),
    ],
    ids=["query", "form", "json", "plain"],
)
def test_what_was_said_is_found_however_it_was_packed(gateway, path, body):
    post(gateway, body, path=path)
    assert "停电" in gateway.requests[0].words


def test_it_speaks_as_it_is_told(gateway):
    gateway.answers["accept"] = Answer(202, "0: Accepted {id}", {"X-Kind": "kannel"})
    status, body, headers = post(gateway)
    assert (status, body, headers["X-Kind"]) == (202, b"0: Accepted g1", "kannel")


def test_receipts_come_twice(gateway):
    post(gateway)
    post(gateway)
    receipts = list(gateway.receipts({"msg": "{id}", "state": "DELIVRD"}))
    assert [receipt["msg"] for receipt in receipts] == ["g1", "g2", "g1", "g2"]
