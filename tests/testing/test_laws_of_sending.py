"""Laws of sending: every error has its sentence, every state its words and its next ones, reports come in any order."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import DeskError
from desk.i18n import LANGUAGES, _, set_language
from desk.outbox.states import NEXT, WORDS
from desk.plugins import AttemptState, SendError, send_errors
from desk.plugins.messages import REPORTED
from desk.records.messages import ENDS, IN_HAND, RANK, WAITING, merged
from desk.testing import RULES
from desk.testing.bench import MODES
from desk.testing.strategies import states

ERRORS = send_errors.SEND_ERRORS


def everyone_below(kind: type[SendError]) -> set[type[SendError]]:
    return {found for sub in kind.__subclasses__() for found in {sub, *everyone_below(sub)}}


def of_the_contract(kinds: set[type[SendError]]) -> set[type[SendError]]:
    return {kind for kind in kinds if kind.__module__ == send_errors.__name__}


def test_the_set_of_errors_is_closed():
    assert of_the_contract(everyone_below(SendError)) == set(ERRORS)
    assert issubclass(SendError, DeskError)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.code)
def test_every_error_reads_as_a_sentence_in_every_language(kind, language):
    set_language(language)
    words = str(kind())
    assert len(words) > 8
    assert (words == kind.sentence) == (language == "en")
    assert words.isprintable()


def test_every_error_has_a_code_of_its_own():
    assert len({kind.code for kind in ERRORS}) == len(ERRORS)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.code)
def test_the_machine_tries_again_only_where_nothing_went_out(kind):
    assert kind.retryable == (kind.code in ("throttled", "no_connection", "gateway_trouble"))


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.code)
def test_the_tree_in_the_docstring_names_every_error(kind):
    assert kind.__name__ in (send_errors.__doc__ or "")
    assert kind.__doc__


@pytest.mark.parametrize("state", AttemptState)
def test_every_state_has_a_rank_and_is_at_one_place(state):
    assert state in RANK
    places = [state in WAITING, state in IN_HAND, state in ENDS]
    between = {AttemptState.ACCEPTED, AttemptState.SENT, AttemptState.UNKNOWN}
    assert sum(places) == (0 if state in between else 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_words_of_its_own(language):
    set_language(language)
    assert set(WORDS) == set(AttemptState)
    assert len({_(words) for words in WORDS.values()}) == len(AttemptState)


@pytest.mark.parametrize("state", AttemptState)
def test_every_state_has_those_that_may_follow(state):
    assert state in NEXT
    assert state not in NEXT[state] or state in WAITING
    assert NEXT[state] or state == AttemptState.READ


@pytest.mark.parametrize("state", sorted(set(AttemptState) - WAITING))
@given(report=st.sampled_from(sorted(REPORTED)))
def test_whatever_is_reported_of_a_message_that_is_out_is_a_step_that_is_allowed(state, report):
    after = merged(state, report)
    assert after == state or after in NEXT[state]


def test_every_state_can_be_come_to():
    assert {AttemptState.CREATED}.union(*NEXT.values()) == set(AttemptState)


def test_no_gateway_can_report_what_only_the_desk_knows():
    assert not REPORTED & (WAITING | IN_HAND | {AttemptState.UNKNOWN, AttemptState.CANCELLED, AttemptState.SKIPPED})
    assert {AttemptState.DELIVERED, AttemptState.READ, AttemptState.UNDELIVERED} <= REPORTED


@given(states(), states())
def test_merging_does_not_ask_which_came_first(one, other):
    assert merged(one, other) == merged(other, one)


@given(states(), states(), states())
def test_merging_does_not_ask_which_were_merged_first(one, two, three):
    assert merged(merged(one, two), three) == merged(one, merged(two, three))


@given(states())
def test_the_same_report_twice_is_one(state):
    assert merged(state, state) == state


@given(states(), states())
def test_merging_gives_one_of_the_two_and_never_a_lower_rank(one, other):
    assert merged(one, other) in (one, other)
    assert RANK[merged(one, other)] == max(RANK[one], RANK[other])


@given(st.lists(states(), min_size=1, max_size=8), st.randoms())
def test_any_order_and_any_repetition_comes_to_one_state(reports, random):
    again = [*reports, *random.choices(reports, k=3)]
    random.shuffle(again)
    assert reduce(merged, again) == reduce(merged, reports)


@given(st.sampled_from(sorted(IN_HAND | WAITING | {AttemptState.UNKNOWN})), st.sampled_from(sorted(ENDS)))
def test_proof_of_an_end_outranks_whatever_is_open(open_, end):
    assert merged(open_, end) == end


@pytest.mark.parametrize("end", sorted(ENDS - {AttemptState.READ}))
def test_a_delivery_outranks_every_other_end(end):
    assert merged(AttemptState.DELIVERED, end) == AttemptState.DELIVERED


def test_rules_have_names_of_their_own_and_modes_that_exist():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {mode for rule in RULES for mode in rule.plays} == set(MODES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_a_sentence_in_every_language(rule):
    set_language("en")
    assert rule.words == rule.sentence
    assert rule.words[0].isupper()
    assert not rule.words.endswith(".")
