"""A made-up network: substations, feeders, laterals, and transformer areas for about a hundred customers each."""

from __future__ import annotations

from itertools import product
from random import Random

from desk.demo.words import BEFORE, HAMLETS, SURNAMES, TOWNS
from desk.records import TransformerArea

PER_AREA = 100  # customers below a public transformer
AREAS_PER_FEEDER = 13
DEDICATED_PER_FEEDER = 3


def network(customers: int, seed: int) -> list[TransformerArea]:
    """The transformer areas for so many customers; the same ones for the same arguments."""
    rng = Random(f"network {seed}")
    feeders = max(3, round(customers / (PER_AREA * AREAS_PER_FEEDER)))
    dedicated = min(DEDICATED_PER_FEEDER * feeders, customers // 4)
    public = max(feeders, round((customers - dedicated) / PER_AREA))
    places = villages(rng)
    areas: list[TransformerArea] = []
    for number in range(feeders):
        town = TOWNS[number % len(TOWNS)]
        laterals = [f"{next(places)}支线" for _ in range(rng.randint(3, 4))]
        feeder = f"{town[:2]}{_line(number // len(TOWNS))}线"
        own_public = public * (number + 1) // feeders - public * number // feeders
        own_dedicated = dedicated * (number + 1) // feeders - dedicated * number // feeders
        for place in range(own_public + own_dedicated):
            # Every fifth area hangs on the trunk of the feeder itself.
            lateral = "" if place % 5 == 4 else laterals[place % len(laterals)]
            areas.append(_area(len(areas), number, feeder, lateral, next(places), place >= own_public))
    return areas


def villages(rng: Random) -> _Villages:
    """Names of villages, each once: 王家庄, 上李家湾 …"""
    return _Villages(rng)


class _Villages:
    def __init__(self, rng: Random) -> None:
        plain = [f"{surname}{hamlet}" for surname, hamlet in product(SURNAMES, HAMLETS)]
        rng.shuffle(plain)
        self._names = (f"{before}{name}" for before, name in product(BEFORE, plain))
        self._number = 0

    def __next__(self) -> str:
        if (name := next(self._names, "")) != "":
            return name
        self._number += 1
        return f"{self._number}号村"


def _line(number: int) -> str:
    sides = ("东", "西", "南", "北", "中", "新")
    return sides[number % len(sides)] + ("" if number < len(sides) else _chinese(number // len(sides) + 1))


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = " 一二三四五六七八九"
    return ("" if tens < 2 else digits[tens]) + ("十" if tens else "") + digits[ones].strip()


def _area(index: int, feeder_number: int, feeder: str, lateral: str, village: str, dedicated: bool) -> TransformerArea:
    town = TOWNS[feeder_number % len(TOWNS)]
    return TransformerArea(
        transformer_area=f"TQ{index + 1:06d}",
        transformer_name=f"{village}{'专变' if dedicated else '1号公变'}",
        lateral=lateral,
        feeder=feeder,
        substation=f"{town[:2]}变" if feeder_number % 3 else "110kV青山变",
        kind="dedicated" if dedicated else "public",
        service_branch=f"{town[:2]}供电所",
    )


def village_of(area: TransformerArea) -> str:
    return area.transformer_name.removesuffix("专变").removesuffix("1号公变")


def town_of(area: TransformerArea) -> str:
    return next(town for town in TOWNS if town[:2] == area.feeder[:2])


__all__ = ["network", "town_of", "village_of"]
