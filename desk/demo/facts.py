"""The papers behind each made-up outage: what its type wants to know, as an office would have written it down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from desk.demo.stories import Story

UNITS = ("检修一班", "检修二班", "城区供电所抢修班", "送变电工程公司")
PEOPLE = ("王建国", "李卫东", "张秀英", "赵志强")
REPORTS = ("局办", "市营部")

Facts = Callable[[Story, datetime, Random], dict[str, Any]]


def facts_of(story: Story, start: datetime, rng: Random) -> dict[str, Any]:
    """The facts of one story's outage, beginning at `start`."""
    make = FACTS.get(story.type)
    return make(story, start, rng) if make else {}


def _number(prefix: str, start: datetime, rng: Random) -> str:
    return f"{prefix}{start:%Y}-{rng.randrange(1, 1000):03d}"


def _planned(_story: Story, start: datetime, rng: Random) -> dict[str, Any]:
    return {
        "work_unit": rng.choice(UNITS),
        "notice_form": _number("JX", start, rng),
        "public_announcement": True,
        "announcement_decided_by": rng.choice(REPORTS),
        "live_line": False,
    }


def _temporary(_story: Story, _start: datetime, rng: Random) -> dict[str, Any]:
    return {"work_unit": rng.choice(UNITS), "why_now": "缺陷等级危急，不能等到下月计划", "live_line": False}


def _shortage(_story: Story, start: datetime, rng: Random) -> dict[str, Any]:
    return {"order_list": f"超供电能力限电序位表 {start:%Y} 年版", "order_position": rng.randrange(1, 9)}


def _arrears(_story: Story, start: datetime, rng: Random) -> dict[str, Any]:
    return {
        "overdue_days": rng.randrange(35, 120),
        "demands": rng.randrange(2, 5),
        "amount": rng.randrange(300, 9000),
        "application": _number("QF", start, rng),
        "notice_served_at": (start - timedelta(days=8)).isoformat(),
        "filing": _number("BA", start, rng),
    }


def _theft(_story: Story, start: datetime, rng: Random) -> dict[str, Any]:
    return {
        "form_number": _number("WY", start, rng),
        "customer_copy": "signed",
        "signer": "户主本人",
        "desk_copy": True,
        "inspector": rng.choice(PEOPLE),
    }


def _unforeseeable(story: Story, start: datetime, rng: Random) -> dict[str, Any]:
    for word, code in CAUSE_WORDS.items():
        if word in story.cause:
            document = {"document": _number("县应急函", start, rng)} if code == "government_request" else {}
            return {"cause_code": code, **document}
    return {"cause_code": "third_party"}


# A word of the cause → the kind of cause on the closed list of Article 15.
CAUSE_WORDS: Mapping[str, str] = {
    "配合": "government_request",
    "洪水": "force_majeure",
    "施工": "third_party",
    "车辆": "third_party",
    "吊车": "third_party",
}


def _hazard(story: Story, start: datetime, rng: Random) -> dict[str, Any]:
    return {
        "hazard": story.cause,
        "inspection_report": _number("YH", start, rng),
        "work_unit": rng.choice(UNITS),
    }


def _closure(_story: Story, start: datetime, rng: Random) -> dict[str, Any]:
    return {"application": _number("XH", start, rng), "settlement": _number("JS", start, rng)}


FACTS: Mapping[str, Facts] = {
    "planned_maintenance": _planned,
    "temporary_maintenance": _temporary,
    "supply_shortage": _shortage,
    "arrears": _arrears,
    "theft_violation": _theft,
    "unforeseeable": _unforeseeable,
    "hazard_removal": _hazard,
    "account_closure": _closure,
}
