"""A small county to let things into, made anew every so often so that it stays small."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from shutil import rmtree

from desk.app import Desk
from desk.config import load_config
from desk.phone_numbers import read_phones
from desk.records import Customer, TransformerArea

LASTS = 1500  # inputs until the county is made anew

AREAS = [
    TransformerArea(transformer_area=f"TQ{number}", feeder="城东线", lateral="一支线", substation="城关变")
    for number in range(1, 4)
]


def customer(number: int) -> Customer:
    return Customer(
        account_no=f"10{number:04d}",
        name=f"张三{number}",
        address="城东街 1 号",
        transformer_area=f"TQ{number % 3 + 1}",
        phones=read_phones(f"1380013{number:04d}", "0951"),
    )


class Counties:
    """`here` is the desk of the moment."""

    def __init__(self, folder: Path, lasts: int) -> None:
        self._lasts = lasts
        self._folder = folder
        self._numbers = count(1)
        self._used = 0
        self._desk: Desk | None = None

    @property
    def here(self) -> Desk:
        self._used += 1
        if self._desk is None or self._used > self._lasts:
            self._desk = self._made()
        return self._desk

    def close(self) -> None:
        if self._desk is not None:
            self._desk.close()
            rmtree(self._desk.place.config.data, ignore_errors=True)
        self._desk, self._used = None, 0

    def _made(self) -> Desk:
        self.close()
        data = self._folder / f"county-{next(self._numbers)}"
        desk = Desk.create(load_config(data=data, environ={}), sandbox=True)
        with desk.place.store.transaction():
            desk.place.network.put_many(AREAS)
            desk.place.customers.put_many(customer(number) for number in range(1, 7))
        return desk


@contextmanager
def counties(folder: Path, lasts: int = LASTS) -> Iterator[Callable[[], Desk]]:
    """A function that gives the desk to use now."""
    made = Counties(folder, lasts)
    try:
        yield lambda: made.here
    finally:
        made.close()
