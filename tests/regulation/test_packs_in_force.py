"""Several packs at once: stricter wins, figures from the settings, packs switched off, versions an outage stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec import Struct
from owed_county import ENTRY, PLUGINS, RECEIVED, START, ZONE, lines, outage, owed, shipped

from desk.config.settings import RegulationSettings
from desk.records import PackUsed
from desk.regulation import Regulation
from desk.regulation.load import read_pack

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

CITY = """
kind = "rule_pack"
id = "city"
title = { zh_CN = "市", en = "city" }
source = "the city"
version = "1"

[[rule]]
id = "C1"
articles = ["1"]
name = { zh_CN = "书面通知", en = "written notice" }
says = { zh_CN = "书面通知。", en = "Written notice." }
outage_types = ["planned_maintenance"]
trigger = "opened"
recipients = ["important"]
channels.any_of = %(channels)s
due = "%(due)s"
%(more)s
owner = "office"
evidence_kind = "%(evidence)s"
notice = "%(notice)s"
"""
SAME = {
    "channels": '["phone"]',
    "due": "planned_start - P10D",
    "more": "",
    "evidence": "log",
    "notice": "second_notice",
}


def city(**values):
    return read_pack(Path("city.toml"), (CITY % {**SAME, **values}).encode())


def beside(pack, *names: str) -> Regulation:
    return Regulation([*shipped(*names).packs, pack])


def second_notice(regulation: Regulation, who: str = "4"):
    duties = owed(outage("planned_maintenance"), regulation).duties
    found = [draft for draft in duties if draft.terms.notice == "second_notice" and draft.recipient.id == who]
    assert len(found) == 1
    return found[0].terms


def test_two_packs_that_ask_for_the_same_notice_make_one_duty_with_both_articles():
    terms = second_notice(beside(city(), "county"))
    assert (terms.rules, terms.articles) == (("county:A9.4", "city:C1"), ("9.4", "1"))


def test_the_earlier_deadline_wins_whichever_pack_has_it():
    assert second_notice(beside(city(), "county")).due == START - 10 * DAY
    assert second_notice(beside(city(due="planned_start - PT1H"), "county")).due == START - 24 * HOUR


def test_what_must_not_come_too_early_gives_way_to_an_earlier_deadline():
    assert second_notice(beside(city(), "county")).not_before is None
    later = 'not_before = "planned_start - PT30H"'
    assert second_notice(beside(city(due="planned_start", more=later), "county")).not_before == START - 30 * HOUR


def test_the_channels_are_those_that_both_allow():
    assert second_notice(beside(city(), "county")).channels == ("phone",)


def test_where_no_channel_suits_both_the_county_s_are_kept():
    assert second_notice(beside(city(channels='["fax"]'), "county")).channels == ("phone", "sms")


def test_the_stronger_proof_is_asked_for():
    assert second_notice(beside(city(), "county")).evidence_kind == "call_or_delivery"
    assert second_notice(beside(city(evidence="signed_receipt"), "county")).evidence_kind == "signed_receipt"


def test_a_recipient_that_only_one_pack_means_has_that_pack_s_duty():
    assert second_notice(beside(city(), "county"), "2").rules == ("county:A9.4",)


def test_another_notice_word_is_another_duty():
    found = lines(owed(outage("planned_maintenance"), beside(city(notice="city_letter"), "county")))
    assert ("C1", "3", START - 10 * DAY) in found
    assert ("A9.4", "3", START - 24 * HOUR) in found


def test_rows_of_one_pack_are_never_one_duty_whatever_they_tell(regulation):
    found = lines(owed(outage("theft_violation"), regulation))
    assert {row[0] for row in found if row[1] == "leader"} == {"A14b", "A16c"}


def test_a_day_ahead_beats_at_once_for_an_important_customer(regulation):
    """Temporary work entered twenty hours ahead: the nation's 24 hours were over before it was known."""
    soon = outage("temporary_maintenance", planned_start=ENTRY + 20 * HOUR)
    due = {who: due for rule, who, due in lines(owed(soon, regulation), notice="temporary_notice")}
    assert due == {"3": ENTRY - 4 * HOUR, "4": ENTRY - 4 * HOUR, "2": ENTRY + 15 * MINUTE, "5": ENTRY + 15 * MINUTE}


def test_without_the_nation_s_pack_its_articles_are_not_shown():
    found = lines(owed(outage("planned_maintenance"), shipped("county")))
    assert ("A9.1d", "public", START - 7 * DAY) in found


def test_without_the_county_s_pack_the_nation_s_duties_stand_alone():
    found = lines(owed(outage("temporary_maintenance"), shipped("national")))
    assert found == [("N28.2", "3", START - 24 * HOUR), ("N28.2", "4", START - 24 * HOUR)]


def test_a_figure_of_the_settings_stands_in_place_of_the_pack_s():
    quick = shipped("county", figures={"county": {"immediately": "PT5M", "promptly": "PT30M"}})
    found = lines(owed(outage("grid_fault"), quick))
    assert ("A11.3c", "4", ENTRY + 5 * MINUTE) in found
    assert ("A9.2c", "4", ENTRY + 30 * MINUTE) in lines(owed(outage("planned_maintenance"), quick))


# entry → (announced start, deadline of seven days, counted by the calendar)
DATES = {
    "in the morning": (datetime(2026, 5, 20, 8, tzinfo=ZONE), datetime(2026, 5, 13, 23, 59, 59, tzinfo=ZONE)),
    "at midnight": (datetime(2026, 5, 20, 0, tzinfo=ZONE), datetime(2026, 5, 13, 23, 59, 59, tzinfo=ZONE)),
    "over the end of a year": (datetime(2027, 1, 3, 22, tzinfo=ZONE), datetime(2026, 12, 27, 23, 59, 59, tzinfo=ZONE)),
}


@pytest.mark.parametrize(("start", "due"), DATES.values(), ids=DATES)
def test_by_the_calendar_any_hour_of_the_day_is_in_time(start, due):
    calendar = shipped("county", day_count="calendar")
    found = {rule: at for rule, _who, at in lines(owed(outage("planned_maintenance", planned_start=start), calendar))}
    assert found["A9.3"] == due
    assert found["A9.4"] == start - timedelta(hours=24)  # hours stay hours


def test_by_the_calendar_a_plan_that_arrives_on_the_seventh_day_is_in_time():
    late = outage("planned_maintenance", received_at=START - 7 * DAY + HOUR)
    assert owed(late, shipped("county")).broken
    assert not owed(late, shipped("county", day_count="calendar")).broken


class File(Struct):
    id: str
    path: Path


FILES = {
    "county": File("county", PLUGINS / "county.toml"),
    "national": File("national", PLUGINS / "national.toml"),
    "desk": File("desk", PLUGINS / "desk_practice.toml"),
}


def of(**settings) -> Regulation:
    return Regulation.of(FILES, RegulationSettings(**settings))


def test_a_pack_may_be_switched_off():
    assert [pack.id for pack in of(off=("national",)).packs] == ["county", "desk"]


def test_settings_that_fit_no_pack_are_told_with_what_was_meant():
    told = of(off=("nation",), overrides={"county": {"immediatly": "PT5M"}, "contry": {"x": "PT5M"}}).problems
    assert told == (
        '[regulation.overrides.county]: the pack has no figure "immediatly"; did you mean immediately?',
        '[regulation.overrides]: there is no rule pack "contry"; did you mean county?',
        '[regulation] off: there is no rule pack "nation"',
    )


def test_a_pack_with_a_mistake_is_left_out_and_told(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text('kind = "rule_pack"\nid = "broken"\n', encoding="utf-8")
    regulation = Regulation.of({**FILES, "broken": File("broken", broken)}, RegulationSettings())
    assert len(regulation.packs) == 3
    assert any(str(broken) in problem for problem in regulation.problems)


def test_an_outage_stores_packs_versions_and_figures():
    used = of(
        overrides={"county": {"immediately": "PT5M", "effective_from": "2026-03-01"}}, day_count="calendar"
    ).used()
    assert [(pack.id, pack.version) for pack in used] == [("county", "1"), ("national", "1"), ("desk", "1")]
    assert used[0].figures == {"immediately": "PT5M", "day_count": "calendar"}
    assert used[0].effective_from == "2026-03-01"
    assert all(len(pack.hash) == 64 for pack in used)


def test_an_outage_keeps_the_figures_it_was_opened_under():
    used = of(overrides={"county": {"immediately": "PT5M"}}, day_count="calendar").used()
    found = lines(owed(outage("grid_fault"), of().in_force(used)))
    assert ("A11.3c", "4", ENTRY + 5 * MINUTE) in found
    assert of().in_force(used).day_count == "calendar"


def test_a_pack_that_came_later_does_not_hold_for_an_older_outage():
    used = of(off=("national",)).used()
    assert [pack.id for pack in of().in_force(used).packs] == ["county", "desk"]


def test_a_version_that_is_gone_is_told_and_the_one_there_is_used():
    old = (PackUsed(id="county", version="0", hash="?"), PackUsed(id="city", version="3", hash="?"))
    regulation = of().in_force(old)
    assert [pack.id for pack in regulation.packs] == ["county"]
    assert regulation.problems == (
        "rule pack county 0 is gone; 1 is used in its place",
        "rule pack city 3 is gone; its rules are not applied",
    )


def test_an_outage_from_before_there_were_packs_is_under_all_of_them():
    assert of().in_force(()).used() == of().used()


def test_a_cause_that_a_rule_exempts_is_owed_nothing_by_it():
    regulation = beside(city(notice="city_letter", more='exempt_causes = ["force_majeure"]'), "county")
    exempt = outage("planned_maintenance", facts={"cause_code": "force_majeure"})
    assert any(row[0] == "C1" for row in lines(owed(outage("planned_maintenance"), regulation)))
    assert not any(row[0] == "C1" for row in lines(owed(exempt, regulation)))


def test_a_rule_whose_anchor_is_not_known_yet_makes_no_duty():
    regulation = beside(city(notice="city_letter", due="restored_at + PT1H"), "county")
    assert not any(row[0] == "C1" for row in lines(owed(outage("planned_maintenance"), regulation)))


def test_what_was_received_late_is_still_counted_from_the_receipt(regulation):
    late = outage("temporary_maintenance", received_at=ENTRY - 3 * HOUR)
    found = {row[0]: row[2] for row in lines(owed(late, regulation))}
    assert found["A10.1"] == ENTRY - 3 * HOUR + 15 * MINUTE
    assert late.received_at < RECEIVED
