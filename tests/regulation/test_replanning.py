"""What happens to an outage makes only the difference: who is told what, what moves, what is withdrawn."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace
from owed_county import CHANGED, END, PEOPLE, START, Book, customer, outage, shipped

from desk.records import Status
from desk.regulation.facts import Steps
from desk.regulation.replan import told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLAN = outage("planned_maintenance")


def who(drafts) -> dict[str, tuple[str, ...]]:
    """Recipient → the rules of what is owed to it."""
    return {draft.recipient.id: draft.terms.rules for draft in drafts}


def without(*accounts: str):
    return tuple(person for person in PEOPLE if person.account_no not in accounts)


def test_nothing_happening_changes_nothing(regulation):
    assert not Book(PLAN, regulation).happen("started")


# Changed times


def test_open_deadlines_move_with_the_start_each_with_its_replan(regulation):
    book = Book(PLAN, regulation)
    steps = book.happen("changed", after=replace(PLAN, planned_start=START + DAY, planned_end=END + DAY))
    second = next(duty for duty in steps.move if duty.key == "county:A9.4>customer:4")
    assert (second.due, second.not_before) == (START, START - DAY)
    assert [(plan.field, plan.after - plan.before) for plan in second.replans] == [("due", DAY), ("not_before", DAY)]
    assert second.replans[0].reason == "the times were changed"


def test_what_counts_from_the_entry_does_not_move(regulation):
    steps = Book(PLAN, regulation).happen("changed", after=replace(PLAN, planned_start=START + DAY))
    assert not [duty for duty in steps.move if duty.key.startswith(("county:A9.2", "county:A9.1c"))]


def test_what_is_done_does_not_move(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:4")
    steps = book.happen("changed", after=replace(PLAN, planned_start=START + DAY))
    assert "county:A9.3>customer:4" not in {duty.key for duty in steps.move}


def test_everyone_told_the_old_times_hears_the_new_ones_once(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:2", "A9.2c>customer:4", "A9.2d>branch:城东所", "public:public")
    steps = book.happen("changed", after=replace(PLAN, planned_end=END - HOUR))
    assert who(steps.inform) == dict.fromkeys(("2", "4", "城东所", "public"), ("desk:changed",))


def test_news_of_article_9_5_and_of_the_desk_is_one_duty(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:2", "A9.1c>department:95598")
    steps = book.happen("changed", after=replace(PLAN, planned_end=END + HOUR))
    news = who(steps.inform)
    assert news["2"] == ("county:A9.5c", "desk:changed")
    assert news["4"] == ("county:A9.5c",)
    assert news["95598"] == ("county:A9.5b", "desk:changed")


def test_news_that_is_still_open_is_moved_and_not_doubled(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:2")
    book.happen("changed", after=replace(PLAN, planned_start=START - HOUR))
    steps = book.happen("changed", after=replace(PLAN, planned_start=START - 2 * HOUR), at=CHANGED + HOUR)
    assert steps.inform == ()
    moved = next(duty for duty in steps.move if duty.recipient.id == "4" and duty.trigger == "changed")
    assert (moved.due, moved.replans[0].before) == (START - 2 * HOUR, START - HOUR)


def test_a_second_change_is_news_again_once_the_first_was_told(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:2")
    book.happen("changed", after=replace(PLAN, planned_end=END - HOUR))
    book.tell("desk:changed>customer:2")
    steps = book.happen("changed", after=replace(PLAN, planned_end=END - 2 * HOUR), at=CHANGED + HOUR)
    assert who(steps.inform) == {"2": ("desk:changed",)}
    keys = [duty.key for duty in book.held]
    assert len(keys) == len(set(keys))


def test_nobody_is_owed_a_first_notice_again_because_the_time_moved(regulation):
    book = Book(PLAN, regulation)
    book.tell()
    assert book.happen("changed", after=replace(PLAN, planned_start=START + DAY, planned_end=END + DAY)).add == ()


# Changed scope


def test_who_falls_out_untold_is_owed_nothing_more(regulation):
    book = Book(PLAN, regulation)
    steps = book.happen("scope_changed", customers=without("4"))
    assert {duty.key for duty in steps.withdraw} == {f"county:A9.{row}>customer:4" for row in ("2c", "3", "4")}
    assert {duty.state for duty in steps.withdraw} == {"withdrawn"}
    assert steps.inform == ()


def test_who_was_told_and_falls_out_is_owed_a_correction(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:4", "A9.2d>branch:河西所")
    steps = book.happen("scope_changed", customers=without("3", "4", "5"))
    assert who(steps.inform) == {"4": ("desk:correction",), "河西所": ("desk:correction",)}
    assert {draft.terms.due for draft in steps.inform} == {CHANGED + 2 * HOUR}


def test_who_refused_to_sign_was_told(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:4", state="refused")
    assert who(book.happen("scope_changed", customers=without("4")).inform) == {"4": ("desk:correction",)}


def test_who_could_not_be_reached_was_not_told(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:4", state="unreachable")
    assert book.happen("scope_changed", customers=without("4")).inform == ()


def test_whoever_is_new_is_owed_the_first_notices_and_nobody_else(regulation):
    book = Book(PLAN, regulation)
    book.tell()
    steps = book.happen("customer_added", customers=(*PEOPLE, customer("9", special=True)))
    assert sorted(draft.terms.rules for draft in steps.add) == [("county:A9.3",), ("county:A9.4",)]
    assert {draft.recipient.id for draft in steps.add} == {"9"}


def test_who_comes_back_before_the_correction_is_told_nothing(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:4")
    book.happen("scope_changed", customers=without("4"))
    steps = book.happen("scope_changed", customers=PEOPLE, at=CHANGED + HOUR)
    assert [duty.key for duty in steps.withdraw] == ["1~desk:correction>customer:4"]
    assert {draft.terms.rules[0] for draft in steps.add} == {"county:A9.2c", "county:A9.4"}


def test_who_comes_back_after_the_correction_is_told_everything_anew(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:4")
    book.happen("scope_changed", customers=without("4"))
    book.tell("desk:correction>customer:4")
    steps = book.happen("scope_changed", customers=PEOPLE, at=CHANGED + HOUR)
    assert {draft.terms.rules[0] for draft in steps.add} == {"county:A9.2c", "county:A9.3", "county:A9.4"}
    assert steps.withdraw == ()


def test_one_who_is_still_affected_is_not_corrected_when_a_flag_is_lost(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:2")
    steps = book.happen("customer_added", customers=(*without("2"), customer("2")))
    assert steps.inform == ()
    assert [duty.key for duty in steps.withdraw] == ["county:A9.4>customer:2"]


def test_one_who_becomes_important_is_owed_what_that_adds(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:2")
    steps = book.happen("customer_added", customers=(*without("2"), customer("2", special=True, important=True)))
    assert who(steps.add) == {"2": ("county:A9.2c",)}


# Groups

SITES = tuple(customer(account, group="集团", special=True) for account in ("11", "12", "13"))


def test_a_site_that_falls_out_of_a_told_group_is_corrected_through_the_group(regulation):
    book = Book(PLAN, regulation, SITES)
    book.tell("A9.3>group:集团")
    steps = book.happen("scope_changed", customers=SITES[:2])
    assert [(draft.recipient.id, draft.sites) for draft in steps.inform] == [("集团", ("13",))]
    assert [duty.sites for duty in steps.move] == [("11", "12")]  # the second notice


def test_a_site_that_was_told_with_its_group_is_not_told_again_alone(regulation):
    book = Book(PLAN, regulation, SITES[:2])
    book.tell("A9.3>group:集团")
    steps = book.happen("scope_changed", customers=SITES[:1])
    assert who(steps.add) == {"11": ("county:A9.4",)}
    assert [(draft.recipient.id, draft.sites) for draft in steps.inform] == [("集团", ("12",))]


def test_a_site_that_was_told_alone_is_not_told_again_with_its_group(regulation):
    book = Book(PLAN, regulation, SITES[:1])
    book.tell("A9.3>customer:11")
    steps = book.happen("customer_added", customers=SITES[:2])
    assert {(draft.terms.rules[0], draft.sites) for draft in steps.add} == {
        ("county:A9.3", ("12",)),
        ("county:A9.4", ("11", "12")),
    }


def test_what_the_group_heard_is_no_news_to_the_site_with_a_notice_of_its_own(regulation):
    own = replace(PLAN, facts={"own_notice": ["11"]})
    book = Book(own, regulation, SITES)
    book.tell("A9.3>customer:11")
    steps = book.happen("changed", after=replace(own, planned_end=END - HOUR))
    assert [(draft.recipient.id, draft.sites) for draft in steps.inform] == [("11", ())]


# Called off


def cancelled(what):
    return replace(what, status=Status.CANCELLED)


def test_a_cancelled_outage_is_news_to_everyone_told_and_owes_nothing_else(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:2", "A9.2d>branch:城东所")
    steps = book.happen("cancelled", after=cancelled(PLAN))
    assert who(steps.inform) == dict.fromkeys(("2", "城东所"), ("desk:cancelled",))
    assert not [duty for duty in book.held if duty.state == "pending" and duty.trigger != "cancelled"]


def test_a_group_hears_of_the_cancellation_with_its_sites(regulation):
    book = Book(PLAN, regulation, SITES)
    book.tell("A9.3>group:集团")
    steps = book.happen("cancelled", after=cancelled(PLAN))
    assert [(draft.recipient.id, draft.sites) for draft in steps.inform] == [("集团", ("11", "12", "13"))]


def test_who_learned_that_the_outage_is_none_for_them_hears_no_more_of_it(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:4")
    book.happen("scope_changed", customers=without("4"))
    book.tell("desk:correction>customer:4")
    assert told(book.held) == ()
    assert book.happen("cancelled", after=cancelled(PLAN), at=CHANGED + HOUR).inform == ()


def test_an_open_correction_gives_way_to_the_cancellation(regulation):
    book = Book(PLAN, regulation)
    book.tell("A9.3>customer:4")
    book.happen("scope_changed", customers=without("4"))
    steps = book.happen("cancelled", after=cancelled(PLAN), at=CHANGED + HOUR)
    assert who(steps.inform) == {"4": ("desk:cancelled",)}
    assert "1~desk:correction>customer:4" in {duty.key for duty in steps.withdraw}


def test_without_the_desk_s_practice_only_articles_make_news():
    book = Book(PLAN, shipped("county", "national"))
    book.tell()
    assert book.happen("cancelled", after=cancelled(PLAN)) == Steps()
