"""The reading itself, by examples worked out by hand from the text: a yardstick must be straight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from oracle.made_up import ZONE
from oracle.reading import Figures, Happening, Owed, Person, limits_broken, owed, recipients, special_or_important

ENTERED = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)
START = datetime(2026, 12, 10, 8, 0, tzinfo=ZONE)
HOSPITAL = Person("1", "人民医院", important=True, special=True)
BANK = Person("2", "农商行营业部", special=True)
NEIGHBOUR = Person("3", "张三", medal="gold")
STATION = Person("4", "消防站", sector="fire_service")


def happening(kind: str, *customers: Person, received: datetime = ENTERED, start: datetime = START) -> Happening:
    return Happening(kind, received, ENTERED, start, customers or (HOSPITAL, BANK, NEIGHBOUR), ("城关所",))


def short(rows: Iterable[Owed]) -> set[str]:
    return {f"{'+'.join(row.rules)} {row.id} {row.due:%d %H:%M}" for row in rows}


def test_a_plan_is_told_to_three_offices_the_public_the_branch_and_twice_to_whom_it_matters() -> None:
    assert short(owed(happening("planned_maintenance"))) == {
        *("county:A9.1c office 01 11:00", "county:A9.1c marketing 01 11:00", "county:A9.1c 95598 01 11:00"),
        "county:A9.1d+national:N28.1 public 03 08:00",
        *("county:A9.2c 1 01 11:00", "county:A9.2d 城关所 01 11:00"),
        *("county:A9.3 1 03 08:00", "county:A9.3 2 03 08:00", "county:A9.4 1 09 08:00", "county:A9.4 2 09 08:00"),
    }


def test_work_at_short_notice_keeps_the_earlier_of_the_county_and_the_statute() -> None:
    soon = happening("temporary_maintenance", start=ENTERED + timedelta(hours=20))
    assert short(owed(soon)) == {
        *("county:A10.1 95598 01 09:15", "county:A10.1 城关所 01 09:15", "county:A10.2b 城关所 01 09:15"),
        *("county:A10.3+national:N28.2 1 01 05:00", "county:A10.3 2 01 09:15", "county:A10.3 3 01 09:15"),
    }


def test_a_fault_is_telephoned_and_reported() -> None:
    assert short(owed(happening("grid_fault", received=ENTERED - timedelta(minutes=10)))) == {
        *("county:A11.3b 95598 01 09:05", "county:A11.3c 1 01 09:15", "county:A11.3c 2 01 09:15"),
        "county:A16c leader 01 09:15",
    }


def test_unpaid_bills_are_claimed_from_everyone_and_filed_for_the_important() -> None:
    contract = replace(NEIGHBOUR, contract_days=3)
    assert short(owed(happening("arrears", HOSPITAL, contract))) == {
        *("county:A13a 1 03 08:00", "county:A13a 3 07 08:00", "county:A13b power_authority 10 08:00"),
        *("county:A13c 1 10 07:30", "county:A13c 3 10 07:30"),
    }


def test_the_fire_service_hears_of_a_shortage_that_takes_its_station() -> None:
    assert short(owed(happening("supply_shortage", STATION))) == {
        "county:A12.2a public 10 08:00",
        "national:NF29 fire_service 10 08:00",
    }


def test_theft_is_told_on_the_spot_and_the_leader_hears_twice() -> None:
    assert short(owed(happening("theft_violation", NEIGHBOUR))) == {
        *("county:A14a 3 01 09:15", "county:A14c 3 01 09:15"),
        *("county:A14b leader 01 11:00", "county:A16c leader 01 09:15"),
    }


@pytest.mark.parametrize(("seconds", "broken"), [(0, set()), (1, {"9.1"})], ids=["to the second", "one second late"])
def test_a_plan_that_arrives_under_seven_days_ahead_breaks_a_limit(seconds: int, broken: set[str]) -> None:
    received = START - timedelta(days=7) + timedelta(seconds=seconds)
    assert limits_broken(happening("planned_maintenance", received=received)) == broken


def test_whole_days_leave_the_clock_aside() -> None:
    whole = Figures(whole_days=True)
    assert not limits_broken(happening("planned_maintenance", received=START + timedelta(days=-7, hours=9)), whole)
    [due] = {row.due for row in owed(happening("planned_maintenance"), whole) if "county:A9.3" in row.rules}
    assert due == datetime(2026, 12, 3, 23, 59, 59, tzinfo=ZONE)


def test_a_group_hears_once_for_its_sites_and_a_site_that_asked_hears_besides() -> None:
    sites = [Person(str(number), "", special=True, group="移动公司") for number in range(3)]
    asked = replace(happening("grid_fault", *sites), own_notice=frozenset({"1"}))
    found = {name: len(persons) for name, persons in recipients(asked, special_or_important).items()}
    assert found == {"移动公司": 3, "1": 1}


def test_a_pack_that_is_off_owes_nothing() -> None:
    only = Figures(packs=("county",))
    assert not any("national:" in rule for row in owed(happening("planned_maintenance"), only) for rule in row.rules)
