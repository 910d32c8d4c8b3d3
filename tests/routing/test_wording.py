"""The shipped words: every channel, stage and sector in both languages, short where they must be, and nothing odd in
them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from noticed_county import DAY, HOUR, NOW, plan
from reachable import SMS, duty

from desk.app import Desk
from desk.outbox.groups import Site
from desk.outbox.news import SUBJECTS, News, span, stage_for, valid_until, written
from desk.outbox.splitting import cut
from desk.outbox.wording import Speaker, Wordings, tidy
from desk.records import Change, Customer, Outage, Phase, Recipient, Scope, Status

FAMILIES = ("sms", "fax", "internal", "media_announcement", "report", "filing", "mail", "anything")
SECTORS = (
    *("", "mine", "hospital", "water", "sewage", "chemical", "metallurgy", "continuous_process", "school", "farm"),
    *("residential_tower", "crowd_place", "fire_service", "telecom", "broadcast", "government", "data_centre"),
)
TYPES = ("planned_maintenance", "temporary_maintenance", "grid_fault", "supply_shortage", "arrears",
    "theft_violation", "unforeseeable", "hazard_removal", "account_closure")  # fmt: skip
START, END = NOW + 10 * DAY, NOW + 10 * DAY + 6 * HOUR
PERSON = Customer(account_no="64010001", name="张三", transformer_area="T1")


def outage(status: Status = Status.SCHEDULED, **more: Any) -> Outage:
    given: dict[str, Any] = {
        "id": "O1",
        "type": "planned_maintenance",
        "status": status,
        "scope": Scope(feeders=("城东线",)),
        "received_at": NOW,
        "opened_at": NOW,
        "planned_start": START,
        "planned_end": END,
        "cause": "更换导线",
        "area": "城东",
    }
    return Outage(**{**given, **more})


# Every stage: the outage, what the duty tells, and when it is looked at.
STAGES: dict[str, tuple[Outage, str, datetime]] = {
    "upcoming": (outage(), "first_notice", NOW),
    "due_to_start": (outage(), "second_notice", START + HOUR),
    "off": (outage(Status.CONFIRMED, actual_start=START), "fault_notice", START + HOUR),
    "off, no end": (outage(Status.CONFIRMED, planned_start=None, planned_end=None, actual_start=NOW), "x", NOW),
    "overdue": (outage(Status.CONFIRMED, actual_start=START), "fault_notice", END + HOUR),
    "restored": (outage(Status.RESTORED, actual_start=START, actual_end=END), "restored", END + HOUR),
    "cancelled": (outage(Status.CANCELLED), "cancellation", NOW),
    "not_affected": (outage(), "correction", NOW),
    "changed": (
        outage(
            history=(
                Change(
                    at=NOW,
                    act="change",
                    values={"planned_start": [(START - DAY).isoformat(), START.isoformat()]},
                ),
            )
        ),
        "times_changed",
        NOW,
    ),
    "phases": (
        outage(
            phases=(
                Phase(start=START, end=END, supply="none"),
                Phase(start=END, end=END + HOUR, supply="single_circuit"),
            )
        ),
        "first_notice",
        NOW,
    ),
}


def speaker(desk: Desk, about: Outage, now: datetime, language: str = "zh_CN") -> Speaker:
    config = desk.place.config
    desk.place.config = replace(config, messages=replace(config.messages, language=language))
    return wordings(desk).of(about, now)


@lru_cache(maxsize=1)
def wordings(desk: Desk) -> Wordings:
    """One for all that a test asks: a template is compiled once."""
    return Wordings(desk.place)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("stage", STAGES)
def test_every_channel_and_sector_has_words_for_every_stage(desk: Desk, stage: str, language: str) -> None:
    about, notice, now = STAGES[stage]
    says = speaker(desk, about, now, language)
    for family, sector in product(FAMILIES, SECTORS):
        worded = says.words(family, duty(notice=notice), replace(PERSON, sector=sector))
        assert worded.text
        assert not worded.warning
        assert not any(odd in worded.text for odd in ("None", "{{", "%}", "，。", "；。", "。。", "  。"))
        assert worded.subject in {texts[language] for texts in SUBJECTS.values()}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("type", TYPES)
def test_every_type_of_outage_has_words(desk: Desk, type: str, language: str) -> None:
    for about, notice, now in STAGES.values():
        for family in FAMILIES:
            worded = speaker(desk, replace(about, type=type), now, language).words(family, duty(notice=notice), PERSON)
            assert worded.text
            assert not worded.warning


@pytest.mark.parametrize("stage", [name for name in STAGES if name != "phases"])
def test_a_text_message_without_a_sector_fits_one_part_or_two(desk: Desk, stage: str) -> None:
    about, notice, now = STAGES[stage]
    text = speaker(desk, about, now).words("sms", duty(notice=notice), PERSON).text
    assert "\n" not in text
    assert cut(text, SMS).parts <= 2


SAID = [
    ("upcoming", "", "尊敬的客户：因更换导线，城东将于12月11日08:00至14:00计划停电。请提前做好准备。详询95598。"),
    ("cancelled", "", "尊敬的客户：原定12月11日08:00至14:00城东的停电已取消，正常供电。详询95598。"),
    ("restored", "", "尊敬的客户：城东已于12月11日14:00恢复供电。如仍无电，请致电95598。"),
    (
        "changed",
        "",
        "尊敬的客户：因更换导线，城东停电时间改为12月11日08:00至14:00（原定12月10日08:00起），以本次为准。"
        "请提前做好准备。详询95598。",
    ),
    (
        "restored",
        "mine",
        "尊敬的客户：城东已于12月11日14:00恢复供电。如仍无电，请致电95598。已可以供电，何时送电由贵矿调度室决定。",
    ),
]


@pytest.mark.parametrize(("stage", "sector", "text"), SAID, ids=[f"{stage} {sector}" for stage, sector, _t in SAID])
def test_text_messages_say(desk: Desk, stage: str, sector: str, text: str) -> None:
    about, notice, now = STAGES[stage]
    assert speaker(desk, about, now).words("sms", duty(notice=notice), replace(PERSON, sector=sector)).text == text


def test_who_lives_by_a_device_is_told_of_120(desk: Desk) -> None:
    about, notice, now = STAGES["off"]
    person = replace(PERSON, sector="school", special_need="呼吸机")
    assert "120" in speaker(desk, about, now).words("sms", duty(notice=notice), person).text


def test_danger_to_life_is_said_to_everyone(desk: Desk) -> None:
    about, notice, now = STAGES["off"]
    says = speaker(desk, replace(about, danger_to_life=True), now)
    assert "有人身危险请立即拨打120、119" in says.words("sms", duty(notice=notice), PERSON).text


def test_a_bill_is_nobody_elses_business(desk: Desk) -> None:
    about = outage(type="arrears", cause="欠费300元", facts={"overdue_days": 45})
    says = speaker(desk, about, NOW)
    public = duty(notice="x", recipient=Recipient(kind="public", id="public", name="社会公众"))
    assert "欠费" not in says.words("media_announcement", public, None).text
    own = says.words("sms", duty(notice="arrears_reminder"), PERSON).text
    assert "户号64010001" in own
    assert "45天" in own


def test_the_arrears_text_for_one_customer_is_not_sent_to_another(desk: Desk) -> None:
    says = speaker(desk, outage(type="arrears"), NOW)  # words that name an account are nobody else's
    other = replace(PERSON, account_no="64010002")
    texts = [says.words("sms", duty(notice="arrears_reminder"), one).text for one in (PERSON, other)]
    assert "64010001" in texts[0]
    assert "64010002" in texts[1]


def test_a_letter_lists_every_site_of_a_group(desk: Desk) -> None:
    sites = [Site(f"{number}", f"{number}号基站", "东街") for number in range(60)]
    text = speaker(desk, outage(), NOW).words("fax", duty(notice="first_notice"), PERSON, sites).text
    assert all(f"{number}号基站" in text for number in range(60))
    assert "回执" in text


def test_markup_in_a_name_stays_text(desk: Desk) -> None:
    text = speaker(desk, outage(area="{{ 7 * 7 }}\x1b[31m"), NOW).words("sms", duty(notice="x"), PERSON).text
    assert "{{ 7 * 7 }}" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("start", "end", "language", "text"),
    [
        (START, END, "zh_CN", "12月11日08:00至14:00"),
        (START, END + DAY, "zh_CN", "12月11日08:00至12月12日14:00"),
        (START, None, "zh_CN", "12月11日08:00"),
        (START, END, "en", "11 Dec 08:00 to 14:00"),
        (None, None, "zh_CN", ""),
    ],
    ids=["one day", "two days", "no end", "English", "unknown"],
)
def test_times_are_dates_and_hours_never_tomorrow(start: Any, end: Any, language: str, text: str) -> None:
    assert span(start, end, NOW.tzinfo, language) == text  # type: ignore[arg-type]


def test_times_are_told_in_the_countys_zone() -> None:
    from datetime import UTC

    assert written(START.astimezone(UTC), NOW.tzinfo, "zh_CN") == "12月11日08:00"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stage", "until"),
    [("upcoming", START), ("due_to_start", END), ("off", END), ("overdue", END + HOUR + timedelta(hours=24))],
)
def test_words_are_worth_sending_as_long_as_they_are_true(stage: str, until: datetime) -> None:
    about, _notice, now = STAGES[stage]
    assert valid_until(about, stage_for(about, None, now), now) == until


@pytest.mark.parametrize(("family", "text"), [("sms", "甲乙"), ("fax", "甲\n\n  乙")], ids=["one line", "line by line"])
def test_lines_are_kept_where_the_device_shows_them(family: str, text: str) -> None:
    assert tidy("甲\n\n\n  乙  \n", family, "zh_CN") == text


DOCUMENT = (Path(__file__).parents[2] / "docs" / "wording.md").read_text(encoding="utf-8")


def test_the_document_names_what_templates_know() -> None:
    told = set(re.findall(r"`news\.(\w+)`", DOCUMENT))
    assert told
    assert all(hasattr(News, name) for name in told)
    assert set(re.findall(r"`(\w+)` [^`]", DOCUMENT)) >= {"upcoming", "due_to_start", "off", "overdue", "restored"}


def test_the_documents_example_works(desk: Desk) -> None:
    (example,) = re.findall(r"```jinja\n(.*?)```", DOCUMENT, re.DOTALL)
    folder = desk.place.config.data / "wording"
    folder.mkdir()
    (folder / "sms.mine.zh.j2").write_text(example, encoding="utf-8")
    worded = speaker(desk, outage(), NOW).words("sms", duty(notice="x"), replace(PERSON, sector="mine"))
    assert worded.text.startswith("张三调度室：因更换导线，12月11日08:00至14:00停电。")
    assert not worded.warning


def test_the_plan_of_the_tests_is_one_the_desk_takes(desk: Desk) -> None:
    assert desk.outages.open(plan()).outage.id == "O1"
