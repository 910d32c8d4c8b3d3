"""The five minutes, performed: every block of the tutorial in its order, with the practice gateway really running."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIALS = sorted((ROOT / "docs").glob("channel-in-five-minutes*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CHANGE = re.compile(r"write `(?P<new>\w+)` in place of `(?P<old>\w+)`|把 `(?P<old_zh>\w+)` 写成 `(?P<new_zh>\w+)`")
STEPS = re.compile(f"{BLOCK.pattern}|{CHANGE.pattern}", re.MULTILINE | re.DOTALL)


class Reader:
    """Somebody who does what the tutorial says, with a free port in place of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.gateway: subprocess.Popen[str] | None = None
        self.seen = ""
        shutil.copytree(ROOT / "docs", folder / "docs")
        self.run("desk init")

    def follow(self, text: str) -> None:
        for step in STEPS.finditer(text.replace("8095", str(self.port))):
            if step[1] is None:
                self.change(step["old"] or step["old_zh"], step["new"] or step["new_zh"])
            else:
                getattr(self, step[1])(step[2])

    def console(self, block: str) -> None:
        for line in block.splitlines():
            self.run(line.removeprefix("$ "))

    def sh(self, block: str) -> None:
        self.seen = ""
        for line in block.splitlines():
            self.start() if line.startswith("python") else self.run(line)

    def toml(self, block: str) -> None:
        name, _newline, text = block.removeprefix("# ").partition("\n")
        if name == "config.toml":
            (self.data / name).write_text(text, encoding="utf-8")
            return
        file = self.data / "plugins" / name
        written = file.read_text(encoding="utf-8")
        file.write_text(written[: written.index("[answer]")] + text, encoding="utf-8")

    def text(self, block: str) -> None:
        for line in block.splitlines():
            assert line in self.seen, self.seen

    def change(self, old: str, new: str) -> None:
        file = self.data / "plugins" / "pager.toml"
        text = file.read_text(encoding="utf-8")
        assert f"\n{old} =" in text
        file.write_text(text.replace(f"\n{old} =", f"\n{new} ="), encoding="utf-8")

    def run(self, line: str) -> None:
        command, _or, may_fail = line.partition(" || ")
        words = [sys.executable, "-m", *shlex.split(command)]
        env = {**os.environ, "DESK_DATA": str(self.data), "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(self.folder)}
        done = subprocess.run(
            words, cwd=self.folder, env=env, capture_output=True, text=True, timeout=60, check=False, encoding="utf-8"
        )
        self.seen += done.stdout
        assert (done.returncode == 0) is not bool(may_fail), f"{line}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr

    def start(self) -> None:
        file = self.folder / "docs" / "samples" / "gateway.py"
        self.gateway = subprocess.Popen(
            [sys.executable, str(file), str(self.port)], stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        assert self.gateway.stdout is not None
        assert "listening" in self.gateway.stdout.readline()

    def heard(self) -> str:
        """Everything that the gateway printed; it is gone afterwards."""
        if self.gateway is None:
            return ""
        self.gateway.terminate()
        return self.gateway.communicate(timeout=10)[0]


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    yield reader
    reader.heard() if reader.gateway and reader.gateway.poll() is None else None


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.name)
def test_every_step_of_the_tutorial_does_what_it_says(reader: Reader, tutorial: Path) -> None:
    reader.follow(tutorial.read_text(encoding="utf-8"))
    tried, refused, believed, duty = reader.heard().splitlines()
    assert tried.startswith("13800138001 ")
    assert "unknown number" in refused
    assert "unknown number" in believed
    assert "吊车碰断导线" in duty


def test_both_languages_tell_the_same_steps() -> None:
    told = [
        [(kind, text) for kind, text in BLOCK.findall(path.read_text(encoding="utf-8")) if kind in ("console", "sh")]
        for path in TUTORIALS
    ]
    assert [text.replace("呼机", "Pager") for _kind, text in told[0]] == [
        text.replace("呼机", "Pager") for _kind, text in told[1]
    ]
