"""`python -m tools.year`: a year of a county in a sandbox, lived through in minutes; the totals printed."""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from desk import demo
from desk.app import Desk
from desk.clock import FixedClock, parse_time, zone_named
from desk.config import load_config
from desk.records import Customer
from tools.year.plans import Year
from tools.year.run import Simulation
from tools.year.totals import told, totals

ACCOUNTS = 20_000  # customers who may be cut off one by one


def main(arguments: list[str]) -> int:
    """Live through the year; 0 when no duty was lost."""
    asked = _parser().parse_args(arguments)
    folder = asked.data or Path(mkdtemp(prefix="desk-year-")) / "data"
    config = load_config(None, folder, {**os.environ, "DESK_CONFIG": ""} if "DESK_CONFIG" in os.environ else os.environ)
    begin = parse_time(f"{asked.year}-01-01T00:00", zone_named(config.county.time_zone))
    clock, started = FixedClock(begin), time.perf_counter()
    with Desk.create(config, sandbox=True, clock=clock) as desk:
        accounts = build(desk, asked.customers, asked.seed)
        _tell(f"{asked.customers} customers in {folder}, {time.perf_counter() - started:.0f} s")
        year = Year(desk.place.grid, accounts, begin, asked.seed)
        run = Simulation(desk, clock, begin, asked.seed)
        run.play(year, asked.outages, _progress() if sys.stderr.isatty() else lambda _day: None)
        lived = time.perf_counter() - started
        found = totals(desk, begin, desk.place.now(), run.tries.total())
    print("\n".join(told(found)))
    all_of_it = time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) / 1e6
    _tell(f"{lived:.0f} s to live it, {all_of_it:.0f} s in all, {megabytes:.0f} MB, {size:.0f} MB kept")
    return 1 if found.lost else 0


def build(desk: Desk, customers: int, seed: int) -> list[str]:
    """A county without a past; returns the accounts of some of its customers."""
    areas, accounts, rng = demo.network(customers, seed), list[str](), Random(f"accounts {seed}")
    share = min(1.0, ACCOUNTS / customers)

    def passing() -> Iterator[Customer]:
        for one in demo.customers(customers, seed, areas, desk.place.config.county.area_code):
            if rng.random() < share:
                accounts.append(one.account_no)
            yield one

    with desk.place.store.transaction():
        desk.place.network.put_many(areas)
        desk.place.customers.put_many(passing())
        desk.access.note("import.customers", "made up", {"created": customers})
    return accounts


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.year", description=__doc__)
    parser.add_argument("--outages", type=int, default=5_000)
    parser.add_argument("--customers", type=int, default=300_000)
    parser.add_argument("--year", type=int, default=2027)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="a folder that does not exist yet; without it, a temporary one")
    return parser


def _progress():  # type: ignore[no-untyped-def]
    def tell(day: datetime) -> None:
        sys.stderr.write(f"\r{day:%Y-%m-%d}")

    return tell


def _tell(words: str) -> None:
    print(words, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
