"""Coverage: told of owed, what was late, who is still open."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from made_up_dossier import START, customer, duties
from oversight_county import DAY, NOW

from desk.oversight.coverage import NAMES, counted, coverage, of_article, of_outage
from desk.records import Duty, DutyState

states = st.builds(
    lambda state, days, late: Duty(
        id="D1",
        outage="O1",
        key="k",
        rules=("county:A9.3",),
        articles=("9.3",),
        recipient=customer(1, "张三"),
        due=NOW + days * DAY,
        state=state,
        late=late and state is DutyState.DONE,
    ),
    st.sampled_from(DutyState),
    st.integers(-3, 3),
    st.booleans(),
)


@given(st.lists(states, max_size=60))
def test_every_owed_duty_is_counted_once(some: list[Duty]) -> None:
    one = coverage(some, NOW)
    assert one.owed == one.told + one.unreachable + one.open
    assert one.overdue <= one.open
    assert one.owed + sum(duty.state in ("exempt", "withdrawn") for duty in some) == len(some)
    assert 0 <= one.share <= 1


def test_a_refusal_was_told_and_names_that_are_open_are_listed() -> None:
    one = coverage(duties(), START)
    assert (one.owed, one.told, one.refused, one.late, one.overdue) == (19, 18, 1, 1, 1)
    assert one.open_names == ["北河煤矿"]


def test_a_duty_of_two_articles_counts_under_both() -> None:
    by_article = counted(duties(), START, of_article)
    assert {name: one.owed for name, one in by_article.items()} == {"9.1": 2, "28.1": 1, "9.3": 4, "9.4": 13}
    assert list(counted(duties(), START, of_outage)) == ["O17"]


def test_only_so_many_names_are_kept() -> None:
    open_one = duties()[-1]
    one = coverage([open_one] * (NAMES + 5), START)
    assert (one.open, len(one.open_names)) == (NAMES + 5, NAMES)
