"""What is read to a caller of each type in each stage: the words that must be there, and those that must not."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.plugins.folders import shipped_folder

START = datetime(2026, 12, 1, 9, 0)  # noqa: DTZ001
STAGES = ("upcoming", "due_to_start", "off", "overdue")
SCRIPTS = ("planned", "shortage", "hazard", "fault", "unforeseeable", "suspension", "arrears", "theft", "closure")


@pytest.fixture(scope="module")
def environment() -> Environment:
    # The desk's own is the same in a sandbox (see tests/domain/test_scripts.py).
    loader = FileSystemLoader([shipped_folder() / "scripts"])
    made = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    made.filters["when"] = lambda at: f"{at:%H:%M}"
    return made


def said(environment: Environment, script: str, stage: str, language: str = "zh", **more: Any) -> str:
    outage = {
        "type": script,
        "label": "停电",
        "stage": stage,
        "cause": "更换导线",
        "area": "城东",
        "start": START,
        "end": START + timedelta(hours=4),
        "sure": "planned",
        "facts": {},
        "phases": (),
        "private": False,
        "danger_to_life": False,
        **more,
    }
    template = environment.get_template(f"{script}.{language}.j2")
    text = template.render(
        outage=SimpleNamespace(**outage), customer=more.get("customer"), county="县供电公司", now=START
    )
    assert "\n\n\n" not in text
    return text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_reason_and_hour_are_said_in_every_stage(environment, script, stage, language):
    text = said(environment, script, stage, language)
    assert "更换导线" in text
    assert "09:00" in text


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("script", ["planned", "shortage", "hazard", "fault", "unforeseeable"])
def test_area_and_end_are_said_where_supply_comes_back_by_itself(environment, script, stage):
    text = said(environment, script, stage)
    assert "城东" in text
    assert "13:00" in text


@pytest.mark.parametrize("script", [script for script in SCRIPTS if script != "fault"])
def test_what_has_not_begun_is_not_called_off(environment, script):
    assert "将于09:00" in said(environment, script, "upcoming")
    assert "正在核实" in said(environment, script, "due_to_start")


@pytest.mark.parametrize("script", ["planned", "shortage", "hazard", "fault", "unforeseeable"])
def test_late_supply_gets_no_new_promise(environment, script):
    text = said(environment, script, "overdue")
    assert "新的" in text
    assert "正在确认" in text
    assert "预计13:00" not in text


def test_a_predicted_outage_is_only_suspected(environment):
    text = said(environment, "fault", "predicted", cause="")
    assert "可能停电" in text
    assert "恢复" not in text


@pytest.mark.parametrize("script", ["restored", "cancelled"])
def test_a_private_cause_is_not_repeated_afterwards(environment, script):
    assert "更换导线" in said(environment, script, "")
    assert "更换导线" not in said(environment, script, "", private=True)


@pytest.mark.parametrize("script", ["suspension", "arrears", "theft", "closure"])
def test_the_account_holder_is_made_sure_of_before_the_reason(environment, script):
    text = said(environment, script, "off")
    assert text.index("先核对是户主本人") < text.index("更换导线")


def test_phases_are_told_with_what_each_leaves_on(environment):
    hours = [START + timedelta(hours=count) for count in range(3)]
    phases = (
        SimpleNamespace(start=hours[0], end=hours[1], supply="none", note=""),
        SimpleNamespace(start=hours[1], end=hours[2], supply="single_circuit", note="北回路"),
    )
    assert "09:00至10:00全停；10:00至11:00单回路供电（北回路）。" in said(
        environment, "planned", "upcoming", phases=phases
    )


def test_a_journalist_is_thought_of_only_while_nobody_is_known(environment):
    assert "记者" in said(environment, "fault", "off")
    customer = SimpleNamespace(sector="", special_need="")
    assert "记者" not in said(environment, "fault", "off", customer=customer)


def test_a_customers_own_fault_tells_who_mends_it(environment):
    assert "有资质的电工" in said(environment, "unforeseeable", "off", facts={"cause_code": "customer_fault"})
    assert "书面要求" in said(environment, "unforeseeable", "off", facts={"cause_code": "government_request"})


def test_templates_stay_within_what_can_be_read_out():
    for file in Path(shipped_folder() / "scripts").glob("*.zh.j2"):
        assert all(len(line) < 400 for line in file.read_text(encoding="utf-8").splitlines()), file.name
