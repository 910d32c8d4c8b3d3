"""The stable face: JSON key by key as it is written in the interface, and who may see what in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from commands import Run

FAULT = {"type": "grid_fault", "feeders": ["城东线"], "cause": "树障", "area": "和平路一带"}
PLAN = {
    "type": "计划检修停电",
    "reference": "JX-1",
    "laterals": ["一支线"],
    "planned_start": "2026-12-09T08:00",
    "planned_end": "2026-12-09T18:00",
    "cause": "更换导线",
    "area": "一支线",
}
OUTAGE_KEYS = [
    *("id", "reference", "type", "status", "planned_start", "planned_end", "actual_start", "actual_end", "etr"),
    *("cause", "area", "feeders", "transformer_areas", "customers_affected", "special_affected"),
    *("important_affected", "calls", "duties"),
]
LOOKUP_KEYS = [
    *("account_no", "name", "address", "phones", "transformer_area", "feeder", "special", "important", "grade"),
    *("medal", "sector", "outages", "matched"),
]
PLUGIN_KEYS = ["name", "kind", "from", "state", "reason", "parts", "load_ms"]


def test_an_outage_is_listed_with_every_key(county: Run) -> None:
    county("outage", "open", "-", given=PLAN)
    [row] = county("outages", "--json").json
    assert list(row) == OUTAGE_KEYS
    assert row | {"cause": "", "area": ""} == {
        "id": "O1",
        "reference": "JX-1",
        "type": "planned_maintenance",
        "status": "scheduled",
        "planned_start": "2026-12-09T08:00:00+08:00",
        "planned_end": "2026-12-09T18:00:00+08:00",
        "actual_start": None,
        "actual_end": None,
        "etr": None,
        "cause": "",
        "area": "",
        "feeders": ["城东线"],
        "transformer_areas": ["T1", "T2"],
        "customers_affected": 2,
        "special_affected": 1,
        "important_affected": 1,
        "calls": 0,
        "duties": {"owed": 8, "done": 0, "overdue": 0, "late": 0},
    }


def test_a_customer_is_found_with_every_key(county: Run) -> None:
    county("outage", "open", "-", given=FAULT)
    [row] = county("lookup", "人民医院", "--json").json
    assert list(row) == LOOKUP_KEYS
    assert (row["account_no"], row["feeder"], row["outages"], row["matched"]) == ("100002", "城东线", ["O1"], "name")
    assert (row["special"], row["important"], row["sector"]) == (True, True, "hospital")


def test_numbers_are_masked_in_json_and_in_words(county: Run) -> None:
    county("call", "log", "-", given={"number": "13800138001", "topic": "other"})
    for arguments in (["lookup", "张三"], ["lookup", "张三", "--json"], ["calls"], ["calls", "--json"]):
        out = county(*arguments).out
        assert "13800138001" not in out
        assert "138****8001" in out


def test_opening_answers_id_duties_and_warnings(county: Run) -> None:
    answer = county("outage", "open", "-", given=FAULT).json
    assert list(answer) == ["id", "duties", "warnings"]
    assert (answer["id"], answer["warnings"]) == ("O1", [])
    assert [duty["rules"] for duty in answer["duties"]] == [["county:A11.3b"], ["county:A16c"], ["county:A11.3c"]]


def test_a_dry_run_answers_the_same_without_an_id_and_writes_nothing(county: Run) -> None:
    dry = county("outage", "open", "-", "--dry-run", given=FAULT).json
    assert county("outages", "--json").json == county("duties", "--json").json == []
    opened = county("outage", "open", "-", given=FAULT).json
    assert (dry["id"], {duty["outage"] for duty in dry["duties"]}) == (None, {None})
    assert [duty | {"outage": "O1"} for duty in dry["duties"]] == opened["duties"]


def test_a_logged_call_answers_id_outage_and_predicted(county: Run) -> None:
    assert county("call", "log", "-", given={"topic": "praise"}).json == {
        "id": "C1",
        "outage": None,
        "predicted": None,
    }
    county("outage", "open", "-", given=FAULT)
    ran = county("call", "log", "-", given={"number": "13800138001", "topic": "trouble", "at": "2026-12-01T08:00"})
    assert ran.json == {"id": "C2", "outage": "O1", "predicted": None}


def test_the_log_is_listed_newest_first_of_a_customer_or_since(county: Run) -> None:
    county("call", "log", "-", given={"account_no": "100001", "topic": "trouble"})
    county("call", "log", "-", given={"account_no": "100003", "topic": "trouble"}, now="2026-12-01T09:00")
    assert [row["id"] for row in county("calls", "--json").json] == ["C2", "C1"]
    assert [row["id"] for row in county("calls", "--customer", "100001", "--json").json] == ["C1"]
    assert [row["id"] for row in county("calls", "--since", "2026-12-01T08:30", "--json").json] == ["C2"]


def test_plugins_are_listed_with_every_key(county: Run) -> None:
    rows = county("plugins", "list", "--json").json
    assert rows
    assert all(list(row) == PLUGIN_KEYS for row in rows)
    assert {row["state"] for row in rows} == {"on"}


def test_an_import_reports_with_every_key(county: Run, data: Path) -> None:
    file = data.parent / "more.csv"
    file.write_text("户号,户名,台区编号,备注\n100001,张三,T1,x\n,无号,T1,\n", encoding="gb18030")
    ran = county("import", "customers", str(file), "--json")
    report = ran.json
    assert {"read", "created", "updated", "unchanged", "rejected"} <= report.keys()
    assert ran.code == 1
    assert [set(row) for row in report["rejected"]] == [{"row", "field", "value", "problem"}]


FILTERS = {
    "--active": {"confirmed"},
    "--scheduled": {"scheduled"},
    "--restored": {"restored"},
    "--predicted": set(),
}


@pytest.mark.parametrize("option", FILTERS)
def test_each_choice_lists_its_own(county: Run, option: str) -> None:
    county("outage", "open", "-", given=PLAN)
    for _again in range(2):
        county("outage", "open", "-", given=FAULT)
    county("outage", "restore", "O2")
    assert {row["status"] for row in county("outages", option, "--json").json} == FILTERS[option]


def test_an_outage_goes_its_way_from_the_command_line(county: Run) -> None:
    def now(*arguments: str) -> str:
        ran = county(*arguments, "--json")
        assert ran.code == 0, ran
        status: str = ran.json["status"]
        return status

    county("outage", "open", "-", given=PLAN)
    assert now("outage", "change", "O1", "--end", "2026-12-09T20:00", "--reason", "吊车故障") == "scheduled"
    assert now("outage", "start", "O1", "--at", "2026-12-01T07:50", "--reason", "抢修") == "confirmed"
    assert now("outage", "restore", "O1", "--at", "2026-12-01T07:59") == "restored"
    assert now("outage", "close", "O1") == "closed"
    shown = county("outage", "show", "O1", "--json").json
    assert set(OUTAGE_KEYS) < set(shown)
    assert [line["act"] for line in shown["history"]] == ["open", "change", "start", "restore", "close"]
    assert shown["history"][1]["reason"] == "吊车故障"


def test_a_scope_is_changed_from_a_file(county: Run, data: Path) -> None:
    county("outage", "open", "-", given=FAULT)
    file = data.parent / "scope.json"
    file.write_text('{"transformer_areas": ["T1"]}')
    ran = county("outage", "change", "O1", "--scope", str(file), "--reason", "缩小", "--json")
    assert ran.json["customers_affected"] == 1


def test_a_predicted_outage_is_its_device_and_says_why() -> None:
    from datetime import UTC, datetime

    from desk.outputs import outage_json
    from desk.records import Affected, Outage, Scope, Status

    at = datetime(2026, 12, 1, tzinfo=UTC)
    outage = Outage(
        id="O1",
        type="grid_fault",
        status=Status.PREDICTED,
        scope=Scope(transformer_areas=("T1",)),
        received_at=at,
        opened_at=at,
        cause="T1 台区 3 户报修",
        affected=Affected(customers=1, feeders=("城东线",), transformer_areas=("T1",)),
    )
    row: dict[str, Any] = outage_json(outage, at)
    assert (row["transformer_areas"], row["feeders"], row["laterals"], row["meter_boxes"]) == (["T1"], [], [], [])
    assert row["reason"] == "T1 台区 3 户报修"


def test_an_export_tells_how_many_rows_and_is_audited(county: Run, data: Path) -> None:
    file = data.parent / "out.jsonl"
    assert county("export", "customers", str(file), "--json").json["rows"] == 3
    *rows, mark = file.read_text(encoding="utf-8").splitlines()
    assert len(rows) == 3
    assert mark.startswith('{"#":')
    assert any("export" in row["act"] for row in county("audit", "show", "--json").json)
