"""Which stored documents a line vouches for: their digest as they are after the act, so that a document changed
behind the desk's back is found.

    bound_by(place, "outage.approve", "O12") == {"documents": {"outages/O12": "…", "approvals/P3": "…"}}

Left out of an outage's digest is what other things count along in it: calls, duties, whom it touches, the row of an
import. While it is only predicted, calls move it, and nothing is vouched for. What duties were settled by is vouched
for entry by entry, see evidence.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from desk import schema
from desk.audit.chain import document_digest
from desk.records import Approval, Outage, Status, Violation

if TYPE_CHECKING:
    from desk.place import Place

Digests = Iterable[tuple[str, str]]

COUNTED_ALONG = frozenset({"calls", "duties", "affected", "fingerprint"})
NOT_YET_GIVEN = frozenset({"needed_by", "order", "articles", "rule"})
READS = frozenset({"outage.proof"})


def bound_by(place: Place, act: str, about: str) -> dict[str, Any]:
    """What the line of this act says of stored documents; nothing for most acts."""
    kind, _dot, verb = act.partition(".")
    if act in READS or kind not in _BINDS:
        return {}
    digests = dict(_BINDS[kind](place, verb, about))
    return {"documents": digests} if digests else {}


def present(place: Place) -> Iterator[tuple[str, str, str]]:
    """Every document that a line should vouch for: its name, its digest as it is now, and since when it is there."""
    for outage in place.outages_table.all():
        if outage.status is not Status.PREDICTED:
            yield f"outages/{outage.id}", outage_digest(outage), outage.opened_at.isoformat()
    for approval in place.store.records(schema.APPROVALS, Approval).all():
        if approval.at is not None:
            yield f"approvals/{approval.id}", approval_digest(approval), approval.at.isoformat()
    for violation in place.store.records(schema.VIOLATIONS, Violation).all():
        yield f"violations/{violation.id}", document_digest(violation), violation.at.isoformat()


def outage_digest(outage: Outage) -> str:
    return document_digest(outage, COUNTED_ALONG)


def approval_digest(approval: Approval) -> str:
    return document_digest(approval, NOT_YET_GIVEN)


def _outage(place: Place, verb: str, about: str) -> Digests:
    outage = place.outages_table.get(about)
    if outage is None or outage.status is Status.PREDICTED:
        return
    yield f"outages/{outage.id}", outage_digest(outage)
    if verb == "approve":
        for one in place.store.records(schema.APPROVALS, Approval).where(outage=outage.id):
            if one.at is not None:
                yield f"approvals/{one.id}", approval_digest(one)


def _violation(place: Place, _verb: str, _about: str) -> Digests:
    newest = place.store.records(schema.VIOLATIONS, Violation).newest()  # stored just now, in this transaction
    if newest is not None:
        yield f"violations/{newest.id}", document_digest(newest)


_BINDS: dict[str, Callable[[Place, str, str], Digests]] = {"outage": _outage, "violation": _violation}
