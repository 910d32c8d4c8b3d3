"""Which number next, when again, and when something else: as a table of what was tried so far."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from noticed_county import MINUTE, NOW

from desk.notices.phone import dialling_order, next_step
from desk.notices.settling import Patience, Settlement, settled
from desk.phone_numbers import read_phones
from desk.records import Duty, Recipient

PHONES = read_phones("0951-5550001转8（办）；13800138001（值班）；0951-5550002（传真）", "0951")
FIRST, SECOND = "13800138001", "09515550001转8"


def duty(*channels: str) -> Duty:
    to = Recipient(kind="customer", id="1")
    return Duty(id="D1", outage="O1", key="x", rules=("r",), articles=("1",), recipient=to, due=NOW, channels=channels)


def tried(before: Duty, *results: str) -> Duty:
    for result in results:
        name, _colon, channel = result.partition(" over ")
        said = Settlement(result=name)
        before = settled(before, said, channel or "phone", PHONES, Patience(tries=3, minutes=15), "李", NOW)
    return before


# what was tried so far → the next channel and number
NEXT = {
    (): ("phone", FIRST),
    ("no_answer",): ("phone", FIRST),
    ("no_answer", "busy"): ("phone", FIRST),
    ("no_answer",) * 3: ("phone", SECOND),
    ("wrong_number",): ("phone", SECOND),
    ("wrong_number", "no_answer", "busy", "no_answer"): ("sms", ""),
    ("no_answer",) * 6: ("sms", ""),
    (*("no_answer",) * 6, *("failed over sms",) * 3): ("face_to_face", ""),
}


@pytest.mark.parametrize("so_far", NEXT, ids=lambda results: "-".join(results) or "nothing")
def test_the_next_step_follows_from_what_was_tried(so_far: tuple[str, ...]) -> None:
    step = next_step(tried(duty("phone", "sms"), *so_far), PHONES, 3)
    assert (step.channel, step.number) == NEXT[so_far]


def test_who_is_awake_is_called_first_and_a_fax_never() -> None:
    assert [phone.number for phone in dialling_order(PHONES)] == [FIRST, "09515550001"]


def test_the_same_number_is_tried_again_after_some_minutes_another_at_once() -> None:
    again = tried(duty("phone"), "no_answer")
    assert again.next_try == NOW + 15 * MINUTE
    assert tried(again, "no_answer", "no_answer").next_try is None


def test_a_call_that_can_only_be_a_call_ends_in_a_visit() -> None:
    worn = tried(duty("phone"), *("no_answer",) * 6)
    assert worn.next_channel == "face_to_face"


def test_without_any_number_it_is_the_next_channel_at_once() -> None:
    assert next_step(duty("phone", "sms"), read_phones("不详", "0951"), 3).channel == "sms"


def test_a_branch_is_phoned_though_no_number_is_stored() -> None:
    assert next_step(replace(duty("phone")), (), 3).channel == "phone"


def test_a_duty_that_is_not_phoned_goes_over_its_own_channel() -> None:
    assert next_step(duty("fax"), PHONES, 3).channel == "fax"
