"""One desk on a PostgreSQL of this machine, with the same county: imported as an office would, asked and saved to."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp

from bench import documents
from bench.county import County
from bench.figure import Figure, Measured, percentile
from desk.app import Desk
from tests.postgres_server import Missing, PostgresServer

SERVER = {"shared_buffers": "1GB", "max_wal_size": "4GB"}  # and all that makes a commit durable
READS, CHANGES = 50, 50
GOAL, GOAL_HEARD = 100, 1000  # ms; the rest as documents has it, which is about a file of one's own


def figures(county: County) -> list[Figure]:
    """The figures of this room."""
    there = Served(county)
    return [
        Figure("PostgreSQL: import", "s", there.imported),
        Figure("PostgreSQL: one desk", "ms", there.measured),
    ]


class Served(County):
    """The measured county on a server that is there while it is measured."""

    def __init__(self, county: County) -> None:
        super().__init__(county.size)
        self._place = Path(mkdtemp(prefix="desk-bench-postgres-"))
        self.data = self._place / "data"

    @cached_property
    def server(self) -> PostgresServer | None:
        """With the county on it; None where there is no PostgreSQL to be had."""
        try:
            server = PostgresServer(**SERVER)
        except Missing as reason:
            print(f"no PostgreSQL: {reason}", file=sys.stderr)
            return None
        self.data.mkdir(parents=True)
        (self.data / "config.toml").write_text(f'[store]\nurl = "{server.url()}"\n')
        self.import_figures = self.import_into(self.data)
        return server

    def imported(self) -> Measured:
        """Seconds of `desk import customers` into a new county on the server."""
        if self.server is not None and self.import_figures:
            yield f"PostgreSQL: import {self.size:,} customers", 90, self.import_figures[0]

    def measured(self) -> Measured:
        """Each way of asking, calls saved, the board read, a change of another seat heard."""
        if self.server is None:
            return
        self._write_history()
        for rows in (documents.lookups(self), documents.saving(self), self._board(), self._heard()):
            yield from ((f"PostgreSQL: {name}", goal and max(goal, GOAL), value) for name, goal, value in rows)
        self.server.remove()
        shutil.rmtree(self._place)

    def _board(self) -> Iterator[tuple[str, float | None, float]]:
        with Desk.open(self.config()) as desk:
            times = [documents.timed(desk.outages.board) for _ in range(READS)]
        yield "board, p95", GOAL, percentile(times, 0.95)

    def _heard(self) -> Iterator[tuple[str, float | None, float]]:
        times = []
        with Desk.open(self.config()) as one, Desk.open(self.config()) as other:
            time.sleep(1)  # both listen
            for number in range(CHANGES):
                other.changed()
                one.place.store.table("bench").insert({"n": number})
                times.append(documents.timed(lambda: _wait(other)))
        yield "a change heard by another seat, p95", GOAL_HEARD, percentile(times, 0.95)


def _wait(desk: Desk) -> None:
    while not desk.changed():
        time.sleep(0.0002)
