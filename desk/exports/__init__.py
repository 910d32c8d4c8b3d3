"""Writes customers, outages, calls or duties to a CSV, XLSX or JSON lines file; the first two import again unchanged.

    export(place, "customers", "/tmp/客户.xlsx") -> 10000

The file appears whole or not at all, and its last line says who took it; so does the audit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.access import Access
from desk.errors import BadInput
from desk.exports.writers import MORE, WRITERS, Row
from desk.i18n import _
from desk.imports.columns import CUSTOMERS, OUTAGES
from desk.imports.report import Pace
from desk.notices.book import DutyBook
from desk.privacy.approvals import Approvals
from desk.privacy.watermark import watermark

if TYPE_CHECKING:
    from desk.place import Place
    from desk.records import Call, Customer, Duty, Outage

Progress = Callable[[int, int], None]

__all__ = ["MORE", "WRITERS", "export"]


def export(
    place: Place,
    what: str,
    path: str | Path,
    progress: Progress | None = None,
    *,
    approval: str = "",
    purpose: str = "",
) -> int:
    """Write every record of `what` (customers, outages, calls, duties) to `path`; returns how many.

    The ending of the name chooses the format. It goes by leave: the one called `approval`, or the agent's own valid
    one; where nobody signs in, given by oneself with `purpose`. `progress` is called about ten times a second with
    (done, total) records. Raises NotAllowed without the right or the leave, BadInput when the file cannot be written;
    then no file is left behind, an older one of that name is untouched, and the leave is as it was.
    """
    access, path = Access(place), Path(path)
    access.require("export")
    if what not in MORE:
        raise BadInput(_("there is no export of {what}; choose {choices}").format(what=what, choices=", ".join(MORE)))
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise BadInput(_("{path} must end in {endings}").format(path=path.name, endings=", ".join(WRITERS)))
    approvals = Approvals(place)
    leave = approvals.valid(what, approval, purpose)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        count = write(part, what, _rows(place, what, progress), watermark(place, leave))
        with place.store.transaction():
            approvals.use(leave)
            access.note(f"export.{what}", path.name, {"rows": count, "approval": leave.id})
            part.replace(path)  # last: if it fails, the audit line is taken back
    except OSError as problem:
        raise BadInput(_("{path} cannot be written").format(path=path), why=str(problem)) from None
    finally:
        with suppress(OSError):
            part.unlink()
    return count


def _rows(place: Place, what: str, progress: Progress | None) -> Iterator[Row]:
    if what == "customers":
        return _paced(place.customers.all(), place.customers.count(), _customer, progress)
    if what == "outages":
        return _paced(place.outages_table.all(), place.outages_table.count(), _outage, progress)
    if what == "duties":
        book = DutyBook(place)
        return _paced(book.all(), book.next_number() - 1, _duty, progress)
    return _paced(place.calls_table.all(), place.calls_table.count(), _call, progress)


def _paced(
    records: Iterable[Any], total: int, row_of: Callable[[Any], Row], progress: Progress | None
) -> Iterator[Row]:
    pace = Pace(progress, total)
    for done, record in enumerate(records):
        pace.at(done)
        yield row_of(record)
    pace.end()


def _customer(customer: Customer) -> Row:
    row: Row = {field: getattr(customer, field) for field in CUSTOMERS}
    row["phones"] = [phone.written for phone in customer.phones]
    return row


def _outage(outage: Outage) -> Row:
    row: Row = {field: getattr(outage.scope, field) for field in outage.scope.__struct_fields__}
    row |= {field: getattr(outage, field) for field in OUTAGES if field not in row}
    row |= {field: getattr(outage, field) for field in MORE["outages"] if field != "customers_affected"}
    # Whatever has no reference of its own is recognised by its id when the file is read again.
    return {**row, "reference": outage.reference or outage.id, "customers_affected": outage.affected.customers}


def _call(call: Call) -> Row:
    return {field: getattr(call, field) for field in MORE["calls"]}


def _duty(duty: Duty) -> Row:
    """A duty and what its latest try came to, in the words of interface.md's JSON."""
    told = duty.evidence[-1] if duty.evidence else None
    row: Row = {field: getattr(duty, field) for field in MORE["duties"] if field in duty.__struct_fields__}
    row |= {
        field: getattr(told, field) if told else None for field in ("at", "channel", "result", "person", "by", "ref")
    }
    who = duty.recipient
    return row | {"recipient_kind": who.kind, "recipient_id": who.id, "recipient": who.name}
