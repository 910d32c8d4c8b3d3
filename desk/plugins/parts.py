"""The other things a plugin may bring: rule packs, listeners and checks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from msgspec import Struct

from desk.plugins.facts import Name
from desk.plugins.outage_types import Problem


class RulePack(Struct, frozen=True, kw_only=True):
    """The rules of one regulation: a TOML file, usually beside the plugin (`Path(__file__).with_name(…)`)."""

    id: Name
    path: Path


class Listener:
    """Someone who hears what happened at the desk, after it was stored."""

    name: ClassVar[str]

    def hear(self, event: str, about: Mapping[str, Any]) -> None:
        """`event` is a word like `outage_opened`, `about` the stored document."""
        raise NotImplementedError


class Check:
    """One thing `desk doctor` looks at."""

    name: ClassVar[str]

    def check(self, timeout: float) -> Problem | None:
        """What is wrong, or None; back within `timeout` seconds."""
        raise NotImplementedError
