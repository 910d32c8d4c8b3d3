"""What the county knows of how to reach the recipients of some duties; read for a sheet of them at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from desk.outbox.addresses import Contact, of_contacts, of_customer
from desk.outbox.groups import Site, accounts_of, sites_of
from desk.outbox.lines import Line
from desk.outbox.memory import Memory
from desk.outbox.routing import Reach
from desk.place import Place
from desk.records import Customer, Duty, Recipient

_AT_ONCE = 500  # customers read in one question


class Known(Struct, frozen=True):
    """One duty's recipient: the customer (of a group its first site), the sites, and how they are reached."""

    reach: Reach
    customer: Customer | None = None
    sites: tuple[Site, ...] = ()

    @classmethod
    def nothing(cls) -> Known:
        """Of somebody whose numbers were not looked up."""
        return cls(Reach(frozenset(), Contact()))


class Reaching:
    """Reads customers, contacts, and what is remembered of their numbers."""

    def __init__(self, place: Place, memory: Memory) -> None:
        self._place = place
        self._memory = memory

    def known(self, duties: Sequence[Duty], lines: Sequence[Line], now: datetime) -> dict[str, Known]:
        """For each duty, by its id, how its recipient is reached over any of `lines`."""
        customers = self._customers(accounts_of(duties))
        branches = any(line.serves for line in lines)
        found = {duty.id: self._one(duty, customers, branches=branches) for duty in duties}
        bad = self._memory.bad(lambda: _places(found.values(), lines), now)
        return {duty.id: _without(found[duty.id], bad, duty) for duty in duties}

    def _customers(self, accounts: Sequence[str]) -> dict[str, Customer]:
        found: dict[str, Customer] = {}
        for start in range(0, len(accounts), _AT_ONCE):
            some = self._place.customers.where(account_no=accounts[start : start + _AT_ONCE])
            found |= {customer.account_no: customer for customer in some}
        return found

    def _one(self, duty: Duty, customers: Mapping[str, Customer], *, branches: bool) -> Known:
        recipient, county = duty.recipient, self._place.config.county
        if recipient.kind != "customer" or duty.sites:
            own = of_contacts(recipient, self._place.config.notices.contacts, county.area_code)
            people = [customers[account] for account in sorted(duty.sites) if account in customers]
            sites = tuple(of_customer(person, county.area_code) for person in people)
            names = self._names(recipient, people, branches=branches)
            first = people[0] if people else None
            return Known(Reach(names, own, sites), first, sites_of(duty, customers))
        customer = customers.get(recipient.id)
        contact = of_customer(customer, county.area_code) if customer else Contact()
        return Known(
            Reach(self._names(recipient, [customer] if customer else [], branches=branches), contact), customer
        )

    def _names(self, recipient: Recipient, people: Iterable[Customer], *, branches: bool) -> frozenset[str]:
        """By which names a channel may serve this recipient."""
        names = {recipient.kind, recipient.id, recipient.name}
        if branches:
            for person in people:
                area = self._place.grid.area(person.transformer_area)
                names |= {person.sector, person.group, area.service_branch if area else ""}
        return frozenset(names - {""})


def _places(known: Iterable[Known], lines: Sequence[Line]) -> set[tuple[str, str]]:
    kinds = {(line.family, line.takes) for line in lines}
    contacts = [contact for one in known for contact in (one.reach.contact, *one.reach.sites)]
    return {(family, address) for family, takes in kinds for contact in contacts for address in contact.of(takes)}


def _without(known: Known, bad: set[tuple[str, str]], duty: Duty) -> Known:
    """Without what is remembered as bad, and without the numbers at which people found somebody else."""
    wrong = {("", line.number) for line in duty.evidence if line.result == "wrong_number" and line.number}
    if not bad and not wrong:
        return known
    reach = known.reach
    return Known(Reach(reach.names, reach.contact, reach.sites, frozenset(bad | wrong)), known.customer, known.sites)
