"""What tests of rings share: a county's data folder, a free port, and waiting for what comes."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from msgspec.structs import replace

from desk.app import Desk
from desk.config import load_config

TOKEN = "geheim-4711"


@dataclass
class County:
    """A data folder with a config.toml; `open` makes its desk, several may be open at once."""

    folder: Path
    sections: str = ""
    opened: list[Desk] = field(default_factory=list)

    def open(self, *, seat: str = "1", agent: str = "王敏") -> Desk:
        (self.folder / "config.toml").write_text(self.sections, encoding="utf-8")
        config = load_config(data=self.folder, environ={})
        config = replace(config, desk=replace(config.desk, seat=seat, agent=agent, language="en"))
        desk = Desk.open(config) if (self.folder / "desk.db").exists() else Desk.create(config, sandbox=True)
        self.opened.append(desk)
        return desk


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def comes(true: Callable[[], Any], seconds: float = 5.0) -> Any:
    """What `true` gives as soon as it is anything; fails when it is not within `seconds`."""
    until = monotonic() + seconds
    while not (found := true()):
        assert monotonic() < until, "it did not come"
        sleep(0.005)
    return found
