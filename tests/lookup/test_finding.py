"""Each way of finding a customer, on the real engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.records import Customer
from desk.store import RecordTable
from desk.store.lookup import caller, find
from tests.lookup.conftest import AREA_CODE, COUNTY, customer, names

Found = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("query", "first", "matched"),
    [
        ("6401000003", "曾国强", "account"),
        ("６４０１０００００３", "曾国强", "account"),
        ("0110000072", "张三丰", "meter"),
        ("ab0073", "曾国强", "meter"),
        ("AB-0073", "曾国强", "meter"),
        ("13900139000", "曾国强", "phone"),
        ("139 0013 9000", "曾国强", "phone"),
        ("+86 139-0013-9000", "曾国强", "phone"),
        ("8613900139000", "曾国强", "phone"),
        ("013900139000", "曾国强", "phone"),
        ("13900", "曾国强", "phone"),
        ("9000", "曾国强", "phone"),
        ("0951-5550000", "张三丰", "phone"),
        ("(0951)5550000", "张三丰", "phone"),
        ("5550000", "张三丰", "phone"),
        ("8012", "张三丰", "phone"),
        ("0951-5550000转8012", "张三丰", "phone"),
        ("555-0000", "张三丰", "phone"),
        ("85221234567", "吕布", "phone"),
        ("120", "青山县人民医院", "phone"),
        ("400-123-4567", "单雄信", "phone"),
        ("95598", "Walmart超市", "phone"),
        ("张三", "张三", "name"),
        ("丰", "张三丰", "name"),
        ("三丰", "张三丰", "name"),
        ("买买提阿不都", "买买提·阿不都", "name"),
        ("阿不都", "买买提·阿不都", "name"),
        ("WALMART", "Walmart超市", "name"),
        ("超市", "Walmart超市", "name"),
        ("医院", "青山县人民医院", "name"),
        ("zsf", "张三丰", "pinyin"),
        ("ZSF", "张三丰", "pinyin"),
        ("zhangsanfeng", "张三丰", "pinyin"),
        ("zhang sanfeng", "张三丰", "pinyin"),
        ("zgq", "曾国强", "pinyin"),
        ("cengguo", "曾国强", "pinyin"),
        ("sxx", "单雄信", "pinyin"),
        ("dxx", "单雄信", "pinyin"),
        ("lvbu", "吕布", "pinyin"),
        ("lubu", "吕布", "pinyin"),
        ("lübu", "吕布", "pinyin"),
        ("qsxrmyy", "青山县人民医院", "pinyin"),
        ("rmyy", "青山县人民医院", "pinyin"),
        ("renminyiyuan", "青山县人民医院", "pinyin"),
        ("张san", "张三", "pinyin"),
        ("曾gq", "曾国强", "pinyin"),
        ("中山路", "张三", "address"),
        ("中山路128", "张三丰", "address"),
        ("中山路12号3单元", "张三", "address"),
        ("张庄", "吕布", "address"),
        ("a座", "单雄信", "address"),
        ("1-12", "单雄信", "address"),
    ],
)
def test_a_customer_is_found_and_what_matched_is_told(
    county: RecordTable[Customer], query: str, first: str, matched: str
) -> None:
    best = find(county, query)[0]
    assert (best.customer.name, best.matched) == (first, matched)


@pytest.mark.parametrize(
    ("query", "all_found"),
    [
        ("张三 中山路", {"张三", "张三丰"}),
        ("中山路 张三", {"张三", "张三丰"}),
        ("zs 128", {"张三丰"}),
        ("柳河 zgq", {"曾国强"}),
        ("曾 139", {"曾国强"}),
        ("139曾", {"曾国强"}),
        ("城关镇 解放街 超市", {"Walmart超市"}),
        ("640200 三里", {"李张伟", "章珊"}),
        ("章 三里 65558888", {"章珊"}),
        ("张三,解放街", set()),
        ("张三 张三", {"张三", "张三丰", "买买提·阿不都"}),
        ("章san", set()),
    ],
)
def test_every_word_must_match_and_any_field_will_do(found: Found, query: str, all_found: set[str]) -> None:
    assert set(found(query)) == all_found


@pytest.mark.parametrize("query", ["", "  ", "\"'*()", "😀", "\0", "\ud800", "···"])
def test_text_without_a_letter_or_digit_finds_nobody(found: Found, query: str) -> None:
    assert found(query) == []


def test_names_stand_before_pinyin_and_addresses(found: Found) -> None:
    assert found("张三") == ["张三", "张三丰", "买买提·阿不都"]
    assert found("张") == ["张三", "张三丰", "李张伟", "吕布", "买买提·阿不都"]


def test_the_best_stand_first_though_many_others_match(customers: RecordTable[Customer]) -> None:
    crowd = [customer(f"77{n:06d}", f"王{n}", "李家村", f"1390013{n:04d}") for n in range(200)]
    customers.put_many([*crowd, customer("88000001", "李", "", "13777000001"), customer("88000002", "王李")])
    assert names(find(customers, "李", 3)) == ["李", "王李", "王0"]
    assert [match.matched for match in find(customers, "77000001", 3)] == ["account", "phone"]


def test_important_and_special_customers_stand_first_among_equals(customers: RecordTable[Customer]) -> None:
    crowd = [customer(f"77{n:06d}", "王小二") for n in range(200)]
    customers.put_many([*crowd, customer("99", "王小二", special=True), customer("98", "王小二", important=True)])
    assert [match.customer.account_no for match in find(customers, "王小二", 3)] == ["98", "99", "77000000"]


def test_no_more_are_given_than_asked_for(county: RecordTable[Customer]) -> None:
    assert len(find(county, "6", 4)) == 4
    assert find(county, "6", 0) == []


def test_a_changed_customer_is_found_by_what_it_is_now(customers: RecordTable[Customer]) -> None:
    customers.put(COUNTY[0])
    customers.put(customer("6401000001", "王五", "柳河镇", "13812345678"))
    assert not find(customers, "张三")
    assert not find(customers, "13800138000")
    assert names(find(customers, "王 柳河")) == ["王五"]


def test_a_removed_customer_is_not_found(customers: RecordTable[Customer]) -> None:
    customers.put_many(COUNTY)
    customers.remove("6401000001")
    assert names(find(customers, "张三")) == ["张三丰", "买买提·阿不都"]


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("13800138000", "张三"),
        ("+8613800138000", "张三"),
        ("013800138000", "张三"),
        ("09515550000", "张三丰"),
        ("5550000", "张三丰"),
        ("0951 5550000", "张三丰"),
        ("029-65558888", "章珊"),
        ("+85221234567", "吕布"),
        ("95598", "Walmart超市"),
    ],
)
def test_a_ringing_number_shows_whose_it_is(county: RecordTable[Customer], number: str, name: str) -> None:
    assert names(caller(county, number, AREA_CODE)) == [name]


@pytest.mark.parametrize("number", ["13700138000", "", "private", "0"])
def test_a_strange_number_is_nobodys(county: RecordTable[Customer], number: str) -> None:
    assert caller(county, number, AREA_CODE) == []
