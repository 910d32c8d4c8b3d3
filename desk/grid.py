"""Who is below a device: substation → feeder → lateral → transformer area → meter box → customer.

    grid = Grid(network_rows)
    grid.areas_below(Scope(feeders=("城东线",)))    → every transformer area on that feeder
    affected(store, grid, scope)                    → who that touches, counted

A lateral is named alone (`七支线`) where its name is the only one in the county, and as
`feeder/lateral` (`城东线/七支线`) where two feeders have one of that name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from desk import schema
from desk.records import Affected, Customer, Scope, TransformerArea

if TYPE_CHECKING:
    from desk.store import DocumentStore

PUBLIC_SERVICES = frozenset({"hospital", "water", "fire_service", "telecom", "broadcast", "government", "school"})


class Unknown(Struct, frozen=True):
    """A name in a scope that the county does not have (or has twice), and what may have been meant."""

    field: str
    value: str
    suggestions: tuple[str, ...]
    ambiguous: bool = False


class Grid:
    """The county's network, as it was when this was made."""

    def __init__(self, areas: Iterable[TransformerArea]) -> None:
        self.areas = {area.transformer_area: area for area in areas}
        self._by_feeder: dict[str, list[TransformerArea]] = {}
        self._by_lateral: dict[str, list[TransformerArea]] = {}
        for area in self.areas.values():
            self._by_feeder.setdefault(area.feeder, []).append(area)
            if area.lateral:
                self._by_lateral.setdefault(area.lateral, []).append(area)
                self._by_lateral.setdefault(qualified(area), []).append(area)

    @property
    def feeders(self) -> tuple[str, ...]:
        return tuple(self._by_feeder)

    @property
    def laterals(self) -> tuple[str, ...]:
        """Every lateral, by the name a scope may use for it."""
        return tuple(name for name in self._by_lateral if len(self._feeders_of(name)) == 1)

    def area(self, name: str) -> TransformerArea | None:
        return self.areas.get(name)

    def areas_below(self, scope: Scope) -> tuple[TransformerArea, ...]:
        """The transformer areas that lie wholly in `scope`, each once, in no particular order."""
        found = chain(
            chain.from_iterable(self._by_feeder.get(name, ()) for name in scope.feeders),
            chain.from_iterable(self._by_lateral.get(name, ()) for name in scope.laterals),
            (self.areas[name] for name in scope.transformer_areas if name in self.areas),
        )
        return tuple({area.transformer_area: area for area in found}.values())

    def unknown(self, scope: Scope) -> list[Unknown]:
        """The devices of `scope` that the network does not have, with the names nearest to each."""
        found = [
            *_missing("feeders", scope.feeders, self._by_feeder),
            *_missing("laterals", scope.laterals, self._by_lateral),
            *_missing("transformer_areas", scope.transformer_areas, self.areas),
        ]
        for name in scope.laterals:
            feeders = self._feeders_of(name)
            if len(feeders) > 1:
                choices = tuple(f"{feeder}/{name}" for feeder in feeders)
                found.append(Unknown("laterals", name, choices, ambiguous=True))
        return found

    def _feeders_of(self, lateral: str) -> list[str]:
        return list(dict.fromkeys(area.feeder for area in self._by_lateral.get(lateral, ())))


def qualified(area: TransformerArea) -> str:
    """The name of an area's lateral that no other feeder's lateral can have."""
    return f"{area.feeder}/{area.lateral}"


def covers(scope: Scope, customer: Customer, area: TransformerArea | None) -> bool:
    """Whether `scope` takes this customer's supply; `area` is the customer's transformer area."""
    if customer.account_no in scope.accounts or customer.transformer_area in scope.transformer_areas:
        return True
    if customer.meter_box and customer.meter_box in scope.meter_boxes:
        return True
    if area is None:
        return False
    if area.feeder in scope.feeders:
        return True
    return bool(area.lateral) and (area.lateral in scope.laterals or qualified(area) in scope.laterals)


def nearest(word: str, names: Collection[str], limit: int = 3) -> tuple[str, ...]:
    """The names most like `word`: those that contain it first, then those spelled nearly so."""
    from difflib import get_close_matches

    inside = [name for name in names if word and (word in name or name in word)]
    return tuple(dict.fromkeys([*inside[:limit], *get_close_matches(word, names, limit, 0.6)]))[:limit]


class Tally(Struct, frozen=True):
    """As much of a customer as counting needs: decoding these alone is twice as fast."""

    account_no: str
    transformer_area: str
    meter_box: str = ""
    special: bool = False
    important: bool = False
    grade: str = ""
    medal: str = ""
    sector: str = ""


C = TypeVar("C", Tally, Customer)


def affected(store: DocumentStore, grid: Grid, scope: Scope) -> Affected:
    """Who `scope` touches, counted once each; streams, so that 50,000 customers cost no memory."""
    areas = {area.transformer_area: area for area in grid.areas_below(scope)}
    counts: Counter[str] = Counter()
    grades: Counter[str] = Counter()
    touched = dict.fromkeys(areas)
    for customer in customers_of(store, grid, scope, Tally):
        touched[customer.transformer_area] = None
        counts["customers"] += 1
        counts["special"] += customer.special
        counts["medal"] += bool(customer.medal)
        counts["public_services"] += customer.sector in PUBLIC_SERVICES
        if customer.important:
            counts["important"] += 1
            grades[customer.grade] += 1
    above = [area for name in touched if (area := grid.area(name))]
    return Affected(
        **counts,
        grades=dict(grades),
        feeders=_each_once(area.feeder for area in above),
        transformer_areas=tuple(touched),
        service_branches=_each_once(area.service_branch for area in above),
    )


def customers_of(store: DocumentStore, grid: Grid, scope: Scope, kind: type[C]) -> Iterator[C]:
    """The customers that `scope` touches, each once, as records of `kind`: the fields that are needed and no more."""
    areas = {area.transformer_area for area in grid.areas_below(scope)}
    customers = store.records(schema.CUSTOMERS, kind)
    if areas:
        yield from customers.each(transformer_area=list(areas))
    if scope.meter_boxes:
        found = customers.each(meter_box=list(scope.meter_boxes))
        yield from (customer for customer in found if customer.transformer_area not in areas)
    if scope.accounts:
        for customer in customers.each(account_no=list(scope.accounts)):
            if customer.transformer_area not in areas and customer.meter_box not in scope.meter_boxes:
                yield customer


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _missing(field: str, names: Sequence[str], known: Collection[str]) -> Iterator[Unknown]:
    for name in names:
        if name not in known:
            yield Unknown(field, name, nearest(name, known))
