"""The audit: what a line costs, and how long a million of them take to verify, on each engine.

python -m bench.audit                            SQLite, 1,000,000 lines
python -m bench.audit postgresql://… 100000      another store, empty before, and fewer
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from zoneinfo import ZoneInfo

from bench.county import SEED, County
from bench.figure import Figure, Measured
from desk.audit import Audit
from desk.audit.chain import chained, hash_of
from desk.clock import FixedClock
from desk.config import load_config
from desk.place import Place
from desk.plugins.host import PluginHost
from desk.records import AuditLine
from desk.schema import table_specs
from desk.store import open_store

LINES = 1_000_000
NOTED = 2_000
ACTS = ("outage.open", "duty.settle", "number.reveal", "call.log", "case.answered", "message.decide")
BEGUN = datetime(2026, 12, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def figures(_county: County) -> list[Figure]:
    """The figures of this room."""
    return [Figure("audit line", "µs", noting), Figure("audit verified", "s", verifying)]


def noting() -> Measured:
    """One line inside a transaction that writes anyway."""
    with a_place() as place:
        audit = Audit(place)
        audit.note("outage.open", "K1")
        with place.store.transaction():
            start = time.perf_counter()
            for number in range(NOTED):
                audit.note("case.open", f"K{number}", {"kind": "complaint"})
            took = time.perf_counter() - start
    yield "one line of the audit, chained", 200, took / NOTED * 1e6


def verifying(url: str = "", lines: int = LINES) -> Measured:
    """Every line, every link, a checkpoint for each thousand lines."""
    with a_place(url) as place:
        start = time.perf_counter()
        fill(place, lines)
        print(f"{lines:,} lines made in {time.perf_counter() - start:.0f} s", file=sys.stderr)
        start = time.perf_counter()
        found = Audit(place).verify()
        took = time.perf_counter() - start
        assert found.ok, found.faults[:5]
        assert found.last >= lines, found
    yield f"{lines:,} lines of the audit verified", 60, took


def fill(place: Place, lines: int) -> None:
    """A chain as the desk writes it, in pieces with a checkpoint behind each."""
    made, previous, piece = 0, hash_of(b""), 50_000
    random = Random(SEED)
    while made < lines:
        some = list(_lines(made + 1, min(piece, lines - made), previous, random))
        place.audit_table.put_many(some)
        made, previous = made + len(some), some[-1].hash
        Audit(place).checkpoint()
        newest = place.audit_table.newest()
        assert newest
        made, previous = newest.number, newest.hash


def _lines(first: int, count: int, previous: str, random: Random) -> Iterator[AuditLine]:
    for number in range(first, first + count):
        line = chained(
            AuditLine(
                id=f"A{number}",
                at=BEGUN + timedelta(seconds=number),
                by=f"agent{number % 40}",
                act=random.choice(ACTS),
                about=f"O{random.randrange(1, 50_000)}",
                details={"reason": "树障", "documents": {f"outages/O{number}": hash_of(b"%d" % number)}},
                number=number,
                previous=previous,
                seat=f"{number % 40}",
                role="agent",
            )
        )
        previous = line.hash
        yield line


class a_place:
    """A place of its own with nothing but a store, thrown away afterwards."""

    def __init__(self, url: str = "") -> None:
        self._url = url

    def __enter__(self) -> Place:
        self._folder = Path(mkdtemp(prefix="desk-bench-"))
        store = open_store(self._url or f"sqlite:///{self._folder}/desk.db", table_specs("0951"))
        config = load_config(None, self._folder / "data", {})
        self.place = Place(config, store, FixedClock(BEGUN), _no_plugins, agent="bench", role="agent", seat="1")
        return self.place

    def __exit__(self, *_problem: object) -> None:
        self.place.store.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _no_plugins() -> PluginHost:
    raise AssertionError("no plugin is needed")


if __name__ == "__main__":
    url, lines = [*sys.argv[1:], "", ""][:2]
    for name, _goal, value in verifying(url, int(lines or LINES)):
        print(f"{name}: {value:.1f} s")
