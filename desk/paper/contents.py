"""What stands on a paper, as plain data for its form: the outage, the recipient, the sites, the articles.

Everything here is text in the language of the county's notices (`[messages] language`), whatever the screen speaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from itertools import islice
from typing import Any

import msgspec

from desk.errors import NotFound
from desk.i18n import _, in_language
from desk.notices import Notices
from desk.notices.order import missing
from desk.outages.board import area_words, expected_end
from desk.paper.dates import Dates
from desk.paper.walking import Round, Stop, in_walking_order
from desk.paper.words import KINDS, PLACES, SUBJECT, WORDS
from desk.place import Place
from desk.records import Affected, Approval, Customer, Duty, Message, Outage
from desk.regulation.words import PRACTICE

Content = dict[str, Any]

FACTS = ("overdue_days", "demands", "amount", "application", "filing", "inspector", "work_unit", "form_number")
AREAS_NAMED = 12
OUTAGES_NAMED = 6  # in the head of a round over several outages


class Contents:
    """Makes the data of papers; reads what it shares between papers of one run once."""

    def __init__(self, place: Place, notices: Notices) -> None:
        self._place = place
        self._notices = notices
        self.language = place.config.messages.language
        self.short = "zh" if self.language.startswith("zh") else "en"
        self.dates = Dates(self.short, place.clock.zone)
        self._bases: dict[tuple[str, ...], str] = {}

    def notice(self, duty: Duty, outage: Outage, approvals: Sequence[Approval]) -> Content:
        """A notice to one recipient. `approvals` are the outage's: while one is missing the paper is a draft."""
        draft = missing(duty.waits_for, approvals, self._place.now())
        return {
            **self._head(f"{outage.reference or outage.id}-{duty.id}"),
            "kind": KINDS.get(duty.notice, outage.type),
            "duty": duty.id,
            "due": self.dates.moment(duty.due),
            "draft": self.words("draft") if draft else "",
            "basis": self._basis(duty.rules),
            "outage": self._outage(outage),
            "was": self._was(outage) if duty.notice == "times_changed" else "",
            "facts": self._facts(outage),
            **self._recipient(duty),
        }

    def announcement(self, outage: Outage, duty: Duty | None, approvals: Sequence[Approval]) -> Content:
        """What the media carry: without the words, which `announcing` makes of it."""
        kind = KINDS.get(duty.notice, outage.type) if duty else outage.type
        draft = missing(duty.waits_for, approvals, self._place.now()) if duty else ()
        return {
            **self._head(outage.reference or outage.id),
            "kind": kind,
            "draft": self.words("draft_page") if draft else "",
            "outage": self._outage(outage),
            "was": self._was(outage) if kind == "changed" else "",
            "order": str(outage.facts.get("order_list") or ""),
        }

    def approval(self, outage: Outage, approvals: Sequence[Approval]) -> Content:
        """The approvals of an outage in their order, those given with name and time."""
        needed = min((one.needed_by for one in approvals if one.needed_by), default=None)
        rules = tuple(dict.fromkeys(one.rule for one in approvals if one.rule))
        accounts = self._customers(outage.scope.accounts)
        return {
            **self._head(outage.reference or outage.id),
            "due": self.dates.moment(needed),
            "basis": self._basis(rules),
            "outage": self._outage(outage),
            "facts": self._facts(outage),
            "to": {
                "name": self.words("and").join(one.name for one in accounts),
                "address": self.words("and").join(one.address for one in accounts if one.address),
            },
            "steps": [
                {"step": one.step, "by": one.by, "at": self.dates.moment(one.at), "mode": one.mode, "ref": one.ref}
                for one in approvals
            ],
        }

    def letter(self, message: Message, sites: Sequence[str]) -> Content:
        """A fax to one recipient; dated as the message is, so that it is the same whenever it is made."""
        return {
            **self._head(message.duty or message.id),
            "made_at": self.dates.moment(message.made_at),
            "to": {"name": message.recipient.name or message.recipient.id, "fax": message.address},
            "subject": message.subject or in_language(SUBJECT, self.language),
            "paragraphs": [line.strip() for line in message.body.splitlines() if line.strip()],
            "made": self.dates.day(message.made_at),
            "sites": self._sites(sites),
        }

    def recipient_name(self, duty: Duty) -> str:
        """Whom a duty is owed to, in the language of the notices."""
        place = PLACES.get(duty.recipient.id) if duty.recipient.kind != "customer" else None
        return place[self.short] if place else duty.recipient.name

    def round(self, of: Round, nobody: str) -> Content:
        """A list of deliveries; `nobody` is what is written over those that belong to no branch."""
        outages = dict.fromkeys(one.duty.outage for one in of.stops)
        return {
            **self._head(""),
            "branch": of.branch or nobody,
            "under": self.words("and").join(self._under(id) for id in islice(outages, OUTAGES_NAMED)),
            "foot": self.words("made").format(
                county=self._place.config.county.name, at=self.dates.moment(self._place.now())
            ),
            "done": of.done,
            "stops": [self._stop(one) for one in of.stops],
        }

    def _under(self, outage_id: str) -> str:
        outage = self._place.outages_table.get(outage_id)
        if outage is None:
            return outage_id
        start = outage.actual_start or outage.planned_start
        return f"{outage.reference or outage.id} {self.dates.short(start)}"

    def _stop(self, one: Stop) -> Content:
        tries = [line for line in one.duty.evidence if line.channel == "written_notice"]
        last = tries[-1] if tries else None
        return {
            "duty": one.duty.id,
            "area": one.area,
            "name": one.name + (self.words("sites").format(count=one.sites) if one.sites else ""),
            "account_no": one.account_no,
            "address": one.address,
            "due": self.dates.short(one.duty.due),
            "settled": one.settled,
            "result": last.result if last else "",
            "tries": len(tries),
            "person": last.person if last else "",
            "at": self.dates.short(last.at) if last else "",
        }

    def blank(self) -> Content:
        """A paper that is filled in by hand."""
        nobody = {"name": "", "account_no": "", "address": "", "sector": ""}
        nothing = dict.fromkeys(("id", "type", "label", "cause", "area", "start", "end", "ended", "span"), "")
        more = dict.fromkeys(("feeders", "areas", "branches", "customers", "received"), "")
        return {
            **self._head(""),
            **dict.fromkeys(("kind", "duty", "due", "draft", "basis", "was"), ""),
            "made": "",
            "outage": {**nothing, **more, "phases": []},
            "facts": dict.fromkeys(FACTS, ""),
            "to": nobody,
            "sites": [],
            "steps": [],
        }

    def outage(self, outage_id: str) -> Outage:
        """The outage called `outage_id`; raises NotFound."""
        outage = self._place.outages_table.get(outage_id.strip().upper())
        if outage is None:
            raise NotFound(_("there is no outage {id}; `desk outages` lists them").format(id=outage_id))
        return outage

    def words(self, name: str) -> str:
        return WORDS[name][self.short]

    # Inside

    def _head(self, number: str) -> Content:
        return {
            "language": self.short,
            "county": self._place.config.county.name,
            "made": self.dates.day(self._place.now()),
            "number": number,
        }

    def _outage(self, outage: Outage) -> Content:
        kind = self._place.plugins.outage_types.get(outage.type)
        dates, affected, scope = self.dates, outage.affected, outage.scope
        start, end = outage.actual_start or outage.planned_start, outage.actual_end or expected_end(outage)
        private = bool(kind and kind.private)
        feeders = () if private else tuple(dict.fromkeys((*affected.feeders, *scope.feeders, *scope.laterals)))
        return {
            "id": outage.id,
            "type": outage.type,
            "label": kind.named(self.language)[0] if kind else outage.type,
            "cause": outage.cause or (in_language(kind.causes, self.language) if kind else ""),
            "area": outage.area or ("" if private else area_words(outage)),
            "start": dates.moment(start),
            "end": dates.moment(end),
            "ended": dates.moment(outage.actual_end),
            "span": self._span(start, end),
            "feeders": self._listed(feeders),
            "areas": self._listed(() if private else affected.transformer_areas),
            "branches": self._listed(affected.service_branches),
            "customers": "" if private else self._counted(affected),
            "received": dates.moment(outage.received_at),
            "phases": self._phases(outage),
        }

    def _counted(self, of: Affected) -> str:
        counts = {"customers": of.customers, "special": of.special, "important": of.important}
        return self.words("customers").format(**counts)

    def _phases(self, outage: Outage) -> list[Content]:
        """The phases that lie in the planned time: a plan that was moved keeps those that were entered with it."""
        start, end = outage.planned_start, outage.planned_end
        within = [one for one in outage.phases if (not start or one.start >= start) and (not end or one.end <= end)]
        moments = [*(at for one in within for at in (one.start, one.end)), *filter(None, (start, end))]
        days = {at.astimezone(self.dates.zone).date() for at in moments}
        span = self.dates.hours if len(days) == 1 else self.dates.span  # the date stands once already
        return [{"span": span(one.start, one.end), "supply": one.supply, "note": one.note} for one in within]

    def _span(self, start: datetime | None, end: datetime | None) -> str:
        span, length = self.dates.span(start, end), self.dates.length(start, end)
        return self.words("about").format(span=span, length=length) if length else span

    def _was(self, outage: Outage) -> str:
        """The times before they were last moved."""
        for change in reversed(outage.history):
            if "planned_start" in change.values or "planned_end" in change.values:
                start, end = (
                    _moment(change.values[name][0]) if name in change.values else getattr(outage, name)
                    for name in ("planned_start", "planned_end")
                )
                return self.dates.span(start, end)
        return ""

    def _facts(self, outage: Outage) -> Content:
        facts = {name: _text(outage.facts.get(name)) for name in FACTS}
        return {**facts, "amount": _money(outage.facts.get("amount"))}

    def _listed(self, names: Sequence[str]) -> str:
        text = self.words("and").join(names[:AREAS_NAMED])
        return text + self.words("more").format(count=len(names)) if len(names) > AREAS_NAMED else text

    def _recipient(self, duty: Duty) -> Content:
        if duty.recipient.kind != "customer":
            return {
                "to": {"name": self.recipient_name(duty), "account_no": "", "address": "", "sector": ""},
                "sites": [],
            }
        if duty.sites:
            to = {"name": duty.recipient.name, "account_no": "", "address": "", "sector": ""}
            return {"to": to, "sites": self._sites(duty.sites)}
        known = self._place.customers.get(duty.recipient.id)
        to = {
            "name": known.name if known else duty.recipient.name,
            "account_no": duty.recipient.id,
            "address": known.address if known else "",
            "sector": ("special_need" if known.special_need else known.sector) if known else "",
        }
        return {"to": to, "sites": []}

    def _sites(self, accounts: Sequence[str]) -> list[Content]:
        found = in_walking_order(self._customers(accounts), self._place.grid)
        return [{"account_no": one.account_no, "name": one.name, "address": one.address} for one in found]

    def _customers(self, accounts: Sequence[str]) -> list[Customer]:
        return self._place.customers.where(account_no=list(accounts)) if accounts else []

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        packs = self._notices.owing.regulation.packs
        return {pack.id: in_language(pack.title, self.language) for pack in packs}

    def _basis(self, rules: tuple[str, ...]) -> str:
        """The articles by which it is owed, each with its source; what was not yet checked is not cited."""
        if rules not in self._bases:
            cited = (self._cited(rule) for rule in rules)
            self._bases[rules] = self.words("or").join(dict.fromkeys(words for words in cited if words))
        return self._bases[rules]

    def _cited(self, rule: str) -> str:
        entry = self._notices.owing.regulation.by_name.get(rule)
        if entry is None or not entry.verified or PRACTICE in entry.articles:
            return ""
        if entry.source and self.short == "zh":
            return entry.source
        article = self.words("and").join(self.dates.article(number) for number in entry.articles)
        return self.words("title").format(title=self._titles.get(entry.pack, entry.pack), article=article)


def fingerprint(form: bytes, content: Mapping[str, Any]) -> str:
    """What tells one wording from another: of the form's text and all that was filled in."""
    return sha256(form + msgspec.json.encode(content, order="deterministic")).hexdigest()


def _text(value: object) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "、".join(map(str, value))
    return "" if value is None or isinstance(value, bool) else str(value)


def _money(value: object) -> str:
    """Yuan with two decimals: 12,834.50."""
    return f"{value:,.2f}" if isinstance(value, int | float) and not isinstance(value, bool) else _text(value)


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None
