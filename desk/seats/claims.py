"""Work taken on by one seat, with a lease: nobody else does the same meanwhile, and nothing is lost with a seat.

    claims = Claims(place)
    claims.take(duty_claim("D12"), about="64010001")    raises HeldElsewhere with who has it, since and until when
    claims.holder(duty_claim("D12"))                    whose it is, where it is somebody else's
    claims.end(duty_claim("D12"))                       it is settled

A claim is somebody else's when seat or agent is another. It ends when the work is settled, dropped, the desk is left,
and with its lease at the latest. Written inside the store's transaction: of two who take at once, one is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cached_property, partial

from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.errors import BadInput, Refused
from desk.i18n import _
from desk.place import Place
from desk.records import Claim
from desk.store import RecordTable

SWEPT = 20  # claims of seats that are long gone, removed at a time


class HeldElsewhere(Refused):
    """Another seat has taken it on; `claim` says who, since and until when."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(held_words(claim))
        self.claim = claim


class Claims:
    """What the seats of one store have taken on, as seen from one of them. Costs a read where nothing is written."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._read: tuple[int, list[Claim]] | None = None

    @cached_property
    def _table(self) -> RecordTable[Claim]:
        return self._place.store.records(schema.CLAIMS, Claim)

    # reading

    def holder(self, what: str) -> Claim | None:
        """The claim on `what`, where it is somebody else's and its lease runs."""
        return self._others_of(self._table.get(what))

    def others(self) -> dict[str, Claim]:
        """Everything that somebody else has taken on now; costs microseconds while nothing changes."""
        found = (self._others_of(one) for one in self._all())
        return {one.id: one for one in found if one is not None}

    def all(self) -> list[Claim]:
        """Every claim whose lease runs, ours too, the oldest first."""
        now = self._place.now()
        return sorted((one for one in self._all() if is_live(one, now)), key=lambda one: (one.at, one.id))

    def read_again(self) -> None:
        """Within a transaction that chooses by whose it is: what others have taken on may not be in the feed yet."""
        self._read = None

    def mine(self, what: str) -> Claim | None:
        """This seat's own claim on `what`, while its lease runs."""
        found = self._table.get(what)
        return found if found and self._is_mine(found) and is_live(found, self._place.now()) else None

    def busy_with(self, account_no: str, but: str = "") -> Claim | None:
        """Who else is dealing with this customer now, over whatever it is (`but` this piece of work)."""
        if not account_no:
            return None
        found = (one for one in self.others().values() if one.about == account_no and one.id != but)
        return next(found, None)

    # taking and letting go

    def take(self, what: str, about: str = "") -> Claim:
        """Take it on, or go on with it; raises HeldElsewhere. Writes nothing while half of our lease is left."""
        with self._place.store.transaction():
            before, now = self._table.get(what), self._place.now()
            if held := self._others_of(before):
                raise HeldElsewhere(held)
            if before and self._is_mine(before) and is_live(before, now):
                if before.until - now > self._lease / 2:
                    return before
                taken = replace(before, until=now + self._lease, renewed=now)
            else:
                taken = self._new(what, about, now)
                self._sweep(now)
            self._table.put(taken)
            return taken

    renew = take

    def require(self, what: str) -> None:
        """Raises HeldElsewhere where somebody else has it; called in the transaction that settles it."""
        if held := self.holder(what):
            raise HeldElsewhere(held)

    def end(self, what: str) -> None:
        """It is settled: nobody's any more; called in the transaction that settles it."""
        self._table.remove(what)

    def drop(self, *whats: str) -> None:
        """Let go of what is ours among these; the others are left alone."""
        self._remove(whats, self._is_mine)

    def drop_all(self) -> None:
        """Let go of everything this agent has taken on at this seat: the desk is left."""
        ours = [one.id for one in self._table.where(seat=self._place.seat) if one.agent == self._place.agent]
        self.drop(*ours)

    def take_over(self, what: str, reason: str) -> Claim:
        """Take it out of somebody's hands, with a reason, for whoever has the right; leaves a line in the audit."""
        access = Access(self._place)
        access.require("take_over")
        if not reason.strip():
            raise BadInput(_("this needs its reason"))
        with self._place.store.transaction():
            before = self._table.get(what)
            if held := self._others_of(before):
                details = {"from_seat": held.seat, "from_agent": held.agent, "reason": reason.strip()}
                access.note("claim.take_over", bare(what), details)
            taken = self._new(what, before.about if before else "", self._place.now())
            self._table.put(taken)
        return taken

    # inside

    @property
    def _lease(self) -> timedelta:
        return timedelta(minutes=max(self._place.config.seats.lease_minutes, 1))

    def _new(self, what: str, about: str, now: datetime) -> Claim:
        place = self._place
        return Claim(id=what, seat=place.seat, agent=place.agent, at=now, until=now + self._lease, about=about)

    def _is_mine(self, claim: Claim) -> bool:
        return (claim.seat, claim.agent) == (self._place.seat, self._place.agent)

    def _others_of(self, claim: Claim | None) -> Claim | None:
        if claim is None or self._is_mine(claim) or not is_live(claim, self._place.now()):
            return None
        return claim

    def _all(self) -> Iterable[Claim]:
        version = self._place.changes.version(schema.CLAIMS)
        if self._read is None or self._read[0] != version:
            self._read = (version, list(self._table.all()))
        return self._read[1]

    def _remove(self, whats: Iterable[str], wanted: Callable[[Claim], bool]) -> None:
        if not any((found := self._table.get(what)) and wanted(found) for what in whats):
            return  # nothing to write
        with self._place.store.transaction():
            for what in whats:
                if (found := self._table.get(what)) and wanted(found):
                    self._table.remove(what)

    def _sweep(self, now: datetime) -> None:
        for gone in self._table.range("until", None, now - self._lease, limit=SWEPT):
            self._table.remove(gone.id)


def is_live(claim: Claim, now: datetime) -> bool:
    """Whether the lease runs. One that began in the future does for its own length only: where a clock has jumped
    back, nobody waits for ever, and clocks of two machines may be a little apart."""
    began = claim.renewed or claim.at
    return began - (claim.until - began) <= now < claim.until


def held_words(claim: Claim) -> str:
    """Who has it, since and until when, in one sentence."""
    words = {
        "what": bare(claim.id),
        "who": whose(claim.seat, claim.agent),
        "since": claim.at.strftime("%H:%M"),
        "until": claim.until.strftime("%H:%M"),
    }
    return _("{what} is in the hands of {who} since {since}, until {until} at the latest").format(**words)


def whose(seat: str, agent: str) -> str:
    """A seat and who sits there."""
    return _("seat {seat} ({agent})").format(seat=seat, agent=agent) if agent else _("seat {seat}").format(seat=seat)


def bare(what: str) -> str:
    """The id of the piece of work that a claim is on."""
    return what.partition(":")[2] or what


def _claim_of(kind: str, id: str) -> str:
    return f"{kind}:{id.strip().upper()}"


duty_claim = partial(_claim_of, "duty")
callback_claim = partial(_claim_of, "callback")
message_claim = partial(_claim_of, "message")
case_claim = partial(_claim_of, "case")
work_order_claim = partial(_claim_of, "work_order")
