"""Delivery rounds: who is visited, in which order, and what came of it. Pure, but for the network it is handed.

A round is the written notices of one service branch, by feeder, lateral and transformer area, and within these by
address as a person walks: house 2 before house 10.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from unicodedata import normalize

from msgspec import Struct

from desk.grid import Grid
from desk.records import OPEN_DUTIES, Customer, Duty

Natural = tuple[tuple[int, str], ...]
_NUMBERS = re.compile(r"(\d+)")


class Stop(Struct, frozen=True, kw_only=True):
    """One visit: the duty, and where it is to be found. `sites`: how many the recipient has."""

    duty: Duty
    name: str
    account_no: str = ""
    address: str = ""
    area: str = ""  # the transformer area, with its name
    branch: str = ""
    feeder: str = ""
    sites: int = 0

    @property
    def settled(self) -> bool:
        return self.duty.state not in OPEN_DUTIES


class Round(Struct, frozen=True, kw_only=True):
    """The visits of one service branch in walking order; the branch is empty for departments and authorities."""

    branch: str
    stops: tuple[Stop, ...]

    @property
    def done(self) -> int:
        return sum(stop.settled for stop in self.stops)


def stop(duty: Duty, customer: Customer | None, name: str, grid: Grid) -> Stop:
    """Where a duty is delivered: `customer` is the recipient, or the first site of a group."""
    if customer is None:
        return Stop(duty=duty, name=name)
    area = grid.area(customer.transformer_area)
    known = (
        " ".join(dict.fromkeys(word for word in (area.transformer_name, area.transformer_area) if word)) if area else ""
    )
    return Stop(
        duty=duty,
        name=name,
        account_no="" if duty.sites else customer.account_no,
        address=customer.address,
        area=known or customer.transformer_area,
        branch=area.service_branch if area else "",
        feeder=area.feeder if area else "",
        sites=len(duty.sites),
    )


def rounds(stops: Iterable[Stop]) -> list[Round]:
    """The stops by branch, each in walking order; those with no branch come last."""
    ordered = sorted(stops, key=lambda one: (not one.branch, _natural(one.branch), walk(one)))
    return [Round(branch=branch, stops=tuple(group)) for branch, group in groupby(ordered, lambda one: one.branch)]


def walk(one: Stop) -> tuple[Natural, ...]:
    """The key that orders the stops of a round."""
    return tuple(_natural(text) for text in (one.feeder, one.area, one.address, one.name, one.duty.id))


def in_walking_order(customers: Iterable[Customer], grid: Grid) -> list[Customer]:
    """Customers as they are walked to, branch by branch."""
    return sorted(customers, key=lambda one: _customer_key(one, grid))


def _customer_key(one: Customer, grid: Grid) -> tuple[Natural, ...]:
    area = grid.area(one.transformer_area)
    above = (area.service_branch, area.feeder, area.lateral) if area else ("", "", "")
    return tuple(_natural(text) for text in (*above, one.transformer_area, one.address, one.account_no))


def _natural(text: str) -> Natural:
    """Text with its numbers compared as numbers."""
    pieces = _NUMBERS.split(normalize("NFKC", text))
    return tuple((int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces)
