"""A declared channel that is known by its name and read when channels are first asked for.

Reading TOML costs a millisecond a file and the reader five more, and a desk that opens needs no channel yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from desk.i18n import _
from desk.plugins import loading
from desk.plugins.channels import Channel
from desk.plugins.collect import Thing
from desk.plugins.declared import Ground, declared
from desk.plugins.declared.head import CHANNELS, kind_of
from desk.plugins.faults import Fault

_NAME = re.compile(rb"""^name\s*=\s*(["'])([a-z][a-z0-9_-]*)\1\s*(?:#.*)?$""", re.MULTILINE)
_TABLE = re.compile(rb"^\s*\[", re.MULTILINE)


class Later(NamedTuple):
    """The channel called `name`: `read` gives its class, or raises Fault with what is wrong in the file."""

    name: str
    read: Callable[[], type[Channel]]


def declares(path: Path, content: bytes, ground: Ground) -> list[Thing]:
    """What a TOML file brings; of a channel the name alone, if its head says it plainly."""
    table = _TABLE.search(content)
    name = _NAME.search(content, 0, table.start() if table else len(content))
    if kind_of(content) not in CHANNELS or name is None:
        return declared(path, content, ground)
    said = name[2].decode()
    return [Thing("channel", said, Later(said, lambda: _read(path, content, ground, said)))]


def _read(path: Path, content: bytes, ground: Ground, name: str) -> type[Channel]:
    with loading.guarded(path):
        (thing,) = declared(path, content, ground)
        if thing.name != name:
            raise Fault(_('is called "{name}" and "{other}"').format(name=name, other=thing.name), str(path))
        found: type[Channel] = thing.object
        return found
