"""A person's rights: all that is held on one customer, and its erasure where the law lets it be erased.

    Persons(place).held("64010001")                   PIPL art. 45: to know and to have a copy
    Persons(place).erase("64010001", "on request")    PIPL art. 47: to have it erased

Numbers are masked unless there is leave to export `person` for it. Evidence of lawful notice is kept while its outage's
period runs, and the customer's record while the supply contract does: what is kept is named with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct, to_builtins

from desk import schema
from desk.access import Access
from desk.errors import BadInput, NotFound
from desk.i18n import N_, _
from desk.phone_numbers import Masks, without_numbers
from desk.place import Place
from desk.privacy.approvals import Approvals
from desk.privacy.deleting import Deleting
from desk.privacy.finding import Found, found_on
from desk.privacy.periods import KINDS
from desk.privacy.stripping import stripped
from desk.records import Attempt, Customer
from desk.text import clean

RIGHT = "answer_persons"

KEPT: dict[str, str] = {
    "contract": N_("the supply contract needs it; it goes when the account is closed (--account-closed)"),
    "evidence": N_("proof of lawful notice of an outage, kept until the outage's own period is over"),
    "open": N_("not finished yet; erase it again once it is"),
    "opted_out": N_("the wish to be sent nothing is kept, or messages would begin again"),
    "audit": N_("who saw and changed what is proved by the audit, and never deleted"),
}


class Erased(Struct, frozen=True, kw_only=True):
    """What became of one table: how many records went, or stay and why."""

    table: str
    rows: int
    kept: str = ""  # a key of KEPT, empty: gone


class Persons:
    """What a desk holds on its customers, one by one."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._access = Access(place)

    def held(self, account_no: str, approval: str = "") -> dict[str, list[Any]]:
        """Table → everything of it that is about this customer. Raises NotFound, NotAllowed; leaves an audit line.

        With `approval`, leave to export `person`, telephone numbers stand in full; the leave is then used up.
        """
        self._access.require(RIGHT)
        found = self._found(account_no)
        rows = {table: [to_builtins(one) for one in records] for table, records in found.records.items() if records}
        details: dict[str, Any] = {"tables": {table: len(some) for table, some in rows.items()}}
        approvals = Approvals(self._place)
        leave = approvals.valid("person", approval) if approval else None
        with self._place.store.transaction():
            if leave is not None:
                approvals.use(leave)
                details["approval"] = leave.id
            self._access.note("person.show", account_no, details)
        return rows if leave is not None else _masked(rows, found.numbers)

    def foreseen(self, account_no: str, *, account_closed: bool = False) -> list[Erased]:
        """What `erase` would come to."""
        self._access.require(RIGHT)
        return [
            Erased(table=t, rows=len(keys), kept=kept) for t, kept, keys in self._sorted(account_no, account_closed)
        ]

    def erase(self, account_no: str, reason: str, *, account_closed: bool = False) -> list[Erased]:
        """Erase what may be erased; says of the rest why it is kept. Raises NotFound, BadInput without a reason."""
        self._access.require(RIGHT)
        if not reason.strip():
            raise BadInput(_("say who asked for it, and how: --reason TEXT"))
        parts = self._sorted(account_no, account_closed)
        done = _counted(parts)
        now, words = self._place.now(), without_numbers(clean(reason.strip()))
        deleting = Deleting(self._place, "person.delete")
        for table, kept, keys in parts:
            if not kept:
                self._remove(table, keys, now, deleting)
        gone = {one.table: one.rows for one in done if not one.kept}
        stays = {one.table: one.kept for one in done if one.kept}
        with self._place.store.transaction():
            self._access.note("person.erase", account_no, {"erased": gone, "kept": stays, "reason": words})
        return done

    def _remove(self, table: str, keys: list[str], now: datetime, deleting: Deleting) -> None:
        if table != schema.CALLS:
            deleting.of(self._place.store.records(table, REMOVED[table]), keys, now)
            return
        calls = self._place.calls_table
        with self._place.store.transaction():
            for call in filter(None, map(calls.get, keys)):
                calls.put(stripped(call))
            deleting.written(table, keys, now)

    def _found(self, account_no: str) -> Found:
        customer = self._place.customers.get(account_no)
        if customer is None and not self._place.calls_table.count(account_no=account_no):
            raise NotFound(_("there is no customer {account}").format(account=account_no))
        return found_on(self._place, account_no, customer)

    def _sorted(self, account_no: str, account_closed: bool) -> list[tuple[str, str, list[str]]]:
        """(table, why it is kept or "", keys) of all that is held."""
        found = self._found(account_no)
        outages = self._place.outages_table.revisions()
        parts: dict[tuple[str, str], list[str]] = {}
        for table, records in found.records.items():
            why = WHY.get(table, _evidence)
            for one in records:
                kept = why(one, outages, account_closed)
                parts.setdefault((table, kept), []).append(str(getattr(one, SPECIAL_KEYS.get(table, "id"))))
        messages = parts.get((schema.MESSAGES, ""), [])
        tries = self._place.store.records(schema.ATTEMPTS, Attempt)
        if messages:
            parts[schema.ATTEMPTS, ""] = [one.id for one in tries.where(message=messages)]
        return [(table, kept, keys) for (table, kept), keys in parts.items() if keys]


Why = Callable[[Any, dict[str, int], bool], str]


def _evidence(_one: Any, _outages: dict[str, int], _closed: bool) -> str:
    return "evidence"


def _free(_one: Any, _outages: dict[str, int], _closed: bool) -> str:
    return ""


def _customer(_one: Any, _outages: dict[str, int], closed: bool) -> str:
    return "" if closed else "contract"


def _finished(table: str) -> Why:
    over = next(kind.over for kind in KINDS if kind.table == table)

    def why(one: Any, outages: dict[str, int], _closed: bool) -> str:
        if one.outage in outages:
            return "evidence"
        return "" if over(one) else "open"

    return why


WHY: dict[str, Why] = {
    schema.CUSTOMERS: _customer,
    schema.CALLS: _free,
    schema.RINGS: _free,
    schema.DRAFTS: _free,
    schema.ADDRESSES: lambda one, _outages, _closed: "opted_out" if one.state == "opted_out" else "",
    schema.AUDIT: lambda _one, _outages, _closed: "audit",
    **{table: _finished(table) for table in (schema.CALLBACKS, schema.CASES, schema.WORK_ORDERS, schema.MESSAGES)},
    schema.ATTEMPTS: _evidence,  # those of messages that go are added with them
}
SPECIAL_KEYS = {schema.CUSTOMERS: "account_no"}
REMOVED: dict[str, type[Any]] = {kind.table: kind.type for kind in KINDS} | {
    schema.CUSTOMERS: Customer,
    schema.ATTEMPTS: Attempt,
}


def _counted(parts: Iterable[tuple[str, str, list[str]]]) -> list[Erased]:
    return [Erased(table=table, rows=len(keys), kept=kept) for table, kept, keys in parts]


def _masked(rows: dict[str, list[Any]], numbers: Iterable[str]) -> dict[str, list[Any]]:
    masks = Masks(numbers)
    return {table: [masks.of(one) for one in some] for table, some in rows.items()}
