"""The small county that the screen's tests run on: two feeders, twelve customers, a fault and a plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from desk.app import Desk
from desk.clock import RunningClock
from desk.config import load_config
from desk.outages import OutageRequest
from desk.phone_numbers import read_phones
from desk.records import Customer, TransformerArea

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
CONFIG = """
[county]
name = "Qingshan"
area_code = "0951"
[desk]
language = "{language}"
seat = "3"
agent = "wang"
"""


def build(folder: Path, language: str = "en") -> Desk:
    """The county in `folder`: two feeders, twelve customers, three outages."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(CONFIG.format(language=language), encoding="utf-8")
    desk = Desk.create(load_config(None, folder), sandbox=True, clock=RunningClock(NOW))
    desk.place.network.put_many(_areas())
    desk.place.customers.put_many(_customers())
    _outages(desk)
    return desk


def _areas() -> Iterator[TransformerArea]:
    for number, (feeder, lateral) in enumerate(
        [("东湖线", "一支线"), ("东湖线", "二支线"), ("南河线", ""), ("南河线", "三支线")], start=1
    ):
        yield TransformerArea(
            transformer_area=f"T{number}",
            feeder=feeder,
            lateral=lateral,
            transformer_name=f"{feeder[:2]}{number}号公变",
            substation="城关变",
            kind="public",
            service_branch="城关供电所",
        )


def _customers() -> Iterator[Customer]:
    names = [
        "王建国",
        "李秀英",
        "张伟",
        "刘芳",
        "陈静",
        "杨洋",
        "赵敏",
        "黄磊",
        "周涛",
        "吴超",
        "县人民医院",
        "兴达化工",
    ]
    for number, name in enumerate(names, start=1):
        yield Customer(
            account_no=f"64001{number:05d}",
            name=name,
            transformer_area=f"T{1 + number % 4}",
            address=f"东湖镇幸福路{number}号",
            phones=read_phones(f"1380013{8000 + number}", "0951"),
            meter_no=f"M{number:06d}",
            important=name == "县人民医院",
            grade="一级" if name == "县人民医院" else "",
            sector="hospital" if name == "县人民医院" else "residential",
        )


def _outages(desk: Desk) -> None:
    now = desk.place.now()
    fault = OutageRequest(
        type="grid_fault", feeders=("东湖线",), cause="树障", area="东湖镇", etr=now + timedelta(hours=2, minutes=5)
    )
    plan = OutageRequest(
        type="planned_maintenance",
        transformer_areas=("T3",),
        cause="检修",
        area="南河镇",
        received_at=now - timedelta(days=8),
        planned_start=now + timedelta(days=1),
        planned_end=now + timedelta(days=1, hours=4),
    )
    desk.outages.open(fault)
    desk.outages.open(plan)
