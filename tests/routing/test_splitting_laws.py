"""Laws of cutting a text into parts: nothing is lost, nothing is too long, no character is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.outbox.splitting import clusters, cut, is_gsm7, signed, text_message_units
from desk.plugins.channels import Capabilities
from desk.plugins.send_errors import Unsupported

SMS = Capabilities(family="sms", encoding="sms", overflow="split", max_parts=0)
FAMILY, FLAG, THUMB, KEYCAP, ACCENT = "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽", "1️⃣", "e\u0301"
WHOLE = [FAMILY, FLAG, THUMB, KEYCAP, ACCENT, "停", "a", "€", "[", "한", "각", "नि", "🀄", " ", "\n"]

texts = st.lists(st.sampled_from(WHOLE), max_size=400).map("".join)
wild = st.text(alphabet=st.characters(codec="utf-8"), max_size=600)


@given(st.one_of(texts, wild))
def test_the_parts_joined_are_the_text(text: str) -> None:
    assert "".join(cut(text, SMS).pieces) == text


@given(st.one_of(texts, wild))
def test_each_part_fits_the_network(text: str) -> None:
    one, each = (160, 153) if is_gsm7(text) else (70, 67)
    pieces = cut(text, SMS).pieces
    limit = one if len(pieces) == 1 else each
    size = (lambda part: sum(2 if char in "\f^{}\\[~]|€" else 1 for char in part)) if is_gsm7(text) else _utf16
    assert all(size(piece) <= limit for piece in pieces)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(texts)
def test_no_part_begins_inside_a_character(text: str) -> None:
    borders = set()
    at = 0
    for cluster in clusters(text):
        at += len(cluster)
        borders.add(at)
    at = 0
    for piece in cut(text, SMS).pieces:
        at += len(piece)
        assert at in borders or not text


@pytest.mark.parametrize("char", WHOLE, ids=[ascii(one) for one in WHOLE])
def test_what_looks_like_one_character_is_one(char: str) -> None:
    assert list(clusters(f"停{char}电")) == ["停", char, "电"]
    assert list(clusters(char)) == [char]


def test_flags_side_by_side_are_kept_in_pairs() -> None:
    assert list(clusters(FLAG * 3)) == [FLAG] * 3


@pytest.mark.parametrize("char", WHOLE[:5], ids=["family", "flag", "skin", "keycap", "accent"])
def test_a_joined_character_on_the_edge_of_a_part_goes_to_the_next(char: str) -> None:
    text = "停" * 66 + char + "电" * 60
    pieces = cut(text, SMS).pieces
    assert pieces[0] == "停" * 66
    assert pieces[1].startswith(char)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("[" * 80, 1),
        ("[" * 81, 2),
        ("停" * 70, 1),
        ("停" * 71, 2),
        ("停" * 134, 2),
        ("停" * 135, 3),
        ("a" * 70 + "停", 2),
        ("🀄" * 35, 1),
        ("🀄" * 36, 2),
    ],
    ids=lambda value: f"{value[:1]}x{len(value)}" if isinstance(value, str) else str(value),
)
def test_parts_are_counted_as_the_network_counts_them(text: str, parts: int) -> None:
    assert cut(text, SMS).parts == parts


def test_a_gateway_that_cuts_itself_gets_the_text_whole_and_is_paid_by_part() -> None:
    whole = Capabilities(family="sms", encoding="sms", overflow="refuse", max_parts=4)
    found = cut("停" * 100, whole)
    assert (found.pieces, found.parts) == (("停" * 100,), 2)


@pytest.mark.parametrize(
    "can",
    [
        Capabilities(family="sms", encoding="sms", overflow="split", max_parts=2),
        Capabilities(family="sms", encoding="sms", overflow="refuse", max_parts=2),
        Capabilities(family="mail", max_chars=100),
        Capabilities(family="mail", max_chars=50, overflow="split", max_parts=2),
    ],
    ids=["split", "whole", "chars", "chunks"],
)
def test_what_would_not_go_whole_is_refused_and_never_cut(can: Capabilities) -> None:
    with pytest.raises(Unsupported):
        cut("停" * 150, can)


@given(texts, st.integers(1, 40))
def test_a_channel_with_a_length_of_its_own_gets_pieces_of_it(text: str, limit: int) -> None:
    can = Capabilities(family="chat", max_chars=limit, overflow="split", max_parts=0)
    pieces = cut(text, can).pieces
    assert "".join(pieces) == text
    assert all(len(piece) <= limit for piece in pieces)


def test_a_heap_of_marks_longer_than_a_part_still_goes_whole() -> None:
    text = "e" + "\u0301" * 200
    assert "".join(cut(text, SMS).pieces) == text


@pytest.mark.parametrize(
    ("sign", "text", "signed_text"),
    [
        ("", "停电", "停电"),
        ("供电", "停电", "【供电】停电"),
        ("【供电】", "停电", "【供电】停电"),
        ("供电", "【供电】停电", "【供电】停电"),
    ],
    ids=["none", "plain", "bracketed", "signed already"],
)
def test_the_sign_stands_once_before_the_text(sign: str, text: str, signed_text: str) -> None:
    assert signed(text, sign) == signed_text


def test_a_sign_of_the_small_alphabets_extension_counts_two() -> None:
    assert text_message_units("a[b€") == 6
