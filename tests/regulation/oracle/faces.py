"""The desk as its users reach it: commands, in this process or as their own, in a sandbox with a set clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from oracle.made_up import County

REPO = Path(__file__).parents[3]
FORGOTTEN = ("DESK_CONFIG", "DESK_PLUGINS", "DESK_NOW", "DESK_DATA")


class Answer(NamedTuple):
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err or self.out
        return json.loads(self.out)


class CommandLine:
    """A sandbox of its own, and commands typed into it; `now` is the clock of each command."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        (self.data / "config.toml").write_text(settings, encoding="utf-8")

    def type(self, *words: str, now: datetime | None = None) -> Answer:
        """One command in this process."""
        from desk.cli import main

        out, err = StringIO(), StringIO()
        with patch.dict(os.environ, self._environ(now), clear=True), redirect_stdout(out), redirect_stderr(err):
            code = main(list(words))
        return Answer(code, out.getvalue(), err.getvalue())

    def run(self, *words: str, now: datetime | None = None) -> Answer:
        """One command as a process of its own."""
        environ = {**self._environ(now), "PYTHONPATH": str(REPO)}
        command = [sys.executable, "-m", "desk", *words]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
        return Answer(done.returncode, done.stdout, done.stderr)

    def file(self, document: object, name: str = "request.json") -> str:
        path = self.folder / name
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return str(path)

    def settle_in(self, county: County) -> None:
        """The county's offices send their lists."""
        assert self.type("init", "--sandbox").code == 0
        self.take_in(county.network, "network")
        self.take_in(county.customers, "customers")

    def take_in(self, rows: tuple[Mapping[str, Any], ...], what: str, now: datetime | None = None) -> None:
        path = self.folder / f"{what}.jsonl"
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        report = self.type("import", what, str(path), "--json", now=now).json
        assert not report["rejected"], report

    def _environ(self, now: datetime | None) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in FORGOTTEN}
        clock = {"DESK_NOW": now.isoformat()} if now else {}
        return {**kept, "DESK_DATA": str(self.data), "XDG_DATA_HOME": str(self.folder), **clock}
