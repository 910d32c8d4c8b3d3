"""What whole processes take: the command line and the import."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from bench.county import County
from bench.figure import Figure, Measured

RUNS = 7


def figures(county: County) -> list[Figure]:
    """The figures of this room."""
    return [
        Figure("command line", "ms", lambda: command_line(county)),
        Figure("import", "s", lambda: importing(county)),
        Figure("import", "MB", lambda: import_memory(county)),
    ]


def command_line(county: County) -> Measured:
    """Whole processes, median of several; the interpreter alone is printed for comparison."""
    person = county.sample(1)[0]
    lookup = [sys.executable, "-m", "desk", "lookup", person.name, "--data", str(county.data)]
    yield "python -c pass", None, process([sys.executable, "-c", "pass"])
    yield "import desk", 80, process([sys.executable, "-c", "import desk"])
    yield "desk lookup, whole process", 150, process(lookup)


def importing(county: County) -> Measured:
    """The whole import of the county, measured when it was built, or again now."""
    yield f"import {county.size:,} customers", 90, imported(county)[0]


def import_memory(county: County) -> Measured:
    """The peak memory of the same run."""
    yield f"import {county.size:,} customers, peak memory", 300, imported(county)[1]


def imported(county: County) -> tuple[float, float]:
    """Seconds and megabytes of the import, run once in a bench."""
    if county.import_figures is None:
        data = county.folder / "again"
        county.import_figures = county.import_into(data)
        shutil.rmtree(data, ignore_errors=True)
    return county.import_figures


def process(command: Sequence[str]) -> float:
    """Median milliseconds of the whole process."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
