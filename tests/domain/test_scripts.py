"""What is read out: for every kind of outage, in both languages, whatever the county did to its templates."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import pytest
from small_county import HOUR, NOW, fault, plan

from desk.app import Desk
from desk.clock import FixedClock
from desk.i18n import set_language
from desk.outages import OutageChange
from desk.scripts import when


@pytest.fixture(autouse=True)
def _chinese_afterwards() -> Iterator[None]:
    yield
    set_language("zh_CN")


def test_a_plan_tells_reason_times_and_area(desk: Desk) -> None:
    outage = desk.outages.open(plan(desk)).outage
    script = desk.calls.script(desk.calls.card("100001"), outage)
    for words in ("更换导线", "09:00", "13:00", "城东"):
        assert words in script.text
    assert script.template == "planned.zh.j2"


def test_a_fault_without_an_estimate_promises_no_time(desk: Desk) -> None:
    text = desk.calls.script(None, desk.outages.open(fault(desk)).outage).text
    assert "还不能给出恢复时间" in text


def test_an_estimate_is_said_to_be_one(desk: Desk) -> None:
    outage = desk.outages.open(fault(desk)).outage
    outage = desk.outages.change(outage.id, OutageChange(reason="x", etr=NOW + HOUR))
    assert "可能变化" in desk.calls.script(None, outage).text


def test_supply_that_is_back_is_said_to_be_back(desk: Desk) -> None:
    outage = desk.outages.restore(desk.outages.open(fault(desk)).outage.id)
    assert desk.calls.script(None, outage).template == "restored.zh.j2"


def test_a_cancelled_outage_is_said_to_be_cancelled(desk: Desk) -> None:
    outage = desk.outages.cancel(desk.outages.open(plan(desk)).outage.id)
    assert desk.calls.script(None, outage).template == "cancelled.zh.j2"


def test_no_outage_has_its_words_too(desk: Desk) -> None:
    assert desk.calls.script(None, None).template == "no_outage.zh.j2"


@pytest.mark.parametrize(("account", "asked"), [("100003", "手术室"), ("100009", "井下"), ("100007", "电池")])
def test_the_sector_adds_what_to_ask(desk: Desk, account: str, asked: str) -> None:
    assert asked in desk.calls.script(desk.calls.card(account), None).text


MAY_START = {
    "arrears": {"overdue_days": 45},
    "account_closure": {"application": "XH2026-11", "settlement": "JS2026-11"},
}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_type_in_every_stage_has_a_script_without_a_fault(desk: Desk, clock: FixedClock, language: str) -> None:
    set_language(language)
    card = desk.calls.card("100009")
    for name in desk.place.plugins.outage_types:
        outage = desk.outages.open(plan(desk, type=name, facts=MAY_START.get(name, {}))).outage
        told = [desk.calls.script(card, outage)]
        clock.at += HOUR
        told.append(desk.calls.script(card, outage))
        outage = desk.outages.start(outage.id, reason="核准在办")
        told.append(desk.calls.script(card, outage))
        clock.at += 5 * HOUR
        told.append(desk.calls.script(card, outage))
        told.append(desk.calls.script(card, desk.outages.restore(outage.id)))
        assert all(script.text and not script.warning for script in told), name


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_sector_of_the_template_can_be_said(desk: Desk, language: str) -> None:
    from msgspec.structs import replace

    set_language(language)
    card = desk.calls.card("100001")
    sectors = "mine hospital special_need water chemical metallurgy residential_tower crowd_place fire_service telecom"
    for sector in f"{sectors} broadcast government data_centre school farm".split():
        someone = replace(card, customer=replace(card.customer, sector=sector))
        plain = desk.calls.script(card, None).text
        assert len(desk.calls.script(someone, None).text) > len(plain), sector


def test_the_hash_is_of_the_words_that_were_shown(desk: Desk) -> None:
    script = desk.calls.script(None, None)
    assert script.hash == sha256(script.text.encode()).hexdigest()


def own_template(desk: Desk, name: str, text: str) -> None:
    folder = desk.place.config.data / "scripts"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_the_county_can_edit_a_template(desk: Desk) -> None:
    own_template(desk, "no_outage.zh.j2", "您好，{{ county }}，请讲。")
    assert desk.calls.script(None, None).text == f"您好，{desk.place.config.county.name}，请讲。"


BROKEN = {
    "syntax": "{% if %}",
    "misspelt name": "{{ custommer.name }}",
    "fault": "{{ 1 / 0 }}",
    "not utf-8": "\udcff",
    "reaches out of the sandbox": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "endless": "{% for i in range(10**9) %}x{% endfor %}",
    "missing include": "{% include 'nowhere.j2' %}",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_template_falls_back_to_the_shipped_one_with_a_warning(desk: Desk, name: str) -> None:
    folder = desk.place.config.data / "scripts"
    folder.mkdir()
    (folder / "no_outage.zh.j2").write_bytes(BROKEN[name].encode("utf-8", "surrogateescape"))
    script = desk.calls.script(None, None)
    assert "登记报修" in script.text
    assert "no_outage.zh.j2" in script.warning


def test_nothing_in_a_customers_name_reaches_the_terminal(desk: Desk) -> None:
    from msgspec.structs import replace

    own_template(desk, "no_outage.zh.j2", "{{ customer.name }}")
    card = desk.calls.card("100001")
    someone = replace(card, customer=replace(card.customer, name="张\x1b[31m三"))
    assert "\x1b" not in desk.calls.script(someone, None).text


@pytest.mark.parametrize(("hours", "words"), [(1, "09:00"), (24, "08:00"), (-24, "08:00"), (72, "12")])
def test_a_moment_is_said_as_on_the_telephone(hours: int, words: str) -> None:
    assert words in when(NOW + hours * HOUR, NOW)
