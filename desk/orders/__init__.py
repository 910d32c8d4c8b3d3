"""The county's order tables: taken in, agreed to in order, asked for what to cut (Art. 11, 12, 19).

orders = Orders(place)
table = orders.take("capacity", rows, source="序位表.xlsx").table
orders.consent(table.id, "government", by="县发改局", mode="written", ref="〔2026〕8号")
orders.consent(table.id, "leader", by="王建国", mode="phone")
orders.choose(Kind.CAPACITY, 12.0)      → feeders in order until 12 MW is reached, and whom that touches
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from desk import schema
from desk.access import Access
from desk.errors import BadInput, NotFound, Refused
from desk.grid import affected
from desk.i18n import _
from desk.orders.choosing import Cut, Skipped, cut_for, out_of_order
from desk.orders.tables import (
    KIND_WORDS,
    MODES,
    ORDERED,
    STATES,
    STEP_WORDS,
    STEPS,
    Consent,
    Kind,
    OrderRow,
    OrderTable,
    consented,
    in_force,
    next_step,
    state,
)
from desk.place import Place
from desk.records import ACTIVE, Affected, Outage, Scope
from desk.store import RecordTable

__all__ = [
    "KIND_WORDS",
    "MODES",
    "ORDERED",
    "STATES",
    "STEPS",
    "STEP_WORDS",
    "Advice",
    "Choice",
    "Consent",
    "Cut",
    "Kind",
    "Named",
    "OrderRow",
    "OrderTable",
    "Orders",
    "Skipped",
    "Taken",
    "next_step",
]


class Taken(Struct, frozen=True):
    """A table as stored; `fresh` is False when the newest version holds the very same rows."""

    table: OrderTable
    fresh: bool


class Named(Struct, frozen=True, kw_only=True):
    """A special or important customer that a cut would touch: whoever cuts must know the name."""

    account_no: str
    name: str
    transformer_area: str
    special: bool = False
    important: bool = False
    grade: str = ""
    sector: str = ""


class Choice(Struct, frozen=True, kw_only=True):
    """What to cut by which table, and whom that touches; `named` are the special and important customers."""

    table: OrderTable
    cut: Cut
    below: dict[str, Affected]  # feeder → who is below it
    named: tuple[Named, ...]

    def touched(self, what: str) -> int:
        """How many `what` (customers, special, important) the whole cut touches."""
        return sum(getattr(below, what) for below in self.below.values())


class Advice(Struct, frozen=True, kw_only=True):
    """What an order table says of an outage that is entered: facts that it knows, and what the agent should know."""

    facts: dict[str, Any] = {}
    warnings: tuple[str, ...] = ()


class Orders:
    """The order tables of one county. What is returned is stored; earlier versions are kept."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._access = Access(place)
        self._tables: RecordTable[OrderTable] = place.store.records(schema.ORDER_TABLES, OrderTable)

    def listed(self, kind: Kind | None = None) -> list[OrderTable]:
        """Every version, oldest first."""
        return self._tables.where(kind=kind.value) if kind else list(self._tables.all())

    def get(self, name: str) -> OrderTable:
        """The table with this id, or the one in force of this kind; raises NotFound."""
        if name.strip().lower() in set(Kind):
            return self.needed(Kind(name.strip().lower()))
        table = self._tables.get(name.strip().upper())
        if table is None:
            raise NotFound(_("there is no order table {id}; `desk orders list` names them").format(id=name))
        return table

    def in_force(self, kind: Kind, at: datetime | None = None) -> OrderTable | None:
        """The version that holds at `at` (now, when None)."""
        return in_force(self.listed(kind), kind, at or self._place.now())

    def needed(self, kind: Kind) -> OrderTable:
        """The version in force now; raises NotFound that says what is missing."""
        table = self.in_force(kind)
        if table is None:
            words = {"kind": _(KIND_WORDS[kind])}
            raise NotFound(_("no {kind} is in force; import one and have it approved: desk orders").format(**words))
        return table

    def state(self, table: OrderTable) -> str:
        """Where a version stands now, as a key of `STATES`."""
        return state(table, self.in_force(table.kind), self._place.now())

    def take(self, kind: Kind, rows: Sequence[OrderRow], *, source: str = "", year: int | None = None) -> Taken:
        """Store `rows` as the next version of `kind`, compiled for `year` (this one, when None)."""
        self._access.require("keep_orders")
        if not rows:
            raise BadInput(_("an order table needs at least one feeder"))
        now = self._place.now()
        year = year or now.year
        with self._place.store.transaction():
            known = self.listed(kind)
            newest = known[-1] if known else None
            if newest and newest.rows == tuple(rows) and newest.year == year:
                return Taken(newest, fresh=False)
            table = self._tables.add(
                lambda number: OrderTable(
                    id=f"L{number}",
                    kind=kind,
                    version=newest.version + 1 if newest else 1,
                    year=year,
                    compiled_at=now,
                    rows=tuple(rows),
                    by=self._place.agent,
                    source=source,
                )
            )
            self._access.note("orders.import", table.id, {"kind": kind.value, "version": table.version})
        return Taken(table, fresh=True)

    def consent(
        self,
        name: str,
        step: str,
        *,
        by: str,
        mode: str = "written",
        at: datetime | None = None,
        ref: str = "",
        since: datetime | None = None,
    ) -> OrderTable:
        """Record the government's approval, then the leader's consent; raises Refused out of that order."""
        self._access.require("keep_orders")
        now = self._place.now()
        with self._place.store.transaction():
            table = self._waiting(name)
            given = Consent(step=step, by=by.strip(), mode=mode, at=at or now, ref=ref.strip())
            done = consented(table, given, since, now)
            self._tables.put(done, revision=self._tables.revision(table.id))
            self._access.note("orders.approve", table.id, {"step": step, "by": given.by})
        return done

    def _waiting(self, name: str) -> OrderTable:
        """The table called `name`; a kind means its newest version that still waits."""
        if name.strip().lower() not in set(Kind):
            return self.get(name)
        kind = Kind(name.strip().lower())
        waiting = [table for table in self.listed(kind) if next_step(table)]
        if not waiting:
            raise Refused(_("no {kind} waits for approval").format(kind=_(KIND_WORDS[kind])))
        return waiting[-1]

    def choose(self, kind: Kind, needed: float) -> Choice:
        """Feeders of the table in force, in order, until `needed` MW is reached; raises NotFound without one."""
        if not 0 < needed < float("inf"):
            raise BadInput(_("the load must be more than 0 MW"))
        table, grid = self.needed(kind), self._place.grid
        cut = cut_for(table, needed, self.off_at(self._place.now()), grid.feeders)
        store, feeders = self._place.store, tuple(row.feeder for row in cut.taken)
        return Choice(
            table=table,
            cut=cut,
            below={feeder: affected(store, grid, Scope(feeders=(feeder,))) for feeder in feeders},
            named=tuple(self._named(Scope(feeders=feeders))),
        )

    def _named(self, scope: Scope) -> list[Named]:
        areas = [area.transformer_area for area in self._place.grid.areas_below(scope)]
        found = self._place.store.records(schema.CUSTOMERS, Named).each(transformer_area=areas) if areas else ()
        return sorted(
            (one for one in found if one.special or one.important),
            key=lambda one: (not one.important, GRADES.index(one.grade) if one.grade in GRADES else len(GRADES)),
        )

    def off_at(self, at: datetime, besides: str = "") -> set[str]:
        """The feeders that were off as a whole at `at`, not counting the outage called `besides`."""
        outages = self._place.outages_table
        since = [*outages.where(status=sorted(ACTIVE)), *outages.range("actual_end", at, None)]
        return {feeder for one in since if one.id != besides and _was_off(one, at) for feeder in one.scope.feeders}

    def broken_by(self, outage: Outage) -> tuple[tuple[str, str], ...]:
        """(article, what is wrong) when this outage's feeders were cut out of order; nothing when not.

        Meant for the moment supply goes off: an outage that has not begun breaks nothing.
        """
        if outage.actual_start is None or not is_shedding(outage.type, outage.facts):
            return ()
        at, (kind, article) = outage.actual_start, ORDERED[outage.type]
        what = self._wrong(self.in_force(kind, at), outage.scope.feeders, at, besides=outage.id)
        return ((article, what),) if what else ()

    def advice(self, type: str, facts: Mapping[str, Any], feeders: Sequence[str], at: datetime) -> Advice:
        """What the table in force at `at` says of cutting `feeders` then."""
        if not feeders or not is_shedding(type, facts):
            return Advice()
        kind, _article = ORDERED[type]
        table = self.in_force(kind, at)
        if table is None:
            text = _("no {kind} is in force; Article 19 asks for one before feeders are cut")
            return Advice(warnings=(text.format(kind=_(KIND_WORDS[kind])),))
        places = [row.position for row in table.rows if row.feeder in feeders]
        known: dict[str, Any] = {"order_list": _("{id}, version {version}").format(id=table.id, version=table.version)}
        if places:
            known["order_position"] = min(places)
        what = self._wrong(table, feeders, at)
        return Advice(facts=known, warnings=(what,) if what else ())

    def _wrong(self, table: OrderTable | None, feeders: Sequence[str], at: datetime, besides: str = "") -> str:
        if table is None or not feeders:
            return ""
        return out_of_order(table, feeders, self.off_at(at, besides), self._place.grid.feeders)


GRADES = ("special", "first", "second", "temporary")


def is_shedding(type: str, facts: Mapping[str, Any]) -> bool:
    """Whether feeders are cut to shed load, and did not fail themselves.

    A shortage always sheds. A fault takes the feeder it strikes, in no order at all, unless its facts say that
    load was shed because of it (`shed`).
    """
    return type in ORDERED and (type == "supply_shortage" or facts.get("shed") is True)


def _was_off(outage: Outage, at: datetime) -> bool:
    if outage.actual_start is None or outage.actual_start > at:
        return False
    return outage.actual_end is None or outage.actual_end > at
