"""What goes into the regulation and what comes out of it: facts in, duties out, all of it frozen.

A duty that was derived but is not stored yet is a `DutyDraft`: a recipient, and `Terms` that it shares with
everyone who is owed the same. `draft.duty("D12", "O17")` makes the record of it.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from desk.records import Duty, Outage, Recipient

STANDING = frozenset({"opened", "approved"})  # triggers of duties that an outage has from its opening on


class Told(Struct, frozen=True):
    """Somebody who believes in an outage: the recipient as it was told, and the accounts it was told of."""

    recipient: Recipient
    accounts: tuple[str, ...] = ()


class Happening(Struct, frozen=True, kw_only=True):
    """What has become of an outage since its duties were derived last.

    `triggers` are the words of the rules (`changed`, `scope_changed`, `cancelled`, `customer_added`, `approved`,
    `started`, `restored`). `number` counts the outage's acts: two happenings of one outage never share it.
    `told` is who knows of the outage so far (`replan.told`).
    """

    triggers: frozenset[str]
    at: datetime
    number: int
    before: Outage | None = None
    told: tuple[Told, ...] = ()
    reason: str = ""
    by: str = ""


class OutageFacts(Struct, frozen=True, kw_only=True):
    """An outage as the rules see it. `approved_at`: when its last approval was given, None while it is not."""

    outage: Outage
    approved_at: datetime | None = None
    happening: Happening | None = None


class Terms(Struct, frozen=True, kw_only=True):
    """What all recipients of the same duty share; one object for 100,000 customers.

    `base` names it whoever the recipient is. `follows` are the bases of the same recipient's duties that come
    first. `waits_for` are the steps of the outage's approvals that must be given before; as steps are given in
    order, the last one stands for all.
    """

    base: str
    rules: tuple[str, ...]
    articles: tuple[str, ...]
    due: datetime
    channels: tuple[str, ...] = ()
    channel_mode: str = "any_of"
    not_before: datetime | None = None
    owner: str = ""
    evidence_kind: str = ""
    notice: str = ""
    trigger: str = "opened"
    follows: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()

    @property
    def standing(self) -> bool:
        """Whether the outage has this duty from its opening on, not because something happened to it."""
        return self.trigger in STANDING


class DutyDraft(Struct, frozen=True):
    """A duty as derived, without a number. `wave` tells a later telling from an earlier one of the same base."""

    terms: Terms
    recipient: Recipient
    sites: tuple[str, ...] = ()
    wave: int = 0

    @property
    def key(self) -> str:
        """The duty's name within its outage; the same whenever it is derived."""
        return self._key(self.terms.base)

    @property
    def after(self) -> tuple[str, ...]:
        """The keys of the duties that come first."""
        return tuple(self._key(base) for base in self.terms.follows)

    @property
    def accounts(self) -> tuple[str, ...]:
        """Whose supply it is about: the sites, else the customer; `("",)` for other recipients."""
        return accounts_of(self.recipient, self.sites)

    def duty(self, id: str, outage: str, after: tuple[str, ...] = ()) -> Duty:
        """The record of it; `after` are the numbers of the duties that come first."""
        terms = self.terms
        return Duty(
            id=id,
            outage=outage,
            key=self.key,
            rules=terms.rules,
            articles=terms.articles,
            recipient=self.recipient,
            due=terms.due,
            channels=terms.channels,
            channel_mode=terms.channel_mode,
            not_before=terms.not_before,
            owner=terms.owner,
            evidence_kind=terms.evidence_kind,
            notice=terms.notice,
            trigger=terms.trigger,
            after=after,
            waits_for=terms.waits_for,
            sites=self.sites,
        )

    def _key(self, base: str) -> str:
        kind = "group" if self.sites else self.recipient.kind
        key = f"{base}>{kind}:{self.recipient.id}"
        return f"{self.wave}~{key}" if self.wave else key


class ApprovalStep(Struct, frozen=True, kw_only=True):
    """One step of an outage's approvals. `rules` and `articles` are all that ask for it; `step` is its name."""

    step: str
    post: str
    order: int
    rules: tuple[str, ...]
    articles: tuple[str, ...]
    needed_by: datetime | None = None


class Broken(Struct, frozen=True, kw_only=True):
    """A limit that was not kept: which article, what in words, since when."""

    rule: str
    article: str
    what: str
    at: datetime


class Derived(Struct, frozen=True, kw_only=True):
    """What an outage asks of the county.

    `duties` stand by recipient, and for one recipient in the order of the packs: those that come first stand
    first. `accounts` are all affected ones; only gathered when something happened to the outage. `own_notice` are
    those that asked to be told beside their group.
    """

    duties: tuple[DutyDraft, ...] = ()
    approvals: tuple[ApprovalStep, ...] = ()
    broken: tuple[Broken, ...] = ()
    accounts: frozenset[str] = frozenset()
    own_notice: frozenset[str] = frozenset()


class Steps(Struct, frozen=True, kw_only=True):
    """What is to be done to the stored duties so that they are what is owed now.

    `add` and `inform` are new (`inform`: news for people who know of the outage), `move` and `withdraw` are the
    stored duties as they must become.
    """

    add: tuple[DutyDraft, ...] = ()
    move: tuple[Duty, ...] = ()
    withdraw: tuple[Duty, ...] = ()
    inform: tuple[DutyDraft, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.add or self.move or self.withdraw or self.inform)


def wave_of(key: str) -> int:
    """Which telling a duty's key stands for: 0 for those from the opening on."""
    wave, tilde, _rest = key.partition("~")
    return int(wave) if tilde and wave.isdecimal() else 0


def base_of(key: str) -> str:
    """The base in a duty's key, whatever its recipient and its wave."""
    wave, tilde, rest = key.partition("~")
    return (rest if tilde and wave.isdecimal() else key).partition(">")[0]


def accounts_of(recipient: Recipient, sites: tuple[str, ...]) -> tuple[str, ...]:
    """The accounts a duty is about; `("",)` where the recipient is no customer."""
    return sites or ((recipient.id,) if recipient.kind == "customer" else ("",))
