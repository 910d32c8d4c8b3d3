"""Calls as an agent deals with them: find the caller, see the card, read the script out, log.

    calls = Calls(place, Outages(place))
    card = calls.card(calls.find("张三 城东")[0].customer.account_no)
    proposal = calls.propose(card)
    calls.log(CallRequest(topic=proposal.topic, account_no=card.customer.account_no))

Telephone numbers are masked in what is found and shown, unless the role may see them; `Access.reveal`
gives them in full and leaves a line in the audit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from desk.access import Access
from desk.access.needs import needs
from desk.calls.log import search_log
from desk.calls.requests import CallRequest, read_call
from desk.errors import BadInput, NotFound
from desk.i18n import _
from desk.outages import Outages
from desk.outages.live import just_restored, takes_calls
from desk.phone_numbers import key as phone_key
from desk.phone_numbers import masked
from desk.place import Place
from desk.records import ACTIVE, Call, Customer, Draft, Outage, Phone, Status, Topic, TransformerArea
from desk.store.lookup import Match
from desk.store.lookup import find as find_customers

if TYPE_CHECKING:
    from desk.callbacks import Callbacks
    from desk.predicting import Predicting
    from desk.scripts import Script, Scripts

__all__ = ["CallRequest", "Calls", "Card", "Found", "Proposal", "read_call"]

MISCONDUCT = Topic.REPORT_OF_MISCONDUCT
ABOUT_SUPPLY = frozenset({Topic.OUTAGE_INQUIRY, Topic.TROUBLE})
SOON = timedelta(hours=24)
RECENT_CALLS = 10


class Found(Struct, frozen=True, kw_only=True):
    """A customer that a query found, what it matched, and what touches the customer's supply."""

    customer: Customer
    matched: str
    outages: tuple[str, ...]
    feeder: str


class Card(Struct, frozen=True, kw_only=True):
    """All an agent needs about one caller. `calls` are the latest, newest first."""

    customer: Customer
    area: TransformerArea | None
    outages: tuple[Outage, ...]
    calls: tuple[Call, ...]


class Proposal(Struct, frozen=True):
    """What a call is probably about, before the caller has said it."""

    topic: Topic
    outage: Outage | None = None


class Calls:
    """The county's calls. A call that was returned by `log` is stored."""

    def __init__(self, place: Place, outages: Outages) -> None:
        self._place = place
        self._outages = outages
        self._access = Access(place)

    @cached_property
    def callbacks(self) -> Callbacks:
        """Whom we promised to call back."""
        from desk.callbacks import Callbacks
        from desk.cases import Cases

        return Callbacks(self._place, Cases(self._place))

    @cached_property
    def predicting(self) -> Predicting:
        """What calls point to, on the board."""
        from desk.predicting import Predicting

        return Predicting(self._place, self._outages, lambda calls: self.callbacks.regrouped(calls))

    @cached_property
    def _scripts(self) -> Scripts:
        from desk.scripts import Scripts

        return Scripts(self._place)

    def find(self, query: str, limit: int = 20) -> list[Found]:
        """Customers by any words of account, meter, phone, name, pinyin or address, best first."""
        self._access.require("look_up")
        return self._found(find_customers(self._place.customers, query, limit))

    @needs("look_up")
    def caller(self, number: str, limit: int = 20) -> list[Found]:
        """The customers a ringing number belongs to; empty when it is nobody's or withheld."""
        digits = phone_key(number, self._place.config.county.area_code)
        matches = find_customers(self._place.customers, digits, limit) if digits else []
        return self._found(match for match in matches if _has_number(match.customer, digits))

    @needs("look_up")
    def card(self, account_no: str) -> Card:
        """The card of one customer; raises NotFound."""
        place = self._place
        customer = place.customers.get(account_no)
        if customer is None:
            raise NotFound(_("there is no customer {account}").format(account=account_no))
        return Card(
            customer=self._shown(customer),
            area=place.network.get(customer.transformer_area),
            outages=tuple(self._touching(customer)),
            calls=tuple(self.search(account_no=account_no, limit=RECENT_CALLS)),
        )

    def propose(self, card: Card | None) -> Proposal:
        """Topic and outage as they most likely are: off now, then due or just restored, then within a day."""
        now = self._place.now()
        for outage in card.outages if card else ():
            if takes_calls(outage, now, self._back) or _soon(outage, now):
                return Proposal(Topic.OUTAGE_INQUIRY, outage)
        return Proposal(Topic.TROUBLE)

    def script(self, card: Card | None, outage: Outage | None) -> Script:
        """What to say to this caller about this outage, now; never raises."""
        return self._scripts.script(card.customer if card else None, outage)

    def log(self, request: CallRequest) -> Call:
        """Save a call, durably. A call about supply joins the outage that explains it and raises its count."""
        self._access.require("log_call")
        place, at = self._place, self._at(request)
        customer = self._customer(request)
        touching = self._live(customer)
        outage_id = self._named(request) or self._explaining(request, touching, at)
        with place.store.transaction():
            call = place.calls_table.add(lambda number: self._call(number, request, customer, outage_id, at))
            if outage_id:
                self._count(outage_id)
            call = self._followed(call, customer, touching)
            if call.callback:
                self.callbacks.promise(call, customer)
            if request.draft:
                place.drafts_table.remove(request.draft)
            self._access.note("call.log", call.id, {"outage": call.outage or call.predicted})
            place.tell("call_logged", call)
        return call

    def stored_as(self, key: str) -> Call | None:
        """The call that was saved under this key."""
        return next(iter(self._place.calls_table.where(key=key)), None) if key else None

    @needs("look_up")
    def search(
        self,
        text: str = "",
        account_no: str = "",
        since: datetime | None = None,
        limit: int = 200,
    ) -> list[Call]:
        """Calls, newest first: of one account, since a moment, holding every word of `text` (words of the
        note, a name, part of a number, an outage's id).

        Who may not see reports of misconduct finds such calls as others without words, and not by their words.
        """
        found = search_log(self._place, text, account_no, since, limit)
        if not self._access.may("see_misconduct"):
            found = [_discreet(call) for call in found if not (text.strip() and call.topic is MISCONDUCT)]
        return found if self._access.may("see_numbers") else [self._masked_call(call) for call in found]

    def keep_draft(self, draft: Draft) -> Draft:
        """Store what was typed so far; a draft without id is given one."""
        place = self._place
        draft = replace(draft, agent=draft.agent or place.agent)
        if draft.id:
            place.drafts_table.put(draft)
            return draft
        return place.drafts_table.add(lambda number: replace(draft, id=f"D{number}"))

    def drafts(self, seat: str = "") -> list[Draft]:
        """The unsaved calls of a seat (this one, when empty), oldest first; where agents sign in, one's own."""
        place = self._place
        found = place.drafts_table.where(seat=seat or place.seat)
        return [draft for draft in found if not place.signs_in or draft.agent in ("", place.agent)]

    def drop_draft(self, draft_id: str) -> None:
        """Forget an unsaved call."""
        self._place.drafts_table.remove(draft_id)

    def _found(self, matches: Iterable[Match]) -> list[Found]:
        areas: dict[str, TransformerArea | None] = {}
        found = []
        for match in matches:
            customer = match.customer
            name = customer.transformer_area
            if name not in areas:
                areas[name] = self._place.network.get(name)
            area = areas[name]
            touching = self._outages.touching(customer, area)
            found.append(
                Found(
                    customer=self._shown(customer),
                    matched=match.matched,
                    outages=tuple(outage.id for outage in touching),
                    feeder=area.feeder if area else "",
                )
            )
        return found

    def _touching(self, customer: Customer) -> list[Outage]:
        """Now or ahead, then what came back within the half hour: a caller may still be in the dark."""
        now = self._place.now()
        area = self._place.network.get(customer.transformer_area)
        restored = (
            outage for outage in self._outages.live.touching(customer, area) if just_restored(outage, now, self._back)
        )
        ahead = self._outages.touching(customer, area)
        off = [outage for outage in ahead if takes_calls(outage, now, self._back)]
        return [*off, *restored, *(outage for outage in ahead if outage not in off)]

    @property
    def _back(self) -> timedelta:
        """For so long a restored outage still explains a call."""
        return timedelta(minutes=self._place.config.trouble.restored_minutes)

    def _at(self, request: CallRequest) -> datetime:
        now = self._place.now()
        if request.at and request.at > now:
            raise BadInput(_("a call at {at} is still to come").format(at=request.at.strftime("%Y-%m-%d %H:%M")))
        return request.at or now

    def _customer(self, request: CallRequest) -> Customer | None:
        """The customer named, or the only one with this number; a call of an unknown caller is logged too."""
        customers = self._place.customers
        if request.account_no:
            return customers.get(request.account_no)
        digits = phone_key(request.number, self._place.config.county.area_code) if request.number else ""
        if not digits:
            return None
        matches = [match.customer for match in find_customers(customers, digits, 20)]
        owners = [customer for customer in matches if _has_number(customer, digits)]
        return owners[0] if len(owners) == 1 else None

    def _named(self, request: CallRequest) -> str:
        return self._outages.get(request.outage).id if request.outage else ""

    def _live(self, customer: Customer | None) -> list[Outage]:
        """The outages of the board that take this customer's supply, or took it lately."""
        if customer is None:
            return []
        return self._outages.live.touching(customer, self._place.network.get(customer.transformer_area))

    def _followed(self, call: Call, customer: Customer | None, touching: list[Outage]) -> Call:
        """The stored call with what it points to: a predicted outage, or an outage restored too early."""
        over = self.predicting.still_out(touching, call.at) if call.topic in ABOUT_SUPPLY else None
        known = replace(call, still_out=over.id) if over and call.outage in ("", over.id) else call
        followed = self.predicting.followed(known, customer, touching)
        if followed != call:
            self._place.calls_table.put(followed)
        return followed

    def _explaining(self, request: CallRequest, touching: list[Outage], at: datetime) -> str:
        """The outage that explains a call about supply: off now, then due, then restored within half an hour."""
        if request.topic not in ABOUT_SUPPLY:
            return ""
        found = [item for item in touching if takes_calls(item, at, self._back)]
        found.sort(key=lambda item: (item.status not in ACTIVE, item.status is not Status.SCHEDULED))
        return found[0].id if found else ""

    def _count(self, outage_id: str) -> None:
        table = self._place.outages_table
        outage, revision = table.get(outage_id), table.revision(outage_id)
        if outage is not None:
            table.put(replace(outage, calls=outage.calls + 1), revision=revision)

    def _call(self, number: int, request: CallRequest, customer: Customer | None, outage_id: str, at: datetime) -> Call:
        place = self._place
        return Call(
            id=f"C{number}",
            at=at,
            topic=request.topic,
            number=phone_key(request.number, place.config.county.area_code) if request.number else "",
            written_number=request.number,
            account_no=customer.account_no if customer else request.account_no,
            customer_name=customer.name if customer else "",
            transformer_area=customer.transformer_area if customer else "",
            trouble_code=request.trouble_code,
            multiple_premises=request.multiple_premises,
            hazard=request.hazard,
            note=request.note,
            outcome=request.outcome,
            outage=outage_id,
            callback=request.callback,
            agent=request.agent or place.agent,
            seat=place.seat,
            spoken=request.spoken,
            key=request.key,
        )

    def _shown(self, customer: Customer) -> Customer:
        if self._access.may("see_numbers") or not customer.phones:
            return customer
        return replace(customer, phones=tuple(map(_hidden, customer.phones)))

    def _masked_call(self, call: Call) -> Call:
        from desk.phone_numbers import read_phone

        hidden = masked(read_phone(call.written_number, self._place.config.county.area_code))
        return replace(call, number="", written_number=hidden)


def _discreet(call: Call) -> Call:
    """A call as an ordinary agent sees it: that it was a report of misconduct does not show."""
    return replace(call, topic=Topic.OTHER, note="") if call.topic is MISCONDUCT else call


def _hidden(phone: Phone) -> Phone:
    return Phone(written=masked(phone), kind=phone.kind, role=phone.role)


def _has_number(customer: Customer, digits: str) -> bool:
    return any(phone.number.lstrip("+") == digits for phone in customer.phones)


def _soon(outage: Outage, now: datetime) -> bool:
    start = outage.planned_start
    return outage.status is Status.SCHEDULED and start is not None and start - now <= SOON
