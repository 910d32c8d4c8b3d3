"""What the centre reads of a message: numbers, alphabets, parts, validity."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpp_centre import GSM, Submit, parse

from desk.plugins import BadAddress, Capabilities, Message, Unsupported
from desk.plugins.sessions import Frame, mobile
from plugins.smpp.dialect import SmppDialect, parsed
from plugins.smpp.receipts import plain, report

IS = SimpleNamespace(
    source="10690000",
    source_ton=0,
    source_npi=1,
    dest_ton=0,
    dest_npi=1,
    country="",
    service_type="",
    receipts=True,
    long_text="udh",
    answer_ids="as_is",
    receipt_ids="as_is",
    time_zone="Asia/Shanghai",
)


def submitted(message: Message, **settings: str) -> Submit:
    """The message as a centre reads it."""
    data = SmppDialect(SimpleNamespace(**{**vars(IS), **settings})).submit(message, 7)
    return parse(data[16:], 7)


def text(body: str, **more: object) -> Message:
    return Message(recipient="客户", address="13800130001", body=body, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "coding"),
    [("Power off tonight 19:00 {A} €", 0), ("今晚停电", 8), ("off ⚡😀👨‍👩‍👧‍👦", 8), ("`", 8), ("@£$\n", 0)],
    ids=[
        "GSM-7 with its extension",
        "Chinese",
        "emoji",
        "a sign GSM-7 lacks",
        "signs that sit elsewhere than in ASCII",
    ],
)
def test_each_text_goes_in_the_alphabet_that_has_it(body: str, coding: int) -> None:
    submit = submitted(text(body))
    assert (submit.coding, mobile.from_small(submit.octets) if coding == 0 else submit.text) == (coding, body)


@pytest.mark.parametrize(
    ("body", "parts", "fits"),
    [
        ("a" * 160, 1, True),
        ("a" * 161, 1, False),
        ("a" * 153, 2, True),
        ("a" * 154, 2, False),
        ("电" * 70, 1, True),
        ("电" * 71, 1, False),
        ("电" * 67, 2, True),
        ("电" * 68, 2, False),
        ("€" * 80, 1, True),
        ("€" * 81, 1, False),
    ],
    ids=lambda value: f"{value[0]}{len(value)}" if isinstance(value, str) else str(value),
)
def test_a_text_goes_whole_or_not_at_all(body: str, parts: int, fits: bool) -> None:
    message = text(body, part=1, parts=parts)
    if fits:
        assert len(submitted(message).octets) <= 160
    else:
        with pytest.raises(Unsupported):
            submitted(message)


def test_a_part_says_which_it_is_in_its_header() -> None:
    submit = submitted(text("电" * 67, part=2, parts=3, reference=200))
    assert (submit.esm_class, submit.header, submit.text) == (0x40, bytes([5, 0, 3, 200, 3, 2]), "电" * 67)


def test_a_part_says_which_it_is_in_parameters_where_the_centre_wants_that() -> None:
    submit = submitted(text("电" * 67, part=2, parts=3, reference=200), long_text="sar")
    assert (submit.esm_class, submit.text) == (0, "电" * 67)
    assert submit.parameters == {0x20C: b"\0\xc8", 0x20E: b"\3", 0x20F: b"\2"}


def test_a_short_part_among_several_stays_in_the_wide_alphabet() -> None:
    assert submitted(text("19:00", part=3, parts=3)).coding == 8


@given(st.text(st.sampled_from(sorted(set(GSM) - {"\x1b"})), min_size=1, max_size=160))
def test_any_text_of_the_small_alphabet_comes_back_as_it_was(body: str) -> None:
    assert submitted(text(body)).text == body


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_text_that_the_desk_cuts_is_taken_part_by_part_and_comes_back_whole(body: str) -> None:
    from desk.outbox.splitting import cut

    pieces = cut(body, Capabilities(encoding="sms", overflow="split", max_parts=0)).pieces
    seen = [submitted(text(piece, part=number, parts=len(pieces))) for number, piece in enumerate(pieces, 1) if piece]
    read = (mobile.from_small(each.octets[len(each.header) :]) if each.coding == 0 else each.text for each in seen)
    assert "".join(read) == body


@pytest.mark.parametrize(
    ("written", "country", "dialled"),
    [
        ("138 0013 8000", "", "13800138000"),
        ("+86 138-0013-8000", "", "13800138000"),
        ("008613800138000", "86", "8613800138000"),
        ("13800138000", "86", "8613800138000"),
        ("95598", "86", "95598"),
    ],
)
def test_a_number_goes_as_the_centre_wants_it(written: str, country: str, dialled: str) -> None:
    assert mobile.dialled(written, country) == dialled


@pytest.mark.parametrize("written", ["", "0951-5550000", "张三", "138001380001转8012", "1380"])
def test_what_is_no_mobile_is_refused_before_anything_goes_out(written: str) -> None:
    with pytest.raises(BadAddress):
        mobile.dialled(written)


def test_the_centre_is_told_until_when_it_may_try() -> None:
    message = text("停电", valid_until=datetime(2026, 12, 11, 8, 30, tzinfo=UTC))
    assert submitted(message).validity == "261211083000000+"


@pytest.mark.parametrize(
    ("id", "written", "kept"),
    [("0000ABCD", "hex", "43981"), ("43981", "decimal", "43981"), (" 00ab ", "as_is", "00ab"), ("x-1", "hex", "x-1")],
)
def test_an_id_is_kept_in_one_writing(id: str, written: str, kept: str) -> None:
    assert plain(id, written) == kept


@given(st.text(), st.dictionaries(st.sampled_from([0x1E, 0x427, 0x423, 0x424]), st.binary(max_size=8)))
def test_any_receipt_is_a_report_or_nothing(words: str, parameters: dict[int, bytes]) -> None:
    found = report(words, parameters, "13800130001", "hex", "Asia/Shanghai")
    assert found is None or found.external_id


@given(st.binary(max_size=120))
def test_any_arrival_is_read_or_left(octets: bytes) -> None:
    dialect = SmppDialect(IS)
    data = (16 + len(octets)).to_bytes(4, "big") + b"\0\0\0\5\0\0\0\0\0\0\0\7" + octets
    frame = dialect.read(data)
    assert frame.kind == "arrival"
    dialect.arrived(frame)
    assert dialect.answer(frame)[4:8] == b"\x80\0\0\5"


@given(st.binary(min_size=12, max_size=64))
def test_any_frame_is_read_or_is_junk(data: bytes) -> None:
    dialect = SmppDialect(IS)
    try:
        frame = dialect.read(data)
    except ValueError:
        return
    assert isinstance(frame, Frame)
    if frame.kind == "answer":
        dialect.logged_in(frame)


def test_an_arrival_cut_short_is_left() -> None:
    assert parsed(5, b"\0\0\0\x14\0\0\0\5\0\0\0\0\0\0\0\1\0\1") is None
