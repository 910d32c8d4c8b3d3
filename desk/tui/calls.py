"""The call at the desk: from a number or a search to the card, and from the card to the saved log.

A call that is open has a draft in the store from its first moment; a key press later it is kept again,
so that neither Esc, nor a second call, nor a crash loses a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from desk.i18n import _
from desk.phone_numbers import hidden
from desk.records import Customer, Draft, Spoken, Topic

if TYPE_CHECKING:
    from desk.calls import Card
    from desk.scripts import Script
    from desk.tui.triage_flow import Seen

DRAFT_FIELDS = (
    *("number", "account_no", "customer_name", "topic", "outage", "outcome", "note", "callback"),
    *("trouble_code", "hazard", "neighbours", "order", "ring", "answered", "key"),
)
OUTCOME_BY_TOPIC = {Topic.TROUBLE: "passed_on"}
ASKED = ("hazard", "neighbours")  # of whoever reports trouble, in this order
NONE = "none"  # asked, and there is none
TOO = "too"  # the neighbours are out too
MAKE, NO_ORDER = "make", "none"  # as `desk.taking` takes them


def new_key() -> str:
    """Of a call that begins now."""
    return uuid4().hex


@dataclass
class OpenCall:
    """A call that is not saved yet: what is known, chosen and typed so far.

    `callback` and `order` are empty while the agent has chosen nothing: then `callback_now` and `order_now` say what
    will be done. `hazard` and `neighbours` are empty while they were not asked.
    """

    at: datetime
    id: str = ""  # of its draft, once that is stored
    number: str = ""
    account_no: str = ""
    customer_name: str = ""
    topic: str = Topic.TROUBLE.value
    outage: str = ""
    outcome: str = "answered"
    note: str = ""
    callback: str = ""  # "" | yes | no
    trouble_code: str = "no_supply"
    hazard: str = ""  # "" | none | a key of HAZARDS
    neighbours: str = ""  # "" | too | only | unknown
    order: str = ""  # "" | make | none | the id of one to hurry
    ring: str = ""  # the telephone's, R12
    answered: bool = False  # an agent has begun with it: its ring is nobody else's any more
    told_customer_side: bool = False
    key: str = field(default_factory=new_key)  # under which it is saved, once
    orders: tuple[str, ...] = ()  # this customer's work orders that are alive
    card: Card | None = field(default=None, repr=False)
    script: Script | None = field(default=None, repr=False)
    revealed: Customer | None = field(default=None, repr=False)
    number_shown: bool = False  # of a caller who is no customer: somebody asked for it
    seen: Seen | None = field(default=None, repr=False)  # what triage has found so far

    @property
    def who(self) -> str:
        """What the strip calls this call."""
        return self.customer_name or self.hidden_number or _("unknown caller")

    @property
    def hidden_number(self) -> str:
        """The caller's number with its middle hidden."""
        return hidden(self.number) if self.number else ""

    @property
    def is_trouble(self) -> bool:
        return self.topic == Topic.TROUBLE

    @property
    def danger(self) -> str:
        """The hazard that was told, empty when there is none."""
        return "" if self.hazard == NONE or not self.is_trouble else self.hazard

    @property
    def callback_now(self) -> bool:
        """Whether the caller is called back: by default who reports trouble and has a number or an account."""
        if self.callback:
            return self.callback == "yes"
        return self.is_trouble and (bool(self.account_no) or any(sign.isdigit() for sign in self.number))

    @property
    def order_now(self) -> str:
        """What becomes of the work: by default one is made for trouble that nobody works at yet; older ones hurried."""
        return self.order if self.order in (MAKE, NO_ORDER, *self.orders) else self._order_by_default()

    def _order_by_default(self) -> str:
        if self.topic not in (Topic.TROUBLE, Topic.EXPEDITE):
            return NO_ORDER
        if self.orders and not self.danger:
            return self.orders[0]
        if not self.is_trouble or not (self.account_no or self.note.strip()):
            return NO_ORDER
        if self.danger:
            return MAKE
        return NO_ORDER if self.outage or _is_own_side(self.trouble_code) else MAKE

    def unasked(self) -> str:
        """The first question that has no answer yet; empty when the call may be saved with one key."""
        return next((name for name in ASKED if not getattr(self, name)), "") if self.is_trouble else ""

    def draft(self, seat: str) -> Draft:
        """As it is kept in the store."""
        return Draft(id=self.id, seat=seat, at=self.at, fields={name: getattr(self, name) for name in DRAFT_FIELDS})

    def request_fields(self) -> dict[str, Any]:
        """What `CallRequest` takes of it."""
        spoken = Spoken(template=self.script.template, hash=self.script.hash) if self.script else None
        return {
            "topic": Topic(self.topic),
            "number": self.number,
            "account_no": self.account_no,
            "outcome": self.outcome,
            "outage": self.outage,
            "note": self.note.strip(),
            "callback": self.callback_now,
            "trouble_code": self.trouble_code if self.is_trouble else "",
            "hazard": self.danger,
            "multiple_premises": self.is_trouble and self.neighbours == TOO,
            "at": self.at,
            "spoken": spoken,
            "draft": self.id,
            "key": self.key,
        }

    def following(self) -> dict[str, Any]:
        """What is saved with it: what `Taking.save` takes besides the call."""
        return {"order": self.order_now, "told_customer_side": self.told_customer_side, "ring": self.ring}


def _is_own_side(trouble_code: str) -> bool:
    """Whether it lies on the customer's side of the boundary: nobody is sent unless the agent says so."""
    from desk.work_orders import CUSTOMER_SIDE

    return trouble_code in CUSTOMER_SIDE


def from_draft(draft: Draft) -> OpenCall:
    """The call as it was when its draft was kept; fields of another version are left out."""
    known = {name: value for name, value in draft.fields.items() if name in DRAFT_FIELDS}
    if isinstance(known.get("callback"), bool):
        known["callback"] = "yes" if known["callback"] else ""
    return OpenCall(at=draft.at, id=draft.id, **known)


def take_card(call: OpenCall, card: Card, topic: str, outage: str) -> None:
    """The caller is known: put the proposal on the call, unless the agent had chosen already."""
    fresh = call.account_no != card.customer.account_no
    call.card, call.account_no, call.customer_name = card, card.customer.account_no, card.customer.name
    call.revealed = None
    if fresh:
        call.topic, call.outage = topic, outage
        call.outcome = outcome_of(topic)


def outcome_of(topic: str) -> str:
    """What a call about `topic` usually comes to."""
    return OUTCOME_BY_TOPIC.get(Topic(topic), "answered")


def chosen(value: str, by_default: str) -> str:
    """What the agent has chosen; empty when it is what happens anyway."""
    return "" if value == by_default else value


def order_options(call: OpenCall, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Make a work order, none, or hurry one of those there are; `words` by key, `hurry` with its {id}."""
    hurry = [(id, words["hurry"].format(id=id)) for id in call.orders]
    return [*hurry, (MAKE, words[MAKE]), (NO_ORDER, words[NO_ORDER])]


def next_outage(call: OpenCall) -> str:
    """The outage after the chosen one among those that touch the caller; none comes after the last."""
    ids = [outage.id for outage in call.card.outages] if call.card else []
    choices = [*ids, ""]
    return choices[(choices.index(call.outage) + 1) % len(choices)] if call.outage in choices else choices[0]
