"""A place with an audit and nothing else, and what an attacker with the data file in hand does to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tinydb.table import Document

from desk.audit import Audit
from desk.audit.chain import canonical, hash_of
from desk.clock import FixedClock
from desk.config import load_config
from desk.place import Place
from desk.plugins.host import PluginHost
from desk.schema import AUDIT, CHECKPOINTS, table_specs
from desk.store import DocumentTable, open_store

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def no_plugins() -> PluginHost:
    raise AssertionError("an audit needs no plugin")


def place_at(data: Path, url: str = "", seat: str = "1", agent: str = "李敏") -> Place:
    """A seat of its own: its data folder is `data`; several may share one store."""
    config = load_config(None, data, {})
    store = open_store(url or f"sqlite:///{data.parent}/desk.db", table_specs("0951"))
    return Place(config, store, FixedClock(NOW), no_plugins, agent=agent, role="agent", seat=seat)


def written(place: Place, lines: int) -> Audit:
    """So many lines about so many outages."""
    audit = Audit(place)
    with place.store.transaction():
        for number in range(lines):
            audit.note("case.open", f"K{number}", {"kind": "complaint"})
    return audit


def later(place: Place, by: timedelta) -> None:
    assert isinstance(place.clock, FixedClock)
    place.clock.at += by


class Attacker:
    """Whoever can write to the store and knows how lines are made."""

    def __init__(self, place: Place) -> None:
        self.lines: DocumentTable = place.store.table(AUDIT)
        self.checkpoints: DocumentTable = place.store.table(CHECKPOINTS)

    def line(self, number: int) -> Document:
        return self._found(lambda line: line.get("number") == number)

    def change(self, at: int, *, rehash: bool = False, **fields: Any) -> None:
        """Another content; with `rehash` also its hash is made anew."""
        line = self.line(at)
        line.update(fields)
        if rehash:
            line["hash"] = _hash(line)
        self._put(line)

    def remove(self, *numbers: int) -> None:
        self.lines.remove(doc_ids=[self.line(number).doc_id for number in numbers])

    def swap(self, one: int, other: int) -> None:
        first, second = self.line(one), self.line(other)
        self._put(Document(dict(first), second.doc_id), Document(dict(second), first.doc_id))

    def insert(self, **fields: Any) -> None:
        self.lines.insert(fields)

    def rewrite(self, change: Callable[[dict[str, Any]], bool]) -> None:
        """All lines made anew, those left out that `change` does not want: a chain without a break."""
        kept = [dict(line) for line in self.lines.all() if change(line)]
        self.lines.truncate()
        before = hash_of(b"")
        for number, line in enumerate(kept, 1):
            line |= {"number": number, "previous": before}
            line["hash"] = before = _hash(line)
            self.lines.insert(line)

    def _found(self, wanted: Callable[[Any], bool]) -> Document:
        return next(line for line in self.lines.all() if wanted(line))

    def _put(self, *lines: Document) -> None:
        """As in a file written to by hand: the order of the rows stays that of their ids."""
        placed = {one.doc_id: one for one in self.lines.all()} | {line.doc_id: line for line in lines}
        self.lines.truncate()
        self.lines.insert_multiple(Document(dict(placed[id]), id) for id in sorted(placed))


def _hash(line: dict[str, Any]) -> str:
    return hash_of(canonical({name: value for name, value in line.items() if name != "hash"}))
