"""The call at the desk: from a number or a search to the card, and from the card to the saved log.

A call that is open has a draft in the store from its first moment; a key press later it is kept again,
so that neither Esc, nor a second call, nor a crash loses a word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from desk.i18n import _
from desk.records import Customer, Draft, Spoken, Topic

if TYPE_CHECKING:
    from desk.calls import Card
    from desk.scripts import Script

DRAFT_FIELDS = ("number", "account_no", "customer_name", "topic", "outage", "outcome", "note", "callback")
OUTCOME_BY_TOPIC = {Topic.TROUBLE: "passed_on"}


@dataclass
class OpenCall:
    """A call that is not saved yet: what is known, chosen and typed so far."""

    at: datetime
    id: str = ""  # of its draft, once that is stored
    number: str = ""
    account_no: str = ""
    customer_name: str = ""
    topic: str = Topic.TROUBLE.value
    outage: str = ""
    outcome: str = "answered"
    note: str = ""
    callback: bool = False
    card: Card | None = field(default=None, repr=False)
    script: Script | None = field(default=None, repr=False)
    revealed: Customer | None = field(default=None, repr=False)

    @property
    def who(self) -> str:
        """What the strip calls this call."""
        return self.customer_name or self.number or _("unknown caller")

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
            "callback": self.callback,
            "at": self.at,
            "spoken": spoken,
            "draft": self.id,
        }


def from_draft(draft: Draft) -> OpenCall:
    """The call as it was when its draft was kept; fields of another version are left out."""
    known = {name: value for name, value in draft.fields.items() if name in DRAFT_FIELDS}
    return OpenCall(at=draft.at, id=draft.id, **known)


def take_card(call: OpenCall, card: Card, topic: str, outage: str) -> None:
    """The caller is known: put the proposal on the call, unless the agent had chosen already."""
    fresh = call.account_no != card.customer.account_no
    call.card, call.account_no, call.customer_name = card, card.customer.account_no, card.customer.name
    call.revealed = None
    if fresh:
        call.topic, call.outage = topic, outage
        call.outcome = OUTCOME_BY_TOPIC.get(Topic(topic), "answered")


def next_outage(call: OpenCall) -> str:
    """The outage after the chosen one among those that touch the caller; none comes after the last."""
    ids = [outage.id for outage in call.card.outages] if call.card else []
    choices = [*ids, ""]
    return choices[(choices.index(call.outage) + 1) % len(choices)] if call.outage in choices else choices[0]
