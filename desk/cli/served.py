"""One desk for one page of a browser: the process that `desk serve` starts for each screen.

    python -m desk.cli.served --data DIR [--config FILE] [--safe]

The first line of its standard input is the session to take up; what follows are the page's keys, in textual-serve's
packets. Not for people: they use `desk`, or `desk serve`.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import desk
from desk.errors import DeskError

LONGEST_TOKEN = 512


def main() -> int:
    """Open the desk until its page is left; the exit code says whether it could be opened."""
    desk.is_program = True
    token = read_line(sys.stdin.fileno())
    try:
        return opened(_asked(), token)
    except DeskError as problem:
        print(problem, file=sys.stderr)
        return 2


def opened(asked: Namespace, token: str) -> int:
    """The screen of whoever's session `token` is."""
    from msgspec.structs import replace

    from desk.config import load_config
    from desk.tui import prepare, run

    prepare()
    config = load_config(asked.config, asked.data)
    from desk.app import Desk

    with Desk.open(replace(config, safe=True) if asked.safe else config) as here:
        here.place.signs_in = True  # whatever holds at the terminals of this machine: in browsers one signs in
        session = here.resume(token)
        here.place.seat = session.seat or here.place.seat
        return run(here)


def read_line(number: int) -> str:
    """The first line of this stream, and not a byte of what comes after it."""
    found = bytearray()
    while len(found) < LONGEST_TOKEN and (byte := os.read(number, 1)) not in (b"", b"\n"):
        found += byte
    return found.decode("ascii", "replace")


def _asked() -> Namespace:
    parser = ArgumentParser("desk.cli.served")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--safe", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
