"""What the regulation demands of an outage, read from its text by someone who has not seen the desk's rules.

    owed(Happening(type="grid_fault", ...))  -> the notices owed, each with its articles and its deadline

One function per article, in article order. Words of recipients, channels and owners are those of the
command line's JSON. Nothing of `desk` is imported here: a mistake in the product cannot repeat itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ANY: frozenset[str] = frozenset()  # the text names no channel, or says "by any means"


@dataclass(frozen=True)
class Figures:
    """What a county may set: the length of words without a figure, how days count, which packs are in force."""

    immediately: timedelta = 15 * MINUTE
    promptly: timedelta = 2 * HOUR
    whole_days: bool = False
    packs: tuple[str, ...] = ("county", "national")


@dataclass(frozen=True)
class Person:
    """A customer, as far as the regulation asks."""

    account: str
    name: str
    voltage: str = ""
    special: bool = False
    important: bool = False
    medal: str = ""
    sector: str = ""
    group: str = ""
    contract_days: int | None = None


@dataclass(frozen=True)
class Happening:
    """An outage as it reaches the desk, with whom it touches. `start` is the announced or the actual one."""

    type: str
    received: datetime
    entered: datetime
    start: datetime
    customers: tuple[Person, ...] = ()
    branches: tuple[str, ...] = ()
    own_notice: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Owed:
    """One notice that is owed. An empty `owner` or `channels` means that the text leaves it open."""

    rules: tuple[str, ...]
    articles: tuple[str, ...]
    kind: str
    id: str
    due: datetime
    not_before: datetime | None = None
    owner: frozenset[str] = frozenset()
    channels: frozenset[str] = ANY
    at_least: frozenset[str] = ANY  # channels that must be among those offered
    after: frozenset[str] = frozenset()  # rules whose notice to the same recipient comes first
    same_as: str = field(default="", compare=False)  # the notice of another pack that this is, where it is one


Reading = Callable[[Happening, Figures], Iterator[Owed]]
Wanted = Callable[[Person], bool]


def owed(happening: Happening, figures: Figures = Figures()) -> frozenset[Owed]:
    """Every notice owed once the outage is entered, those that wait for an approval too."""
    rows = [row for article in ARTICLES[happening.type] for row in article(happening, figures)]
    return frozenset(stricter_wins(row for row in rows if _pack(row) in figures.packs))


def limits_broken(happening: Happening, figures: Figures = Figures()) -> frozenset[str]:
    """The articles whose limit on the desk's own side is broken already when the outage is entered."""
    found = set()
    late_plan = happening.received > days_before(happening.start, 7, figures)
    if happening.type == "planned_maintenance" and late_plan:
        found.add("9.1")
    if happening.type == "temporary_maintenance" and happening.entered - happening.received > figures.immediately:
        found.add("10.2")
    return frozenset(found) if "county" in figures.packs else frozenset()


# ---- who


def important(person: Person) -> bool:
    return person.important


def special_or_important(person: Person) -> bool:
    return person.special or person.important


def special_important_or_medal(person: Person) -> bool:
    return special_or_important(person) or bool(person.medal)


def everyone(_person: Person) -> bool:
    return True


def recipients(happening: Happening, wanted: Wanted) -> Mapping[str, tuple[Person, ...]]:
    """Who hears it: id -> the sites it is for.

    One owner with several sites in this outage hears once, for all of them, through its group; a site
    that asked for its own notice hears besides.
    """
    found: dict[str, list[Person]] = {}
    for person in filter(wanted, happening.customers):
        group = person.group if _sites(happening, person.group) > 1 else ""
        found.setdefault(group or person.account, []).append(person)
        if group and person.account in happening.own_notice:
            found.setdefault(person.account, []).append(person)
    return {name: tuple(persons) for name, persons in found.items()}


def _sites(happening: Happening, group: str) -> int:
    return sum(person.group == group for person in happening.customers) if group else 0


# ---- when


def days_before(moment: datetime, days: int, figures: Figures) -> datetime:
    """N days ahead: N x 24 h, or any time on that date where the county counts whole days."""
    exact = moment - days * DAY
    return datetime.combine(exact.date(), time(23, 59, 59), exact.tzinfo) if figures.whole_days else exact


# ---- the county's measures, article by article


def article_9_1(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """Dispatch sends the notice form to three offices; the office announces it seven days ahead."""
    soon = happening.received + figures.promptly
    for department in ("office", "marketing", "95598"):
        on_paper = frozenset({"written_notice", "fax", "internal"})
        yield county("A9.1c", "9.1", "department", department, soon, owner="dispatch", channels=on_paper)
    week = days_before(happening.start, 7, figures)
    yield county("A9.1d", "9.1", "public", "public", week, owner="office", channels={"media_announcement"})


def article_9_2(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """95598 telephones important customers, and faxes the branches, once the plan is entered."""
    soon = happening.entered + figures.promptly
    for name in recipients(happening, important):
        yield county("A9.2c", "9.2", "customer", name, soon, owner="95598", channels={"phone"})
    for branch in happening.branches:
        yield county("A9.2d", "9.2", "branch", branch, soon, owner="95598", channels={"fax"})


def article_9_3(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """A written notice, signed for, seven days ahead."""
    week = days_before(happening.start, 7, figures)
    for name in recipients(happening, special_or_important):
        yield county("A9.3", "9.3", "customer", name, week, owner="marketing", channels={"written_notice"})


def article_9_4(happening: Happening, figures: Figures) -> Iterator[Owed]:  # noqa: ARG001
    """The second notice, a day ahead and not earlier than two: it says it again, so it follows the first."""
    first = recipients(happening, important)
    for name in recipients(happening, special_or_important):
        second = county("A9.4", "9.4", "customer", name, happening.start - 24 * HOUR, owner="95598")
        yield replace(
            second,
            not_before=happening.start - 48 * HOUR,
            channels=frozenset({"phone", "sms"}),
            after=frozenset({"county:A9.3", "county:A9.2c"} if name in first else {"county:A9.3"}),
        )


def article_10_1(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """Whoever hears of it passes it on to 95598 and to the branches at once."""
    at_once = happening.received + figures.immediately
    receivers = [("department", "95598"), *(("branch", branch) for branch in happening.branches)]
    for kind, name in receivers:
        yield county("A10.1", "10.1", kind, name, at_once, owner="receiving_department", channels={"internal", "fax"})


def article_10_2(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """95598 tells the branches, once it is entered."""
    at_once = happening.entered + figures.immediately
    for branch in happening.branches:
        told = county("A10.2b", "10.2", "branch", branch, at_once, owner="95598")
        yield replace(told, at_least=frozenset({"fax"}))


def article_10_3(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """95598 calls or texts special, important and medal customers at once."""
    at_once = happening.entered + figures.immediately
    for name in recipients(happening, special_important_or_medal):
        yield county("A10.3", "10.3", "customer", name, at_once, owner="95598", channels={"phone", "sms"})


def article_11_3(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """The dispatcher on duty says at once what failed; special and important customers are telephoned."""
    said = happening.received + figures.immediately
    yield county("A11.3b", "11.3", "department", "95598", said, owner="duty_dispatcher", channels={"internal"})
    at_once = happening.entered + figures.immediately
    for name in recipients(happening, special_or_important):
        yield county("A11.3c", "11.3", "customer", name, at_once, owner="95598", channels={"phone"})


def article_12_2(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """The media say it beforehand; special and important customers are called or texted in time."""
    media = county("A12.2a", "12.2", "public", "public", happening.start, channels={"media_announcement"})
    yield replace(media, owner=frozenset({"office", "marketing"}))
    soon = min(happening.start, happening.entered + figures.promptly)
    for name in recipients(happening, special_or_important):
        yield county("A12.2b", "12.2", "customer", name, soon, owner="95598", channels={"phone", "sms"})


def article_13(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """A written notice seven days ahead or by contract, a filing for an important customer, and again at the end."""
    sites = recipients(happening, everyone)
    for name, persons in sites.items():
        # Sites of one owner may have contracts of their own: the paper for all of them keeps the longest.
        due = min(days_before(happening.start, _period(person), figures) for person in persons)
        yield county("A13a", "13", "customer", name, due, owner="service_branch", channels={"written_notice"})
    if any(map(important, happening.customers)):
        filed = happening.start
        yield county("A13b", "13", "authority", "power_authority", filed, owner="marketing", channels={"filing"})
    last = happening.start - 30 * MINUTE
    by = {"phone", "sms", "face_to_face"}
    for name in sites:
        yield county("A13c", "13", "customer", name, last, owner="service_branch", channels=by)


def _period(person: Person) -> int:
    return 7 if person.contract_days is None else person.contract_days


def article_14(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """The customer is told on the spot and given the form to sign; the leader hears afterwards."""
    on_the_spot = happening.entered + figures.immediately
    for name in recipients(happening, everyone):
        yield county("A14a", "14", "customer", name, on_the_spot, owner="inspection", channels={"face_to_face"})
        yield county("A14c", "14", "customer", name, on_the_spot, owner="inspection", channels={"written_notice"})
    soon = happening.entered + figures.promptly
    yield county("A14b", "14", "department", "leader", soon, owner="inspection", channels={"report"})


def article_15(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """What nobody could announce is explained to the public and to special and important customers, by any means."""
    soon = happening.entered + figures.promptly
    yield county("A15c", "15", "public", "public", soon, owner="95598")
    for name in recipients(happening, special_or_important):
        yield county("A15c", "15", "customer", name, soon, owner="95598")


def article_16_end(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """What could not be announced is reported to the leader immediately afterwards; by whom is left open."""
    at_once = happening.entered + figures.immediately
    yield county("A16c", "16", "department", "leader", at_once, channels={"report"})


# ---- the national statutes


def article_28_1(happening: Happening, figures: Figures) -> Iterator[Owed]:
    """Planned maintenance: a public announcement seven days ahead."""
    week = days_before(happening.start, 7, figures)
    yield national("N28.1", "28.1", "public", "public", week, same_as="county:A9.1d")


def article_28_2(happening: Happening, figures: Figures) -> Iterator[Owed]:  # noqa: ARG001
    """Temporary maintenance: important users are told a day ahead."""
    for name in recipients(happening, important):
        yield national("N28.2", "28.2", "customer", name, happening.start - 24 * HOUR, same_as="county:A10.3")


def article_29_fire(happening: Happening, figures: Figures) -> Iterator[Owed]:  # noqa: ARG001
    """What may hinder firefighting: the fire service is told beforehand."""
    if any(person.sector == "fire_service" for person in happening.customers):
        yield national("NF29", "29", "authority", "fire_service", happening.start)


ARTICLES: Mapping[str, tuple[Reading, ...]] = {
    "planned_maintenance": (article_9_1, article_9_2, article_9_3, article_9_4, article_28_1, article_29_fire),
    "temporary_maintenance": (article_10_1, article_10_2, article_10_3, article_28_2, article_29_fire),
    "grid_fault": (article_11_3, article_16_end),
    "supply_shortage": (article_12_2, article_29_fire),
    "arrears": (article_13,),
    "theft_violation": (article_14, article_16_end),
    "unforeseeable": (article_15, article_16_end),
    "hazard_removal": (),  # Art. 21 refers to the supply rules: the county's measures name no notice
    "account_closure": (),  # at the customer's own wish; no notice article
}


# ---- one notice of two packs


def stricter_wins(rows: Iterable[Owed]) -> list[Owed]:
    """A statute that asks for the county's own notice makes it one notice, with the earlier deadline."""
    found = {(row.rules[0], row.kind, row.id): row for row in rows}
    for (rule, kind, name), row in list(found.items()):
        other = found.get((row.same_as, kind, name))
        if other:
            found[row.same_as, kind, name] = _both(other, row)
            del found[rule, kind, name]
    return list(found.values())


def _both(mine: Owed, theirs: Owed) -> Owed:
    return replace(
        mine,
        rules=mine.rules + theirs.rules,
        articles=mine.articles + theirs.articles,
        due=min(mine.due, theirs.due),
    )


def county(
    rule: str, article: str, kind: str, name: str, due: datetime, *, owner: str = "", channels: Iterable[str] = ANY
) -> Owed:
    return Owed(
        rules=(f"county:{rule}",),
        articles=(article,),
        kind=kind,
        id=name,
        due=due,
        owner=frozenset({owner} if owner else ()),
        channels=frozenset(channels),
    )


def national(rule: str, article: str, kind: str, name: str, due: datetime, *, same_as: str = "") -> Owed:
    return Owed(rules=(f"national:{rule}",), articles=(article,), kind=kind, id=name, due=due, same_as=same_as)


def _pack(row: Owed) -> str:
    return row.rules[0].partition(":")[0]
