"""Who calls in a storm, when and why: a few feeders fail one after another, single houses elsewhere, dangers, and
calls about anything else. The same seed gives the same calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from msgspec import Struct

from desk.records import Customer, TransformerArea

FAILING = 6  # feeders that fail, the first at once, the others spread over the storm
SHARES = {"failing": 60, "known": 14, "single": 13, "own_class": 4, "inquiry": 5, "stranger": 4}  # per cent of calls
HAZARDS = ("wire_down", "fire", "pole_down", "flooded", "crowd")
NUMBER = "0951{:07d}"  # of callers whom nobody knows


class Person(Struct, frozen=True):
    """Who may call: the account, and the feeder that supplies it."""

    account_no: str
    feeder: str


class Ringing(Struct, frozen=True):
    """One call of the plan: so many seconds after the beginning, with these fields."""

    number: int
    at: float
    fields: dict[str, Any]


def people(customers: Sequence[Customer], areas: Sequence[TransformerArea]) -> list[Person]:
    """Everyone who may call."""
    feeder = {area.transformer_area: area.feeder for area in areas}
    return [Person(one.account_no, feeder[one.transformer_area]) for one in customers]


def plan(everyone: Sequence[Person], known: str, seconds: float, rate: float, seed: int) -> Iterator[Ringing]:
    """The calls of a storm of so many seconds; `known` is the feeder whose fault the desk knows already."""
    rng = Random(f"storm {seed}")
    below: dict[str, list[Person]] = {}
    for one in everyone:
        below.setdefault(one.feeder, []).append(one)
    others = sorted(below.keys() - {known})
    failing = rng.sample(others, min(FAILING, max(1, len(others) // 2)))
    alone = [one for feeder in others if feeder not in failing for one in below[feeder]]
    groups = {"known": below[known], "single": alone, "own_class": alone, "inquiry": alone}
    for number in range(round(seconds * rate)):
        at = number / rate
        begun = failing[: 1 + int(at / seconds * len(failing))]
        why = rng.choices(list(SHARES), SHARES.values())[0]
        caller = None if why == "stranger" else rng.choice(groups.get(why) or below[rng.choice(begun)])
        yield Ringing(number, at, _fields(rng, number, why, caller))


def _fields(rng: Random, number: int, why: str, caller: Person | None) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "topic": "inquiry" if why == "inquiry" else "trouble",
        "trouble_code": rng.choice(("flicker", "low_voltage", "partial_supply")) if why == "own_class" else "no_supply",
        "multiple_premises": rng.random() < 0.2,
        "hazard": rng.choice(HAZARDS) if rng.random() < 0.03 else "",
        "callback": why not in ("inquiry", "stranger") and rng.random() < 0.7,
        "note": token(number),
    }
    return fields | ({"account_no": caller.account_no} if caller else {"number": NUMBER.format(number)})


def token(number: int) -> str:
    """What a call of the plan is known by in the log."""
    return f"家里没电 #{number}"
