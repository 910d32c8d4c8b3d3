"""Telephone numbers as offices write them."""

from __future__ import annotations

import random

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from desk.phone_numbers import MOBILE, key, masked, read_phone, read_phones, shown

AREA_CODE = "0951"


@pytest.mark.parametrize(
    ("text", "number", "kind", "extension", "role"),
    [
        ("13800138000", "13800138000", "mobile", "", ""),
        ("138 0013 8000", "13800138000", "mobile", "", ""),
        ("138-0013-8000", "13800138000", "mobile", "", ""),
        ("１３８００１３８０００", "13800138000", "mobile", "", ""),
        ("+86 138-0013-8000", "13800138000", "mobile", "", ""),
        ("0086-13800138000", "13800138000", "mobile", "", ""),
        ("8613800138000", "13800138000", "mobile", "", ""),
        ("013800138000", "13800138000", "mobile", "", ""),
        ("13800138000-801", "13800138000", "mobile", "801", ""),
        ("5550000", "09515550000", "landline", "", ""),
        ("555-0000", "09515550000", "landline", "", ""),
        ("0951-5550000", "09515550000", "landline", "", ""),
        ("0951—5550000", "09515550000", "landline", "", ""),
        ("(0951)5550000", "09515550000", "landline", "", ""),
        ("（0951）5550000", "09515550000", "landline", "", ""),
        ("951-5550000", "09515550000", "landline", "", ""),
        ("+86 951 5550000", "09515550000", "landline", "", ""),
        ("010-65558888", "01065558888", "landline", "", ""),
        ("021 6555 8888", "02165558888", "landline", "", ""),
        ("0951-5550000转8012", "09515550000", "landline", "8012", ""),
        ("0951-5550000-8012", "09515550000", "landline", "8012", ""),
        ("5550000-801", "09515550000", "landline", "801", ""),
        ("5550000 转 801", "09515550000", "landline", "801", ""),
        ("5550000分机801", "09515550000", "landline", "801", ""),
        ("5550000 ext.801", "09515550000", "landline", "801", ""),
        ("5550000（转801）", "09515550000", "landline", "801", ""),
        ("400-123-4567", "4001234567", "service", "", ""),
        ("4001234567转1", "4001234567", "service", "1", ""),
        ("800-810-1234", "8008101234", "service", "", ""),
        ("95598", "95598", "short", "", ""),
        ("９５５９８", "95598", "short", "", ""),
        ("110", "110", "short", "", ""),
        ("12345", "12345", "short", "", ""),
        ("10086", "10086", "short", "", ""),
        ("+852 2123 4567", "+85221234567", "landline", "", ""),
        ("张主任13800138000", "13800138000", "mobile", "", "张主任"),
        ("13800138000（值班室）", "13800138000", "mobile", "", "值班室"),
        ("13800138000【办】", "13800138000", "mobile", "", "办"),
        ("13800138000张主任", "13800138000", "mobile", "", "张主任"),
        ("电话：5550000", "09515550000", "landline", "", ""),
        ("办公:5550000转8（夜间）", "09515550000", "landline", "8", "夜间"),
        ("无", "", "unknown", "", ""),
        ("1380013800", "", "unknown", "", ""),
        ("138001380001", "", "unknown", "", ""),
        ("668012", "", "unknown", "", ""),
        ("拒绝提供13800", "", "unknown", "", ""),
    ],
)
def test_a_number_is_understood(text: str, number: str, kind: str, extension: str, role: str) -> None:
    (phone,) = read_phones(text, AREA_CODE)
    assert (phone.number, phone.kind, phone.extension, phone.role) == (number, kind, extension, role)
    assert phone.written == text


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        (" 、/", []),
        ("13800138000/13900139000", ["13800138000", "13900139000"]),
        ("13800138000、5550000；95598", ["13800138000", "09515550000", "95598"]),
        ("13800138000 13900139000", ["13800138000", "13900139000"]),
        ("13800138000-13900139000", ["13800138000", "13900139000"]),
        ("13800138000（办）13900139000（家）", ["13800138000", "13900139000"]),
        ("13800138000(办公室、值班),13900139000", ["13800138000", "13900139000"]),
        ("13800138000，不详，13900139000", ["13800138000", "", "13900139000"]),
        ("0951 5550000", ["09515550000"]),
        ("１３８００１３８０００／５５５００００", ["13800138000", "09515550000"]),
    ],
)
def test_a_list_is_cut_into_its_numbers(text: str, numbers: list[str]) -> None:
    assert [phone.number for phone in read_phones(text, AREA_CODE)] == numbers


def test_a_local_number_needs_an_area_code() -> None:
    assert read_phone("5550000", "").number == ""
    assert read_phone("0951-5550000", "").number == "09515550000"


@pytest.mark.parametrize(
    ("text", "as_shown", "as_masked"),
    [
        ("13800138000", "138 0013 8000", "138****8000"),
        ("5550000", "0951-5550000", "0951-****000"),
        ("0951-5550000转8012", "0951-5550000转8012", "0951-****000"),
        ("01065558888", "010-65558888", "010-****888"),
        ("4001234567", "400-123-4567", "400-123-4567"),
        ("95598", "95598", "95598"),
        ("+85221234567", "+85221234567", "+852****567"),
        ("找老张 1380013800", "找老张 1380013800", "找老张 ********00"),
        ("无", "无", "无"),
    ],
)
def test_a_number_is_shown_and_masked(text: str, as_shown: str, as_masked: str) -> None:
    phone = read_phone(text, AREA_CODE)
    assert (shown(phone), masked(phone)) == (as_shown, as_masked)


@pytest.mark.parametrize("text", ["13800138000", "+8613800138000", "013800138000", "138 0013 8000"])
def test_the_same_number_has_the_same_key(text: str) -> None:
    assert key(text, AREA_CODE) == "13800138000"


def library_kind(number: str) -> int:
    try:
        return int(phonenumbers.number_type(phonenumbers.parse(number, "CN")))
    except phonenumbers.NumberParseException:
        return int(PhoneNumberType.UNKNOWN)


def test_the_quick_test_for_mobiles_agrees_with_phonenumbers() -> None:
    for prefix in range(10000, 20000):
        number = f"{prefix}{random.Random(prefix).randrange(10**6):06d}"
        assert bool(MOBILE.fullmatch(number)) == (library_kind(number) == PhoneNumberType.MOBILE), number


def test_the_quick_test_for_landlines_agrees_with_phonenumbers() -> None:
    for area in ["010", *(f"02{n}" for n in range(10)), *(f"0{n}" for n in range(300, 1000))]:
        for length in (7, 8):
            local = random.Random(area).randrange(2 * 10**7, 9 * 10**7) // 10 ** (8 - length)
            landline = library_kind(f"{area}{local}") == PhoneNumberType.FIXED_LINE
            assert (read_phone(f"{area}{local}", "").kind == "landline") == landline, f"{area}{local}"


@given(st.text(), st.sampled_from(["", "0951", "010"]))
@example("\ud800 5550000", "0951")
@example("(" * 5000, "0951")
@example("1-" * 5000, "0951")
@example("转" * 5000 + "1", "0951")
@example("１" * 10_000, "0951")
@example("+" * 100, "0951")
@example("5550000转" + " " * 10_000, "0951")
@example("Tom 13800138000", "0951")
@example("²③Ⅷ٣", "0951")
def test_no_text_is_refused(text: str, area_code: str) -> None:
    for phone in read_phones(text, area_code):
        assert phone.written
        assert shown(phone)
        assert masked(phone)
        phone.written.encode()
    key(text, area_code)


@given(st.lists(st.text(alphabet="0123456789 -+()（）转、/;办 ", max_size=16), max_size=5).map("、".join))
def test_no_digit_is_dropped(text: str) -> None:
    kept = "".join(phone.written for phone in read_phones(text, AREA_CODE))
    assert [char for char in kept if char.isdigit()] == [char for char in text if char.isdigit()]
