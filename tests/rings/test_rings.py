"""A ring as it is stored: one of several words, at the right seat, whatever was written as the number."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from unicodedata import category

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from ring_county import County

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import BadInput, DeskError, NotFound, Refused
from desk.plugins import Incoming
from desk.records import RingState
from desk.rings.reading import read_incoming, understood
from desk.rings.words import is_withheld, number_words


def test_a_ring_is_stored_and_waits_at_its_seat(desk: Desk) -> None:
    ring = desk.rings.ring("138 0013 8000", seat="1", call_id="17.1", source="http")
    assert (ring.id, ring.number, ring.written_number, ring.state) == ("R1", "13800138000", "138 0013 8000", "ringing")
    assert desk.rings.waiting("1") == [desk.rings.get("R1")] == desk.rings.waiting()
    assert desk.rings.waiting("2") == []


def test_several_words_of_one_call_are_one_ring(desk: Desk) -> None:
    told = [desk.rings.ring("13800138000", extension="8001", call_id="17.1", source=name) for name in ("a", "b", "c")]
    assert {ring.id for ring in told} == {"R1"}
    assert desk.rings.ring("13800138000", extension="8001", call_id="17.2").id == "R2"


def test_the_same_number_ringing_at_the_same_seat_is_one_ring_without_a_call_id(desk: Desk) -> None:
    assert desk.rings.ring("13800138000", seat="1").id == desk.rings.ring("13800138000", seat="1").id
    assert desk.rings.ring("13800138000", seat="2").id == "R2"
    assert desk.rings.ring("", seat="1").id != desk.rings.ring("", seat="1").id  # two withheld numbers are two callers


@pytest.mark.parametrize(
    ("seat", "extension", "at"),
    [("", "8001", "1"), ("", "9999", ""), ("2", "", "2"), ("8002", "", "2"), ("77", "", ""), ("", "", "")],
    ids=["extension", "unknown-extension", "seat", "extension-as-seat", "unknown-seat", "nothing"],
)
def test_a_ring_is_at_the_seat_the_county_knows_or_at_every_seat(
    desk: Desk, seat: str, extension: str, at: str
) -> None:
    assert desk.rings.ring("13800138000", seat=seat, extension=extension).seat == at


def test_a_county_that_lists_no_seats_takes_every_seat_as_it_is_named(county: County) -> None:
    assert county.open().rings.ring("13800138000", seat="7").seat == "7"


def test_a_ring_at_several_telephones_waits_at_each_and_goes_to_who_takes_it(desk: Desk, county: County) -> None:
    two = county.open(seat="2", agent="李强")
    ring = desk.rings.hear(Incoming(number="138", call_id="1", extensions=("8001", "8002")), "feed")
    assert desk.rings.waiting("1") == two.rings.waiting("2") == [ring]
    two.rings.answer(ring.id)
    assert desk.rings.waiting("1") == two.rings.waiting("2") == []
    with pytest.raises(Refused, match="taken at seat 2 by 李强"):
        desk.rings.answer(ring.id)
    assert two.rings.answer(ring.id).seat == "2"


def test_a_call_that_goes_to_another_telephone_leaves_the_first(desk: Desk) -> None:
    desk.rings.ring("138", extension="8001", call_id="1")
    desk.rings.ring("138", extension="8002", call_id="1")
    assert (desk.rings.waiting("1"), [ring.id for ring in desk.rings.waiting("2")]) == ([], ["R1"])


def test_a_telephone_picked_up_leaves_the_other_seats_and_waits_for_its_agent(desk: Desk) -> None:
    desk.rings.ring("138", call_id="1")
    desk.rings.hear(Incoming(call_id="1", extensions=("8001",), state="answered"), "feed")
    assert [ring.state for ring in desk.rings.waiting("1")] == [RingState.ANSWERED]
    assert desk.rings.waiting("2") == []
    assert desk.rings.answer("R1").agent == "王敏"
    assert desk.rings.waiting("1") == []


def test_a_call_first_heard_of_when_it_is_picked_up_is_a_ring_too(desk: Desk) -> None:
    ring = desk.rings.hear(Incoming(number="138", call_id="1", extensions=("8001",), state="answered"), "feed")
    assert (ring.state, desk.rings.waiting("1")) == (RingState.ANSWERED, [ring])


def test_who_hangs_up_before_anyone_took_it_was_missed(desk: Desk) -> None:
    desk.rings.ring("138", call_id="1")
    assert desk.rings.hear(Incoming(call_id="1", state="ended"), "feed").state is RingState.MISSED
    assert (desk.rings.waiting(), [ring.id for ring in desk.rings.missed()]) == ([], ["R1"])
    taken = desk.rings.answer("R1")  # the key came a moment later: the number is there to be called back
    assert (taken.state, taken.agent) == (RingState.MISSED, "王敏")


def test_a_late_word_brings_nothing_back(desk: Desk) -> None:
    desk.rings.ring("138", call_id="1")
    over = desk.rings.hear(Incoming(call_id="1", state="ended"), "feed")
    for state in ("ringing", "answered", "ended"):
        assert desk.rings.hear(Incoming(number="138", call_id="1", state=state), "feed") == over  # type: ignore[arg-type]


def test_the_end_of_a_call_nobody_heard_of_is_said(desk: Desk) -> None:
    with pytest.raises(NotFound, match=r"no call 9\.9 that rings"):
        desk.rings.hear(Incoming(call_id="9.9", state="ended"), "http")


def test_an_end_without_call_id_is_that_of_the_ring_at_the_seat(desk: Desk) -> None:
    desk.rings.ring("138", seat="1")
    desk.rings.ring("139", seat="2")
    assert desk.rings.hear(Incoming(seat="2", state="ended"), "http").id == "R2"
    assert desk.rings.hear(Incoming(number="138", state="ended"), "http").id == "R1"


def test_a_talk_that_is_over_and_was_not_logged_is_listed_until_it_is(desk: Desk) -> None:
    desk.rings.ring("138", seat="1", call_id="1")
    desk.rings.answer("R1")
    assert desk.rings.unlogged("1") == []
    desk.rings.hear(Incoming(call_id="1", state="ended"), "feed")
    assert [ring.id for ring in desk.rings.unlogged("1")] == ["R1"]
    ended = desk.rings.end("R1", call="C5")
    assert (ended.call, ended.state, desk.rings.unlogged()) == ("C5", RingState.ENDED, [])


def test_a_ring_whose_end_nobody_tells_is_missed_after_a_while(desk: Desk) -> None:
    ring = desk.rings.ring("138")
    later = FixedClock(ring.at + timedelta(seconds=desk.place.config.ring.longest_seconds))
    desk.place.clock = later
    assert (desk.rings.waiting(), [one.id for one in desk.rings.missed()]) == ([], ["R1"])
    desk.rings.ring("139")
    assert desk.rings.get("R1").state is RingState.MISSED


def test_a_call_id_used_again_the_next_day_is_another_call(desk: Desk) -> None:
    ring = desk.rings.ring("138", call_id="1")
    desk.place.clock = FixedClock(ring.at + timedelta(days=1))
    assert desk.rings.ring("139", call_id="1").id == "R2"


def test_the_number_that_comes_after_the_call_is_taken(desk: Desk) -> None:
    desk.rings.ring("", call_id="1")
    assert desk.rings.ring("13800138000", call_id="1").number == "13800138000"
    assert desk.rings.ring("13900139000", call_id="1").number == "13800138000"


WRITTEN = {
    "mobile": ("13800138000", "13800138000", "138****8000"),
    "plus-86": ("+8613800138000", "13800138000", "138****8000"),
    "trunk-zero": ("013800138000", "13800138000", "138****8000"),
    "sip": ('"Zhang" <sip:13800138000@10.0.0.1;user=phone>', "13800138000", "138****8000"),
    "bracketed": ("Zhang San <13800138000>", "13800138000", "138****8000"),
    "local": ("5550000", "09515550000", "0951-****000"),
    "withheld": ("", "", "number withheld"),
    "anonymous": ("sip:anonymous@anonymous.invalid", "", "number withheld"),
    "unknown": ("<unknown>", "", "number withheld"),
    "malformed": ("13800", "", "13800"),
    "junk": ("\x1b[2J12\x00", "", "12"),
}


@pytest.mark.parametrize(("written", "number", "words"), WRITTEN.values(), ids=WRITTEN)
def test_a_number_is_understood_or_kept_as_it_came(desk: Desk, written: str, number: str, words: str) -> None:
    ring = desk.rings.ring(written)
    assert (ring.written_number, ring.number) == (written, number)
    assert words in number_words(ring)
    assert is_withheld(ring) is (words == "number withheld")


def test_the_callers_candidates_are_whose_number_it_is(desk: Desk) -> None:
    [found] = desk.rings.candidates(desk.rings.ring("+86 138 0013 8000"))
    assert found.customer.account_no == "64010001"
    assert desk.rings.candidates(desk.rings.ring("13999999999")) == []
    assert desk.rings.candidates(desk.rings.ring("anonymous")) == []


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], "a JSON object is expected"),
        ({}, "number is missing"),
        ({"nummer": "1", "number": "1"}, 'no field "nummer"'),
        ({"number": ["1"]}, "number must be text"),
        ({"number": "1", "state": "gone"}, "state must be one of"),
    ],
    ids=["list", "empty", "unknown", "list-as-number", "state"],
)
def test_what_is_no_call_is_refused_with_every_mistake(document: object, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        read_incoming(document)


def test_a_number_written_as_a_number_is_read() -> None:
    assert read_incoming({"caller": 13800138000}).number == "13800138000"


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text(), max_size=2)
keys = st.sampled_from(["number", "seat", "extension", "call_id", "state", "caller", "token"]) | st.text(max_size=5)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=st.dictionaries(keys, anything, max_size=6) | anything)
def test_any_document_is_a_ring_or_a_sentence(desk: Desk, document: object) -> None:
    with suppress(DeskError):
        desk.rings.hear(read_incoming(document), "http")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.text() | st.text("+0123456789-() 转#*", max_size=25))
def test_any_text_is_a_number_or_none_and_is_kept(desk: Desk, written: str) -> None:
    ring = desk.rings.ring(written)
    assert ring == desk.rings.get(ring.id) or ring.at == desk.rings.get(ring.id).at
    assert not any(category(sign) == "Cc" for sign in number_words(ring))
    assert isinstance(desk.rings.candidates(ring), list)
    assert len(understood(written, "0951")) <= 20


words = st.builds(
    Incoming,
    number=st.sampled_from(["", "138", "139"]),
    call_id=st.sampled_from(["a", "b"]),
    extensions=st.lists(st.sampled_from(["8001", "8002", "9"]), max_size=2, unique=True).map(tuple),
    state=st.sampled_from(["ringing", "answered", "ended"]),
)
RANK = {"ringing": 0, "answered": 1, "missed": 2, "ended": 2}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(words, max_size=12))
def test_words_in_any_order_make_one_ring_a_call_that_never_goes_back(desk: Desk, told: list[Incoming]) -> None:
    seen: dict[str, int] = {}
    mark = len(list(desk.place.store.table("rings")))
    ids: dict[str, str] = {}
    for word in told:
        word = replace(word, call_id=f"{word.call_id}{mark}")
        try:
            ring = desk.rings.hear(word, "feed")
        except NotFound:
            assert word.call_id not in ids
            continue
        assert ids.setdefault(word.call_id, ring.id) == ring.id
        assert RANK[ring.state] >= seen.get(ring.id, 0)
        seen[ring.id] = RANK[ring.state]
