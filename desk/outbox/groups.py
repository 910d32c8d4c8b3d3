"""A group customer's sites as they are listed to its contact: told once, with every site named. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from desk.records import Customer, Duty


class Site(Struct, frozen=True):
    """One site of a group: account, name, address."""

    account_no: str
    name: str
    address: str = ""


def sites_of(duty: Duty, customers: Mapping[str, Customer]) -> tuple[Site, ...]:
    """The sites that `duty` tells a group of, in the order of their accounts; one that is gone keeps its account."""
    return tuple(_site(account, customers.get(account)) for account in sorted(duty.sites))


def accounts_of(duties: Iterable[Duty]) -> list[str]:
    """Every account that is needed to tell these duties' customers, each once."""
    found: dict[str, None] = {}
    for duty in duties:
        if duty.recipient.kind == "customer":
            found |= dict.fromkeys(duty.sites or (duty.recipient.id,))
    return list(found)


def _site(account: str, customer: Customer | None) -> Site:
    return Site(account, customer.name, customer.address) if customer else Site(account, account)
