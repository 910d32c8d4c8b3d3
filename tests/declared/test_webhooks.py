"""A webhook against a real server on loopback: what is taken, refused, lost, and never sent to the wrong place."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest

from desk.plugins import (
    ConfigProblem,
    GatewayTrouble,
    NoConnection,
    Receipt,
    Refused,
    SendError,
    Throttled,
    UnknownOutcome,
    Unsupported,
)
from desk.plugins.declared import Ground
from desk.testing import Answer

HEAD = """
kind = "webhook"
label = { zh_CN = "呼机", en = "pager" }
[can]
family = "sms"
address = "mobile"
"""
PAGER = (
    HEAD
    + """
[settings]
url = { type = "text" }
token = { secret = true, needed = false }
[request]
url = "{settings.url}/send"
headers = { Authorization = "Bearer {settings.token}" }
json = { to = ["{address}"], text = "{body}", n = 3, secret = "{settings.token}" }
[answer]
code = "errcode"
id = "data.ids.0"
words = "errmsg"
errors = { 45009 = "throttled", 40003 = "bad_address", "*" = "refused" }
"""
)
GOOD = '{"errcode": 0, "data": {"ids": ["{id}"]}}'


@pytest.fixture
def pager(make, gateway):
    gateway.answers["accept"] = Answer(200, GOOD)
    return make(PAGER, {"url": gateway.url, "token": "s3cr3t"})


def raised(channel, message, timeout=2.0) -> SendError:
    with pytest.raises(SendError) as caught:
        channel.send(message, timeout)
    return caught.value


def test_a_message_is_one_request_and_its_id_is_kept(pager, gateway, message):
    assert pager.send(message, 2) == Receipt(state="accepted", external_id="g1")
    (request,) = gateway.requests
    assert (request.method, request.path) == ("POST", "/send")
    assert request.headers["authorization"] == "Bearer s3cr3t"
    sent = json.loads(request.body)
    assert sent == {"to": ["13800138000"], "text": message.body, "n": 3, "secret": "s3cr3t"}


def test_what_needs_a_setting_nobody_gave_is_left_out(make, gateway, message):
    gateway.answers["accept"] = Answer(200, GOOD)
    make(PAGER, {"url": gateway.url}).send(message, 2)
    (request,) = gateway.requests
    assert "authorization" not in request.headers
    assert "secret" not in json.loads(request.body)


MODES = {
    "nothing listens": ("closed", NoConnection),
    "it never answers": ("stall", UnknownOutcome),
    "it reads and hangs up": ("lose", UnknownOutcome),
    "too fast": ("throttle", Throttled),
    "no to the message": ("reject", Refused),
    "in trouble": ("trouble", GatewayTrouble),
    "junk": ("junk", UnknownOutcome),
}


@pytest.mark.parametrize(("mode", "error"), MODES.values(), ids=MODES)
def test_how_the_gateway_behaves_is_told_by_the_error(pager, gateway, message, mode, error):
    gateway.play(mode)
    started = time.monotonic()
    assert type(raised(pager, message, 0.5)) is error
    assert time.monotonic() - started < 1.5


def test_a_refusal_carries_the_gateway_s_words_and_a_throttle_its_wait(pager, gateway, message):
    gateway.play("reject")
    assert gateway.refusal in raised(pager, message).why
    gateway.play("throttle")
    throttled = raised(pager, message)
    assert isinstance(throttled, Throttled)
    assert throttled.retry_after == 3


CODES = {
    "a code with a meaning": ({"errcode": 45009, "errmsg": "freq"}, Throttled),
    "as text": ({"errcode": "40003"}, "bad_address"),
    "any other": ({"errcode": 93000, "errmsg": "invalid webhook url"}, Refused),
    "no code": ({"ok": True}, UnknownOutcome),
    "a code of another shape": ({"errcode": {"a": 1}}, UnknownOutcome),
    "a list": ([1, 2], UnknownOutcome),
    "deep": ("[" * 60000, UnknownOutcome),
    "empty": ("", UnknownOutcome),
}


@pytest.mark.parametrize(("body", "error"), CODES.values(), ids=CODES)
def test_an_http_200_that_says_no_is_no_success(pager, gateway, message, body, error):
    gateway.answers["accept"] = Answer(200, json.dumps(body) if isinstance(body, list) else body)
    found = raised(pager, message)
    assert found.code == (error if isinstance(error, str) else error.code)


STATUSES = {
    301: ConfigProblem,
    401: ConfigProblem,
    404: ConfigProblem,
    413: Refused,
    500: UnknownOutcome,
    504: UnknownOutcome,
}


@pytest.mark.parametrize("status", STATUSES)
def test_a_bare_status_means_what_is_certain(pager, gateway, message, status):
    gateway.answers["accept"] = Answer(status, "words")
    assert type(raised(pager, message)) is STATUSES[status]


def test_the_file_may_say_what_a_status_means(make, gateway, message):
    gateway.answers["accept"] = Answer(500, "busy")
    channel = make(PAGER + 'status = { 500 = "gateway_trouble" }', {"url": gateway.url})
    assert isinstance(raised(channel, message), GatewayTrouble)


def test_no_redirect_is_followed_and_where_it_leads_is_told(pager, gateway, message):
    gateway.answers["accept"] = Answer(302, "", {"Location": f"{gateway.url}/elsewhere"})
    error = raised(pager, message)
    assert isinstance(error, ConfigProblem)
    assert "/elsewhere" in str(error)
    assert len(gateway.requests) == 1


def test_a_huge_answer_is_not_read_to_its_end(make, gateway, message):
    gateway.answers["accept"] = Answer(200, "x" * 5_000_000)
    assert isinstance(raised(make(PAGER, {"url": gateway.url}), message, 5), UnknownOutcome)


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """A server that treats each connection as it is told; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def started(treat: Callable[[socket.socket], None]) -> str:
        def listen() -> None:
            while True:
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    treat(connection)

        threading.Thread(target=listen, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield started
    listener.close()


def test_an_answer_that_drips_ends_at_the_deadline(make, serve, message):
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _number in range(30):
            try:
                connection.sendall(b"x")
            except OSError:
                return
            time.sleep(0.1)

    started = time.monotonic()
    assert isinstance(raised(make(PAGER, {"url": serve(drip)}), message, 0.6), UnknownOutcome)
    assert time.monotonic() - started < 2


def test_what_is_no_http_leaves_the_outcome_unknown(make, serve, message):
    url = serve(lambda connection: connection.sendall(b"220 mail ready\r\n"))
    assert isinstance(raised(make(PAGER, {"url": url}), message), UnknownOutcome)


def test_a_secret_that_the_gateway_repeats_is_starred(pager, gateway, message):
    gateway.answers["accept"] = Answer(200, {"errcode": 1, "errmsg": "bad token s3cr3t"})
    error = raised(pager, message)
    assert "s3cr3t" not in f"{error} {error.why}"
    assert "***" in error.why


def test_a_dry_run_shows_stars_and_asks_for_no_secret(make, gateway, message):
    channel = make(PAGER, {"url": gateway.url, "token": "s3cr3t"})
    shown = str(channel.outgoing(message, hidden=True))
    assert "s3cr3t" not in shown
    assert "Bearer ***" in shown
    assert gateway.requests == []


HOSTS = {
    "not listed": ("http://sms.example.cn/x", (), False),
    "another port": ("http://127.0.0.1:1/x", ("127.0.0.1:8080",), False),
    "loopback outside a sandbox": ("http://127.0.0.1:9/x", (), False),
    "a user before the host": ("http://sms.example.cn@evil.cn/x", ("sms.example.cn",), False),
    "not http": ("ftp://sms.example.cn/x", ("sms.example.cn",), False),
    "looks like loopback": ("http://127.0.0.1.evil.cn/x", (), True),
    "listed": ("http://SMS.example.cn/x", ("sms.Example.cn",), True),
    "listed with its port": ("https://sms.example.cn/x", ("sms.example.cn:443",), True),
}


@pytest.mark.parametrize(("url", "hosts", "allowed"), HOSTS.values(), ids=HOSTS)
def test_only_hosts_on_the_list_are_called(make, message, url, hosts, allowed):
    sandbox = "evil" in url and allowed
    ground = Ground(hosts=hosts, loopback=sandbox)
    channel = make(PAGER, {"url": url}, ground)
    assert bool(channel.objection()) == (not allowed or sandbox)
    if channel.objection():
        assert isinstance(raised(channel, message), ConfigProblem)


FORM = (
    HEAD
    + """
[settings]
url = { type = "text" }
[request]
url = "{settings.url}/{address}"
charset = "CHARSET"
query = { sign = "a b&c" }
form = { mobile = "{address}", content = "{body}" }
[answer]
pattern = '^(?P<code>-?\\d+),?(?P<id>\\w*)'
ok = [1]
errors = { -2 = "config_problem" }
"""
)


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_forms_go_out_in_the_gateway_s_character_set(make, gateway, message, charset):
    gateway.answers["accept"] = Answer(200, "1,77")
    channel = make(FORM.replace("CHARSET", charset), {"url": gateway.url})
    assert channel.send(message, 2).external_id == "77"
    (request,) = gateway.requests
    assert parse_qs(request.body.decode(), encoding=charset)["content"] == [message.body]
    assert request.query == {"sign": "a b&c"}


def test_a_sign_that_the_character_set_lacks_is_refused_before_sending(make, gateway, message):
    import msgspec

    channel = make(FORM.replace("CHARSET", "gbk"), {"url": gateway.url})
    with pytest.raises(Unsupported, match="gbk"):
        channel.send(msgspec.structs.replace(message, body="⚡😀"), 2)
    assert gateway.requests == []


def test_a_plain_text_answer_is_read_by_its_pattern(make, gateway, message):
    gateway.answers["accept"] = Answer(200, "-2,wrong password")
    assert isinstance(raised(make(FORM.replace("CHARSET", "utf-8"), {"url": gateway.url}), message), ConfigProblem)


def test_a_value_in_the_path_cannot_climb_out_of_it(make, gateway, message):
    import msgspec

    gateway.answers["accept"] = Answer(200, "1")
    channel = make(FORM.replace("CHARSET", "utf-8"), {"url": gateway.url})
    channel.send(msgspec.structs.replace(message, address="../admin?x=1#"), 2)
    assert gateway.requests[0].path == "/..%2Fadmin%3Fx%3D1%23"


def test_a_line_break_in_a_header_is_refused(make, gateway, message):
    text = HEAD + f'[request]\nurl = "{gateway.url}"\nheaders = {{ X-Text = "{{body}}" }}\n'
    with pytest.raises(Unsupported):
        make(text).send(message, 2)
    assert gateway.requests == []


RECEIPTS = (
    PAGER
    + """
[receipt]
list = "reports"
id = "id"
state = "stat"
words = "text"
states = { DELIVRD = "delivered", UNDELIV = "undelivered", 0 = "sent" }
[reply]
address = "from"
body = "text"
"""
)


def test_receipts_are_read_item_by_item_and_junk_is_nothing(make):
    channel = make(RECEIPTS, {"url": "http://127.0.0.1:1"})
    reports = [
        {"id": "a", "stat": "DELIVRD"},
        {"id": 7, "stat": 0},
        {"id": "c", "stat": "UNDELIV", "text": "off"},
        {"id": "d", "stat": "???"},
        {"stat": "DELIVRD"},
        "junk",
        {"id": True, "stat": "DELIVRD"},
    ]
    found = channel.receipt({"reports": reports})
    assert [(report.external_id, report.state, report.words) for report in found] == [
        ("a", "delivered", ""),
        ("7", "sent", ""),
        ("c", "undelivered", "off"),
    ]
    assert [channel.receipt(junk) for junk in ({}, {"reports": "x"}, {"reports": None})] == [[], [], []]


def test_an_answer_of_a_customer_is_read(make):
    channel = make(RECEIPTS, {"url": "http://127.0.0.1:1"})
    reply = channel.reply({"from": "138", "text": "收到"})
    assert (reply.address, reply.body) == ("138", "收到")
    assert channel.reply({"from": "138"}) is None


def test_its_check_only_knocks(pager, gateway):
    assert pager.check(1) is None
    gateway.play("closed")
    assert "127.0.0.1" in pager.check(1).text
    assert gateway.requests == []


def test_two_at_once_do_not_mix(pager, gateway, message):
    import msgspec

    numbers = [f"1380013{number:04}" for number in range(40)]
    messages = [msgspec.structs.replace(message, address=number, body=f"for {number}") for number in numbers]
    threads = [threading.Thread(target=pager.send, args=(each, 5)) for each in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [json.loads(request.body) for request in gateway.requests]
    assert sorted(each["to"][0] for each in sent) == numbers
    assert all(each["text"] == f"for {each['to'][0]}" for each in sent)
