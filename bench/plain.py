"""Plain TinyDB on the same documents, in a process of its own: opening, finding, logging one call, memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Set
from pathlib import Path

from bench.county import County


def measure(county: County, wanted: Set[str]) -> dict[str, float]:
    """Milliseconds (megabytes for `memory`) of each act on a TinyDB JSON file with the county's customers."""
    if not wanted:
        return {}
    file = county.folder / "plain.json"
    if not file.exists():
        write(county, file)
    person = county.sample(1)[0]
    command = [sys.executable, "-m", "bench.plain", str(file), person.account_no]
    return dict(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))


def write(county: County, file: Path) -> None:
    """The customers as TinyDB's own JSON file, without going through TinyDB (it would need the same memory twice)."""
    from desk.app import Desk

    with Desk.open(county.config()) as desk, file.open("w", encoding="utf-8") as out:
        out.write('{"customers": {')
        for number, row in enumerate(desk.place.store.table("customers"), 1):
            out.write(("," if number > 1 else "") + f'"{number}": {json.dumps(dict(row))}')
        out.write("}}")


def run(file: str, account_no: str) -> dict[str, float]:
    """The acts, one after the other, in this process."""
    from tinydb import TinyDB, where

    figures: dict[str, float] = {}
    start = time.perf_counter()
    database = TinyDB(file)
    found = database.table("customers").get(where("account_no") == account_no)
    figures["lookup"] = (time.perf_counter() - start) * 1000
    figures["start"] = figures["lookup"]
    assert found
    start = time.perf_counter()
    number = database.table("calls").insert({"topic": "inquiry", "account_no": account_no})
    figures["save"] = (time.perf_counter() - start) * 1000
    database.table("calls").remove(doc_ids=[number])
    status = Path("/proc/self/status").read_text()
    figures["memory"] = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
    return figures


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], sys.argv[2])))
