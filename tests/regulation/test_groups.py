"""A group customer is told once through its contact, with its sites; a site may ask for a notice of its own."""

from __future__ import annotations

from datetime import timedelta

from owed_county import START, customer, outage, owed

SITES = (
    customer("11", group="集团", important=True),
    customer("12", group="集团", special=True),
    customer("13", group="集团"),
)


def people(regulation, rule: str, customers=SITES, kind="planned_maintenance", **facts):
    """Recipient → sites, for one rule."""
    duties = owed(outage(kind, facts=facts), regulation, customers).duties
    return {draft.recipient.id: draft.sites for draft in duties if f"county:{rule}" in draft.terms.rules}


def test_two_sites_are_told_once_through_the_group(regulation):
    assert people(regulation, "A9.3") == {"集团": ("11", "12")}


def test_the_sites_are_those_that_the_rule_means(regulation):
    assert people(regulation, "A9.2c") == {"集团": ("11",)}
    assert people(regulation, "A13a", kind="arrears") == {"集团": ("11", "12", "13")}


def test_one_affected_site_is_told_itself(regulation):
    assert people(regulation, "A9.3", SITES[:1]) == {"11": ()}


def test_a_group_without_a_site_that_the_rule_means_is_owed_nothing(regulation):
    plain = [customer("1", group="集团"), customer("2", group="集团")]
    assert people(regulation, "A9.3", plain) == {}


def test_a_site_that_asked_for_its_own_notice_gets_it_too(regulation):
    assert people(regulation, "A9.3", own_notice=["12"]) == {"集团": ("11", "12"), "12": ()}


def test_asking_for_its_own_notice_does_not_make_a_site_special(regulation):
    assert people(regulation, "A9.3", own_notice=["13"]) == {"集团": ("11", "12")}


def test_own_notices_may_be_written_as_one_text(regulation):
    assert set(people(regulation, "A9.3", own_notice="11，12")) == {"集团", "11", "12"}


def test_the_second_notice_follows_the_first_one_to_the_group(regulation):
    duties = owed(outage("planned_maintenance"), regulation, SITES).duties
    second = next(draft for draft in duties if draft.terms.rules == ("county:A9.4",))
    assert second.after == ("county:A9.2c>group:集团", "county:A9.3>group:集团")


def test_of_several_contracts_the_longest_notice_counts(regulation):
    sites = [customer("1", group="集团", contract_notice_days=20), customer("2", group="集团", contract_notice_days=3)]
    duties = owed(outage("arrears"), regulation, sites).duties
    assert [d.terms.due for d in duties if d.terms.rules == ("county:A13a",)] == [START - timedelta(days=20)]


def test_rules_of_two_packs_meet_on_a_group_as_on_anyone(regulation):
    duties = owed(outage("temporary_maintenance"), regulation, SITES).duties
    told = [draft for draft in duties if draft.terms.notice == "temporary_notice"]
    assert [(draft.terms.articles, draft.sites) for draft in told] == [(("10.3", "28.2"), ("11", "12"))]


def test_a_group_named_like_an_account_keeps_a_key_of_its_own(regulation):
    people = [
        customer("7", special=True),
        customer("8", special=True, group="7"),
        customer("9", special=True, group="7"),
    ]
    keys = [draft.key for draft in owed(outage("planned_maintenance"), regulation, people).duties]
    assert len(keys) == len(set(keys))
