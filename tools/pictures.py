"""The pictures of the documents, taken from the running desk on the made-up county: `make pictures`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from desk import demo
from desk.app import Desk
from desk.clock import FixedClock, parse_time, zone_named
from desk.config import load_config

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "pictures"
NOW = "2026-12-01T10:20"  # a morning: callbacks are ripe, nobody is asleep
SEED = 7
PICTURES = {
    "lookup": ("120x36", "dark", "slash zhang"),
    "light": ("120x36", "light", "down down"),
    "small": ("80x24", "dark", ""),
    "messages": ("110x30", "light", "screens.messages"),
    "sending": ("110x34", "light", "right {downs} screens.sending"),
    "work_orders": ("110x28", "light", "screens.work_orders"),
    "predicted": ("110x26", "light", "screens.predicted"),
    "shift": ("110x32", "light", "screens.shift"),
    "desk": ("120x36", "dark", "slash zhang down down down enter"),  # last: its call stays open
}


def main() -> None:
    """Build the county once, then take each picture in a desk of its own."""
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "county")
        env = {**os.environ, "PYTHONPATH": str(ROOT), "DESK_NOW": NOW}
        downs = "down " * _county(Path(data))
        OUT.mkdir(parents=True, exist_ok=True)
        for name, (size, theme, keys) in PICTURES.items():
            take = [sys.executable, str(ROOT / "tests/tui/picture.py"), str(OUT / f"{name}.svg"), "--data", data]
            subprocess.run(
                [*take, "--size", size, "--theme", theme, "--keys", keys.format(downs=downs)], env=env, check=True
            )


def _county(folder: Path) -> int:
    """Make the county as it is at `NOW`; on which row of the plans is one that somebody may send."""
    demo.prepare(folder)
    config = load_config(None, folder, {})
    clock = FixedClock(parse_time(NOW, zone_named(config.county.time_zone)))
    with Desk.create(config, sandbox=True, clock=clock) as desk:
        demo.build(desk.place, seed=SEED)
        plans = desk.outages.board().rows["scheduled"]
        return max(range(len(plans)), key=lambda row: desk.outbox.preview(plans[row].id).people)


if __name__ == "__main__":
    main()
