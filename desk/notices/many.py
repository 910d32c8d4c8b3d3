"""What many tries at once came to, as the outbox reports it: each sheet, each outage and each customer read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from desk.access import Access
from desk.audit.evidence import Witness
from desk.errors import NotFound, Refused
from desk.i18n import _
from desk.notices.approving import Approving
from desk.notices.book import DutyBook
from desk.notices.order import Obstacle, obstacles
from desk.notices.settling import Patience, Settlement, channel_of, settled
from desk.notices.tally import Counting
from desk.place import Place
from desk.records import Approval, Duty, DutyState, Outage, Phone

Excuse = Callable[[str, list[Obstacle], datetime, str, str], None]

_CONTACTS_NOTHING = frozenset({DutyState.EXEMPT, DutyState.UNREACHABLE})


class ManyTries:
    """Settles many duties inside one transaction."""

    def __init__(self, place: Place, book: DutyBook, approving: Approving, excuse: Excuse) -> None:
        self._place = place
        self._book = book
        self._approving = approving
        self._excuse = excuse
        self._held: dict[str, Duty] = {}
        self._approvals: dict[str, list[Approval]] = {}
        self._phones: dict[str, tuple[Phone, ...]] = {}

    def settled(self, said: Iterable[tuple[str, Settlement]], by: str, patience: Patience) -> list[Duty | Refused]:
        """For each try the duty after it, stored, or why it could not be written down."""
        wanted = [(id.strip().upper(), one) for id, one in said]
        self._book.several([id for id, _one in wanted], self._held)
        self._read_phones([self._held[id] for id, _one in wanted if id in self._held])
        changed: dict[str, Duty] = {}
        answers: list[Duty | Refused] = []
        for id, one in wanted:
            try:
                after = self._one(id, one, by, patience)
            except Refused as refused:
                answers.append(refused)
                continue
            changed[id] = self._held[id] = after
            answers.append(after)
        self._store(list(changed.values()))
        for duty in changed.values():
            self._place.tell("duty_settled", duty)
        return answers

    def _one(self, id: str, said: Settlement, by: str, patience: Patience) -> Duty:
        duty = self._held.get(id)
        if duty is None:
            raise NotFound(_("there is no duty {id}; `desk duties` lists them").format(id=id))
        channel, phones = channel_of(duty, said), self._phones.get(duty.recipient.id, ())
        after = settled(duty, said, channel, phones, patience, by, self._place.now())
        if after.state not in _CONTACTS_NOTHING:
            self._note_order(duty, said, after.evidence[-1].at, channel)
        return after

    def _note_order(self, duty: Duty, said: Settlement, at: datetime, channel: str) -> None:
        """What was sent was sent: where something should have come first, that is a violation and no refusal."""
        before = self._book.several(duty.after, self._held)
        approvals = self._approvals_of(duty.outage) if duty.waits_for else []
        first = obstacles(duty, approvals, before, at, channel)
        if first:
            self._excuse(duty.outage, first, at, said.reason or _("sent by the outbox"), duty.id)

    def _approvals_of(self, outage: str) -> list[Approval]:
        if outage not in self._approvals:
            self._approvals[outage] = self._approving.of(outage)
        return self._approvals[outage]

    def _read_phones(self, duties: Sequence[Duty]) -> None:
        """The numbers of whoever may have to be rung next; a duty without a telephone needs none."""
        asked = {
            site
            for duty in duties
            if "phone" in duty.channels and duty.recipient.kind == "customer"
            for site in (duty.sites or (duty.recipient.id,))
        }
        if not asked:
            return
        known = {one.account_no: one.phones for one in self._place.customers.where(account_no=sorted(asked))}
        for duty in duties:
            sites = duty.sites or (duty.recipient.id,)
            dialled = (known[site] for site in sites if any(phone.number for phone in known.get(site, ())))
            self._phones[duty.recipient.id] = next(dialled, ())

    def _store(self, changed: Sequence[Duty]) -> None:
        outages = {duty.outage for duty in changed if duty.outage}
        held: dict[str, Outage] = {
            one.id: one for one in self._place.outages_table.where(id=sorted(outages)) if outages
        }
        witness = Witness()
        counts = {id: Counting(outage.duties, witness) for id, outage in held.items()}
        self._book.write_several(changed, {**counts, "": Counting(witness=witness)})
        for id, outage in held.items():
            self._place.outages_table.put(replace(outage, duties=counts[id].tally()))
        if witness.seen:
            details = {"duties": len(changed), "outages": sorted(outages), **witness.details()}
            Access(self._place).note("duties.tell", min(outages) if len(outages) == 1 else "", details)
