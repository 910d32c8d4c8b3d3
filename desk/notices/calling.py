"""A duty on the telephone: the number to dial, the words to say, what to have read back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from desk.i18n import _
from desk.notices.phone import Step, next_step
from desk.notices.results import Result, possible
from desk.place import Place
from desk.records import Claim, Customer, Duty, Outage

if TYPE_CHECKING:
    from datetime import datetime


class Spoken(Protocol):
    """The words to read out, as `desk.scripts` makes them."""

    @property
    def text(self) -> str: ...
    @property
    def template(self) -> str: ...
    @property
    def hash(self) -> str: ...


Speaker = Callable[[Customer | None, Outage], Spoken]


class PhoneCall(Struct, frozen=True, kw_only=True):
    """What an agent needs for the next try at a duty.

    `number` is as the role may see it; empty where no number is known. `channel` is phone, or what the duty has come
    to after the numbers were tried in vain. `read_back` is what the person reached is asked to say back. `elsewhere`:
    another seat deals with it, or talks to this customer over something else.
    """

    duty: Duty
    outage: Outage
    channel: str
    number: str
    role: str = ""
    digits: str = ""  # what a dialling plugin dials; empty while the number is masked
    tries: int = 0
    text: str = ""
    template: str = ""
    hash: str = ""
    read_back: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    elsewhere: Claim | None = None


def phone_call(
    place: Place,
    duty: Duty,
    outage: Outage,
    customer: Customer | None,
    speak: Speaker | None,
    elsewhere: Claim | None = None,
    *,
    in_full: bool = False,
) -> PhoneCall:
    """The next try at a duty, made ready."""
    step = next_step(duty, customer.phones if customer else (), place.config.notices.tries)
    words = speak(customer, outage) if speak else None
    return PhoneCall(
        duty=duty,
        outage=outage,
        channel=step.channel,
        number=_number(place, duty, step, in_full=in_full),
        role=step.phone.role if step.phone else "",
        digits=step.number if in_full else "",
        tries=step.tries,
        text=words.text if words else "",
        template=words.template if words else "",
        hash=words.hash if words else "",
        read_back=read_back(outage),
        results=possible(duty, step.channel),
        elsewhere=elsewhere,
    )


def _number(place: Place, duty: Duty, step: Step, *, in_full: bool) -> str:
    from desk.access import Access
    from desk.phone_numbers import masked, shown

    if step.phone is None:
        return place.config.notices.contacts.get(duty.recipient.id, "") if step.channel == "phone" else ""
    return shown(step.phone) if in_full or Access(place).may("see_numbers") else masked(step.phone)


def read_back(outage: Outage) -> tuple[str, ...]:
    """What must have arrived: when supply goes, when it is back, where."""
    start, end = outage.actual_start or outage.planned_start, outage.etr or outage.planned_end
    lines = (
        (_("off from {at}"), _said(start)),
        (_("back by {at}"), _said(end)),
        (_("where: {at}"), outage.area),
    )
    return tuple(text.format(at=value) for text, value in lines if value)


def _said(at: datetime | None) -> str:
    return at.strftime("%m-%d %H:%M") if at else ""
