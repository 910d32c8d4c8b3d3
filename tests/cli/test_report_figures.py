"""`desk report briefing` and `desk report reliability`: their shapes, their files, and who may take them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Run = Any
PERIOD = ("--from", "2026-11-01", "--to", "2026-12-31")


def test_reliability_names_the_indices_of_the_standard(county: Run) -> None:
    told = county("report", "reliability", *PERIOD, "--json").json
    assert set(told) == {
        *("since", "until", "hours", "customers", "outages", "customers_interrupted", "customer_hours_lost"),
        *("saifi", "saidi", "caidi", "asai", "by_type", "worst"),
    }
    assert told["customers"] > 0


def test_a_briefing_tells_a_period_on_one_page(county: Run) -> None:
    page = county("report", "briefing", *PERIOD).out
    assert "SAIDI" in page
    assert len(page.splitlines()) < 12


def test_a_report_in_a_file_says_in_its_last_line_who_took_it(county: Run, tmp_path: Path) -> None:
    file = tmp_path / "briefing.txt"
    assert county("report", "briefing", *PERIOD, "--out", str(file)).code == 0
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[-1].startswith("# ")
    acts = [line["act"] for line in county("audit", "show", "--json").json]
    assert "report.briefing" in acts


def test_another_ending_is_refused_and_leaves_nothing(county: Run, tmp_path: Path) -> None:
    ran = county("report", "reliability", *PERIOD, "--out", str(tmp_path / "figures.pdf"))
    assert (ran.code, list(tmp_path.glob("figures*"))) == (2, [])
    assert ".txt" in ran.err
