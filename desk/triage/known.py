"""What the desk itself knows of a caller, as a source of the triage panel may ask for it. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk import schema
from desk.place import Place
from desk.records import Call, Customer, Outage, TransformerArea, WorkOrder

if TYPE_CHECKING:
    from desk.outages import Outages
    from desk.work_orders import WorkOrders

MOST = 200  # calls looked at


class Facts:
    """`desk.plugins.sources.Known` over the store; each answer is read when it is asked for."""

    def __init__(
        self,
        place: Place,
        outages: Outages,
        orders: WorkOrders,
        customer: Customer | None,
        area: TransformerArea | None,
    ) -> None:
        self._place = place
        self._outages = outages
        self._orders = orders
        self._customer = customer
        self._area = area

    def outages(self) -> Sequence[Outage]:
        return self._outages.live.touching(self._customer, self._area) if self._customer else ()

    def calls_of_customer(self, since: datetime) -> Sequence[Call]:
        if self._customer is None:
            return ()
        found = self._place.calls_table.where(account_no=self._customer.account_no)
        return self._newest(call for call in found if call.at >= since)

    def calls_below(self, since: datetime) -> Sequence[Call]:
        if self._customer is None:
            return ()
        own, area = self._customer.account_no, self._customer.transformer_area
        below = self._place.calls_table.where(transformer_area=area) if area else ()
        return self._newest(call for call in below if call.at >= since and call.account_no != own)

    def work_orders(self) -> Sequence[WorkOrder]:
        if self._customer is None:
            return ()
        named = {outage.id for outage in self.outages()}
        own, area = self._customer.account_no, self._customer.transformer_area
        return [
            one
            for one in self._orders.listed()
            if one.account_no == own or (one.transformer_area and one.transformer_area == area) or one.outage in named
        ]

    def outage_data_at(self) -> datetime | None:
        mark = self._place.marks_table.get(schema.OUTAGES)
        return mark.at if mark else None

    def _newest(self, calls: Iterable[Call]) -> list[Call]:
        found = sorted(calls, key=lambda call: (call.at, call.id), reverse=True)
        return [replace(call, number="", written_number="") for call in found[:MOST]]
