"""What a leader is told of a period on one page: what was off, who called and why, what was owed and what was not done.

found = briefing(place, since, until)
text_of(found)      the page, in the language of the desk
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from desk import schema
from desk.access import Access
from desk.calls.topics import TOPICS
from desk.i18n import _
from desk.oversight.compliance import Compliance, compliance
from desk.oversight.reliability import Reliability, reliability
from desk.records import ACTIVE, Call, Case, CaseState, Outage, Status, Topic, WorkOrder

if TYPE_CHECKING:
    from desk.place import Place

NAMED = 5  # topics
OPEN = (CaseState.OPEN, CaseState.ASSIGNED)
MISCONDUCT = Topic.REPORT_OF_MISCONDUCT.value  # known to few: such calls are among the others, such cases not counted


class Briefing(Struct, frozen=True, kw_only=True):
    """One period. `off_now` and `ahead` are of the moment it was made; the rest is of the period."""

    since: datetime
    until: datetime
    made_at: datetime
    made_by: str
    opened: dict[str, int]  # outage type → how many were taken in
    off_now: int
    customers_off_now: int
    ahead: int
    longest: str  # the outage of most customer hours
    reliability: Reliability
    calls: dict[str, int]  # topic → how many
    still_out: int
    cases_open: int
    cases_overdue: int
    work_orders: int
    duties_owed: int
    duties_done: int
    duties_overdue: int
    duties_late: int
    violations: int


def briefing(place: Place, since: datetime, until: datetime) -> Briefing:
    """What happened from `since` until before `until`, and how things stand now. Reads, and writes nothing."""
    Access(place).require("look_up")
    now = place.now()
    outages = list(place.outages_table.all())
    calls = place.calls_table.range("at", since, until)
    figures, checked = reliability(place, since, until), compliance(place, since, until)
    cases = [one for one in place.store.records(schema.CASES, Case).where(state=OPEN) if one.kind != MISCONDUCT]
    orders = place.store.records(schema.WORK_ORDERS, WorkOrder).range("at", since, until)
    off = [one for one in outages if one.status in ACTIVE]
    return Briefing(
        since=since,
        until=until,
        made_at=now,
        made_by=place.agent,
        opened=_opened(outages, since, until),
        off_now=len(off),
        customers_off_now=sum(one.affected.customers for one in off),
        ahead=sum(one.status is Status.SCHEDULED for one in outages),
        longest=figures.worst[0].outage if figures.worst else "",
        reliability=figures,
        calls=dict(Counter(_public(call).value for call in calls).most_common()),
        still_out=sum(bool(call.still_out) for call in calls),
        cases_open=len(cases),
        cases_overdue=sum(one.due is not None and one.due < now for one in cases),
        work_orders=len(orders),
        **_duties(checked),
    )


def _opened(outages: list[Outage], since: datetime, until: datetime) -> dict[str, int]:
    known = (one for one in outages if since <= one.opened_at < until and one.status is not Status.PREDICTED)
    return dict(Counter(one.type for one in known).most_common())


def _public(call: Call) -> Topic:
    return Topic.OTHER if call.topic.value == MISCONDUCT else call.topic


def _duties(checked: Compliance) -> dict[str, int]:
    told = checked.by_outage.values()
    return {
        "duties_owed": sum(one.owed for one in told),
        "duties_done": sum(one.told for one in told),
        "duties_overdue": sum(one.overdue for one in told),
        "duties_late": sum(one.late for one in told),
        "violations": len(checked.rows),
    }


def text_of(found: Briefing, county: str, types: dict[str, str]) -> str:
    """The page, line by line. `types`: outage type → its name."""
    figures, day = found.reliability, "%Y-%m-%d %H:%M"
    opened = "、".join(f"{types.get(name, name)} {count}" for name, count in found.opened.items()) or _("none")
    calls = "、".join(f"{_(TOPICS[name])} {count}" for name, count in list(found.calls.items())[:NAMED])
    lines = [
        _("{county}: briefing, {since} to {until}").format(
            county=county, since=found.since.strftime(day), until=found.until.strftime(day)
        ),
        _("Taken in: {opened}").format(opened=opened),
        _("Off now: {count}, {customers} customers; planned ahead: {ahead}").format(
            count=found.off_now, customers=found.customers_off_now, ahead=found.ahead
        ),
        _("Customer hours lost: {hours}; SAIDI {saidi} h, SAIFI {saifi}, ASAI {asai}").format(
            hours=f"{figures.all.customer_hours_lost:,.1f}",
            saidi=f"{figures.saidi:.3f}",
            saifi=f"{figures.saifi:.3f}",
            asai=f"{figures.asai:.4%}",
        ),
        _("Calls: {count} ({topics}); still without supply after a restoration: {still}").format(
            count=sum(found.calls.values()), topics=calls or _("none"), still=found.still_out
        ),
        _("Work orders: {orders}; cases open: {open}, overdue: {overdue}").format(
            orders=found.work_orders, open=found.cases_open, overdue=found.cases_overdue
        ),
        _("Notice duties due: {owed}, done {done}, late {late}, overdue {overdue}; out of order: {violations}").format(
            owed=found.duties_owed, done=found.duties_done, late=found.duties_late, overdue=found.duties_overdue,
            violations=found.violations,
        ),
    ]  # fmt: skip
    if found.longest:
        lines.insert(4, _("Most customer hours: {outage}").format(outage=found.longest))
    return "\n".join(lines)
