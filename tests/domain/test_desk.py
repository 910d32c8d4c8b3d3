"""The desk as a whole: made once, opened where it is, its clock, its rights, what it loads and what it sees change."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from small_county import NOW, approve, fault, plan

from desk.access import RIGHTS, ROLES
from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import FixedClock, RunningClock, SystemClock
from desk.config import Config
from desk.errors import NotAllowed, NotFound, Refused, StoreProblem
from desk.opening import running_clock, standing_clock
from desk.records import Topic


def test_a_desk_that_was_not_made_says_how_to_make_it(config: Config) -> None:
    with pytest.raises(NotFound, match="desk init"):
        Desk.open(config)
    assert not config.data.exists()


def test_a_desk_is_made_once(desk: Desk, config: Config) -> None:
    with pytest.raises(Refused):
        Desk.create(config)
    assert desk.place.customers.count() == 12


def test_a_folder_that_cannot_be_made_is_named(config: Config, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    wrong = replace(config, data=tmp_path / "file" / "data")
    with pytest.raises(StoreProblem, match="file"):
        Desk.create(wrong, sandbox=True)


def test_the_clock_of_a_sandbox_can_be_set(desk: Desk) -> None:
    environ = {"DESK_NOW": "2026-12-24T18:00"}
    config = desk.place.config
    assert standing_clock(config, environ).now().isoformat() == "2026-12-24T18:00:00+08:00"
    assert isinstance(running_clock(config, environ), RunningClock)


def test_the_clock_of_a_county_cannot_be_set(config: Config) -> None:
    Desk.create(config).close()
    with pytest.raises(Refused, match="DESK_NOW"):
        standing_clock(config, {"DESK_NOW": "2026-12-24T18:00"})
    assert isinstance(standing_clock(config, {}), SystemClock)


def test_every_right_of_a_role_has_its_words() -> None:
    assert {right for rights in ROLES.values() for right in rights} <= RIGHTS.keys()


@pytest.mark.parametrize("right", ["import", "export", "see_audit"])
def test_what_a_supervisor_may_and_an_agent_may_not(desk: Desk, right: str) -> None:
    desk.access.require(right)
    desk.place.role = "agent"
    with pytest.raises(NotAllowed):
        desk.access.require(right)


def test_a_role_nobody_knows_may_nothing(desk: Desk) -> None:
    desk.place.role = "visitor"
    with pytest.raises(NotAllowed):
        desk.outages.open(fault(desk))
    with pytest.raises(NotAllowed):
        desk.calls.log(CallRequest(topic=Topic.OTHER))
    assert desk.outages.listed() == []


def test_a_change_is_seen_once_by_each_who_asks(desk: Desk) -> None:
    desk.changed()
    desk.outages.open(fault(desk))
    desk.outages.board()  # reads the same feed for itself
    assert "outages" in desk.changed()
    assert desk.changed() == frozenset()


def test_two_seats_act_on_the_same_outage_one_after_the_other(desk: Desk, config: Config, clock: FixedClock) -> None:
    name = desk.outages.open(plan(desk)).outage.id
    with Desk.open(config, clock=clock) as other:
        approve(desk, name)
        other.outages.start(name)
        with pytest.raises(Refused, match=name):
            desk.outages.cancel(name)
        for seat in (desk, other):
            seat.calls.log(CallRequest(topic=Topic.TROUBLE, account_no="100001"))
        assert desk.outages.get(name).calls == other.outages.get(name).calls == 2


def test_counts_follow_a_network_that_changed(desk: Desk) -> None:
    from desk.records import TransformerArea

    name = desk.outages.open(fault(desk, feeders=("城东线",))).outage.id
    desk.place.network.put(TransformerArea(transformer_area="T9", feeder="城东线"))
    assert desk.outages.recount() == 1
    assert desk.outages.get(name).affected.customers == 7


def test_an_act_that_fails_leaves_neither_outage_nor_mark_nor_audit(
    desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_ignored: object) -> None:
        raise OSError

    monkeypatch.setattr(desk.place, "mark", broken)
    with pytest.raises(OSError):  # noqa: PT011 - what is raised does not matter, what is left does
        desk.outages.open(fault(desk))
    clock.at += timedelta(minutes=1)
    assert (desk.outages.listed(), list(desk.place.audit_table.all())) == ([], [])
    assert desk.outages.board().data_age is None


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("desk", "msgspec click tinydb"),
        ("desk.cli", "msgspec tinydb textual jinja2"),
        ("desk.app", "textual jinja2 phonenumbers pluggy openpyxl pypinyin platformdirs"),
        ("desk.outages", "textual jinja2 phonenumbers pluggy openpyxl pypinyin"),
        ("desk.calls", "textual jinja2 phonenumbers pluggy openpyxl pypinyin"),
    ],
)
def test_a_module_loads_only_what_it_needs(module: str, unwanted: str) -> None:
    code = f"import sys, {module}; print([name for name in '{unwanted}'.split() if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_now_is_the_clock_of_the_place(desk: Desk) -> None:
    assert desk.place.now() == NOW
