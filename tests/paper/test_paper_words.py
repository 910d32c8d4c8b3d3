"""Dates, articles and walking order as they stand on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from paper_county import AREAS, NOW, START, ZONE

from desk.grid import Grid
from desk.paper.dates import Dates, chinese
from desk.paper.walking import Stop, in_walking_order, rounds
from desk.records import Customer, Duty, Recipient

ZH, EN = Dates("zh", ZONE), Dates("en", ZONE)
GRID = Grid(AREAS)


@pytest.mark.parametrize(
    ("dates", "hours", "words"),
    [
        pytest.param(ZH, 10, "2026年12月11日（星期五）08:00至18:00", id="one day in Chinese"),
        pytest.param(ZH, 24, "2026年12月11日（星期五）08:00至2026年12月12日（星期六）08:00", id="two days in Chinese"),
        pytest.param(EN, 10, "Friday 11 December 2026, 08:00 to 18:00", id="one day in English"),
        pytest.param(EN, None, "from Friday 11 December 2026, 08:00", id="no end known"),
    ],
)
def test_a_span_names_a_day_once(dates: Dates, hours: int | None, words: str) -> None:
    end = START + timedelta(hours=hours) if hours else None
    assert dates.span(START, end) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (28, "二十八"), (101, "一百零一"), (652, "六百五十二")],
)
def test_articles_are_counted_in_chinese(number: int, words: str) -> None:
    assert chinese(number) == words


def test_an_article_with_its_item_is_cited_in_both_languages() -> None:
    assert ZH.article("9.3") == "第九条第3项"
    assert EN.article("9.3") == "Article 9.3"


@pytest.mark.parametrize(("minutes", "words"), [(90, "1小时30分钟"), (60, "1小时"), (20, "20分钟"), (0, "")])
def test_a_length_says_hours_and_minutes(minutes: int, words: str) -> None:
    assert ZH.length(START, START + timedelta(minutes=minutes)) == words


def test_house_2_is_walked_to_before_house_10() -> None:
    houses = [customer(number, f"和平路{number}号") for number in (10, 9, 2, 1)]
    assert [one.address for one in in_walking_order(houses, GRID)] == [
        "和平路1号",
        "和平路2号",
        "和平路9号",
        "和平路10号",
    ]


@given(
    some.lists(some.tuples(some.sampled_from(["", "城关所", "城东所"]), some.text(max_size=12)), max_size=12),
    some.randoms(),
)
def test_however_they_come_the_rounds_are_the_same_and_lose_nobody(
    drawn: list[tuple[str, str]], chance: object
) -> None:
    stops = [
        Stop(duty=duty(number), name="x", address=address, branch=branch)
        for number, (branch, address) in enumerate(drawn)
    ]
    mixed = list(stops)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert rounds(mixed) == rounds(stops)
    assert sorted(one.duty.id for group in rounds(stops) for one in group.stops) == sorted(one.duty.id for one in stops)


def test_who_belongs_to_no_branch_comes_last() -> None:
    stops = [Stop(duty=duty(1), name="局办"), Stop(duty=duty(2), name="人民医院", branch="城关所")]
    assert [one.branch for one in rounds(stops)] == ["城关所", ""]


def customer(number: int, address: str) -> Customer:
    return Customer(account_no=str(number), name="x", transformer_area="T1", address=address)


def duty(number: int) -> Duty:
    return Duty(
        id=f"D{number}",
        outage="O1",
        key=f"k{number}",
        rules=("county:A9.3",),
        articles=("9.3",),
        recipient=Recipient(kind="customer", id=str(number)),
        due=NOW,
    )
