"""What goes wrong, and when: drawn from the seed before the day begins, so that a day can be lived again.

plan(seed, seconds, actors, engine) -> [(3.1, "kill", "seat 2"), (4.0, "clock", "-86400"), …]
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

EVERY = 1.2  # seconds between two faults, on average
LULL = 0.15  # of the day at its end: nothing more goes wrong
# fault → how often, on which engines
WEIGHTS = {
    "kill": (10, ("sqlite", "postgresql")),
    "kill_all": (1, ("sqlite", "postgresql")),
    "clock": (3, ("sqlite", "postgresql")),
    "disk": (2, ("sqlite", "postgresql")),
    "crash_server": (2, ("postgresql",)),
    "stop_server": (1, ("postgresql",)),
    "cut": (2, ("postgresql",)),
}
JUMPS = (-3 * 86400.0, -3600.0, -30.0, 0.0, 30.0, 3600.0, 2 * 86400.0)  # seconds by which the clock is wrong then


class Fault(NamedTuple):
    """At so many seconds of the day: which one, and what of it (an actor, a number of seconds)."""

    at: float
    what: str
    about: str


def plan(seed: int, seconds: float, actors: Sequence[str], engine: str) -> list[Fault]:
    """Every fault of the day, in order; the same for the same arguments."""
    rng = random.Random(f"faults {seed}")
    kinds = [name for name, (weight, engines) in WEIGHTS.items() if engine in engines for _each in range(weight)]
    found, at = [], 1.0 + rng.expovariate(1 / EVERY)
    while at < seconds * (1 - LULL):
        what = rng.choice(kinds)
        found.append(Fault(at, what, _about(rng, what, actors)))
        at += rng.expovariate(1 / EVERY)
    return found


def _about(rng: random.Random, what: str, actors: Sequence[str]) -> str:
    match what:
        case "kill":
            return rng.choice(actors)
        case "clock":
            return str(rng.choice(JUMPS))
        case _:
            return f"{rng.uniform(0.3, 2.0):.2f}"  # for so many seconds
