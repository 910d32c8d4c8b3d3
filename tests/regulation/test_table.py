"""The table of the regulation, row by row: outage type → rule → who is owed it → until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from owed_county import END, ENTRY, PEOPLE, RECEIVED, START, Book, customer, lines, outage, owed

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SPECIAL_IMPORTANT = ("2", "3", "4")
BRANCHES = ("城东所", "河西所")
EVERYONE = ("1", "2", "3", "4", "5")
FIRE = (*PEOPLE, customer("6", sector="fire_service"))

TABLE = {
    "planned_maintenance": [
        ("A9.1c", ("office", "marketing", "95598"), RECEIVED + 2 * HOUR),
        ("A9.1d+N28.1", ("public",), START - 7 * DAY),
        ("A9.2c", ("3", "4"), ENTRY + 2 * HOUR),
        ("A9.2d", BRANCHES, ENTRY + 2 * HOUR),
        ("A9.3", SPECIAL_IMPORTANT, START - 7 * DAY),
        ("A9.4", SPECIAL_IMPORTANT, START - 24 * HOUR),
    ],
    "temporary_maintenance": [
        ("A10.1", ("95598", *BRANCHES), RECEIVED + 15 * MINUTE),
        ("A10.2b", BRANCHES, ENTRY + 15 * MINUTE),
        ("A10.3+N28.2", ("3", "4"), ENTRY + 15 * MINUTE),
        ("A10.3", ("2", "5"), ENTRY + 15 * MINUTE),
    ],
    "grid_fault": [
        ("A11.3b", ("95598",), RECEIVED + 15 * MINUTE),
        ("A11.3c", SPECIAL_IMPORTANT, ENTRY + 15 * MINUTE),
        ("A16c", ("leader",), ENTRY + 15 * MINUTE),
    ],
    "supply_shortage": [
        ("A12.2a", ("public",), START),
        ("A12.2b", SPECIAL_IMPORTANT, ENTRY + 2 * HOUR),
    ],
    "arrears": [
        ("A13a", EVERYONE, START - 7 * DAY),
        ("A13b", ("power_authority",), START),
        ("A13c", EVERYONE, START - 30 * MINUTE),
    ],
    "theft_violation": [
        ("A14a", EVERYONE, ENTRY + 15 * MINUTE),
        ("A14b", ("leader",), ENTRY + 2 * HOUR),
        ("A14c", EVERYONE, ENTRY + 15 * MINUTE),
        ("A16c", ("leader",), ENTRY + 15 * MINUTE),
    ],
    "unforeseeable": [
        ("A15c", (*SPECIAL_IMPORTANT, "public"), ENTRY + 2 * HOUR),
        ("A16c", ("leader",), ENTRY + 15 * MINUTE),
    ],
    "hazard_removal": [],
    "account_closure": [],
}


@pytest.mark.parametrize(("kind", "rows"), TABLE.items(), ids=TABLE)
def test_an_outage_owes_what_the_table_says_and_nothing_else(kind, rows, regulation):
    expected = sorted((rule, who, due) for rule, recipients, due in rows for who in recipients)
    assert lines(owed(outage(kind), regulation)) == expected


# rule → (channels, owner, evidence, articles)
HOW = {
    "A9.1c": (("written_notice", "fax", "internal"), "dispatch", "receipt_time", ("9.1",)),
    "A9.1d+N28.1": (("media_announcement",), "office", "publication", ("9.1", "28.1")),
    "A9.2c": (("phone",), "95598", "call_outcome", ("9.2",)),
    "A9.2d": (("fax",), "95598", "transmission_report", ("9.2",)),
    "A9.3": (("written_notice",), "marketing", "signed_receipt", ("9.3",)),
    "A9.4": (("phone", "sms"), "95598", "call_or_delivery", ("9.4",)),
    "A10.1": (("internal", "fax"), "receiving_department", "receipt_time", ("10.1",)),
    "A10.2b": (("fax", "internal", "phone", "sms", "written_notice"), "95598", "receipt_time", ("10.2",)),
    "A10.3": (("phone", "sms"), "95598", "result", ("10.3",)),
    "A10.3+N28.2": (("phone", "sms"), "95598", "result", ("10.3", "28.2")),
    "A11.3b": (("internal",), "duty_dispatcher", "receipt_time", ("11.3",)),
    "A11.3c": (("phone",), "95598", "call_outcome", ("11.3",)),
    "A12.2a": (("media_announcement",), "office", "publication", ("12.2",)),
    "A12.2b": (("phone", "sms"), "95598", "result", ("12.2",)),
    "A13a": (("written_notice",), "service_branch", "delivery_proof", ("13",)),
    "A13b": (("filing",), "marketing", "filing_reference", ("13",)),
    "A13c": (("phone", "sms", "face_to_face"), "service_branch", "result", ("13",)),
    "A14a": (("face_to_face",), "inspection", "log", ("14",)),
    "A14b": (("report",), "inspection", "report_time", ("14",)),
    "A14c": (("written_notice",), "inspection", "signed_receipt", ("14",)),
    "A16c": (("report",), "95598", "report_time", ("16",)),
}


@pytest.mark.parametrize("kind", TABLE)
def test_every_duty_says_how_by_whom_and_with_which_proof(kind, regulation):
    for draft in owed(outage(kind), regulation).duties:
        name = "+".join(rule.partition(":")[2] for rule in draft.terms.rules)
        terms = draft.terms
        if name != "A15c":
            assert (terms.channels, terms.owner, terms.evidence_kind, terms.articles) == HOW[name]


def test_the_unforeseeable_is_explained_to_the_public_by_media_and_to_customers_by_any_other_means(regulation):
    by = {draft.recipient.kind: draft.terms.channels for draft in owed(outage("unforeseeable"), regulation).duties}
    assert by["public"] == ("media_announcement",)
    assert by["customer"] == ("phone", "sms", "written_notice", "face_to_face", "fax")


def test_the_second_notice_has_its_window_and_follows_the_first_ones(regulation):
    duties = {draft.key: draft for draft in owed(outage("planned_maintenance"), regulation).duties}
    second = duties["county:A9.4>customer:4"]
    assert second.terms.not_before == START - 48 * HOUR
    assert second.after == ("county:A9.2c>customer:4", "county:A9.3>customer:4")
    assert duties["county:A9.4>customer:2"].after == ("county:A9.3>customer:2",)


def test_a_shortage_that_begins_soon_is_told_before_it_begins(regulation):
    soon = outage("supply_shortage", planned_start=ENTRY + HOUR)
    assert lines(owed(soon, regulation), notice="shortage_notice")[0][2] == ENTRY + HOUR


@pytest.mark.parametrize("kind", ["planned_maintenance", "temporary_maintenance", "supply_shortage"])
def test_the_fire_service_is_told_beforehand_where_its_stations_are_cut(kind, regulation):
    told = [row for row in lines(owed(outage(kind), regulation, FIRE)) if row[0] == "NF29"]
    assert told == [("NF29", "fire_service", START)]


@pytest.mark.parametrize("kind", ["grid_fault", "arrears", "theft_violation", "hazard_removal"])
def test_the_fire_service_is_not_told_of_what_is_not_maintenance_or_shortage(kind, regulation):
    assert not [row for row in lines(owed(outage(kind), regulation, FIRE)) if row[0] == "NF29"]


def test_a_filing_is_owed_only_for_an_important_customer(regulation):
    ordinary = [customer("1"), customer("2", special=True)]
    assert not [row for row in lines(owed(outage("arrears"), regulation, ordinary)) if row[0] == "A13b"]


def test_a_contract_names_its_own_period(regulation):
    people = [customer("1", contract_notice_days=15), customer("2", contract_notice_days=3), customer("3")]
    found = {who: due for rule, who, due in lines(owed(outage("arrears"), regulation, people)) if rule == "A13a"}
    assert found == {"1": START - 15 * DAY, "2": START - 3 * DAY, "3": START - 7 * DAY}


CHANGES = {
    "an earlier start": ({"planned_start": START - HOUR}, START - HOUR),
    "a later end": ({"planned_end": END + HOUR}, END),
    "both": ({"planned_start": START - HOUR, "planned_end": END + HOUR}, START - HOUR),
}


@pytest.mark.parametrize(("times", "moment"), CHANGES.values(), ids=CHANGES)
def test_a_plan_that_takes_more_time_is_told_before_the_changed_moment(times, moment, regulation):
    book = Book(outage("planned_maintenance"), regulation)
    after = outage("planned_maintenance", **times)
    steps = book.happen("changed", after=after)
    news = {draft.recipient.id: draft.terms for draft in steps.inform}
    assert set(news) == {"95598", *SPECIAL_IMPORTANT}
    assert news["95598"].articles == ("9.5",)
    assert (news["95598"].due, news["95598"].owner) == (moment - 30 * MINUTE, "work_unit")
    assert {news[who].due for who in SPECIAL_IMPORTANT} == {moment}


@pytest.mark.parametrize(
    ("kind", "times"),
    [
        ("planned_maintenance", {"planned_start": START + HOUR}),
        ("planned_maintenance", {"planned_end": END - HOUR}),
        ("temporary_maintenance", {"planned_end": END + HOUR}),
    ],
    ids=["later start", "earlier end", "another type"],
)
def test_article_9_5_is_for_plans_that_start_earlier_or_end_later(kind, times, regulation):
    book = Book(outage(kind), regulation)
    assert book.happen("changed", after=outage(kind, **times)).inform == ()


def test_a_medal_alone_is_told_of_temporary_work_only(regulation):
    kinds = {kind for kind in TABLE for row in lines(owed(outage(kind), regulation)) if row[1] == "5"}
    assert kinds == {"temporary_maintenance", "arrears", "theft_violation"}


def test_a_start_that_nobody_planned_is_the_actual_one_and_phases_give_one_too(regulation):
    from desk.records import Phase
    from desk.regulation.moments import anchors_of

    phases = (
        Phase(start=START + 6 * HOUR, end=START + 16 * HOUR, supply="single_circuit"),
        Phase(start=START, end=START + 6 * HOUR),
    )
    phased = outage("planned_maintenance", planned_start=None, planned_end=None, phases=phases)
    assert (anchors_of(phased)["planned_start"], anchors_of(phased)["planned_end"]) == (START, START + 16 * HOUR)
    assert anchors_of(outage("grid_fault"))["planned_start"] == ENTRY
    assert [row[2] for row in lines(owed(phased, regulation)) if row[0] == "A9.3"] == [START - 7 * DAY] * 3
