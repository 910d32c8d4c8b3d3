"""What has to be done to the stored duties when something happened to their outage: only the difference.

    happening = Happening(triggers=frozenset({"changed"}), at=now, number=3, before=outage, told=told(held))
    derived = derive(OutageFacts(outage=after, happening=happening), customers, areas, regulation)
    steps = difference(held, derived, happening)

What holds whatever happens: nobody is owed the same notice twice; whoever was told and falls out is owed a
correction; no deadline moves without a `Replan`; doing the steps and asking again gives no steps.

Decided where the text is silent:

- Told is who was reached or refused to sign. A notice that nobody could deliver, or that was waived, is settled:
  it is not owed anew.
- What was done stays done when the start moves: the new times are news (`times_changed`), no second first notice.
  News that is still open is moved, not doubled. Who was not told yet hears the new times with the first notice.
- A site told as part of its group is told when it is affected alone later, and the other way round; only a site
  that asked for a notice of its own is told on both ways.
- Who comes back into the scope before the correction reached them is told nothing; later, everything anew.
- When an outage is called off, all that is open is withdrawn, and everyone told is owed that news.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace

from desk.i18n import N_, _
from desk.records import OPEN_DUTIES, Duty, DutyState, Recipient, Replan
from desk.regulation.facts import (
    STANDING,
    Derived,
    DutyDraft,
    Happening,
    Steps,
    Told,
    accounts_of,
    base_of,
    wave_of,
)

REACHED = frozenset({DutyState.DONE, DutyState.REFUSED})
UNDOING = frozenset({"scope_changed", "cancelled"})  # triggers of news that ends a belief in the outage

REASONS: Mapping[str, str] = {
    "cancelled": N_("the outage was cancelled"),
    "changed": N_("the times were changed"),
    "scope_changed": N_("the scope was changed"),
    "approved": N_("the approval came after the entry"),
    "customer_added": N_("the customers were changed"),
    "started": N_("the outage has begun"),
    "restored": N_("supply is back"),
}

Who = tuple[str, str, bool]  # a recipient: its kind, its id, and whether it stands for sites
Mark = tuple[str, str]  # whose supply: ("customer", account), or another recipient's kind and id


def told(held: Iterable[Duty]) -> tuple[Told, ...]:
    """Who believes in the outage by now, each as it was told, in a fixed order."""
    held = tuple(held)
    undone = _undone(held)
    people: dict[Who, tuple[Recipient, set[str]]] = {}
    for duty in held:
        if duty.state not in REACHED or duty.trigger in UNDOING:
            continue
        for mark in _marks(duty.recipient, duty.sites):
            if wave_of(duty.key) > undone.get(mark, -1):
                _recipient, accounts = people.setdefault(_who(duty.recipient, duty.sites), (duty.recipient, set()))
                accounts.add(mark[1])
    return tuple(_told(*people[who]) for who in sorted(people))


def difference(held: Iterable[Duty], derived: Derived, happening: Happening) -> Steps:
    """What makes the stored duties `held` those that are owed now; `derived` was made with this happening."""
    ledger = _Ledger(tuple(held), derived)
    add: list[DutyDraft] = []
    inform: list[DutyDraft] = []
    move: list[Duty] = []
    met: set[str] = set()
    for draft in derived.duties:
        accounts = ledger.missing(draft)
        if not accounts:
            continue
        duty = ledger.open_for(draft)
        sites = accounts if draft.sites else ()
        if duty is None:
            new = DutyDraft(draft.terms, draft.recipient, sites, ledger.wave)
            (add if draft.terms.standing else inform).append(new)
            continue
        met.add(duty.key)
        moved = _moved(duty, draft, ledger.sites_of(duty, draft, sites), happening)
        if moved is not duty:
            move.append(moved)
    withdraw: list[Duty] = []
    for duty in ledger.open:
        if duty.key not in met:
            _leave(duty, ledger, happening, move, withdraw)
    return Steps(add=tuple(add), move=tuple(move), withdraw=tuple(withdraw), inform=tuple(inform))


class _Ledger:
    """The stored duties, found by what a derived one must know of them."""

    def __init__(self, held: tuple[Duty, ...], derived: Derived) -> None:
        self.open = [duty for duty in held if duty.state in OPEN_DUTIES]
        self.wave = 1 + max((wave_of(duty.key) for duty in held), default=-1)
        self._derived = derived
        self._undone = _undone(held)
        self._settled: dict[str, dict[Mark, set[Who]]] = {}
        self._first_open: dict[str, dict[Who, Duty]] = {}
        for duty in held:
            self._take(duty)
        self._news: dict[tuple[str, Mark], set[Who]] = {}
        for draft in derived.duties:
            for mark in () if draft.terms.standing else _marks(draft.recipient, draft.sites):
                self._news.setdefault((draft.terms.notice, mark), set()).add(_who(draft.recipient, draft.sites))
        meant = (draft.recipient for draft in derived.duties if draft.terms.standing)
        self._meant = {(recipient.kind, recipient.id) for recipient in meant if recipient.kind != "customer"}

    def missing(self, draft: DutyDraft) -> tuple[str, ...]:
        """The accounts of a derived duty that nothing has settled yet; news is always new."""
        settled = self._settled.get(draft.terms.base) if draft.terms.standing else None
        if settled is None:
            return draft.accounts
        who = _who(draft.recipient, draft.sites)
        marks = zip(draft.accounts, _marks(draft.recipient, draft.sites), strict=True)
        return tuple(account for account, mark in marks if not self._is_settled(settled.get(mark), mark, who))

    def open_for(self, draft: DutyDraft) -> Duty | None:
        """The open duty that a derived one is: of the same base, or news of the same kind, to the same recipient."""
        terms = draft.terms
        subject = _subject(terms.base, terms.trigger, terms.notice)
        return self._first_open.get(subject, {}).get(_who(draft.recipient, draft.sites))

    def sites_of(self, duty: Duty, draft: DutyDraft, sites: tuple[str, ...]) -> tuple[str, ...]:
        """The sites that an open duty is about from now on: news of earlier acts that still stands is kept."""
        if not sites or draft.terms.trigger in STANDING | UNDOING:
            return sites
        return tuple(sorted({*sites, *self.still(duty)}))

    def still(self, duty: Duty) -> tuple[str, ...]:
        """The accounts that a duty is still about: affected, and not told the same by another way meanwhile (a group
        of which one site is left is told as that site). `("",)` for other recipients that are still meant."""
        if duty.recipient.kind == "customer":
            accounts = accounts_of(duty.recipient, duty.sites)
            return tuple(account for account in accounts if self._is_still_owed(duty, account))
        gone = duty.recipient.kind == "branch" and ("branch", duty.recipient.id) not in self._meant
        return () if gone else ("",)

    def _is_still_owed(self, duty: Duty, account: str) -> bool:
        ways = self._news.get((duty.notice, ("customer", account)), set()) - {_who(duty.recipient, duty.sites)}
        told_otherwise = bool(ways) and account not in self._derived.own_notice
        return account in self._derived.accounts and not told_otherwise

    def _take(self, duty: Duty) -> None:
        who = _who(duty.recipient, duty.sites)
        if duty.state in OPEN_DUTIES:
            subject = _subject(base_of(duty.key), duty.trigger, duty.notice)
            self._first_open.setdefault(subject, {}).setdefault(who, duty)
        elif duty.state != DutyState.WITHDRAWN and duty.trigger in STANDING:
            for mark in _marks(duty.recipient, duty.sites):
                if wave_of(duty.key) > self._undone.get(mark, -1):
                    self._settled.setdefault(base_of(duty.key), {}).setdefault(mark, set()).add(who)

    def _is_settled(self, ways: set[Who] | None, mark: Mark, who: Who) -> bool:
        """Whether it was settled by one of these ways; with a notice of one's own, by the very same one."""
        if ways is None:
            return False
        return who in ways or mark[1] not in self._derived.own_notice


def _subject(base: str, trigger: str, notice: str) -> str:
    """What an open duty is recognised by besides its recipient: news by its word, anything else by its base."""
    return f"news:{notice}" if notice and trigger not in STANDING else base


def _leave(duty: Duty, ledger: _Ledger, happening: Happening, move: list[Duty], withdraw: list[Duty]) -> None:
    """What becomes of an open duty that is not derived any more."""
    still = ledger.still(duty)
    if duty.trigger in STANDING or duty.trigger in UNDOING or "cancelled" in happening.triggers or not still:
        withdraw.append(replace(duty, state=DutyState.WITHDRAWN, closed_at=happening.at))
    elif duty.sites and still != duty.sites:
        move.append(replace(duty, sites=still))  # news of an earlier act, for those sites that are still affected


def _moved(duty: Duty, draft: DutyDraft, sites: tuple[str, ...], happening: Happening) -> Duty:
    """The open duty as it must be now; itself when nothing about it is new."""
    terms = draft.terms
    new = (terms.due, terms.not_before, terms.rules, terms.channels, terms.waits_for, terms.evidence_kind, sites)
    old = (duty.due, duty.not_before, duty.rules, duty.channels, duty.waits_for, duty.evidence_kind, duty.sites)
    if new == old:
        return duty
    moves = (("due", duty.due, terms.due), ("not_before", duty.not_before, terms.not_before))
    replans = tuple(_replan(happening, *moved) for moved in moves if moved[1] != moved[2])
    return replace(
        duty,
        due=terms.due,
        not_before=terms.not_before,
        rules=terms.rules,
        articles=terms.articles,
        channels=terms.channels,
        channel_mode=terms.channel_mode,
        waits_for=terms.waits_for,
        evidence_kind=terms.evidence_kind,
        sites=sites,
        replans=(*duty.replans, *replans),
    )


def _replan(happening: Happening, field: str, before: datetime | None, after: datetime | None) -> Replan:
    known = (_(words) for trigger, words in REASONS.items() if trigger in happening.triggers)
    reason = happening.reason or next(known, "")
    return Replan(at=happening.at, field=field, before=before, after=after, reason=reason, by=happening.by)


def _undone(held: Iterable[Duty]) -> dict[Mark, int]:
    """Whoever learned that the outage is none for them: the latest wave of that news."""
    waves: dict[Mark, int] = {}
    for duty in held:
        if duty.trigger in UNDOING and duty.state not in OPEN_DUTIES and duty.state != DutyState.WITHDRAWN:
            for mark in _marks(duty.recipient, duty.sites):
                waves[mark] = max(waves.get(mark, -1), wave_of(duty.key))
    return waves


def _marks(recipient: Recipient, sites: tuple[str, ...]) -> tuple[Mark, ...]:
    if recipient.kind == "customer":
        return tuple(("customer", account) for account in sites or (recipient.id,))
    return ((recipient.kind, recipient.id),)


def _who(recipient: Recipient, sites: tuple[str, ...]) -> Who:
    return recipient.kind, recipient.id, bool(sites)


def _told(recipient: Recipient, accounts: set[str]) -> Told:
    return Told(recipient, tuple(sorted(accounts)) if recipient.kind == "customer" else ())
