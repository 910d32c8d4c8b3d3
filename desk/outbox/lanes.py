"""What a worker knows of each channel: what it has been handed, how quick it is, how far its reports were asked for."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from desk.outbox.claims import Claimed
from desk.outbox.outcomes import Answer
from desk.plugins.messages import Report
from desk.plugins.send_errors import UnknownOutcome

BATCH = 64  # of what is rare, in one transaction
FIRST = 8  # taken in hand at once from a channel whose speed is not known yet
QUICK, SLOW = 0.1, 0.4  # seconds a channel may need for what it is given at once before it gets more, or less


@dataclass
class Flight:
    """What a channel has been handed and has not answered yet."""

    answers: Future[list[Answer]]
    claimed: list[Claimed]
    began: float


@dataclass
class Lane:
    """What a worker knows of one channel."""

    limit: int = FIRST
    flight: Flight | None = None
    polling: Future[list[Report]] | None = None
    polled_at: float = 0.0
    polled_to: str = ""
    looked_at: float = 0.0


def answers(flight: Flight) -> list[Answer]:
    """What the channel said of each piece; a runner keeps its word, and where it does not, nobody knows."""
    count = sum(len(one.payloads) for one in flight.claimed)
    problem = flight.answers.exception()
    if problem is None and len(flight.answers.result()) == count:
        return flight.answers.result()
    return [UnknownOutcome(why=str(problem or "answers are missing"))] * count


def next_limit(limit: int, flight: Flight, now: float, most: int) -> int:
    """More at once for a quick channel, less for a slow one: what it has in hand may be lost with the worker."""
    took = now - flight.began
    if took > SLOW:
        return max(1, limit // 2)
    return min(most, limit * 2) if took < QUICK and len(flight.claimed) == limit else limit
