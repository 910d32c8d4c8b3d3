"""What a document tells a reader to type is typed here: every `$ desk …` line of a console block must succeed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PERFORMED = "channel-in-five-minutes"  # every block of it, in test_five_minutes.py
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def commands(document: Path) -> list[list[str]]:
    lines = "\n".join(BLOCK.findall(document.read_text(encoding="utf-8"))).splitlines()
    return [shlex.split(line.removeprefix("$ ")) for line in lines if line.startswith("$ desk")]


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DESK_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder)}
    command = [sys.executable, "-m", "desk", *words[1:]]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)


def told_once() -> list[Path]:
    """The documents with commands, but for those that say the same as another, and those whose steps are performed."""
    seen: set[str] = set()
    found = []
    for path in DOCUMENTS:
        words = str(commands(path))
        if commands(path) and words not in seen and not path.name.startswith(PERFORMED):
            found.append(path)
        seen.add(words)
    return found


@pytest.mark.parametrize("document", told_once(), ids=lambda path: path.name)
def test_every_command_of_a_document_succeeds(document: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    told = commands(document)
    if ["desk", "init"] not in told:
        assert run(["desk", "init"], tmp_path).returncode == 0
    for words in told:
        done = run(words, tmp_path)
        assert done.returncode == 0, f"{shlex.join(words)}: {done.stderr or done.stdout}"
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_a_document_points_to_exists(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [name for name in links if not (document.parent / name).exists()] == []


def test_the_outage_type_in_the_plugin_document_loads(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from desk.config import load_config
    from desk.plugins.host import PluginHost

    text = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    block = next(code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "OutageType" in code)
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "live_line.py").write_text(block, encoding="utf-8")
    config = load_config(data=tmp_path, environ={})
    PluginHost.open(config).approve("live_line", "test", datetime(2026, 12, 1, tzinfo=UTC))
    assert "live_line_stop" in PluginHost.open(config).outage_types
