"""What sort of customer somebody is, as far as a rule can ask: 100,000 customers are of a few dozen sorts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from desk.records import Customer


class Sort(NamedTuple):
    """The flags of a customer that rules select by; `special`, `important` and `medal` are independent."""

    special: bool = False
    important: bool = False
    medal: bool = False
    high_voltage: bool = False
    sector: str = ""


def sort_of(customer: Customer) -> Sort:
    return Sort(
        customer.special,
        customer.important,
        bool(customer.medal),
        is_high(customer.voltage),
        customer.sector,
    )


def selects(selector: str, sort: Sort) -> bool:
    """Whether the selector of a rule (`special`, `sector:hospital`) means customers of this sort."""
    if selector.startswith("sector:"):
        return sort.sector == selector.removeprefix("sector:")
    if selector == "low_voltage":
        return not sort.high_voltage
    return selector == "customers" or bool(getattr(sort, selector, False))


def select_any(selectors: Iterable[str], sort: Sort) -> bool:
    return any(selects(selector, sort) for selector in selectors)


_KILOVOLTS = re.compile(r"(\d+(?:\.\d+)?)\s*(kv|千伏|v|伏)?", re.IGNORECASE)


@lru_cache(maxsize=1024)
def is_high(voltage: str) -> bool:
    """Whether a voltage is above 1 kV: `10kV` and `35kV` are, `0.4kV` and `380V` are not.

    A customer without one counts as low voltage: who is supplied at 10 kV directly has it in the billing data.
    """
    match = _KILOVOLTS.search(voltage)
    if match is None:
        return False
    unit = (match[2] or "kv").lower()
    return float(match[1]) >= (1000 if unit in ("v", "伏") else 1)
