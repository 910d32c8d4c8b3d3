"""Who is owed what because of one outage: the affected customers are read once, and rules fall on recipients.

100,000 customers are of a few dozen sorts: the rules are asked once for each sort, not for each customer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from desk.i18n import _
from desk.records import Customer, Outage, Recipient, TransformerArea
from desk.regulation import vocabulary
from desk.regulation.facts import Happening, Told
from desk.regulation.pack import Rule
from desk.regulation.sorts import Sort, select_any, sort_of
from desk.regulation.terms import NO_CONTRACT, Contracts
from desk.regulation.words import RECIPIENTS

Chosen = tuple[int, ...]  # places in the outage's rules: quick to compare, whatever a rule holds
Members = tuple[tuple[str, frozenset[int]], ...]  # account → the rules that mean it


class Owed(NamedTuple):
    """A recipient and the rules that fall on it; `members` are the sites of a group, empty for anyone else."""

    recipient: Recipient
    rules: Chosen
    contracts: Contracts = NO_CONTRACT
    members: Members = ()


class Site(NamedTuple):
    """One affected customer that belongs to a group."""

    account: str
    name: str
    rules: Chosen
    contract: int | None


class Audience:
    """The affected customers of one outage, as far as its rules ask for them."""

    def __init__(
        self, rules: Sequence[Rule], outage: Outage, areas: Mapping[str, TransformerArea], happening: Happening | None
    ) -> None:
        self.sorts: set[Sort] = set()
        self.accounts: set[str] = set()  # filled when something happened: who fell out is then looked for
        self._rules = rules
        self._news = frozenset(place for place, rule in enumerate(rules) if "told" in rule.recipients)
        self._areas = areas
        self._branches = set(outage.affected.service_branches)
        self.own_notice = frozenset(str(account) for account in _listed(outage.facts.get("own_notice")))
        self._told = happening.told if happening else ()
        self._routes = _routes(self._told)
        self._keeps_accounts = happening is not None
        self._singles: list[Owed] = []
        self._groups: dict[str, list[Site]] = {}

    def take(self, customers: Iterable[Customer]) -> None:
        """Read the affected customers; nothing of them is kept but what a duty needs."""
        known: dict[tuple[bool, bool, str, str, str, bool], Chosen] = {}
        touched: set[str] = set()
        for customer in customers:
            account = customer.account_no
            touched.add(customer.transformer_area)
            knows = account in self._routes
            flags = (customer.special, customer.important, customer.medal, customer.voltage, customer.sector, knows)
            rules = known.get(flags)
            if rules is None:
                known[flags] = rules = self._rules_for(sort_of(customer), knows)
            if self._keeps_accounts:
                self.accounts.add(account)
            if customer.group:
                site = Site(account, customer.name, rules, customer.contract_notice_days)
                self._groups.setdefault(customer.group, []).append(site)
            elif rules:
                contract = customer.contract_notice_days
                contracts = NO_CONTRACT if contract is None else frozenset({contract})
                self._singles.append(Owed(_customer(account, customer.name), rules, contracts))
        self._branches.update(area.service_branch for name in touched if (area := self._areas.get(name)))
        self._branches.discard("")

    def owed(self) -> Iterator[Owed]:
        """Every recipient with its rules: departments and the public first, then customers by account."""
        others = self._others()
        yield from others
        yield from self._corrections({(owed.recipient.kind, owed.recipient.id) for owed in others})
        yield from sorted(self._customers(), key=_by_id)

    def called_off(self) -> Iterator[Owed]:
        """Everyone who believes in the outage, now that it will not take place."""
        return (_owed_to(told, told.accounts, tuple(self._news)) for told in self._told)

    def _rules_for(self, sort: Sort, knows: bool) -> Chosen:
        self.sorts.add(sort)
        news = self._news if knows else ()
        found = enumerate(self._rules)
        return tuple(place for place, rule in found if place in news or select_any(rule.recipients, sort))

    def _customers(self) -> Iterator[Owed]:
        yield from self._singles
        for group, sites in self._groups.items():
            alone = sites if len(sites) == 1 else [site for site in sites if site.account in self.own_notice]
            if len(sites) > 1:
                yield self._group(group, sites)
            yield from (self._single(site) for site in alone)

    def _group(self, group: str, sites: list[Site]) -> Owed:
        means = {site.account: frozenset(self._heard(site, group)) for site in sites}
        rules = tuple(sorted(frozenset().union(*means.values())))
        contracts = frozenset(site.contract for site in sites if means[site.account])
        return Owed(_customer(group, group), rules, contracts, tuple(sorted(means.items())))

    def _single(self, site: Site) -> Owed:
        return Owed(_customer(site.account, site.name), self._heard(site, site.account), frozenset({site.contract}))

    def _heard(self, site: Site, recipient: str) -> Chosen:
        """The rules that mean a site when this recipient is told. A site with a notice of its own and its group are
        two to be told: what the one heard is no news to the other."""
        routes = self._routes.get(site.account, frozenset())
        if site.account in self.own_notice and recipient not in routes:
            return tuple(place for place in site.rules if place not in self._news)
        return site.rules

    def _others(self) -> list[Owed]:
        """Departments, branches, authorities and the public; who of them was told also hears the news."""
        meant: dict[tuple[str, str], set[int]] = {}
        for place, rule in enumerate(self._rules):
            for recipient in self._places(rule) if self._holds(rule) else ():
                meant.setdefault(recipient, set()).add(place)
        for told in self._told:
            recipient = (told.recipient.kind, told.recipient.id)
            if recipient in meant:
                meant[recipient] |= self._news
        return [Owed(_recipient(*recipient), tuple(sorted(meant[recipient]))) for recipient in sorted(meant)]

    def _places(self, rule: Rule) -> Iterator[tuple[str, str]]:
        for word in rule.recipients:
            kind, _colon, name = word.partition(":")
            if kind in ("department", "authority"):
                yield kind, name
            elif word == "branches":
                yield from (("branch", branch) for branch in self._branches)
            elif word == "public":
                yield "public", "public"

    def _holds(self, rule: Rule) -> bool:
        """Whether one of the affected customers is such that the rule is asked for at all."""
        prefix = vocabulary.AFFECTS
        wanted = [word.removeprefix(prefix) for word in rule.only_if if word.startswith(prefix)]
        return not wanted or any(select_any(wanted, sort) for sort in self.sorts)

    def _corrections(self, meant: Collection[tuple[str, str]]) -> Iterator[Owed]:
        """Who was told and is no longer affected, as far as a rule asks for a correction."""
        rules = tuple(place for place, rule in enumerate(self._rules) if "fallen_out" in rule.recipients)
        for told in self._told if rules else ():
            if told.recipient.kind == "customer":
                gone = tuple(account for account in told.accounts if account not in self.accounts)
                if gone:
                    yield _owed_to(told, gone, rules)
            elif (told.recipient.kind, told.recipient.id) not in meant:
                yield _owed_to(told, (), rules)


def _owed_to(told: Told, accounts: Iterable[str], rules: Chosen) -> Owed:
    """What is owed to somebody as they were told: a group by its sites."""
    grouped = told.recipient.kind == "customer" and told.recipient.id not in told.accounts
    members = tuple((account, frozenset(rules)) for account in sorted(accounts)) if grouped else ()
    return Owed(told.recipient, tuple(sorted(rules)), NO_CONTRACT, members)


def _routes(told: Iterable[Told]) -> dict[str, frozenset[str]]:
    """Each account that somebody was told of → the recipients that were."""
    routes: dict[str, frozenset[str]] = {}
    for one in told:
        for account in one.accounts if one.recipient.kind == "customer" else ():
            routes[account] = routes.get(account, frozenset()) | {one.recipient.id}
    return routes


def _customer(id: str, name: str) -> Recipient:
    return Recipient(kind="customer", id=id, name=name)


def _recipient(kind: str, id: str) -> Recipient:
    selector = kind if kind == "public" else f"{kind}:{id}"
    return Recipient(kind=kind, id=id, name=_(RECIPIENTS[selector]) if selector in RECIPIENTS else id)


def _by_id(owed: Owed) -> tuple[str, bool]:
    return owed.recipient.id, bool(owed.members)


def _listed(value: object) -> Iterable[object]:
    if isinstance(value, str):
        return value.replace("，", ",").replace("、", ",").replace(",", " ").split()
    return value if isinstance(value, list | tuple) else ()
