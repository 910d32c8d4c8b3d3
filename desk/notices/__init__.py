"""Duties as work: what is owed because of an outage, who approves, what is due next, what was done with which proof.

    notices = desk.notices
    for work in notices.work(channel="phone", state="ready", limit=20): …
    call = notices.next_to_call()                        the next on the telephone, taken on: what to dial and to say
    notices.settle("D12", "reached", person="王主任")
    notices.approve("O1", "leader", by="李局", mode="phone")

The acts of an outage (`opened`, `changed`, …) are called by `desk.outages` in the transaction of the act.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from desk.access import Access
from desk.access.needs import needs
from desk.errors import NotFound, OutOfOrder, Refused, StaleWrite
from desk.i18n import _
from desk.notices.approving import Approving
from desk.notices.book import DutiesOf, DutyBook
from desk.notices.calendar import Calendar
from desk.notices.in_hand import InHand
from desk.notices.order import EXECUTED, Obstacle, missing_approvals, obstacles
from desk.notices.results import ALL, Result, possible
from desk.notices.settling import Patience, Settlement, channel_of, settled
from desk.notices.tally import Counting, DutyCounts, counts, next_due, overdue, owed
from desk.notices.violations import Violations
from desk.notices.work import Work, WorkList, is_overdue, is_owed
from desk.place import Place
from desk.records import LIVE, Approval, Customer, Duty, DutyState, Outage, Phone, Spoken, Violation
from desk.seats import HeldElsewhere

if TYPE_CHECKING:
    from desk.notices.calling import PhoneCall, Speaker
    from desk.notices.owing import Owing

__all__ = [
    "ALL",
    "DutyCounts",
    "Notices",
    "Obstacle",
    "Result",
    "Settlement",
    "Work",
    "counts",
    "is_overdue",
    "is_owed",
    "next_due",
    "overdue",
    "owed",
    "possible",
]

CONTACTS_NOTHING = frozenset({DutyState.EXEMPT, DutyState.UNREACHABLE})
CHANGE_REPORT = "change_report"  # the evidence of A9.5b: caller, time, reason, lead minutes


class Notices:
    """The duties of the county's outages, as work. Every act is one transaction; what is returned is stored."""

    def __init__(self, place: Place) -> None:
        self.speak: Speaker | None = None  # makes the words to read out; set by the desk
        self._place = place
        self._access = Access(place)
        self._book = DutyBook(place)
        self._violations = Violations(place)
        self._approving = Approving(place)
        self._list = WorkList(place, self._book, self._approving)
        self._calendar = Calendar(place, self._book, lambda: self.owing.regulation.calendar)
        self._in_hand = InHand(place)

    @cached_property
    def owing(self) -> Owing:
        """What the acts of an outage make of its duties; called by `desk.outages`."""
        from desk.notices.owing import Owing  # reads the rule packs: a lookup must not pay for that

        return Owing(self._place, self._book, self._approving, self._violations)

    # Reading

    @needs("look_up")
    def get(self, duty_id: str) -> Duty:
        """The duty called `duty_id`; raises NotFound."""
        duty = self._book.get(duty_id)
        if duty is None:
            raise NotFound(_("there is no duty {id}; `desk duties` lists them").format(id=duty_id))
        return duty

    @needs("look_up")
    def of(self, outage_id: str) -> list[Duty]:
        """Every duty of one outage, by number."""
        return list(self._book.of(outage_id))

    def each_of(self, outage_id: str) -> DutiesOf:
        """The same, read one by one each time they are gone through."""
        return DutiesOf(self._book, outage_id)

    @needs("look_up")
    def all(self, *, owner: str = "", channel: str = "", outage: str = "", state: str = "all") -> Iterator[Duty]:
        """The duties asked for, one by one: open ones as they are due, all others by number."""
        self._calendar.keep()
        return self._list.duties(owner, channel, outage, state, self._place.now())

    def ever(self) -> Iterator[Duty]:
        """Every duty there ever was, by number; reads only."""
        return self._book.all()

    @needs("look_up")
    def work(
        self, owner: str = "", channel: str = "", outage: str = "", state: str = "open", limit: int = 50
    ) -> list[Work]:
        """The first duties of the work list, by what is due next, with what stands in their way.

        `state`: open, ready (nothing stands in the way now), overdue, late, all, or the name of a state.
        """
        self._calendar.keep()
        return self._in_hand.marked(self._list.page(owner, channel, outage, state, limit))

    def keep_calendar(self) -> None:
        """Make sure that the duties of the calendar owed by now are in the book; asked before any is read."""
        self._calendar.keep()

    def as_work(self, duty: Duty) -> Work:
        """One duty with what stands in its way now, and whose it is."""
        return self._in_hand.marked([self._list.work(duty, self._place.now())])[0]

    def counts(self, outage: Outage) -> DutyCounts:
        """owed, done, overdue and late of one outage, from its tally."""
        return counts(outage.duties, self._place.now())

    def approvals(self, outage_id: str) -> list[Approval]:
        """The approvals that an outage needs, given or not, in order."""
        return self._approving.of(outage_id)

    def approvals_open(self) -> list[Approval]:
        """The approvals that live outages still wait for, the one needed first in front."""
        return self._approving.open(self._place.outages_table.revisions(status=sorted(LIVE)))

    def violations(self, outage_id: str = "", since: datetime | None = None) -> list[Violation]:
        """What was done out of order or too late: of one outage, or of all since a moment."""
        return self._violations.listed(outage_id, since)

    # Acts

    def settle(
        self,
        duty_id: str,
        result: str,
        *,
        channel: str = "",
        person: str = "",
        at: datetime | None = None,
        ref: str = "",
        note: str = "",
        number: str = "",
        reason: str = "",
        spoken: Spoken | None = None,
        seen: Duty | None = None,
    ) -> Duty:
        """Write down what a try at a duty came to; returns the duty as it is stored.

        Raises OutOfOrder where something comes first (an approval, its hour, an earlier notice), unless `reason`
        says why it is done all the same: then a violation is recorded with it. Raises Refused when somebody has
        settled the duty already, HeldElsewhere while another seat deals with it, StaleWrite when anything was written
        down since the agent saw it as `seen`.
        """
        self._access.require("settle_duty")
        said = Settlement(
            result=result,
            channel=channel,
            person=person.strip(),
            at=at,
            ref=ref.strip(),
            note=note.strip(),
            number=number,
            reason=reason.strip(),
            spoken=spoken,
        )
        with self._place.store.transaction():
            before = self.get(duty_id)
            self._in_hand.require(before.id)
            after = self._written(before, said, seen)
            self._in_hand.end(after.id)
        return after

    def settle_many(self, said: Iterable[tuple[str, Settlement]], by: str) -> list[Duty | Refused]:
        """Write down what many tries came to, in one transaction, each sheet once: for each the duty as it is now, or
        why it could not be written. Called by the outbox, which did what it says: out of order is a violation."""
        from desk.notices.many import ManyTries

        with self._place.store.transaction():
            return ManyTries(self._place, self._book, self._approving, self._excuse).settled(said, by, self._patience)

    def several(self, ids: Iterable[str]) -> dict[str, Duty]:
        """The duties with these ids, those of one sheet read at once."""
        wanted = list(ids)
        return {duty.id: duty for duty in self._book.several(wanted, {})}

    def begin(self, outage: Outage, reason: str, excused: Iterable[tuple[str, str]] = ()) -> None:
        """Called in the transaction in which supply goes: raises OutOfOrder while an approval is missing, unless
        `reason` says why; then it is recorded as a violation, like those `excused` (article, what) by it."""
        at = outage.actual_start or self._place.now()
        first = missing_approvals(self.approvals(outage.id), at, EXECUTED)
        self._excuse(outage.id, first, at, reason.strip(), outage.id)
        for article, what in excused:
            self._violations.add(outage.id, article, what, at, reason)

    def followed(self, before: Outage, after: Outage) -> Outage:
        """Called in the transaction of an act: the outage with its duties as they are owed now."""
        return self.owing.followed(before, after)

    def heard(self, outage: Outage) -> Outage:
        """The outage after whoever reported its change is written down as the proof that Article 9.5 asks for:
        who called, when, why; called in the transaction of the change."""
        said = outage.history[-1]
        if not said.reported_by:
            return outage
        for duty in self.of(outage.id):
            if duty.evidence_kind == CHANGE_REPORT and duty.state is DutyState.PENDING:
                at, who, why = said.reported_at or said.at, said.reported_by, said.reason
                told = Settlement(result="reported", channel="phone", person=who.strip(), at=at, note=why.strip())
                self._written(self.get(duty.id), told, None)
        return self._place.outages_table.get(outage.id) or outage

    def _written(self, before: Duty, said: Settlement, seen: Duty | None) -> Duty:
        after = self._settled(before, said, seen)
        self._keep(after)
        self._place.tell("duty_settled", after)
        return after

    def _settled(self, duty: Duty, said: Settlement, seen: Duty | None) -> Duty:
        channel = channel_of(duty, said)
        by, now = self._place.agent, self._place.now()
        after = settled(duty, said, channel, self.phones(duty), self._patience, by, now)
        if seen is not None and len(seen.evidence) != len(duty.evidence):
            raise StaleWrite(_stale(duty))
        if ALL[said.result].leads_to not in CONTACTS_NOTHING:
            self._in_order(duty, said, after.evidence[-1].at, channel)
        return after

    def _in_order(self, duty: Duty, said: Settlement, at: datetime, channel: str) -> None:
        before = self._book.several(duty.after, {})
        first = obstacles(duty, self.approvals(duty.outage), before, at, channel)
        self._excuse(duty.outage, first, at, said.reason, duty.id)

    def _excuse(self, outage: str, first: list[Obstacle], at: datetime, reason: str, about: str) -> None:
        """Refuse what something must come before; with a reason, record one violation for each article."""
        if first and not reason:
            words = _(", ").join(dict.fromkeys(one.words for one in first))
            text = _("{id}: {obstacles}; with a reason it is done all the same, and recorded as a violation")
            raise OutOfOrder(text.format(id=about, obstacles=words))
        for one in {(one.article, one.what): one for one in first}.values():
            self._violations.add(outage, one.article, one.what, at, reason, about)

    def approve(
        self, outage_id: str, step: str, *, by: str, mode: str, at: datetime | None = None, ref: str = ""
    ) -> Approval:
        """Write down an approval: of which step, by whom, written or by phone, when, under which reference.

        Raises Refused with the step that comes first when it is out of turn. Deadlines that count from the entry
        count anew from the last approval: re-planned, with a record.
        """
        self._access.require("approve")
        with self._place.store.transaction():
            outage = self._outage(outage_id)
            given = self._approving.give(outage.id, step, by.strip(), mode, at, ref.strip())
            self._place.outages_table.put(self.owing.approved(outage))
            self._access.note("outage.approve", outage.id, {"step": given.step, "by": by, "mode": mode})
        return given

    # The telephone

    @needs("settle_duty")
    def next_phone(self, duty_id: str) -> PhoneCall:
        """What to dial for a duty and what to say, numbers masked as the role asks; `dial` shows the number."""
        duty = self.get(duty_id)
        return self._phone_call(duty, self.contact(duty))

    @needs("settle_duty")
    def take_call(self, duty_id: str) -> PhoneCall:
        """The same, and the duty is this seat's for a while; raises HeldElsewhere where another seat deals with it."""
        duty = self.get(duty_id)
        contact = self.contact(duty)
        self._in_hand.take(duty, contact)
        return self._phone_call(self.get(duty.id), contact)  # as it is now that nobody else writes to it

    @needs("settle_duty")
    def next_to_call(self, but: Collection[str] = (), *, owner: str = "", outage: str = "") -> PhoneCall | None:
        """The phone duty due first that can be done now and nobody else deals with, `but` these; this seat's for a
        while. None when there is none."""
        self._calendar.keep()
        duty = self._in_hand.take_first(self._list.ready(owner, "phone", outage), but, self._book.get)
        return self._phone_call(duty, self.contact(duty)) if duty else None

    def keep_in_hand(self, call: PhoneCall) -> PhoneCall:
        """The same call, this seat's for a while longer, with who else has come to it; a moment's read mostly."""
        from msgspec.structs import replace

        contact = self.contact(call.duty)
        with suppress(HeldElsewhere):
            self._in_hand.take(call.duty, contact)
        return replace(call, elsewhere=self._in_hand.elsewhere(call.duty, contact))

    def let_go(self, *duties: str) -> None:
        """This seat does not deal with these after all."""
        self._in_hand.let_go(*duties)

    @needs("reveal_number")
    def dial(self, duty_id: str) -> PhoneCall:
        """The call with the number in full, the duty being this seat's; leaves a line in the audit. Raises
        HeldElsewhere: two do not call the same customer for the same duty."""
        duty = self.get(duty_id)
        contact = self.contact(duty)
        with self._place.store.transaction():
            self._in_hand.take(duty, contact)
            if contact is not None:
                self._access.reveal(contact.account_no)
        return self._phone_call(self.get(duty.id), contact, in_full=True)

    def _phone_call(self, duty: Duty, contact: Customer | None, *, in_full: bool = False) -> PhoneCall:
        from desk.notices.calling import phone_call

        outage, elsewhere = self._outage(duty.outage), self._in_hand.elsewhere(duty, contact)
        return phone_call(self._place, duty, outage, contact, self.speak, elsewhere, in_full=in_full)

    @needs("look_up")
    def contact(self, duty: Duty) -> Customer | None:
        """The customer whose numbers are dialled: the recipient, or the first site of a group that has any."""
        if duty.recipient.kind != "customer":
            return None
        customers = self._place.customers
        if not duty.sites:
            return customers.get(duty.recipient.id)
        sites = customers.where(account_no=list(duty.sites))
        return next((site for site in sites if any(phone.number for phone in site.phones)), None)

    def phones(self, duty: Duty) -> tuple[Phone, ...]:
        """The numbers that may be dialled for a duty."""
        customer = self.contact(duty)
        return customer.phones if customer else ()

    # Inside

    @property
    def _patience(self) -> Patience:
        chosen = self._place.config.notices
        return Patience(tries=chosen.tries, minutes=chosen.retry_minutes)

    def _outage(self, outage_id: str) -> Outage:
        outage = self._place.outages_table.get(outage_id.strip().upper())
        if outage is None:
            raise NotFound(_("there is no outage {id}; `desk outages` lists them").format(id=outage_id))
        return outage

    def _keep(self, duty: Duty) -> None:
        from msgspec.structs import replace

        outage = self._outage(duty.outage) if duty.outage else None  # nobody keeps the tally of the calendar's
        count = Counting(outage.duties) if outage else Counting()
        self._book.write(duty, count)
        if outage:
            self._place.outages_table.put(replace(outage, duties=count.tally()))
        last = duty.evidence[-1]
        told = {"result": last.result, "channel": last.channel, "outage": duty.outage}
        self._access.note("duty.settle", duty.id, {**told, **count.witness.details()})


def _stale(duty: Duty) -> str:
    last = duty.evidence[-1]
    words = {"id": duty.id, "by": last.by, "at": last.at.strftime("%H:%M"), "result": _(ALL[last.result].words)}
    return _("{by} has written down at {at} for {id}: {result}; look at it again").format(**words)
