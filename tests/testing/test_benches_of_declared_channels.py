"""A TOML file is a channel that the kit can try by itself: aimed at the kit's own gateway, program or folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.plugins.declared import Ground
from desk.plugins.declared.reading import read_channel
from desk.testing import check_channel
from desk.testing.kit import bench_of

HEAD = """
kind = "{kind}"
name = "{kind}_x"
label = {{ zh_CN = "试", en = "trial" }}
[can]
family = "sms"
address = "mobile"
"""
URLS = {
    "literal": 'url = "https://sms.example.cn/api/send"\njson = { to = "{address}", text = "{body}" }',
    "setting": 'url = "{settings.url}"\nform = { to = "{address}", text = "{body}" }\n[settings]\nurl = {}',
    "setting and path": 'url = "{settings.url}/send"\ntext = "{address} {body}"\n[settings]\nurl = {}',
    "in the query": 'url = "https://sms.example.cn/send?to={address}"\nquery = { text = "{body}" }',
    "in the path": 'url = "https://sms.example.cn/to/{address}/{body}"\nmethod = "PUT"',
    "host by setting": 'url = "http://{settings.host}:{settings.port}/s"\njson = ["{address}", "{body}"]\n'
    '[settings]\nhost = {}\nport = { type = "number", default = 80 }',
    "gbk": 'url = "https://sms.example.cn/send"\ncharset = "gbk"\nform = { to = "{address}", text = "{body}" }',
}
ANSWER = '[answer]\ncode = "result.code"\nid = "result.ids.0"\nwords = "result.text"\nerrors = { 7 = "throttled" }\n'
EXAMPLE = """
[example]
message = { body = "x" }
answers = [
  { status = 200, text = '{"result": {"code": 0, "ids": ["A17"]}}', gives = "accepted", id = "A17" },
  { status = 200, text = '{"result": {"code": 7, "text": "slow"}}', gives = "throttled" },
]
[receipt]
list = "reports"
id = "msg"
state = "stat"
states = { DELIVRD = "delivered", UNDELIV = "undelivered", EXPIRED = "expired" }
"""


@pytest.fixture
def read(tmp_path: Path):
    def reads(kind: str, text: str, can: str = ""):
        head, _, settings = text.partition("[settings]")
        whole = HEAD.format(kind=kind) + can + head + (f"[settings]{settings}" if settings else "")
        return read_channel(tmp_path / f"{kind}_x.toml", whole.encode(), Ground())

    return reads


def results(found) -> dict[str, str]:
    assert [finding for finding in found if finding.result == "failed"] == []
    return {finding.rule: finding.result for finding in found}


@pytest.mark.parametrize("request_", URLS.values(), ids=URLS)
def test_a_webhook_is_tried_wherever_its_address_stands(read, request_):
    tried = ("receipt", "whole", "apart", "no_connection", "lost_answer", "refused")
    found = results(check_channel(read("webhook", f"[request]\n{request_}\n"), only=tried))
    assert found == dict.fromkeys(tried, "ok")


def test_the_words_of_a_gateway_are_taken_from_the_example(read):
    text = f"[request]\n{URLS['literal']}\n{ANSWER}{EXAMPLE}"
    found = results(check_channel(read("webhook", text, 'receipts = "handset"\n')))
    assert {rule for rule, result in found.items() if result == "skipped"} <= {
        "steps", "with_agent", "key", "bulk", "stored", "cancel"
    }  # fmt: skip


def test_a_webhook_whose_answer_nobody_shows_is_not_sent_to(read):
    found = results(
        check_channel(read("webhook", f"[request]\n{URLS['literal']}\n[answer]\npattern = '(?P<code>x)'\n"))
    )
    assert found["receipt"] == "skipped"


def test_a_command_gets_the_kits_program_in_place_of_its_own(read, tmp_path):
    trace = tmp_path / "trace"
    own = tmp_path / "own"
    own.write_text(f"#!/bin/sh\ntouch {trace}\n")
    own.chmod(0o755)
    argv = f'[command]\nargv = ["{own}", "--", "{{address}}", "{{body}}"]\n[answer]\nexits = {{ 4 = "throttled" }}\n'
    found = results(check_channel(read("command", argv)))
    assert {found[rule] for rule in ("receipt", "whole", "no_answer", "lost_answer", "refused", "throttled")} == {"ok"}
    assert not trace.exists()


def test_files_are_left_in_a_folder_of_the_kit(read, tmp_path):
    found = results(check_channel(read("file", '[file]\nname = "{key}.txt"\ntext = "{address}\\n{body}"\n')))
    assert {found[rule] for rule in ("receipt", "whole", "apart", "key", "no_connection", "away")} == {"ok"}
    assert list(tmp_path.iterdir()) == []


def test_a_channel_of_people_needs_nothing(read):
    found = results(check_channel(read("human", '[human]\nsteps = ["dial {address}", "say {body}"]\n')))
    assert {found[rule] for rule in ("steps", "with_agent", "no_address")} == {"ok"}


def test_one_that_forgets_the_text_is_caught(read):
    broken = read("webhook", '[request]\nurl = "https://sms.example.cn/x"\njson = { to = "{address}" }\n')
    failed = {finding.rule: finding.words for finding in check_channel(broken) if finding.result == "failed"}
    assert failed == {"receipt": "the gateway does not have the words of the message"}


def test_one_that_forgets_whom_to_tell_is_caught(read):
    broken = read("webhook", '[request]\nurl = "https://sms.example.cn/x"\njson = { text = "{body}" }\n')
    failed = {finding.rule: finding.words for finding in check_channel(broken) if finding.result == "failed"}
    assert "not the address" in failed["receipt"]


def test_its_gateway_listens_on_this_machine_only(read):
    bench = bench_of(read("webhook", f"[request]\n{URLS['literal']}\n"))
    assert bench.make().outgoing(bench.message())["url"].startswith("http://127.0.0.1:")
    bench.close()
