"""Customers found while typing: one line each, with what matched and whether an outage touches them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from desk.i18n import N_, _
from desk.phone_numbers import shown
from desk.text import clean
from desk.tui.cells import Line
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.widgets.lines import Lines
from desk.tui.words import MATCHED, marks, say

if TYPE_CHECKING:
    from desk.calls import Found

RESULTS: tuple[Column, ...] = (
    Column("matched", N_("By"), 6),
    Column("outage", N_("Outage"), 7),
    Column("name", N_("Name"), 15),
    Column("flags", N_("Tier"), 5),
    Column("address", N_("Address"), 0),
    Column("account", N_("Account"), 13),
    Column("phone", N_("Phone"), 14),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((84, "phone", 0), (84, "name", 13), (70, "account", 12))


class Results(Lines["Found"]):
    """The candidates, best first; the cursor is strong while the search line above has the keyboard."""

    asked = ""

    @property
    def keeps_cursor(self) -> bool:
        return True

    def row_id(self, row: Found) -> str:
        return row.customer.account_no

    def row_key(self, row: Found) -> Hashable:
        # The same customer found another way, or touched by another outage, is another row.
        return (row.matched, row.outages, row.customer.name, row.customer.address)

    def row_line(self, row: Found, width: int) -> Line:
        customer = row.customer
        outages = row.outages[0] + ("+" if len(row.outages) > 1 else "") if row.outages else "-"
        phone = shown(customer.phones[0]) if customer.phones else ""
        return cells(
            RESULTS,
            widths(RESULTS, width, NARROWER),
            (
                (" " + say(MATCHED, row.matched), "dim"),
                (outages, "off" if row.outages else "dim"),
                (clean(customer.name), "strong"),
                (marks(customer.special, customer.important), "overdue"),
                (clean(customer.address), "text"),
                (customer.account_no, "text"),
                (phone, "dim"),
            ),
        )

    def head(self) -> list[Line]:
        return [titles(RESULTS, widths(RESULTS, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        if not self.asked:
            return _(
                "Type part of a phone number, account, meter, name, pinyin initials or address; words can be mixed."
            )
        return _("Nobody is found by “{query}”. Try fewer words; F4 logs an unknown caller.").format(query=self.asked)
