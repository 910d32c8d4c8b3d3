"""What a part writes past `print` never reaches the terminal of the desk, nor its JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOUD = """import os
from desk.plugins import Receipt, channel

os.system("echo from a program")

@channel("loud", family="sms", address="mobile")
def loud(message):
    os.write(1, b"past print\\n")
    os.write(2, b"past stderr\\n")
    return Receipt(state="sent")
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "loud.py").write_text(LOUD, encoding="utf-8")
    (tmp_path / "config.toml").write_text('[messages]\ntest_numbers = ["13800138000"]\n', encoding="utf-8")
    run(tmp_path, "init", "--sandbox")
    run(tmp_path, "plugins", "trust", "loud", "--by", "王工")
    return tmp_path


def run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DESK_DATA": str(data), "PYTHONPATH": str(ROOT), "DESK_PLUGINS": ""}
    done = subprocess.run(
        [sys.executable, "-m", "desk", *words], env=env, capture_output=True, text=True, timeout=60, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done


def test_a_part_that_writes_past_print_leaves_the_json_whole(data):
    done = run(data, "plugins", "try", "loud", "--to", "13800138000", "--really", "--json")
    assert json.loads(done.stdout)["state"] == "sent"
    assert done.stderr == ""
    log = (data / "plugins.log").read_text(encoding="utf-8")
    assert all(words in log for words in ("from a program", "past print", "past stderr"))
