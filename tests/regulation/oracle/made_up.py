"""Made-up small counties and outages in them: every type, every flag, every edge of a deadline; by a seed.

county = a_county(Random(1))
made = an_outage(Random(2), county)     # made.request for the desk, made.happening for the reading
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from oracle.reading import ARTICLES, Happening, Person

ZONE = ZoneInfo("Asia/Shanghai")
DAY, HOUR, MINUTE, SECOND = (timedelta(**{unit: 1}) for unit in ("days", "hours", "minutes", "seconds"))
NOTHING = timedelta(0)
START = datetime(2026, 1, 1, tzinfo=ZONE)

TYPES = tuple(ARTICLES)
UNPLANNED = ("grid_fault", "theft_violation", "unforeseeable")
BRANCHES = ("城关所", "城西所", "西湾所", "")
SECTORS = ("", "", "", "hospital", "mine", "school", "fire_service", "chemical", "farm")
VOLTAGES = ("0.4kV", "0.4kV", "10kV", "35kV", "")
GROUPS = ("", "", "", "移动公司", "农商行")
MEDALS = ("", "", "", "", "gold", "silver", "bronze")
CONTRACT_DAYS = (None, None, None, None, 1, 3, 7, 10, 30)

# How long before it is entered the desk got the information; how long after that it starts.
HEARD = (NOTHING, NOTHING, SECOND, 15 * MINUTE, 15 * MINUTE + SECOND, 40 * MINUTE, 3 * HOUR, 26 * HOUR, 9 * DAY)
AHEAD = (
    *(7 * DAY, 7 * DAY - SECOND, 7 * DAY + SECOND, 12 * DAY, 30 * DAY, 6 * DAY + 20 * HOUR),
    *(48 * HOUR, 24 * HOUR, 24 * HOUR - SECOND, 5 * HOUR, 2 * HOUR, 30 * MINUTE, 29 * MINUTE, 15 * MINUTE, MINUTE),
)
PAST = (SECOND, 20 * MINUTE, 2 * HOUR, 3 * DAY)
LASTS = (HOUR, 4 * HOUR, 10 * HOUR, 3 * DAY)


@dataclass(frozen=True)
class County:
    """The rows of a county, as its offices would import them."""

    network: tuple[Mapping[str, Any], ...]
    customers: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class MadeUp:
    """One outage: what is entered at `now`, and what happened in the terms of the reading."""

    now: datetime
    request: Mapping[str, Any]
    happening: Happening


def a_county(chance: Random) -> County:
    areas = [_area(chance, number) for number in range(chance.randint(3, 9))]
    count = chance.randint(4, 26)
    return County(tuple(areas), tuple(_customer(chance, number, areas) for number in range(count)))


def an_outage(chance: Random, county: County, kind: str = "") -> MadeUp:
    kind = kind or chance.choice(TYPES)
    scope = a_scope(chance, county)
    persons, branches = touched(county, scope)
    now = START + timedelta(seconds=chance.randrange(365 * 86400))
    received = now - chance.choice(HEARD)
    times, start = _times(chance, kind, now, received)
    own = [person.account for person in persons if person.group and chance.random() < 0.3]
    facts = {**FACTS.get(kind, {}), **({"own_notice": own} if own else {})}
    request: dict[str, Any] = {
        "type": kind,
        "cause": "设备检修",
        "area": "城关镇一带",
        **scope,
        **times,
        "facts": facts,
    }
    if received != now or chance.random() < 0.5:
        request["received_at"] = _written(chance, received)
    if chance.random() < 0.2 and "planned_end" in times:
        request["phases"] = _phases(times)
    happening = Happening(kind, received, now, start, persons, branches, frozenset(own))
    return MadeUp(now, request, happening)


# What the type itself asks for before it takes an outage in: nothing of it changes who is told.
FACTS: Mapping[str, Mapping[str, Any]] = {
    "arrears": {"overdue_days": 45},
    "unforeseeable": {"cause_code": "force_majeure"},
}


def touched(county: County, scope: Mapping[str, Sequence[str]]) -> tuple[tuple[Person, ...], tuple[str, ...]]:
    """Whom a scope takes supply from, and the branches it lies in."""
    taken = {row["transformer_area"] for row in county.network if _covers(scope, row)}
    rows = [row for row in county.customers if row["transformer_area"] in taken or _named(scope, row)]
    areas = taken | {row["transformer_area"] for row in rows}
    branches = {row["service_branch"] for row in county.network if row["transformer_area"] in areas}
    return tuple(map(person_of, rows)), tuple(sorted(branches - {""}))


def person_of(row: Mapping[str, Any]) -> Person:
    return Person(
        account=row["account_no"],
        name=row["name"],
        voltage=row["voltage"],
        special=row["special"] == "是",
        important=row["important"] == "是",
        medal=row["medal"],
        sector=row["sector"],
        group=row["group"],
        contract_days=row["contract_notice_days"],
    )


def _covers(scope: Mapping[str, Sequence[str]], row: Mapping[str, Any]) -> bool:
    lateral = row["lateral"] and f"{row['feeder']}/{row['lateral']}" in scope.get("laterals", ())
    return bool(
        lateral
        or row["feeder"] in scope.get("feeders", ())
        or row["transformer_area"] in scope.get("transformer_areas", ())
    )


def _named(scope: Mapping[str, Sequence[str]], row: Mapping[str, Any]) -> bool:
    return row["account_no"] in scope.get("accounts", ()) or row["meter_box"] in scope.get("meter_boxes", ())


def _area(chance: Random, number: int) -> dict[str, Any]:
    return {
        "transformer_area": f"T{number}",
        "transformer_name": f"{number}号台区",
        "lateral": chance.choice(("", "一支线", "二支线")),
        "feeder": chance.choice(("城东线", "城西线")),
        "substation": "城关变",
        "kind": chance.choice(("public", "dedicated")),
        "service_branch": chance.choice(BRANCHES),
    }


def _customer(chance: Random, number: int, areas: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "account_no": f"10{number:04d}",
        "name": f"客户{number}",
        "address": f"城关镇{number}号",
        "phones": chance.choice(("", "13800138000", "0951-5550003转801（办）、13900139000")),
        "meter_box": chance.choice(("", f"B{number // 3}")),
        "transformer_area": chance.choice(areas)["transformer_area"],
        "voltage": chance.choice(VOLTAGES),
        "special": _flag(chance),
        "important": _flag(chance),
        "grade": chance.choice(("", "一级", "二级")),
        "medal": chance.choice(MEDALS),
        "sector": chance.choice(SECTORS),
        "group": chance.choice(GROUPS),
        "contract_notice_days": chance.choice(CONTRACT_DAYS),
    }


def _flag(chance: Random) -> str:
    return "是" if chance.random() < 0.3 else "否"


def a_scope(chance: Random, county: County) -> dict[str, list[str]]:
    """Devices, accounts, or some of each: now and then one under another, so that nobody is told twice."""
    areas, people = county.network, county.customers
    boxes = sorted({row["meter_box"] for row in people} - {""})
    laterals = sorted({f"{row['feeder']}/{row['lateral']}" for row in areas if row["lateral"]})
    choices = {
        "feeders": sorted({row["feeder"] for row in areas}),
        "laterals": laterals,
        "transformer_areas": [row["transformer_area"] for row in areas],
        "accounts": [row["account_no"] for row in people],
        "meter_boxes": boxes,
    }
    possible = [name for name, values in choices.items() if values]
    names = chance.sample(possible, min(len(possible), chance.choice((1, 1, 1, 2, 3))))
    return {name: sorted(chance.sample(choices[name], chance.randint(1, min(3, len(choices[name]))))) for name in names}


def _times(chance: Random, kind: str, now: datetime, received: datetime) -> tuple[dict[str, str], datetime]:
    """The planned times as written, and when supply is taken: announced, or already gone."""
    if kind in UNPLANNED and chance.random() < 0.6:
        return {}, received
    anchor = chance.choice((now, received))
    start = now - chance.choice(PAST) if chance.random() < 0.1 else anchor + chance.choice(AHEAD)
    written = {"planned_start": _written(chance, start)}
    return {**written, "planned_end": _written(chance, start + chance.choice(LASTS))}, start


def _written(chance: Random, moment: datetime) -> str:
    """A moment as people and systems write it: the county's time without an offset, with it, or in UTC."""
    forms = (moment.replace(tzinfo=None), moment, moment.astimezone(UTC))
    return chance.choice(forms).isoformat()


def _phases(times: Mapping[str, str]) -> list[dict[str, str]]:
    start, end = (datetime.fromisoformat(times[name]) for name in ("planned_start", "planned_end"))
    start, end = (moment if moment.tzinfo else moment.replace(tzinfo=ZONE) for moment in (start, end))
    middle = start + (end - start) // 2
    full = {"start": start.isoformat(), "end": middle.isoformat(), "supply": "none"}
    return [full, {"start": middle.isoformat(), "end": end.isoformat(), "supply": "single_circuit"}]
