"""Channels that are a person's work, and channels that leave a file for another program."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from desk.errors import ConfigProblem as ConfigError
from desk.i18n import set_language
from desk.plugins import BadAddress, ConfigProblem, SendError, Unsupported

HUMAN = """
kind = "human"
label = "登门"
[can]
family = "face_to_face"
address = "place"
[human]
steps = [{ zh_CN = "去 {address}", en = "go to {address}" }, "{body}"]
"""
FILE = """
kind = "file"
label = "交换目录"
[can]
family = "sms"
address = "mobile"
[file]
name = "{key}.json"
json = { to = "{address}", text = "{body}" }
"""


def test_a_person_has_it_in_hand_and_knows_the_steps(make, message):
    channel = make(HUMAN)
    assert channel.can.needs_human
    assert channel.send(message, 1).state == "with_agent"
    assert list(channel.steps(message)) == ["go to 13800138000", message.body]
    set_language("zh_CN")
    assert channel.steps(message)[0] == "去 13800138000"


def test_nobody_is_sent_to_no_address(make, message):
    with pytest.raises(BadAddress, match="张三"):
        make(HUMAN).send(msgspec.structs.replace(message, address=""), 1)


def test_a_message_is_one_whole_file_in_the_spool(make, message, tmp_path):
    channel = make(FILE)
    receipt = channel.send(message, 1)
    (file,) = (tmp_path / "spool" / "pager").iterdir()
    assert (receipt.state, receipt.external_id) == ("accepted", "K1.json")
    assert json.loads(file.read_text(encoding="utf-8")) == {"to": "13800138000", "text": message.body}


def test_the_same_key_twice_is_one_file(make, message, tmp_path):
    channel = make(FILE)
    assert channel.can.idempotency
    channel.send(message, 1)
    channel.send(msgspec.structs.replace(message, body="other"), 1)
    (file,) = (tmp_path / "spool" / "pager").iterdir()
    assert "other" not in file.read_text(encoding="utf-8")


def test_another_folder_is_config_toml_s_word_only(make, message, tmp_path):
    (tmp_path / "there").mkdir()
    make(FILE, {"folder": str(tmp_path / "there")}).send(message, 1)
    assert [file.name for file in (tmp_path / "there").iterdir()] == ["K1.json"]


def test_a_file_that_is_passed_on_cannot_choose_the_folder(make):
    with pytest.raises(ConfigError, match="there by itself"):
        make(FILE + '[settings]\nfolder = "/etc"\n')


def test_a_file_without_contents_is_told(make):
    with pytest.raises(ConfigError, match="takes one of json, text"):
        make(FILE.replace("json =", "# json ="))


@pytest.mark.parametrize("name", ["../{key}", "/etc/{key}", ".{key}", "{body}", "a:{key}", "{subject}"])
def test_a_name_that_leaves_the_folder_is_refused(make, message, name):
    with pytest.raises(Unsupported):
        make(FILE.replace("{key}.json", name)).send(msgspec.structs.replace(message, body="a/b"), 1)


def test_a_folder_that_is_not_there_is_a_matter_of_setting_up(make, message, tmp_path):
    channel = make(FILE, {"folder": str(tmp_path / "nowhere")})
    assert "nowhere" in channel.check(1).text
    with pytest.raises(ConfigProblem, match="nowhere"):
        channel.send(message, 1)
    assert make(FILE).check(1) is None


def test_a_full_disk_is_tried_again(make, message, monkeypatch):
    import errno
    import os

    def full(_file):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SendError) as caught:
        make(FILE).send(message, 1)
    assert caught.value.code == "gateway_trouble"


def test_text_goes_out_in_the_character_set_that_is_named(make, message, tmp_path: Path):
    text = FILE.replace('json = { to = "{address}", text = "{body}" }', 'text = "{body}"\ncharset = "gb18030"')
    make(text).send(message, 1)
    assert (tmp_path / "spool/pager/K1.json").read_bytes() == message.body.encode("gb18030")
