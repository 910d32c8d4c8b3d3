"""Which columns mean what, and where the table begins."""

from __future__ import annotations

import pytest

from desk.errors import BadInput
from desk.imports.columns import INDEX, JOINED, TABLES, WEAK, field_of, fields_of, folded
from desk.imports.header import best_header


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("户号", "account_no"),
        ("用户编号", "account_no"),
        (" 户 号 ", "account_no"),
        ("户号（必填）", "account_no"),
        ("*户号*", "account_no"),
        ("ACCOUNT_NO", "account_no"),
        ("account no", "account_no"),
        ("电压等级(kV)", "voltage"),
        ("联系电话2", "phones"),
        ("电话#2", "phones"),
        ("备注", None),
    ],
)
def test_a_column_is_known_by_any_of_its_names(name: str, field: str | None) -> None:
    assert field_of(name, "customers") == field


@pytest.mark.parametrize("what", TABLES)
def test_no_name_means_two_fields_of_one_table(what: str) -> None:
    names = [(folded(name), field) for field, written in TABLES[what].items() for name in (field, *written)]
    assert len({name for name, _field in names}) == len(set(names)) == len(INDEX[what])


def test_two_columns_of_one_meaning_are_named() -> None:
    with pytest.raises(BadInput, match=r"户号 .* 用户编号"):
        fields_of(["户号", "用户编号"], "customers")


def test_the_same_column_twice_is_refused_too() -> None:
    with pytest.raises(BadInput):
        fields_of(["户号", "户号#2"], "customers")


def test_a_loose_name_gives_way_to_a_clear_one() -> None:
    fields, unknown = fields_of(["台区", "台区编号"], "customers")
    assert (fields, unknown) == ({"transformer_area": ["台区编号"]}, ("台区",))
    assert fields_of(["台区"], "customers")[0] == {"transformer_area": ["台区"]}
    assert WEAK


def test_several_telephone_columns_are_one_list() -> None:
    fields, unknown = fields_of(["手机", "固定电话", "联系电话"], "customers")
    assert fields == {"phones": ["手机", "固定电话", "联系电话"]}
    assert not unknown
    assert "phones" in JOINED


def test_the_header_is_found_below_titles() -> None:
    rows = [
        (1, ["青山县客户档案", "", ""]),
        (3, ["供电所：城关", "", ""]),
        (4, ["户号", "户名", "备注"]),
        (5, ["1", "张", ""]),
    ]
    assert best_header(rows, "customers") == (2, 4, ["户号", "户名", "备注"])
