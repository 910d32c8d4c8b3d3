"""What a single cell says, once typing, Excel and other programs are taken off."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.clock import zone_named
from desk.imports import values
from desk.imports.cells import device, identifier, text
from desk.imports.readers import phones_reader
from desk.imports.report import Wrong
from desk.imports.times import moment

ZONE = zone_named("Asia/Shanghai")


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("  张三 ", "张三"),
        ("　张　三　", "张 三"),
        ("\u00a0张三\u200b", "张三"),
        ("ＡＢＣ１２３", "ABC123"),
        ("第一中学（东校区）", "第一中学（东校区）"),
        ("'0012", "0012"),
        ('="0012"', "0012"),
        ("二楼\n左手", "二楼 左手"),
        ("-", ""),
        ("无", ""),
        ("NULL", ""),
        ("'-", ""),
    ],
)
def test_text_loses_only_what_is_not_meant(cell: str, says: str) -> None:
    assert text(cell) == says


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("12345.0", "12345"),
        ("'0012345", "0012345"),
        ("１２３４５", "12345"),
        ("123 456\t", "123456"),
        ("TQ－０１", "TQ-01"),
        ("12E34", "12E34"),
        ("－", ""),
    ],
)
def test_an_identifier_is_kept_digit_by_digit(cell: str, says: str) -> None:
    assert identifier(cell) == says


@pytest.mark.parametrize("cell", ["1.38E+10", "1.23457e+12", "6.2E+9", "'1.38E+10"])
@pytest.mark.parametrize("read", [identifier, device, phones_reader("0951")], ids=["account", "device", "phones"])
def test_a_number_that_excel_shortened_is_refused(cell: str, read: object) -> None:
    with pytest.raises(Wrong, match="Excel"):
        read(cell)  # type: ignore[operator]


@given(st.text(max_size=60))
@pytest.mark.parametrize("read", [text, identifier, device])
def test_a_cell_read_twice_says_the_same(read: object, cell: str) -> None:
    try:
        once = read(cell)  # type: ignore[operator]
        kept = "'" + once if once.startswith(("'", '="')) else once
        assert read(kept) == once  # type: ignore[operator]
    except Wrong:
        pass


@pytest.mark.parametrize("cell", ["是", "Y", "y", "1", "√", "true", "TRUE", "Ｙ", "有"])
def test_a_flag_is_up(cell: str) -> None:
    assert values.flag(cell) is True


@pytest.mark.parametrize("cell", ["", "否", "N", "0", "×", "false", "无", "-", "不是"])
def test_a_flag_is_down(cell: str) -> None:
    assert values.flag(cell) is False


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("10kV", "10kV"),
        ("10KV", "10kV"),
        ("10千伏", "10kV"),
        ("交流10kV", "10kV"),
        ("AC00101", "10kV"),
        ("10", "10kV"),
        ("0.4kV", "0.4kV"),
        ("380V", "0.4kV"),
        ("220V", "0.4kV"),
        ("220", "0.4kV"),
        ("０．４ＫＶ", "0.4kV"),
        ("220/380V", "0.4kV"),
        ("35kV", "35kV"),
        ("220kV", "220kV"),
        ("低压", "0.4kV"),
        ("高压", "高压"),
        ("", ""),
    ],
)
def test_a_voltage_has_one_writing(cell: str, says: str) -> None:
    assert values.voltage(cell) == says
    assert values.voltage(says) == says


@pytest.mark.parametrize(
    ("read", "cell", "says"),
    [
        (values.sector, "医院", "hospital"),
        (values.sector, "Hospital", "hospital"),
        (values.sector, "data_centre", "data_centre"),
        (values.sector, "纺织业", "纺织业"),
        (values.medal, "金牌客户", "gold"),
        (values.medal, "无", ""),
        (values.grade, "1级", "first"),
        (values.grade, "临时性", "temporary"),
        (values.kind, "专变", "dedicated"),
        (values.days, "7天", 7),
        (values.days, "", None),
    ],
)
def test_words_stand_for_ids(read: object, cell: str, says: object) -> None:
    assert read(cell) == says  # type: ignore[operator]


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (values.flag, "也许"),
        (values.voltage, "很高"),
        (values.medal, "铁"),
        (values.grade, "九级"),
        (values.kind, "变"),
        (values.days, "一周"),
        (values.days, "4000"),
        (values.sector, "hospitall"),
        (text, "#REF!"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_sentence(read: object, cell: str) -> None:
    with pytest.raises(Wrong, match=r"\w+ \w+"):
        read(cell)  # type: ignore[operator]


@pytest.mark.parametrize("field", ["special", "kind", "medal", "grade", "sector"])
def test_what_an_export_writes_is_read_as_the_same_id(field: str) -> None:
    for value, shown in values.SHOWN[field].items():
        assert values.READERS[field](shown) == value


@pytest.mark.parametrize(
    "cell",
    [
        "2026-12-01 08:30",
        "2026-12-01T08:30:00",
        "2026-12-01 08:30:00.000",
        "2026/12/1 8:30",
        "2026.12.1 8：30",
        "2026年12月1日8时30分",
        "2026年12月1日 8点半",
        "2026年12月1日上午8:30",
        "2026年12月01日（周二）08:30",
        "202612010830",
        "20261201 0830",
        "46357.3541666667",
        "2026-12-01T00:30:00Z",
        "2026-12-01T08:30:00+08:00",
        "２０２６－１２－０１　０８：３０",
    ],
)
def test_a_moment_is_read_in_any_writing(cell: str) -> None:
    assert moment(cell, ZONE) == datetime(2026, 12, 1, 8, 30, tzinfo=ZONE)


def test_midnight_at_the_end_of_a_day_is_the_next_day() -> None:
    assert moment("2026-12-01 24:00", ZONE) == datetime(2026, 12, 2, tzinfo=ZONE)
    assert moment("2026年12月1日下午3时", ZONE) == datetime(2026, 12, 1, 15, tzinfo=ZONE)


@pytest.mark.parametrize(
    "cell", ["明天", "2026-12-01", "2026-13-01 08:00", "8:00", "2026-12-01 25:00", "12月1日8时", "1"]
)
def test_a_moment_that_is_none_is_refused(cell: str) -> None:
    with pytest.raises(Wrong):
        moment(cell, ZONE)


def test_several_telephone_numbers_come_from_one_cell_or_several() -> None:
    read = phones_reader("0951")
    assert [phone.number for phone in read("13800138000/0951-5550000")] == ["13800138000", "09515550000"]
    assert [phone.number for phone in read("13800138000\n13900139000")] == ["13800138000", "13900139000"]
    assert [phone.number for phone in read(["13800138000.0", "", "'5550000"])] == ["13800138000", "09515550000"]
    assert read("无") == ()


@given(st.text(max_size=40))
@pytest.mark.parametrize("read", [*values.READERS.values(), lambda cell: moment(cell, ZONE), phones_reader("0951")])
def test_any_cell_gives_a_value_or_a_sentence(read: object, cell: str) -> None:
    with suppress(Wrong):
        read(cell)  # type: ignore[operator]
