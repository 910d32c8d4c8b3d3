"""docs/plugins.md says what is: every shipped channel with each of its settings, and examples that work as printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from desk.config import Config
from desk.plugins.declared import Ground
from desk.plugins.declared.example import mistakes
from desk.plugins.declared.reading import read_channel
from desk.plugins.declared.templates import NAMES
from desk.plugins.declared.webhook import WebhookChannel
from desk.plugins.host import PluginHost

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")


def test_every_channel_that_ships_is_there_with_each_setting():
    command = [sys.executable, str(ROOT / "tools" / "channels.py"), "check"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_blank_and_every_section_is_named():
    assert [name for name in NAMES if f"`{{{name}}}`" not in TEXT] == []
    for section, fields in WebhookChannel.SECTIONS.items():
        assert f"`[{section}]`" in TEXT or section == "human"
        assert [key for key in fields if f"`{key}`" not in TEXT] == []


def test_the_declared_channel_of_the_document_does_what_its_example_says():
    block = next(code for code in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL) if "[request]" in code)
    assert mistakes(read_channel(Path("pager.toml"), block.encode(), Ground(loopback=True))) == []


def test_the_function_of_the_document_is_a_channel(tmp_path):
    from datetime import UTC, datetime

    block = next(code for code in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL) if "@channel" in code)
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "pager.py").write_text(block, encoding="utf-8")
    config = Config(data=tmp_path, store_url="sqlite:///:memory:")
    PluginHost.open(config, environ={}).approve("pager", "test", datetime(2026, 12, 1, tzinfo=UTC))
    assert "pager" in PluginHost.open(config, environ={}).channels
