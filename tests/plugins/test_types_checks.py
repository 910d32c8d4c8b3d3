"""What each shipped type refuses and asks for, article by article."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desk.config import Config
from desk.plugins import Outage, OutageType
from desk.plugins.host import PluginHost
from desk.records import Affected, Scope, Status

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ONE = Affected(customers=1)
IMPORTANT = Affected(customers=1, important=1)
EIGHT_DAYS, SIX_DAYS = (NOW + 10 * DAY - days * DAY for days in (8, 6))

ARREARS = {"overdue_days": 45, "demands": 2, "application": "QF-7"}
THEFT = {"form_number": "WY-1", "desk_copy": True}
HAZARD = {"hazard": "树障", "inspection_report": "YH-3"}

# type: facts → who is affected → words that refuse
REFUSED = [
    ("arrears", {"overdue_days": 30}, ONE, "30 days overdue"),
    ("arrears", {"overdue_days": 0}, ONE, "0 days overdue"),
    ("arrears", {"overdue_days": 29.5}, ONE, "29.5 days overdue"),
    ("arrears", {"overdue_days": 45, "demands": 0}, ONE, "no demand was made"),
    ("unforeseeable", {"cause_code": "government_request"}, ONE, "document of the government (Art. 15)"),
]
# type: facts → who is affected → words that warn; none: content
WARNED: list[tuple[str, Mapping[str, Any], Affected, tuple[str, ...]]] = [
    ("planned_maintenance", {}, ONE, ()),
    ("planned_maintenance", {"public_announcement": True}, ONE, ()),
    ("planned_maintenance", {"public_announcement": False}, ONE, ("Art. 9.1",)),
    ("temporary_maintenance", {}, ONE, ()),
    ("grid_fault", {}, ONE, ()),
    ("grid_fault", {"shed": True}, ONE, ("order table in force (Art. 11.3)",)),
    ("grid_fault", {"shed": True, "order_list": "L1"}, ONE, ()),
    ("grid_fault", {"shed": True, "order_list": "L1", "skipped": ["城南线"]}, ONE, ("out of order: 城南线",)),
    ("supply_shortage", {}, ONE, ("order table in force (Art. 12.1)",)),
    ("supply_shortage", {"order_list": "L2"}, ONE, ()),
    ("supply_shortage", {"order_list": "L2", "skipped": ["城南线"]}, ONE, ("Art. 12.1",)),
    ("arrears", ARREARS, ONE, ()),
    ("arrears", {"overdue_days": 31}, ONE, ("demands made (Art. 39), written application (Art. 20)",)),
    ("arrears", {}, ONE, ("days overdue (Art. 39)",)),
    ("arrears", ARREARS, IMPORTANT, ("filing",)),
    ("arrears", {**ARREARS, "filing": "BA-1"}, IMPORTANT, ()),
    ("arrears", {**ARREARS, "notice_served_at": EIGHT_DAYS.isoformat()}, ONE, ()),
    ("arrears", {**ARREARS, "notice_served_at": SIX_DAYS.isoformat()}, ONE, ("less than 7 days",)),
    ("arrears", ARREARS, Affected(customers=9), ("8 other customers",)),
    ("theft_violation", {}, ONE, ("form number (Art. 14), the customer's copy (Art. 14), our copy is back (Art. 14)",)),
    ("theft_violation", {**THEFT, "customer_copy": "signed"}, ONE, ("signed by (Art. 14)",)),
    ("theft_violation", {**THEFT, "customer_copy": "refused"}, ONE, ("witness of the refusal",)),
    ("theft_violation", {**THEFT, "customer_copy": "refused", "witness": "村主任"}, ONE, ()),
    ("unforeseeable", {}, ONE, ("kind of cause (Art. 15)",)),
    ("unforeseeable", {"cause_code": "force_majeure"}, ONE, ()),
    ("unforeseeable", {"cause_code": "government_request", "document": "〔2026〕5号"}, ONE, ()),
    ("hazard_removal", {}, ONE, ("the hazard (Art. 21), inspection report (Art. 21)",)),
    ("hazard_removal", HAZARD, ONE, ()),
    ("account_closure", {}, ONE, ("the customer's application, the settlement",)),
    ("account_closure", {"application": "XH-1", "settlement": "JS-1"}, ONE, ()),
]
# type: facts → words that refuse it to begin, and whether a reason excuses that
BEGINS: list[tuple[str, Mapping[str, Any], tuple[str, ...], bool]] = [
    ("planned_maintenance", {}, (), False),
    ("arrears", {"overdue_days": 45}, (), False),
    ("arrears", {}, ("the days overdue are not known",), True),
    ("account_closure", {}, ("the customer's application", "the settlement"), False),
    ("account_closure", {"application": "XH-1"}, ("the settlement",), False),
    ("account_closure", {"application": "XH-1", "settlement": "JS-1"}, (), False),
    ("theft_violation", {}, (), False),
    ("hazard_removal", {}, (), False),
    ("supply_shortage", {}, (), False),
]


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, OutageType]:
    config = Config(data=tmp_path_factory.mktemp("data"), store_url="sqlite:///:memory:")
    return PluginHost.open(config, environ={}).outage_types


def request_of(asked: Any, facts: Mapping[str, Any]) -> Any:
    return asked(
        planned_start=NOW + 10 * DAY,
        planned_end=NOW + 11 * DAY,
        received_at=NOW,
        accounts=("100001",),
        facts=dict(facts),
    )


@pytest.mark.parametrize(("kind", "facts", "affected", "words"), REFUSED, ids=str)
def test_what_the_text_forbids_is_refused(types, asked, kind, facts, affected, words):
    found = types[kind].check(request_of(asked, facts), affected)
    (refusal,) = [problem for problem in found if problem.refuses]
    assert words in refusal.text
    assert refusal.article
    assert refusal.field.removeprefix("facts.") in {fact.name for fact in types[kind].facts}


@pytest.mark.parametrize(("kind", "facts", "affected", "words"), WARNED, ids=str)
def test_what_is_missing_is_asked_for_in_one_sentence(types, asked, kind, facts, affected, words):
    found = types[kind].check(request_of(asked, facts), affected)
    assert [problem.text for problem in found if problem.refuses] == []
    assert len(found) == len(words), found
    for problem, part in zip(found, words, strict=True):
        assert part in problem.text


@pytest.mark.parametrize(("kind", "facts", "words", "excusable"), BEGINS, ids=str)
def test_what_an_outage_may_not_begin_without(types, kind, facts, words, excusable):
    outage = Outage(
        id="O1",
        type=kind,
        status=Status.SCHEDULED,
        scope=Scope(accounts=("100001",)),
        received_at=NOW,
        opened_at=NOW,
        facts=dict(facts),
    )
    found = types[kind].check_start(outage)
    assert len(found) == len(words)
    for problem, part in zip(found, words, strict=True):
        assert part in problem.text
        assert (problem.refuses, problem.excusable) == (True, excusable)


@pytest.mark.parametrize(
    "code",
    [
        "customer_fault",
        "third_party",
        "force_majeure",
        "emergency_avoidance",
        "against_industrial_policy",
        "government_request",
    ],
)
def test_the_causes_of_article_15_are_a_closed_list(types, code):
    (cause,) = [fact for fact in types["unforeseeable"].facts if fact.name == "cause_code"]
    assert code in cause.choices
    assert len(cause.choices) == 6
    for words in cause.choices[code].values():
        assert cause.read(words, UTC) == code


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(("kind", "facts", "affected", "_words"), [*REFUSED, *WARNED], ids=str)
def test_every_sentence_is_in_the_language_spoken(types, asked, kind, facts, affected, _words, language):
    from desk.i18n import set_language

    set_language(language)
    texts = [problem.text for problem in types[kind].check(request_of(asked, facts), affected)]
    assert all(texts)
    if language == "en":
        shown = "".join(texts).replace("城南线", "")
        assert shown.isascii() or not any("\u4e00" <= sign <= "\u9fff" for sign in shown)
