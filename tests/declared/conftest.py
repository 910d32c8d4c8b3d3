"""Declared channels made from the text of a file, and a gateway on loopback that behaves as badly as it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from desk.plugins import Message
from desk.plugins.declared import DeclaredChannel, Ground
from desk.plugins.declared.example import made
from desk.plugins.declared.reading import read_channel
from desk.testing import FakeGateway

Make = Callable[..., DeclaredChannel]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A channel from the text of a file, which may call this machine."""

    def channel(text: str, settings: Mapping[str, Any] | None = None, ground: Ground | None = None) -> DeclaredChannel:
        kind = read_channel(
            tmp_path / "pager.toml", dedent(text).encode(), ground or Ground(data=tmp_path, loopback=True)
        )
        return made(kind, **(settings or {}))

    return channel


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    gateway = FakeGateway()
    yield gateway
    gateway.close()


@pytest.fixture
def message() -> Message:
    return Message(
        recipient="张三", address="13800138000", body='城东线 "8:00" 停电\n{body} &x=1', key="K1", id="M1.1.1"
    )
