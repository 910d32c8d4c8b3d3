"""What is left after the day: is every acknowledged record there, once, and does the audit agree?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from desk.app import Desk
from desk.outbox.views import MessageView
from desk.records import AttemptState, Status
from tools.chaos.gateway import Gateway

Line = dict[str, str]
S = AttemptState
OUT = frozenset({S.ACCEPTED, S.SENT, S.DELIVERED, S.READ})  # the desk says that it went out


class Proof(Struct, frozen=True):
    """`counts`: what was looked at. `wrong`: a sentence for everything that is not as it must be."""

    counts: dict[str, int]
    wrong: tuple[str, ...]


def prove(desk: Desk, lines: Sequence[Line], gateway: Gateway) -> Proof:
    """Compare the ledgers and the gateway's log with the store."""
    by_kind: dict[str, list[Line]] = {}
    for line in lines:
        by_kind.setdefault(line["kind"], []).append(line)
    wrong = [
        *_calls(desk, by_kind.get("call", ())),
        *_outages(desk, by_kind.get("outage", ())),
        *_acts(desk, by_kind.get("act", ())),
        *_duties(desk, by_kind.get("duty", ())),
        *_messages(desk, by_kind.get("message", ()), by_kind.get("meant", ()), gateway),
        *_imports(desk, by_kind.get("import", ()), by_kind.get("meant_import", ())),
        *_audit(desk),
    ]
    counts = {kind: len(found) for kind, found in sorted(by_kind.items())}
    counts |= {"audit lines": desk.place.audit_table.count(), "sent by the gateway": gateway.sent.total()}
    return Proof(counts, tuple(wrong))


def _calls(desk: Desk, lines: Iterable[Line]) -> list[str]:
    stored = Counter(call.note for call in desk.place.calls_table.all())
    wrong = [f"call {line['key']} was acknowledged and is lost" for line in lines if line["key"] not in stored]
    wrong += [f"call {key} is stored {count} times" for key, count in stored.items() if count > 1]
    orders = Counter(order.call for order in desk.work_orders.listed("all") if order.call)
    return wrong + [f"call {call} made {count} work orders" for call, count in orders.items() if count > 1]


def _outages(desk: Desk, lines: Iterable[Line]) -> list[str]:
    stored = {outage.id: outage for outage in desk.place.outages_table.all()}
    references = Counter(outage.reference for outage in stored.values() if outage.reference)
    wrong = [
        f"outage {line['id']} was acknowledged and is lost"
        for line in lines
        if line["id"] not in stored or stored[line["id"]].reference != line["reference"]
    ]
    wrong += [f"outage {name} is stored {count} times" for name, count in references.items() if count > 1]
    for outage in stored.values():
        named = "predicted" if outage.status is Status.PREDICTED else "outage"
        calls = desk.place.calls_table.count(**{named: outage.id})
        if calls != outage.calls:
            wrong.append(f"outage {outage.id} counts {outage.calls} calls, {calls} name it")
    return wrong


def _acts(desk: Desk, lines: Iterable[Line]) -> list[str]:
    told = Counter((line["act"], line["about"]) for line in lines)
    noted = Counter((line.act, line.about) for line in desk.place.audit_table.all())
    return [
        f"{act} of {about} was acknowledged {count} times, the audit has {noted[act, about]}"
        for (act, about), count in told.items()
        if noted[act, about] < count
    ]


def _duties(desk: Desk, lines: Iterable[Line]) -> list[str]:
    wrong = []
    for line in lines:
        times = sum(told.ref == line["ref"] for told in desk.notices.get(line["id"]).evidence)
        if times != 1:
            wrong.append(f"duty {line['id']} has the evidence {line['ref']} {times} times")
    refs = Counter(told.ref for duty in desk.notices.all() for told in duty.evidence if told.channel == "phone")
    return wrong + [f"evidence {ref} stands {count} times" for ref, count in refs.items() if ref and count > 1]


def _messages(desk: Desk, lines: Iterable[Line], meant: Iterable[Line], gateway: Gateway) -> list[str]:
    views = {view.message.id: view for view in desk.outbox.listed(limit=0)}
    again = Counter(line["id"] for line in meant if line["decision"] == "again")
    wrong = [f"message {line['id']} was acknowledged and is lost" for line in lines if line["id"] not in views]
    for id, times in gateway.sent.items():
        if id in views and times > 1 + again[id]:
            wrong.append(f"message {id} went out {times} times, people asked for it {again[id]} times more")
    for id, view in views.items():
        sure = any(attempt.state in OUT for attempt in view.attempts)
        if sure and not gateway.sent[id]:
            wrong.append(f"message {id} is {view.message.state}, the gateway never had it")
        if view.message.state in (S.SENDING, S.QUEUED) and _latest(view) <= desk.now():
            wrong.append(f"message {id} is left {view.message.state}")
    refs = Counter(view.message.recipient.name for view in views.values() if not view.message.outage)
    return wrong + [f"message {ref} is stored {count} times" for ref, count in refs.items() if count > 1]


def _latest(view: MessageView) -> datetime:
    """When it was last dealt with: in days to come where the clock was wrong then, and it waits until that day."""
    return max(view.message.made_at, *(attempt.at for attempt in view.attempts), view.message.made_at)


def _imports(desk: Desk, done: Sequence[Line], meant: Sequence[Line]) -> list[str]:
    """All customers of an import carry the mark of one and the same run, no older one than was acknowledged last."""
    marks = {customer.special_need for customer in desk.place.customers.all() if "importer" in customer.special_need}
    order = [line["mark"] for line in meant]
    last = order.index(done[-1]["mark"]) if done else -1
    if len(marks) > 1 or any(order.index(mark) < last for mark in marks) or (done and not marks):
        return [f"the customers carry the imports {sorted(marks)}, the last acknowledged was {done[-1:]}"]
    return []


def _audit(desk: Desk) -> list[str]:
    found = desk.verify_audit(documents=True)
    return [] if found.ok else [f"the audit does not verify: {fault}" for fault in found.faults]
