"""Where one customer stands in the store: every record of every table that is about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from desk import schema
from desk.phone_numbers import key as phone_key
from desk.place import Place
from desk.privacy.periods import AddressNoted
from desk.records import (
    Attempt,
    Callback,
    Case,
    Customer,
    DutyState,
    Evidence,
    Message,
    Record,
    Ring,
    WorkOrder,
)


class Found(Struct, frozen=True):
    """The records by table; and the customer's telephone numbers, as written and as digits."""

    records: dict[str, list[Any]]
    numbers: tuple[str, ...]


class _Line(Record, frozen=True, kw_only=True):
    to: str
    name: str = ""
    sites: tuple[str, ...] = ()
    state: DutyState = DutyState.PENDING
    evidence: tuple[Evidence, ...] = ()


class _Sheet(Record, frozen=True, kw_only=True):
    """As much of a sheet of duties as says what one recipient was owed and told."""

    id: str
    outage: str
    first: int
    kind: str
    lines: tuple[_Line, ...] = ()


class Owed(Record, frozen=True, kw_only=True):
    """One duty as it is shown to the person it was owed to."""

    id: str
    outage: str
    state: DutyState
    evidence: tuple[Evidence, ...] = ()


def found_on(place: Place, account_no: str, customer: Customer | None) -> Found:
    """All that the store holds on the customer of this account, who may be gone from the customers already."""
    numbers = _numbers(customer, place.config.county.area_code)
    digits = {number for number in numbers if number.isdigit()}
    tables: dict[str, list[Any]] = {schema.CUSTOMERS: [customer] if customer else []}
    tables[schema.CALLS] = _calls(place, account_no, digits)
    tables[schema.RINGS] = [one for one in _all(place, schema.RINGS, Ring) if one.number in digits]
    tables[schema.DRAFTS] = [one for one in place.drafts_table.all() if _is_in(one.fields, account_no, digits)]
    for table, type in BY_ACCOUNT.items():
        tables[table] = place.store.records(table, type).where(account_no=account_no)
    messages = [one.id for one in tables[schema.MESSAGES]]
    tries = place.store.records(schema.ATTEMPTS, Attempt)
    tables[schema.ATTEMPTS] = tries.where(message=messages) if messages else []
    tables[schema.DUTIES] = list(_duties(place, account_no))
    notes = _all(place, schema.ADDRESSES, AddressNoted)
    tables[schema.ADDRESSES] = [one for one in notes if one.id.partition(" ")[2] in digits]
    tables[schema.AUDIT] = [line for line in place.audit_table.all() if line.about == account_no]
    return Found(tables, numbers)


BY_ACCOUNT: dict[str, type[Any]] = {
    schema.CALLBACKS: Callback,
    schema.CASES: Case,
    schema.WORK_ORDERS: WorkOrder,
    schema.MESSAGES: Message,
}


def _all(place: Place, table: str, type: type[Any]) -> Iterator[Any]:
    records: Callable[[], Iterator[Any]] = place.store.records(table, type).all
    return records()


def _calls(place: Place, account_no: str, digits: set[str]) -> list[Any]:
    """Those logged for the account, and those from its numbers that were logged for nobody."""
    own = place.calls_table.where(account_no=account_no)
    others = place.calls_table.where(number=sorted(digits)) if digits else []
    return [*own, *(call for call in others if not call.account_no)]


def _duties(place: Place, account_no: str) -> Iterator[Owed]:
    for sheet in _all(place, schema.DUTIES, _Sheet):
        for number, line in enumerate(sheet.lines, sheet.first):
            if (sheet.kind == "customer" and line.to == account_no) or account_no in line.sites:
                yield Owed(id=f"D{number}", outage=sheet.outage, state=line.state, evidence=line.evidence)


def _is_in(fields: dict[str, Any], account_no: str, digits: set[str]) -> bool:
    texts = [value for value in fields.values() if isinstance(value, str)]
    return account_no in texts or bool(digits & set(texts))


def _numbers(customer: Customer | None, area_code: str) -> tuple[str, ...]:
    if customer is None:
        return ()
    found = [text for phone in customer.phones for text in (phone.written, phone.number) if text]
    if customer.fax:
        found += [customer.fax, phone_key(customer.fax, area_code)]
    local = [text.removeprefix(area_code) for text in found if area_code and text.startswith(area_code)]
    return tuple(dict.fromkeys(text for text in (*found, *local) if text))
