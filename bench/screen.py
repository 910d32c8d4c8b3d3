"""What an agent feels: the time to the painted board, from a key to its frame, and what an idle desk costs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from bench.county import County
from bench.documents import spelled
from bench.figure import Figure, Measured, percentile
from bench.terminal import Terminal

STARTS, KEYS, QUERIES = 7, 100, 20
DOWN, UP, FIND, LEAVE = b"\x1b[B", b"\x1b[A", b"/", b"\x1b"
PAINTED = "片区"  # words of every measured outage: the board shows its rows
FLOOR = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("片区")

Bare().run()
"""


def figures(county: County) -> list[Figure]:
    """The figures of this room."""
    return [
        Figure("start", "ms", lambda: starting(county), peer="start"),
        Figure("keys", "ms", lambda: keys(county)),
        Figure("typing", "ms", lambda: typing(county)),
        Figure("idle", "% of a core", lambda: idling(county)),
        Figure("memory", "MB", lambda: memory(county), peer="memory"),
    ]


def desk(county: County) -> list[str]:
    return [sys.executable, "-m", "desk", "--data", str(county.data)]


def starting(county: County) -> Measured:
    """From the start of the process to the painted, true board; a bare Textual app is the floor."""
    yield "a bare Textual app, painted", None, middle([painted([sys.executable, "-c", FLOOR]) for _ in range(STARTS)])
    yield "desk, to the painted true board", 400, middle([painted(desk(county)) for _ in range(STARTS)])


def keys(county: County) -> Measured:
    """Moving the cursor on the ticking board."""
    with Terminal(desk(county)) as terminal:
        terminal.until(PAINTED)
        terminal.settle(1.5)
        times = [terminal.answer(DOWN if step % 40 < 20 else UP) * 1000 for step in range(KEYS)]
    yield "key to frame on the ticking board, p95", 5, percentile(times, 0.95)


def typing(county: County) -> Measured:
    """Letters of a name's pinyin typed into the lookup, each until its results are painted."""
    times: list[float] = []
    with Terminal(desk(county)) as terminal:
        terminal.until(PAINTED)
        terminal.settle(1.5)
        for person in county.sample(QUERIES):
            terminal.answer(FIND)
            terminal.settle(0.2)
            times += [terminal.answer(letter.encode(), quiet=0.02) * 1000 for letter in spelled(person)[:8]]
            terminal.answer(LEAVE)
            terminal.settle(0.2)
    yield "key in the lookup to painted results, p95", 30, percentile(times, 0.95)


def idling(county: County) -> Measured:
    """Ten seconds of ticking countdowns, nobody at the keys."""
    with Terminal(desk(county)) as terminal:
        terminal.until(PAINTED)
        terminal.settle(1.5)
        yield "idle, live countdowns", 1.5, terminal.processor(10) * 100


def memory(county: County) -> Measured:
    """Resident memory after a minute's worth of work: moving about and a lookup."""
    with Terminal(desk(county)) as terminal:
        terminal.until(PAINTED)
        terminal.settle(1.5)
        for key in (*[DOWN] * 20, FIND, *(letter.encode() for letter in "zhang")):
            terminal.answer(key)
        terminal.settle(1)
        yield "memory of the open desk", 80, terminal.memory()


def painted(command: Sequence[str]) -> float:
    """Milliseconds from the start of the process until the words of an outage are on the screen."""
    with Terminal(command) as terminal:
        return terminal.until(PAINTED) * 1000


def middle(values: Sequence[float]) -> float:
    return percentile(values, 0.5)
