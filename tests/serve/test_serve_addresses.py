"""By which name the desk may be asked for, and which page may speak to it."""

from __future__ import annotations

import pytest

from desk.config.settings import ServeSettings
from desk.errors import ConfigProblem
from desk.serve.addresses import asked_for, client, is_loopback, is_own_page, sites
from desk.serve.tickets import Slowing

BEHIND = ServeSettings(origins=("https://desk.example.cn", "https://example.cn:8443/95598/"))


@pytest.mark.parametrize(
    ("settings", "origins"),
    [
        (ServeSettings(), ["http://127.0.0.1:8095", "http://localhost:8095"]),
        (ServeSettings(host="::1", port=9000), ["http://[::1]:9000", "http://localhost:9000"]),
        (ServeSettings(host="10.1.2.3", port=80), ["http://10.1.2.3"]),
        (BEHIND, ["https://desk.example.cn", "https://example.cn:8443"]),
        (ServeSettings(origins=("https://Desk.Example.CN:443",)), ["https://desk.example.cn"]),
    ],
    ids=["loopback", "IPv6", "another host", "behind a proxy", "written otherwise"],
)
def test_the_addresses_are_those_written_or_this_machines_own(settings, origins):
    assert [site.origin for site in sites(settings)] == origins


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_every_address_of_the_machine_needs_an_address_to_be_named(host):
    with pytest.raises(ConfigProblem, match="origins"):
        sites(ServeSettings(host=host))


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("desk.example.cn", "/"),
        ("DESK.example.cn", "/"),
        ("desk.example.cn:443", "/"),
        ("example.cn:8443", "/95598/"),
        ("desk.example.cn:8443", None),
        ("example.cn", None),
        ("desk.example.cn.evil.example", None),
        ("evil.example", None),
        ("127.0.0.1:8095", None),
        ("", None),
    ],
)
def test_a_host_is_ours_to_the_letter_or_not_ours(host, path):
    site = asked_for(host, sites(BEHIND))

    assert (site.path if site else None) == path


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"Origin": "https://desk.example.cn"}, True),
        ({"Origin": "https://desk.example.cn", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://desk.example.cn", "Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://desk.example.cn", "Sec-Fetch-Site": "none"}, False),
        ({"Origin": "http://desk.example.cn"}, False),
        ({"Origin": "https://desk.example.cn:8443"}, False),
        ({"Origin": "https://desk.example.cn.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({}, False),
    ],
)
def test_a_page_is_our_own_when_the_browser_says_so(headers, own):
    assert is_own_page(headers, sites(BEHIND)[0]) is own


@pytest.mark.parametrize(
    ("forwarded", "peer", "behind_proxy", "found"),
    [
        ("10.0.0.7", "127.0.0.1", True, "10.0.0.7"),
        ("1.2.3.4, 10.0.0.7", "127.0.0.1", True, "10.0.0.7"),
        ("10.0.0.7", "127.0.0.1", False, "127.0.0.1"),
        ("10.0.0.7", "10.9.9.9", True, "10.9.9.9"),
        ("somebody", "127.0.0.1", True, "127.0.0.1"),
        ("", "127.0.0.1", True, "127.0.0.1"),
    ],
    ids=["told", "only the last", "no proxy named", "not from this machine", "nonsense", "not told"],
)
def test_a_forwarded_address_counts_only_from_the_proxy_that_config_toml_names(forwarded, peer, behind_proxy, found):
    assert client({"X-Forwarded-For": forwarded}, peer, behind_proxy=behind_proxy) == found


@pytest.mark.parametrize(
    ("host", "is_it"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("desk", False)]
)
def test_only_this_machine_reaches_loopback(host, is_it):
    assert is_loopback(host) is is_it


def test_an_address_that_tried_too_often_waits_and_then_may_again():
    now = [0.0]
    slowing = Slowing(most=3, seconds=60, clock=lambda: now[0])
    for _try in range(3):
        assert not slowing.waits("10.0.0.7")
        slowing.wrong("10.0.0.7")

    assert slowing.waits("10.0.0.7")
    assert not slowing.waits("10.0.0.8")
    now[0] = 61
    assert not slowing.waits("10.0.0.7")
