"""What came of a simulated year: duties by type, article and state; and whether any was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from desk.app import Desk
from desk.notices.book import DutyBook
from desk.notices.tally import counted as tally_of
from desk.oversight.compliance import Compliance, article_order, compliance
from desk.oversight.coverage import Coverage, counted, of_article
from desk.records import OPEN_DUTIES, Duty, Outage
from desk.text import table


class Totals(Struct, frozen=True, kw_only=True):
    """The year counted. `lost` holds one sentence for everything that is not as it must be: empty when all is well."""

    outages: int
    duties: int
    by_type: dict[str, Coverage]
    by_article: dict[str, Coverage]
    by_state: dict[str, int]
    violations: dict[str, int]
    failed: int
    lost: tuple[str, ...]


def totals(desk: Desk, begin: datetime, end: datetime, tries: int) -> Totals:
    """Count everything stored between `begin` and `end`; `tries` is how many tries were written down."""
    place = desk.place
    outages = {outage.id: outage for outage in place.outages_table.all()}
    duties = list(DutyBook(place).all())
    found = compliance(place, begin, end)
    now = place.now()

    def of_type(duty: Duty) -> Iterator[str]:
        yield outages[duty.outage].type if duty.outage else "calendar"

    by_type = counted(duties, now, of_type)
    for outage in outages.values():
        by_type.setdefault(outage.type, Coverage())  # of a type that owes nothing to anybody
    violations = Counter(one.article for one in desk.notices.violations())
    return Totals(
        outages=len(outages),
        duties=len(duties),
        by_type=by_type,
        by_article=dict(sorted(counted(duties, now, of_article).items(), key=lambda item: article_order(item[0]))),
        by_state=dict(Counter(duty.state.value for duty in duties)),
        violations=dict(sorted(violations.items(), key=lambda item: article_order(item[0]))),
        failed=len(found.rows),
        lost=tuple(lost(duties, outages, found, now, tries)),
    )


def lost(duties: list[Duty], outages: dict[str, Outage], found: Compliance, now: datetime, tries: int) -> Iterator[str]:
    """What is not as it must be: numbers without a duty, duties neither settled nor shown, counts that do not agree."""
    numbers = {int(duty.id[1:]) for duty in duties}
    if numbers != set(range(1, len(duties) + 1)):
        yield f"{len(duties)} duties, but their numbers are not 1 to {len(duties)}"
    shown = Counter((row.outage, row.at) for row in found.rows)
    for duty in duties:
        if duty.state in OPEN_DUTIES and duty.due < now and not shown[duty.outage or None, duty.due]:
            yield f"{duty.id} of {duty.outage} is open, was due {duty.due} and is not in the report"
        if duty.state in OPEN_DUTIES and duty.due >= now:
            yield f"{duty.id} of {duty.outage} is still ahead at the end of the year"
    written = sum(len(duty.evidence) for duty in duties if duty.outage)
    if written < tries:
        yield f"{tries} tries were written down, {written} are stored"
    of_outage: dict[str, list[Duty]] = {}
    for duty in duties:
        of_outage.setdefault(duty.outage, []).append(duty)
    for outage in outages.values():
        if tally_of(of_outage.get(outage.id, [])) != outage.duties:
            yield f"the tally of {outage.id} does not agree with its duties"


HEAD = ("", "owed", "done", "refused", "unreachable", "missed", "late")


def told(found: Totals) -> list[str]:
    """The totals as lines."""
    return [
        f"{found.outages} outages, {found.duties} duties",
        "",
        *_counts("type", found.by_type),
        "",
        *_counts("article", found.by_article),
        "",
        *table([("state", "duties"), *((state, str(number)) for state, number in sorted(found.by_state.items()))]),
        "",
        *table([("violations of", ""), *((article, str(number)) for article, number in found.violations.items())]),
        "",
        f"{found.failed} rows in the compliance report of the year",
        *(found.lost[:20] or ("every duty is settled or shown as missed: none lost",)),
    ]


def _counts(name: str, found: dict[str, Coverage]) -> list[str]:
    rows = (
        (key, one.owed, one.done, one.refused, one.unreachable, one.overdue, one.late) for key, one in found.items()
    )
    return table([(name, *HEAD[1:]), *(tuple(map(str, row)) for row in rows)])
