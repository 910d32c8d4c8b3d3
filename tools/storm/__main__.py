"""`make storm`: twenty callers a second for ten minutes in a sandbox; what was lost (nothing), and how quick it was.

    make storm
    make storm ARGS="--seconds 60 --rate 40 --seed 7"

Fails when a call is lost or the predicted outages are not those of the calls; never because of a time.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from tempfile import mkdtemp

from bench.figure import percentile
from bench.terminal import Terminal
from desk import demo
from desk.app import Desk
from desk.config import load_config
from desk.outages import OutageRequest
from tools.storm.callers import log_calls, watch_board
from tools.storm.plan import Ringing, people, plan
from tools.storm.proof import Proof, prove

DOWN, UP = b"\x1b[B", b"\x1b[A"
KNOWN = "暴风雨片区"  # where the fault is that the desk knows already: it is on the board
PATIENCE = 5.0  # seconds that a frame is waited for
FAULTS = 24  # transformers that have failed already
START = 3.0  # seconds until every process has opened its desk
GOALS = {"a call saved, p95": 50.0, "the board read, p95": 50.0, "key to frame on the board, p95": 50.0}


def main(arguments: Sequence[str]) -> int:
    """Let the storm pass; 0 when nothing was lost and the board says what the calls say."""
    asked = _parser().parse_args(arguments)
    folder = asked.data or Path(mkdtemp(prefix="desk-storm-"))
    data = folder / "data"
    calls = build(data, asked)
    _tell(f"{asked.customers} customers in {data}, {len(calls)} calls from {asked.seats} seats")
    times = pass_over(folder, data, calls, asked)
    acks = [json.loads(line) for file in sorted(folder.glob("seat-*.jsonl")) for line in file.read_text().splitlines()]
    with Desk.open(load_config(data=data)) as desk:
        proof = prove(desk, {ack["number"]: ack["id"] for ack in acks})
    times["a call saved, p95"] = [ack["ms"] for ack in acks]
    times["a call behind its time, p95"] = [ack["behind"] for ack in acks]
    print("\n".join(told(proof, len(calls), len(acks), times)))
    return 0 if proof.holds and len(acks) == len(calls) else 1


def build(data: Path, asked: argparse.Namespace) -> list[Ringing]:
    """A county with a few faults that are known; returns the calls of the storm."""
    with Desk.create(load_config(data=data), sandbox=True) as desk:
        areas = demo.network(asked.customers, asked.seed)
        everyone = list(demo.customers(asked.customers, asked.seed, areas, desk.place.config.county.area_code))
        with desk.place.store.transaction():
            desk.place.network.put_many(areas)
            desk.place.customers.put_many(everyone)
        known = areas[0].feeder
        elsewhere = [area.transformer_area for area in areas if area.feeder != known]
        desk.outages.open(OutageRequest(type="grid_fault", feeders=(known,), cause="树障", area=KNOWN))
        for name in elsewhere[:: max(8, len(elsewhere) // FAULTS)]:
            desk.outages.open(OutageRequest(type="grid_fault", transformer_areas=(name,), cause="配变故障", area=KNOWN))
        return list(plan(people(everyone, areas), known, asked.seconds, asked.rate, asked.seed))


def pass_over(folder: Path, data: Path, calls: list[Ringing], asked: argparse.Namespace) -> dict[str, list[float]]:
    """The storm itself; returns milliseconds of the board and of the keys."""
    context, begin = get_context("spawn"), time.time() + START
    end = begin + asked.seconds
    seats = [
        context.Process(target=log_calls, args=(data, calls[n :: asked.seats], begin, folder / f"seat-{n}.jsonl"))
        for n in range(asked.seats)
    ]
    board = context.Process(target=watch_board, args=(data, end, folder / "board"))
    for process in (*seats, board):
        process.start()
    keys = press_keys(data, begin, end)
    for process in (*seats, board):
        process.join()
    return {
        "the board read, p95": [float(line) for line in (folder / "board").read_text().splitlines()],
        "key to frame on the board, p95": keys,
    }


def press_keys(data: Path, begin: float, end: float) -> list[float]:
    """An agent at an open desk: the cursor moved twice a second, milliseconds until the frame stood."""
    times: list[float] = []
    with Terminal([sys.executable, "-m", "desk", "--data", str(data)]) as terminal:
        terminal.until(KNOWN)
        terminal.settle(0.5)
        time.sleep(max(0.0, begin - time.time()))
        while time.time() < end:
            times.append(_answered(terminal, UP if len(times) % 2 else DOWN) * 1000)
            terminal.processor(0.5)
    return times


def _answered(terminal: Terminal, key: bytes) -> float:
    try:
        return terminal.answer(key, timeout=PATIENCE)
    except TimeoutError:
        return PATIENCE  # a figure, not the end of the storm


def told(proof: Proof, planned: int, acknowledged: int, times: dict[str, list[float]]) -> list[str]:
    """The report, a line each."""
    levels = ", ".join(f"{count} {level}" for level, count in sorted(proof.predicted.items())) or "none"
    lines = [
        f"{planned} calls rang, {acknowledged} were acknowledged, {proof.stored} are stored",
        f"lost: {len(proof.lost)}; stored twice: {len(proof.twice)}",
        f"{proof.counted} counted, {proof.attached} joined the known outage, {proof.callbacks} callbacks owed",
        f"predicted outages: {levels}",
        "the board says what the calls say" if not proof.differ else f"DIFFERENT: {', '.join(proof.differ[:10])}",
    ]
    for name, values in times.items():
        if not values:
            lines.append(f"{name}: nothing was measured")
            continue
        goal = GOALS.get(name)
        met = "" if goal is None else f" (≤ {goal:g} ms{' ✓' if percentile(values, 0.95) <= goal else ': above'})"
        lines.append(
            f"{name}: {percentile(values, 0.95):.1f} ms{met}; "
            f"median {percentile(values, 0.5):.1f}, highest {max(values):.1f}, of {len(values)}"
        )
    return lines


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make storm", description="twenty callers a second at the desk")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--rate", type=float, default=20.0, help="calls a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seats", type=int, default=4, help="processes that log calls")
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--data", type=Path, help="a folder that does not exist yet; without it, a temporary one")
    return parser


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
