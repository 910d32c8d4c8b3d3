"""What holds for any calls: order, monotony, and that each call belongs to exactly one prediction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.trouble import AreaFacts, Level, Limits, Prediction, TroubleCall, predicted, reason

START = datetime(2026, 7, 1, 20, tzinfo=UTC)
SIZES = (40, 12, 100, 300, 5, 0, 60, 20, 20, 200, 15, 30)
# Two feeders of six transformer areas each: two on each of two laterals, two on the feeder itself.
AREAS = {
    f"T{n}": AreaFacts(feeder=f"F{n // 6}", lateral=f"L{n % 6 // 2}" if n % 6 < 4 else "", customers=size)
    for n, size in enumerate(SIZES)
}
PEOPLE = [
    (f"{area}-{n}", area, f"{area}/B{n % 4}" if n % 5 else "") for area in [*AREAS, "T99", ""] for n in range(1, 9)
]


def _call(number: int, who: tuple[str, str, str], minute: int, neighbours: bool, own: int) -> TroubleCall:
    account, area, box = who
    return TroubleCall(
        id=f"C{number}",
        at=START + timedelta(minutes=minute),
        account_no=account,
        transformer_area=area,
        meter_box=box,
        neighbours_too=neighbours,
        own_transformer=own == 0,
    )


one_call = st.builds(
    _call,
    st.integers(0, 10**6),
    st.sampled_from(PEOPLE),
    st.integers(0, 30),
    st.booleans(),
    st.integers(0, 9),
)
some_calls = st.lists(one_call, max_size=40, unique_by=lambda call: call.id)


def level_of(call: TroubleCall, found: Sequence[Prediction]) -> Level:
    return next(one.device.level for one in found if call.id in one.calls)


@given(some_calls, st.integers(0, 1000))
def test_the_order_of_calls_changes_nothing(calls: list[TroubleCall], seed: int) -> None:
    shuffled = Random(seed).sample(calls, len(calls))
    assert predicted(shuffled, AREAS) == predicted(calls, AREAS)


@settings(max_examples=400)
@given(some_calls, one_call)
def test_one_more_call_never_lowers_a_level(calls: list[TroubleCall], more: TroubleCall) -> None:
    before, after = predicted(calls, AREAS), predicted([*calls, more], AREAS)
    assert all(level_of(call, after) >= level_of(call, before) for call in calls)


@given(some_calls)
def test_each_call_belongs_to_exactly_one_prediction(calls: list[TroubleCall]) -> None:
    found = predicted(calls, AREAS)
    assert sorted(id for one in found for id in one.calls) == sorted(call.id for call in calls)
    assert len({one.device for one in found}) == len(found)


@given(some_calls)
def test_a_customer_who_calls_again_counts_once(calls: list[TroubleCall]) -> None:
    again = [call for call in calls if not call.neighbours_too]
    twice = [*again, *(_again(call) for call in again)]
    assert [one.device for one in predicted(twice, AREAS)] == [one.device for one in predicted(again, AREAS)]


@given(some_calls)
def test_every_prediction_has_its_reason_in_words(calls: list[TroubleCall]) -> None:
    assert all(reason(one.grounds) for one in predicted(calls, AREAS, Limits()))


def _again(call: TroubleCall) -> TroubleCall:
    from msgspec.structs import replace

    return replace(call, id=f"{call.id}x", at=call.at + timedelta(seconds=20))
