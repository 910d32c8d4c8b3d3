"""A desk on a small county whose clock stands at eight in the morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desk.app import Desk
from desk.clock import FixedClock
from desk.config import load_config
from desk.i18n import set_language
from desk.phone_numbers import read_phones
from desk.records import Customer, TransformerArea

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:

    with Desk.create(load_config(None, tmp_path / "data", {}), sandbox=True, clock=clock) as made:
        set_language("en")
        made.place.network.put_many(
            TransformerArea(transformer_area=area, feeder="城东线", service_branch=branch)
            for area, branch in (("T1", "城关所"), ("T2", "川口所"), ("T3", "山口所"))
        )
        made.place.customers.put_many(
            Customer(
                account_no=f"100{number}",
                name=f"客户{number}",
                address=f"城关镇{number}号",
                transformer_area=f"T{number % 3 + 1}",
                phones=read_phones(f"1380013800{number}", "0951"),
                important=number == 3,
                sector={4: "mine", 5: "school"}.get(number, ""),
                special_need="呼吸机" if number == 6 else "",
            )
            for number in range(8)
        )
        yield made
