"""Folders with good and bad parts for a real host; sentences are read in English here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from desk.config import Config, MessageSettings, Plugins
from desk.i18n import language, set_language
from desk.plugins.host import PluginHost, PluginRow


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    set_language("en")
    yield
    set_language(before)


GOOD = """
from desk.plugins import OutageType, hookimpl

@hookimpl
def desk_outage_types():
    return [OutageType(id="{id}", labels={{"zh_CN": "{id}停电", "en": "{id}"}}, planned=False)]
"""


class Parts:
    """A county's folders with plugins in them, and the host that loads them."""

    def __init__(self, place: Path) -> None:
        self.shipped = place / "plugins"
        self.data = place / "data"
        self.dropped = self.data / "plugins"
        self.shipped.mkdir()
        self.dropped.mkdir(parents=True)
        self.lists = Plugins()
        self.environ: dict[str, str] = {}
        self.safe = False
        self.channels: dict[str, dict[str, Any]] = {}
        self.messages = MessageSettings()
        self.file: Path | None = None

    def ship(self, **files: str) -> None:
        write(self.shipped, files)

    def drop(self, **files: str) -> None:
        write(self.dropped, files)

    def host(self) -> PluginHost:
        return PluginHost.open(self.config(), environ=self.environ, shipped=self.shipped)

    def config(self) -> Config:
        return Config(
            plugins=self.lists,
            channels=self.channels,
            messages=self.messages,
            path=self.file,
            data=self.data,
            store_url="sqlite:///:memory:",
            safe=self.safe,
        )

    def row(self, name: str) -> PluginRow:
        return next(row for row in self.host().listed() if row.name == name)


class Asked(Struct, frozen=True, kw_only=True):
    """What was entered for an outage, as a type sees it."""

    planned_start: datetime | None = None
    planned_end: datetime | None = None
    received_at: datetime | None = None
    cause: str = ""
    area: str = ""
    accounts: tuple[str, ...] = ()
    facts: dict[str, object] = {}


def write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


@pytest.fixture
def good() -> Callable[[str], str]:
    """The text of a part that brings one type of outage of that name."""
    return lambda name: GOOD.format(id=name)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path)


@pytest.fixture
def asked() -> type[Asked]:
    """Makes what was entered for an outage."""
    return Asked
