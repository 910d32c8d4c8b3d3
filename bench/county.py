"""The county that is measured: a million imported customers, 5,000 outages of which 200 live, 100,000 calls."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from desk.app import Desk
from desk.config import Config, load_config
from desk.demo.lines import network
from desk.demo.people import customers
from desk.exports import export
from desk.outages.requests import OutageRequest
from desk.records import Call, Customer, Outage, Status, Topic

SEED = 95598
OUTAGES, LIVE, CALLS = 5_000, 200, 100_000
WORDS = ("主变检修", "线路改造", "树障清理", "配变更换", "电缆敷设")


class County:
    """The folder of a measured county, built once and kept under `.cache/bench`."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.folder = Path(".cache/bench").absolute() / f"county-{size}"
        self.data = self.folder / "data"
        self.import_figures: tuple[float, float] | None = None  # seconds, megabytes

    def build(self) -> None:
        """Make the files, then import them through the command line as an office would, measuring that."""
        if (self.folder / "ready").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_files()
        self.import_figures = self.import_into(self.data)
        self._write_history()
        (self.folder / "ready").touch()

    def import_into(self, data: Path) -> tuple[float, float]:
        """Seconds and peak megabytes of `desk import customers` into a new desk at `data`."""
        self.run("init", data=data)
        self.run("import", "network", str(self.folder / "network.csv"), data=data)
        return self.run("import", "customers", str(self.folder / "customers.csv"), data=data)

    def run(self, *words: str, data: Path | None = None) -> tuple[float, float]:
        """Run one command of the desk; seconds and peak megabytes of the whole process."""
        command = [sys.executable, "-m", "desk", *words, "--data", str(data or self.data)]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise RuntimeError(f"{' '.join(words)}: {process.stderr and process.stderr.read().decode()[-500:]}")
        return time.perf_counter() - start, used.ru_maxrss / 1024

    def config(self) -> Config:
        return load_config(data=self.data)

    def sample(self, count: int) -> list[Customer]:
        """`count` customers drawn from the whole county, the same ones each time."""
        with Desk.open(self.config()) as desk:
            table = desk.place.customers
            rng = Random(SEED)
            first = next(table.all())
            wanted = {str(int(first.account_no) + rng.randrange(self.size)) for _ in range(count * 3)}
            found = [customer for account in sorted(wanted) if (customer := table.get(account))]
            rng.shuffle(found)
            return found[:count]

    def _write_files(self) -> None:
        with Desk.create(load_config(data=self.folder / "maker")) as maker:
            place = maker.place
            place.network.put_many(network(self.size, SEED))
            place.customers.put_many(customers(self.size, SEED, list(place.network.all())))
            export(place, "customers", self.folder / "customers.csv")
            self._write_network(list(place.network.all()))
        for path in sorted((self.folder / "maker").rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()

    def _write_network(self, areas: list) -> None:  # type: ignore[type-arg]
        fields = ("transformer_area", "transformer_name", "lateral", "feeder", "substation", "kind", "service_branch")
        lines = [",".join(fields), *(",".join(str(getattr(area, name)) for name in fields) for area in areas)]
        (self.folder / "network.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _write_history(self) -> None:
        with Desk.open(self.config()) as desk:
            place, rng = desk.place, Random(SEED)
            feeders = sorted({area.feeder for area in place.network.all()})
            areas = [area.transformer_area for area in place.network.all()]
            now = place.now()
            live = [desk.outages.open(request(rng, feeders, areas, now, n)).outage for n in range(LIVE)]
            for outage in live[: LIVE // 2]:
                if outage.status is Status.SCHEDULED:
                    desk.outages.start(outage.id, reason="调度口头同意")
            for old in past(rng, live, now):
                place.outages_table.put(old)
            place.calls_table.put_many(calls(rng, self.size, now))


def request(rng: Random, feeders: list[str], areas: list[str], now: datetime, number: int) -> OutageRequest:
    """A planned outage of one feeder or a few transformer areas, within the next days."""
    start = now + timedelta(minutes=rng.randrange(5, 8 * 24 * 60))
    return OutageRequest(
        type="planned_maintenance",
        feeders=(rng.choice(feeders),) if number % 4 == 0 else (),
        transformer_areas=() if number % 4 == 0 else tuple(rng.sample(areas, 3)),
        planned_start=start,
        planned_end=start + timedelta(hours=rng.randrange(2, 9)),
        cause=rng.choice(WORDS),
        area=f"第{number}片区",
    )


def past(rng: Random, live: list[Outage], now: datetime) -> Iterator[Outage]:
    """Outages that are over, in the shape of live ones."""
    import msgspec

    for number in range(LIVE + 1, OUTAGES + 1):
        ended = now - timedelta(hours=rng.randrange(1, 24 * 300))
        yield msgspec.structs.replace(
            rng.choice(live),
            id=f"O{number}",
            status=Status.CLOSED,
            actual_start=ended - timedelta(hours=3),
            actual_end=ended,
        )


def calls(rng: Random, size: int, now: datetime) -> Iterator[Call]:
    """A hundred thousand logged calls of the last year."""
    for number in range(1, CALLS + 1):
        yield Call(
            id=f"C{number}",
            at=now - timedelta(minutes=(CALLS - number) * 5),
            topic=rng.choice((Topic.OUTAGE_INQUIRY, Topic.TROUBLE, Topic.INQUIRY)),
            account_no=str(3_100_000_000 + rng.randrange(size)),
            note="家里没电了",
            outcome="已答复",
        )
