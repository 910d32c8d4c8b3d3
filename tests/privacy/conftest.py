"""A desk of marked numbers for every test that shows something; the command line in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from marked_county import build

from desk.app import Desk

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "county"


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    opened = build(folder)
    yield opened
    opened.close()


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command on the folder; returns its exit code and all it printed."""
    from desk.cli import main

    for name in ("DESK_CONFIG", "DESK_PLUGINS", "DESK_SESSION", "DESK_AGENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DESK_DATA", str(folder))
    monkeypatch.setenv("DESK_NOW", "2026-11-23T10:05")
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "home"))
    monkeypatch.chdir(folder.parent)

    def ran(*arguments: str, given: bytes = b"") -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        capsys.readouterr()
        code = main(list(arguments))
        return code, "".join(capsys.readouterr())

    return ran
