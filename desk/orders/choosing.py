"""Which feeders are next: taken from an order table until the load that must go is reached; and cuts out of order.

Pure: a table, what is off and what is known go in, what to cut comes out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby

from msgspec import Struct

from desk.i18n import N_, _
from desk.orders.tables import OrderRow, OrderTable

# Why a feeder of the table is passed over.
WHY: Mapping[str, str] = {
    "off": N_("off already"),
    "protected": N_("protected"),
    "unknown": N_("not in the network"),
}


class Skipped(Struct, frozen=True):
    """A feeder that was passed over, and why (see `WHY`)."""

    row: OrderRow
    why: str


class Cut(Struct, frozen=True, kw_only=True):
    """What to cut: `load` in MW is what `taken` brings; `enough` tells whether that reaches what was asked."""

    needed: float
    load: float
    taken: tuple[OrderRow, ...]
    skipped: tuple[Skipped, ...]

    @property
    def enough(self) -> bool:
        return self.load >= self.needed


def in_order(rows: Iterable[OrderRow]) -> list[OrderRow]:
    """Rows by position; those of one position in the order they were listed."""
    return sorted(rows, key=lambda row: row.position)


def cut_for(table: OrderTable, needed: float, off: Collection[str], known: Collection[str]) -> Cut:
    """The feeders to cut, in order, until `needed` MW is reached; those in `off` are passed over."""
    taken: list[OrderRow] = []
    skipped: list[Skipped] = []
    load = 0.0
    for row in in_order(table.rows):
        if round(load, 6) >= needed:
            break
        if why := _passed_over(row, off, known):
            skipped.append(Skipped(row, why))
            continue
        taken.append(row)
        load += row.load
    return Cut(needed=needed, load=round(load, 3), taken=tuple(taken), skipped=tuple(skipped))


def _passed_over(row: OrderRow, off: Collection[str], known: Collection[str]) -> str:
    if row.protected:
        return "protected"
    if row.feeder not in known:
        return "unknown"
    return "off" if row.feeder in off else ""


def out_of_order(table: OrderTable, taken: Collection[str], off: Collection[str], known: Collection[str]) -> str:
    """What is wrong with cutting the feeders `taken` while only `off` are off besides; empty when nothing is.

    A feeder may go when every earlier position is off or goes with it. Protected feeders stay on and do not
    count; what is not in the table has no place in its order.
    """
    last = max((row.position for row in table.rows if row.feeder in taken), default=None)
    if last is None:
        return ""
    gone = {*taken, *off}
    earlier = (row for row in in_order(table.rows) if row.position < last)
    still_on = [row for row in earlier if row.feeder not in gone and not _passed_over(row, (), known)]
    if not still_on:
        return ""
    first = min(row.position for row in still_on)
    ahead = [row for row in in_order(table.rows) if row.feeder in taken and row.position > first]
    return _("cut out of order: {cut} while {on} is still on").format(cut=_named(ahead), on=_named(still_on))


SHOWN = 6


def _named(rows: Iterable[OrderRow]) -> str:
    """城东线、城西线 (3), 南山线 (5) …"""
    groups = groupby(rows, key=lambda row: row.position)
    words = [f"{'、'.join(row.feeder for row in group)} ({position})" for position, group in groups]
    return ", ".join(words[:SHOWN]) + (" …" if len(words) > SHOWN else "")
