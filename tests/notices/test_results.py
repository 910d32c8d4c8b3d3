"""Every result in every state, and what each kind of proof may come to."""

from __future__ import annotations

import pytest
from noticed_county import HOUR, MINUTE, NOW

from desk.errors import BadInput, Refused
from desk.notices.results import ALL, CHANNEL_RESULTS, EVIDENCE_RESULTS, LEADS, leads_to, named, possible
from desk.notices.settling import Patience, Settlement, settled
from desk.records import Duty, DutyState, Evidence, Recipient
from desk.regulation.vocabulary import CHANNELS, EVIDENCE

S = DutyState
CLOSING = {S.DONE, S.REFUSED, S.UNREACHABLE, S.EXEMPT}
# state × what the result would make of the duty → what it becomes; None: refused.
WANTED: dict[S, dict[S, S | None]] = {
    S.PENDING: {S.ATTEMPTED: S.ATTEMPTED, **{state: state for state in CLOSING}},
    S.ATTEMPTED: {S.ATTEMPTED: S.ATTEMPTED, **{state: state for state in CLOSING}},
    S.UNREACHABLE: {S.ATTEMPTED: S.UNREACHABLE, S.DONE: S.DONE, S.REFUSED: S.REFUSED},
    S.REFUSED: {S.ATTEMPTED: S.REFUSED, S.DONE: S.DONE},
    S.DONE: {},
    S.EXEMPT: {},
    S.WITHDRAWN: {},
}
CASES = [(state, result, WANTED[state].get(ALL[result].leads_to)) for state in S for result in ALL]


def duty(state: DutyState = S.PENDING, channels: tuple[str, ...] = ("phone",), **more: object) -> Duty:
    evidence = () if state is S.PENDING else (Evidence(at=NOW - HOUR, result="done", by="先到者"),)
    return Duty(
        id="D1",
        outage="O1",
        key="x>customer:1",
        rules=("county:A9.4",),
        articles=("9.4",),
        recipient=Recipient(kind="customer", id="1"),
        due=NOW + HOUR,
        channels=channels,
        state=state,
        evidence=evidence,
        **more,  # type: ignore[arg-type]
    )


def after(before: Duty, result: str, **more: object) -> Duty:
    said = Settlement(result=result, **{"person": "王", "note": "说明", "channel": "phone", **more})  # type: ignore[arg-type]
    return settled(before, said, said.channel, (), Patience(), "李", NOW)


@pytest.mark.parametrize(("state", "result", "wanted"), CASES, ids=[f"{s}-{r}" for s, r, _w in CASES])
def test_a_result_leads_where_the_table_says_or_is_refused(state: S, result: str, wanted: S | None) -> None:
    before = duty(state)
    if wanted is None:
        with pytest.raises(Refused, match="先到者"):
            leads_to(before, ALL[result])
    else:
        assert leads_to(before, ALL[result]) is wanted


def test_every_state_says_where_it_leads() -> None:
    assert LEADS.keys() == set(S)


def test_every_channel_and_every_proof_of_a_rule_has_its_results() -> None:
    assert set(CHANNEL_RESULTS) == set(CHANNELS)
    assert set(EVIDENCE_RESULTS) <= set(EVIDENCE)
    assert {name for names in (*CHANNEL_RESULTS.values(), *EVIDENCE_RESULTS.values()) for name in names} <= set(ALL)


@pytest.mark.parametrize("proof", EVIDENCE)
def test_whatever_proof_is_asked_for_there_is_a_result_that_settles_it(proof: str) -> None:
    found = possible(duty(channels=(), evidence_kind=proof))
    assert any(result.leads_to is S.DONE for result in found)


def test_a_result_of_another_channel_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="reached"):
        named(duty(), "published")


@pytest.mark.parametrize("result", ["signed", "left_with", "signed_refused_with_witness"])
def test_a_signature_needs_a_name(result: str) -> None:
    with pytest.raises(BadInput, match="name"):
        after(duty(channels=("written_notice",)), result, person="", channel="written_notice")


@pytest.mark.parametrize("result", ["unreachable", "exempt"])
def test_giving_up_needs_a_reason(result: str) -> None:
    with pytest.raises(BadInput, match="why"):
        after(duty(), result, note="")


def test_a_later_result_stands_beside_the_earlier_one() -> None:
    once = after(duty(), "no_answer")
    twice = after(once, "reached")
    assert [line.result for line in twice.evidence] == ["no_answer", "reached"]
    assert (twice.state, twice.attempts, twice.closed_at) == (S.DONE, 2, NOW)


@pytest.mark.parametrize(("due", "late"), [(NOW - MINUTE, True), (NOW, False), (NOW + MINUTE, False)])
def test_done_after_its_moment_is_done_and_late(due: object, late: bool) -> None:
    done = after(duty(S.ATTEMPTED), "reached") if due is None else after(_due(due), "reached")
    assert (done.state, done.late) == (S.DONE, late)


def _due(at: object) -> Duty:
    from msgspec.structs import replace

    return replace(duty(), due=at)


def test_what_was_not_done_is_not_late() -> None:
    assert not after(_due(NOW - HOUR), "unreachable").late


def test_a_duty_that_asks_for_all_its_channels_is_done_with_the_last() -> None:
    before = duty(channels=("phone", "written_notice"), channel_mode="all_of")
    half = after(before, "reached")
    assert half.state is S.ATTEMPTED
    assert after(half, "signed", channel="written_notice").state is S.DONE


def test_what_is_still_to_come_is_not_written_down() -> None:
    with pytest.raises(BadInput):
        after(duty(), "reached", at=NOW + MINUTE)
