"""The command line in this process, in a data folder of its own; and as a process where that matters."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from commands import CUSTOMERS, NETWORK, Ran, Run


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DESK_CONFIG", "DESK_NOW", "DESK_PLUGINS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DESK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


@pytest.fixture
def run(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command; `given` is what it reads from stdin, a document is given as JSON."""
    from desk.cli import main

    assert data

    def ran(*arguments: str, given: object = b"", now: str = "") -> Ran:
        content = given if isinstance(given, bytes) else json.dumps(given, ensure_ascii=False).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        if now:
            monkeypatch.setenv("DESK_NOW", now)
        capsys.readouterr()
        code = main(list(arguments))
        return Ran(code, *capsys.readouterr())

    return ran


@pytest.fixture
def county(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A sandbox with a small county in it, at eight in the morning of 1 December 2026."""
    assert run("init", "--sandbox").code == 0
    monkeypatch.setenv("DESK_NOW", "2026-12-01T08:00")
    for what, text in (("network", NETWORK), ("customers", CUSTOMERS)):
        file = data.parent / f"{what}.csv"
        file.write_text(text, encoding="utf-8-sig")
        ran = run("import", what, str(file))
        assert ran.code == 0, ran
    return run
