"""Quiet hours: when nothing may ring at a resident, and when it may again. Pure.

    quiet = Quiet.of("22:00", "07:00", zone)
    quiet.over(moment)      the moment itself, or the end of the hours it falls into

The hours may lie across midnight, and are those of the county's clocks, also on the day on which clocks are changed.
Nothing is dropped for them: a message waits. Danger to life does not wait.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo

from msgspec import Struct

from desk.errors import BadInput
from desk.i18n import _
from desk.records import ACTIVE, Customer, Outage, Recipient

# Who lives there. A customer of a trade is awake for it, or has somebody who is.
HOMES = frozenset({"", "residential", "resident", "residential_tower", "居民", "住宅"})


class Quiet(Struct, frozen=True):
    """From when until when, in the county's zone; the same hour twice means never."""

    start: time
    end: time
    zone: tzinfo

    @classmethod
    def of(cls, start: str, end: str, zone: tzinfo) -> Quiet:
        """The hours as config.toml writes them; raises BadInput for what is no hour of the day."""
        return cls(_hour(start), _hour(end), zone)

    def holds(self, at: datetime) -> bool:
        """Whether `at` is within the hours: the first minute is, the last moment is not."""
        clock = at.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def over(self, at: datetime) -> datetime:
        """The first moment from `at` on that is not within the hours."""
        if not self.holds(at):
            return at
        here = at.astimezone(self.zone)
        day = here.date() + timedelta(days=self.start > self.end and here.time() >= self.start)
        # Where clocks go back the hour comes twice, where they go forward it may not come at all.
        ends = [datetime.combine(day, self.end, self.zone).replace(fold=fold) for fold in (0, 1)]
        moments = sorted(end.astimezone(UTC) for end in ends)
        first = next((moment for moment in moments if moment >= at and not self.holds(moment)), moments[-1])
        return first.astimezone(self.zone)


def waits_until(
    at: datetime, quiet: Quiet, outage: Outage | None, recipient: Recipient, customer: Customer | None, intrusive: bool
) -> datetime:
    """When a message may go that would go at `at`: then, or when the quiet hours are over."""
    if not intrusive or (outage is not None and (outage.danger_to_life or _is_life(outage, customer))):
        return at
    return quiet.over(at) if is_home(recipient, customer) else at


def _is_life(outage: Outage, customer: Customer | None) -> bool:
    """Whether supply is off now where somebody lives by a machine; a plan can wait for the morning there too."""
    return customer is not None and bool(customer.special_need) and outage.status in ACTIVE


def is_home(recipient: Recipient, customer: Customer | None) -> bool:
    """Whether a resident is meant: nobody whom an article wants told at once, no trade, no site of a group."""
    if recipient.kind != "customer":
        return False
    if customer is None:
        return True  # nobody knows better: rather wait than wake somebody
    wanted_at_once = customer.special or customer.important
    return not wanted_at_once and not customer.group and customer.sector in HOMES


def _hour(text: str) -> time:
    try:
        return time.fromisoformat(text.strip())
    except ValueError as problem:
        raise BadInput(
            _("{text} is no hour of the day; write it like 22:00").format(text=text), why=str(problem)
        ) from None
