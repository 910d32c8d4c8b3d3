"""A made-up county: network, customers, outages in every state, the calls of past days and what followed from them.

build(place, customers=10_000, seed=1)

The same arguments at the same minute give the same county. Nobody in it exists, and none of its
telephone numbers rings anywhere (see `people`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from desk.demo import people as made_up
from desk.demo.lines import network
from desk.demo.people import customers
from desk.demo.training import in_training, prepare
from desk.errors import BadInput, Refused
from desk.i18n import _

if TYPE_CHECKING:
    from desk.place import Place
    from desk.records import Customer

REMEMBERED = 3000  # customers who may call or be cut off: enough faces, whatever the county's size

__all__ = ["build", "customers", "in_training", "network", "prepare"]


def build(place: Place, customers: int = 10_000, seed: int = 1) -> None:
    """Fill an empty store with a county of so many customers, all of it or nothing, and play its day.

    Raises BadInput for no customers at all, Refused when the store already has some.
    """
    from desk.demo.events import Events
    from desk.demo.today import Today

    if customers < 1:
        raise BadInput(_("a county needs at least one customer"))
    if place.customers.count() or place.network.count():
        raise Refused(_("there are customers here already; a made-up county needs an empty data folder"))
    areas = network(customers, seed)
    people: list[Customer] = []
    everyone = made_up.customers(customers, seed, areas, place.config.county.area_code)
    with place.store.transaction():
        place.network.put_many(areas)
        place.customers.put_many(_remembering(everyone, people, max(1, customers // REMEMBERED)))
        now = place.now().replace(second=0)
        events = Events(place, seed, now, people)
        outages = events.play()
        events.call(outages)
    Today(place, seed, now).play(people)  # the day is played on what is stored


def _remembering(everyone: Iterator[Customer], people: list[Customer], step: int) -> Iterator[Customer]:
    """Passes everyone on, and keeps each `step`-th."""
    for number, customer in enumerate(everyone):
        if not number % step:
            people.append(customer)
        yield customer
