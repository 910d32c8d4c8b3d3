"""Two agents act on one work order or case: who saw it before the other's step is told, and overwrites nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.app import Desk
from desk.seats import EditConflict

Sit = Callable[..., Desk]


def test_a_crew_given_by_one_is_not_put_over_that_of_another(desk: Desk, sit: Sit) -> None:
    seen = desk.work_orders.open(account_no="100001")
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.work_orders.move(seen.id, "assigned", crew="一班", seen=seen)
    with pytest.raises(
        EditConflict, match=r"W1 was changed by 张三 08:00 meanwhile \(Crew: now assigned 一班, yours assigned 二班\)"
    ):
        other.work_orders.move(seen.id, "assigned", crew="二班", seen=seen)
    again = desk.work_orders.get(seen.id)
    assert other.work_orders.move(seen.id, "assigned", crew="二班", seen=again).crew == "二班"


def test_a_crew_that_is_on_its_way_is_not_sent_back_by_a_stale_screen(desk: Desk, sit: Sit) -> None:
    order = desk.work_orders.open(account_no="100001")
    seen = desk.work_orders.move(order.id, "assigned", crew="一班")
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.work_orders.move(seen.id, "en_route", seen=seen)
    with pytest.raises(EditConflict, match="Crew: now en route 一班, yours assigned 二班"):
        other.work_orders.move(seen.id, "assigned", crew="二班", seen=seen)
    assert other.work_orders.move(seen.id, "arrived", seen=seen).crew == "一班"


def test_a_case_given_to_one_is_not_given_to_another_unseen(desk: Desk, sit: Sit) -> None:
    seen = desk.cases.open("complaint", "停电没有通知", account_no="100001")
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.cases.assign(seen.id, "市场部", seen=seen)
    with pytest.raises(EditConflict, match="now 市场部, yours 供电所"):
        other.cases.assign(seen.id, "供电所", seen=seen)
    assert other.cases.assign(seen.id, "市场部", seen=seen).owner == "市场部"
