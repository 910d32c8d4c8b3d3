"""`make bench`: every figure of the desk beside its goal, and plain TinyDB's on the same documents.

    make bench                                   a county of 1,000,000 customers (a few minutes; kept under .cache)
    make bench ARGS="--customers 100000"         a smaller one
    make bench ARGS="--only lookup"              the figures whose name holds a word

A benchmark is not a test: nothing fails on a time.
"""

from __future__ import annotations

import argparse
import platform
import sqlite3
from collections.abc import Iterable

from bench import audit, commands, documents, outbox, plain, postgres, screen, seats, text_messages
from bench.county import County
from bench.figure import Figure

ROOMS = (documents, commands, screen, outbox, text_messages, audit, postgres, seats)
COLUMNS = ("figure", "goal", "measured", "", "plain TinyDB", "ratio")


def main() -> None:
    """Build the county when needed, measure, print the table row by row."""
    parser = argparse.ArgumentParser(prog="make bench", description="the figures of the desk")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--only", default="", help="figures whose name holds this word")
    parser.add_argument("--no-plain", action="store_true", help="leave plain TinyDB out: it needs minutes and memory")
    chosen = parser.parse_args()
    county = County(chosen.customers)
    county.build()
    print(f"{chosen.customers:,} customers · Python {platform.python_version()} · SQLite {sqlite3.sqlite_version}\n")
    wanted = [figure for room in ROOMS for figure in room.figures(county) if chosen.only in figure.name]
    peers = {} if chosen.no_plain else plain.measure(county, {figure.peer for figure in wanted if figure.peer})
    print_table(wanted, peers)


def print_table(figures: Iterable[Figure], peers: dict[str, float]) -> None:
    """One Markdown row a figure, printed as soon as it is measured."""
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
    for figure in figures:
        for name, goal, value in figure.measure():
            met = "" if goal is None else ("✓" if figure.meets(goal, value) else "above")
            peer = peers.get(figure.peer, 0.0)
            cells = (name, figure.goal_words(goal), figure.words(value), met, figure.words(peer) if peer else "")
            print("| " + " | ".join((*cells, f"{peer / value:,.0f} ×" if peer else "")) + " |", flush=True)


if __name__ == "__main__":
    main()
