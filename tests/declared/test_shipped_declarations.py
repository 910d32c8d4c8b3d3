"""The channels that ship as TOML files do what their examples say, and read the errors of real services."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest

from desk.plugins import ConfigProblem, Message, Throttled, UnknownOutcome
from desk.plugins.declared import DeclaredChannel, Ground
from desk.plugins.declared.example import made, mistakes
from desk.plugins.declared.head import CHANNELS, kind_of
from desk.plugins.declared.reading import read_channel
from desk.testing import Answer

SHIPPED = Path(__file__).parents[2] / "plugins"
FILES = sorted(file for file in SHIPPED.glob("*.toml") if kind_of(file.read_bytes()) in CHANNELS)
ROBOTS = {"wecom": "key", "dingtalk": "token", "feishu": "token"}


def kind(name: str) -> type[DeclaredChannel]:
    file = SHIPPED / f"{name}.toml"
    return read_channel(file, file.read_bytes(), Ground(loopback=True))


def test_there_is_one_of_each_kind_but_files():
    assert {kind(file.stem).kind for file in FILES} == {"webhook", "command", "apprise", "human"}


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_it_does_what_its_example_says(name):
    assert mistakes(kind(name)) == []
    assert kind(name).example["expect"]


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_it_speaks_both_languages(name):
    made_of = kind(name)
    assert {*made_of.labels} == {*made_of.about} == {"zh_CN", "en"}
    for steps in made_of.spec.get("human", {}).values():
        assert all({*step} == {"zh_CN", "en"} for step in steps)


BAD = {
    "wecom": {"errcode": 93000, "errmsg": "invalid webhook url"},
    "dingtalk": {"errcode": 310000, "errmsg": "keywords not in content"},
    "feishu": {"code": 19021, "msg": "sign match fail", "data": {}},
}
FAST = {
    "wecom": {"errcode": 45009, "errmsg": "freq"},
    "dingtalk": {"errcode": 410100, "errmsg": "fast"},
    "feishu": {"code": 11232, "msg": "frequency limited"},
}


@pytest.mark.parametrize("name", ROBOTS)
def test_a_robot_that_says_no_with_http_200_has_not_taken_it(name, gateway, message):
    channel = made(kind(name), url=gateway.url)
    gateway.answers["accept"] = Answer(200, BAD[name])
    with pytest.raises(ConfigProblem):
        channel.send(message, 2)
    gateway.answers["accept"] = Answer(200, FAST[name])
    with pytest.raises(Throttled):
        channel.send(message, 2)
    gateway.answers["accept"] = Answer(200, {"hello": 1})
    with pytest.raises(UnknownOutcome):
        channel.send(message, 2)


@pytest.mark.parametrize("name", ROBOTS)
def test_a_robot_is_told_the_words_and_its_key_is_in_no_dry_run(name, gateway, message):
    channel = made(kind(name), url=gateway.url, **{ROBOTS[name]: "k3y-4711"})
    gateway.answers["accept"] = Answer(200, {"errcode": 0, "code": 0})
    assert channel.send(message, 2).state == "sent"
    assert message.body in gateway.requests[0].words
    assert "k3y-4711" not in str(channel.outgoing(message, hidden=True))


def test_dingtalk_s_signature_is_that_of_its_manual(message):
    channel = made(kind("dingtalk"), secret="SEC")
    request = channel.request(message)
    query = dict(pair.split("=", 1) for pair in request.url.partition("?")[2].split("&"))
    wanted = hmac.digest(b"SEC", f"{query['timestamp']}\nSEC".encode(), hashlib.sha256)
    from urllib.parse import unquote_plus

    assert unquote_plus(query["sign"]) == base64.b64encode(wanted).decode()


def test_feishu_s_signature_is_that_of_its_manual_and_absent_without_a_key(message):
    sent = json.loads(made(kind("feishu"), secret="SEC").request(message).content)
    key = f"{sent['timestamp']}\nSEC".encode()
    assert sent["sign"] == base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode()
    assert "sign" not in json.loads(made(kind("feishu")).request(message).content)


def test_kannel_s_reports_come_back_under_our_key(gateway, message):
    gateway.answers["accept"] = Answer(202, "0: Accepted for delivery")
    channel = made(kind("kannel"), url=f"{gateway.url}/cgi-bin/sendsms")
    receipt = channel.send(message, 2)
    (request,) = gateway.requests
    assert (request.method, request.query["text"], receipt.external_id) == ("GET", message.body, "K1")
    assert "id=K1" in request.query["dlr-url"]
    found = [channel.receipt({"id": "K1", "type": str(type)})[0].state for type in (8, 1, 2, 16)]
    assert found == ["sent", "delivered", "undelivered", "rejected"]


def test_kannel_without_a_place_to_report_to_is_not_told_one(gateway):
    gateway.answers["accept"] = Answer(202, "0: Accepted for delivery")
    made(kind("kannel"), url=gateway.url, receipt_url="").send(Message(recipient="", address="138", body="x"), 2)
    assert "dlr-url" not in gateway.requests[0].query


def test_a_robot_s_family_is_the_county_s_choice():
    assert made(kind("wecom")).can.family == "internal"
    assert made(kind("wecom"), family="sms").can.family == "sms"
