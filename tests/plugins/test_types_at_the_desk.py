"""Types at the desk, by the command line: nine that ship and a tenth that somebody wrote, from file to board."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "docs/samples"
NOW = "2026-12-01T08:00"
ACCOUNT = "3100000002"
PLAN = {"feeders": ["城关东线"], "planned_start": "2026-12-10T08:00", "planned_end": "2026-12-10T16:00"}
TYPES = (
    "planned_maintenance", "temporary_maintenance", "grid_fault", "supply_shortage", "arrears", "theft_violation",
    "unforeseeable", "hazard_removal", "account_closure",
)  # fmt: skip


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs commands in a sandbox with the sample network and customers in it; a document is given on stdin."""
    from desk.cli import main
    from desk.i18n import language, set_language

    spoken = language()
    for name in ("DESK_CONFIG", "DESK_PLUGINS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DESK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DESK_NOW", NOW)
    monkeypatch.chdir(tmp_path)

    def ran(*arguments: str, given: object = None) -> Ran:
        stdin = io.BytesIO(json.dumps(given, ensure_ascii=False).encode())
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stdin))
        capsys.readouterr()
        code = main(list(arguments))
        return Ran(code, *capsys.readouterr())

    assert ran("init", "--sandbox").code == 0
    for what in ("network", "customers"):
        assert ran("import", what, str(SAMPLES / f"{what}.csv")).code == 0
    yield ran
    set_language(spoken)


def asked(kind: str, facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"type": kind, **PLAN, **({"facts": dict(facts)} if facts is not None else {})}


def of_account(kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, "accounts": [ACCOUNT], "planned_start": "2026-12-10T08:00", "facts": dict(facts)}


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_opens_without_any_facts(run: Run, kind: str) -> None:
    ran = run("outage", "open", "-", "--dry-run", given=asked(kind))
    assert ran.code == 0, ran.err
    assert ran.json["id"] is None


@pytest.mark.parametrize(
    ("kind", "facts"), [("arrears", {"overdue_days": 45}), ("unforeseeable", {"cause_code": "force_majeure"})], ids=str
)
def test_the_examples_of_the_interface_are_enough(run: Run, kind: str, facts: Mapping[str, Any]) -> None:
    assert run("outage", "open", "-", given=asked(kind, facts)).code == 0


REFUSED = {
    "under 30 days": ("arrears", {"overdue_days": 30}, "facts.overdue_days"),
    "wrong kind": ("arrears", {"overdue_days": "several"}, "facts.overdue_days"),
    "slip": ("arrears", {"overdue_day": 45}, "overdue_days"),
    "unknown cause": ("unforeseeable", {"cause_code": "bad_luck"}, "force_majeure"),
    "no document": ("unforeseeable", {"cause_code": "government_request"}, "facts.document"),
}


@pytest.mark.parametrize(("kind", "facts", "words"), REFUSED.values(), ids=REFUSED)
def test_wrong_facts_are_refused_in_one_line_and_nothing_is_written(
    run: Run, kind: str, facts: Any, words: str
) -> None:
    ran = run("outage", "open", "-", given=asked(kind, facts))
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert words in ran.err
    assert run("outages", "--json").json == []


def test_facts_are_stored_in_one_form(run: Run) -> None:
    facts = {"逾期天数": "４５", "notice_served_at": "2026-12-01", "weather": "snow"}
    id = run("outage", "open", "-", given=of_account("arrears", facts)).json["id"]
    stored = run("outage", "show", id, "--json").json["facts"]
    assert stored == {"overdue_days": 45, "notice_served_at": "2026-12-01T00:00:00+08:00", "weather": "snow"}
    shown = run("outage", "show", id).out
    assert "逾期天数" in shown
    assert "待中止供电" in shown


def test_facts_are_changed_one_by_one_and_taken_away(run: Run) -> None:
    id = run("outage", "open", "-", given=of_account("arrears", {"overdue_days": 45, "demands": 2})).json["id"]
    assert run("outage", "change", id, "--fact", "amount=320.5", "--fact", "demands=", "--reason", "核对").code == 0
    assert run("outage", "show", id, "--json").json["facts"] == {"overdue_days": 45, "amount": 320.5}


@pytest.mark.parametrize("fact", ["overdue_days=12", "overdue_dayz=50", "amount=much", "amount"])
def test_a_change_to_wrong_facts_is_refused(run: Run, fact: str) -> None:
    id = run("outage", "open", "-", given=of_account("arrears", {"overdue_days": 45})).json["id"]
    assert run("outage", "change", id, "--fact", fact, "--reason", "核对").code == 2
    assert run("outage", "show", id, "--json").json["facts"] == {"overdue_days": 45}


def test_an_account_is_not_closed_without_application_and_settlement_whatever_the_reason(run: Run) -> None:
    id = run("outage", "open", "-", given=of_account("account_closure", {"application": "XH-1"})).json["id"]
    assert run("outage", "start", id).code == 2
    assert "电费结清" in run("outage", "start", id, "--reason", "客户催办").err
    assert run("outage", "change", id, "--fact", "settlement=JS-1", "--reason", "已结清").code == 0
    start = run("outage", "start", id, "--reason", "核准在办")
    assert start.code == 0, start.err
    assert run("outages", "--json").json[0]["status"] == "confirmed"


def test_supply_cut_for_arrears_of_unknown_age_needs_a_reason_and_is_a_violation(run: Run) -> None:
    id = run("outage", "open", "-", given=of_account("arrears", {})).json["id"]
    refused = run("outage", "start", id)
    assert refused.code == 2
    assert "条例第三十九条" in refused.err
    assert run("outage", "start", id, "--reason", "现场已先行停电").code == 0
    assert ("39", "现场已先行停电") in violations(id)


def violations(id: str) -> list[tuple[str, str]]:
    from desk.app import Desk
    from desk.config import load_config

    with Desk.open(load_config(None, None)) as desk:
        return [(one.article, one.reason) for one in desk.outages.notices.violations(id)]


def test_a_tenth_type_in_one_file_comes_from_somebody_elses_folder_to_the_board(run: Run, tmp_path: Path) -> None:
    file, request = SAMPLES / "road_works.py", json.loads((SAMPLES / "road_works.json").read_text(encoding="utf-8"))
    assert run("outage", "open", "-", given=request).code == 2
    assert run("plugins", "trust", str(file), "--by", "王芳").code == 0
    (row,) = [row for row in run("plugins", "list", "--json").json if row["name"] == "road_works"]
    assert (row["state"], row["kind"], row["from"]) == (
        "on",
        "outage_type",
        str(tmp_path / "data/plugins/road_works.py"),
    )

    nobody = run("outage", "open", "-", given={**request, "facts": {}})
    assert (nobody.code, "施工单位" in nobody.err) == (2, True)
    early = run(
        "outage", "open", "-", given={**request, "facts": {**request["facts"], "permit_ends": "2027-03-09T12:00"}}
    )
    assert (early.code, "占道许可" in early.err) == (2, True)

    opened = run("outage", "open", "-", given=request).json
    assert any("现场监护人" in warning for warning in opened["warnings"])
    assert run("outages", "--scheduled", "--json").json[0]["type"] == "road_works"
    board = run()
    assert "配合市政工程停电" in board.out


def test_the_form_and_the_board_know_the_tenth_type(run: Run) -> None:
    from desk.app import Desk
    from desk.config import load_config

    run("plugins", "trust", str(SAMPLES / "road_works.py"))
    run("outage", "open", str(SAMPLES / "road_works.json"))
    with Desk.open(load_config(None, None)) as desk:
        kind = desk.place.plugins.outage_types["road_works"]
        assert [fact.name for fact in kind.asked({})] == ["builder", "permit_ends", "digging", "briefed"]
        assert "watcher" in [fact.name for fact in kind.asked({"digging": "by_machine"})]
        (row,) = desk.outages.board().rows["scheduled"]
        assert (row.type_label, row.type_short) == ("配合市政工程停电", "市政")


def test_a_file_is_not_written_over_another_of_its_name(run: Run, tmp_path: Path) -> None:
    assert run("plugins", "trust", str(SAMPLES / "road_works.py")).code == 0
    own = tmp_path / "data/plugins/road_works.py"
    own.write_text(own.read_text(encoding="utf-8") + "# the county's own line\n", encoding="utf-8")
    refused = run("plugins", "trust", str(SAMPLES / "road_works.py"))
    assert refused.code == 2
    assert own.read_text(encoding="utf-8").endswith("own line\n")
    assert run("plugins", "trust", "road_works").code == 0


@pytest.mark.parametrize("part", ["nobody", "nowhere.py"])
def test_a_part_that_is_not_there_is_said_to_be_missing(run: Run, part: str) -> None:
    ran = run("plugins", "trust", part)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
