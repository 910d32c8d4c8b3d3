"""Nothing that is printed or reported holds a telephone number, and all of it says who took it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from marked_county import shown

from desk.app import Desk
from desk.oversight.compliance import compliance, period
from desk.oversight.workbook import write_workbook
from desk.oversight.writing import write_proof
from desk.paper.press import Press, Printed
from desk.privacy.approvals import Approvals


class Set:
    """A press that sets nothing, and keeps what it was given."""

    def __init__(self) -> None:
        self.papers: list[dict[str, Any]] = []

    def pdf(self, _form: str, papers: list[dict[str, Any]]) -> Printed:
        self.papers += papers
        return Printed(pages=(b"%PDF-",))


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Set:
    made = Set()
    monkeypatch.setattr(Press, "pdf", lambda _self, form, papers: made.pdf(form, papers))
    return made


@pytest.mark.parametrize("outage", ["O1", "O2"])
def test_the_proof_of_an_outage_names_people_and_no_number(desk: Desk, tmp_path: Path, outage: str) -> None:
    page = write_proof(desk.place, outage, tmp_path / "proof.md")
    text = (tmp_path / "proof.md").read_text()
    assert not shown(text)
    assert "taken by wang 2026-11-23 10:00" in page.foot
    assert "number E1" in text


def test_the_fingerprint_of_a_proof_is_the_same_whoever_takes_it(desk: Desk, tmp_path: Path) -> None:
    marks = []
    for name in ("wang", "li"):
        desk.place.agent = "wang"
        first = write_proof(desk.place, "O2", tmp_path / f"{name}.md")
        marks.append(first.mark)
    assert marks[0] == marks[1]


def test_the_self_check_holds_no_number_and_its_sheets_say_who_took_them(desk: Desk, tmp_path: Path) -> None:
    found = compliance(desk.place, *period("2026-11-01", "2026-11-30", desk.place.clock.zone))
    write_workbook(desk.place, found, tmp_path / "check.xlsx")
    for sheet in openpyxl.load_workbook(tmp_path / "check.xlsx"):
        rows = [" ".join(str(cell) for cell in row if cell is not None) for row in sheet.iter_rows(values_only=True)]
        assert not shown("\n".join(rows))
        assert rows[-1].startswith("# ")
        assert "taken by wang" in rows[-1]


def test_delivery_lists_and_notices_hold_no_number_and_say_who_printed_them(
    desk: Desk, press: Set, tmp_path: Path
) -> None:
    desk.paper.rounds_pdf(desk.paper.rounds())
    assert "taken by wang" in press.papers[-1]["foot"]
    desk.paper.print_notices("O2", tmp_path / "notices")
    assert press.papers[-1]["mark"].startswith("printed by wang 2026-11-23 10:00, E")
    assert not shown(str(press.papers))
    assert {one.what for one in Approvals(desk.place).listed()} == {"rounds", "notices"}
