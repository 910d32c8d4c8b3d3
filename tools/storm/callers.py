"""One process of the storm: an agent's desk that logs its share of the calls, each at its time, and writes down what
was acknowledged; and one that does nothing but ask for the board."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

from desk.app import Desk
from desk.calls import read_call
from desk.config import load_config
from tools.storm.plan import Ringing


def log_calls(data: Path, calls: Sequence[Ringing], begin: float, acks: Path) -> None:
    """Log each call when its time has come (`begin` is a moment of the machine's clock), or at once where it is late.

    A line of `acks` for each that was acknowledged: number, id, milliseconds to save it, milliseconds behind its time.
    """
    with Desk.open(load_config(data=data)) as desk, acks.open("w") as out:
        zone = desk.place.clock.zone
        for call in calls:
            time.sleep(max(0.0, begin + call.at - time.time()))
            start = time.perf_counter()
            stored = desk.calls.log(read_call(call.fields, zone))
            took = (time.perf_counter() - start) * 1000
            line = {
                "number": call.number,
                "id": stored.id,
                "ms": took,
                "behind": (time.time() - begin - call.at) * 1000,
            }
            out.write(json.dumps(line) + "\n")
            out.flush()


def watch_board(data: Path, until: float, found: Path) -> None:
    """Ask for the board ten times a second, as an open desk does more seldom; milliseconds of each, one a line."""
    times: list[float] = []
    with Desk.open(load_config(data=data)) as desk:
        while time.time() < until:
            start = time.perf_counter()
            desk.outages.board()
            times.append((time.perf_counter() - start) * 1000)
            time.sleep(0.1)
    found.write_text("\n".join(map(str, times)))
