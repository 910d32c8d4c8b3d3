"""The self-check of a period: what was late, missed, unsigned or against the order; as rows, as JSON, as a workbook."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pytest
from made_up_dossier import START, customer, duties
from msgspec.structs import replace
from openpyxl import load_workbook
from oversight_county import DAY, NOW, ZONE, Run

from desk import schema
from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import BadInput, NotAllowed
from desk.notices.book import DutyBook
from desk.notices.sheets import packed
from desk.notices.tally import Counting
from desk.oversight.compliance import article_order, compliance, failures, period
from desk.oversight.workbook import write_workbook
from desk.records import Duty, DutyState, Violation

SECOND = timedelta(seconds=1)


def keep(desk: Desk, some: tuple[Duty, ...]) -> None:
    book = DutyBook(desk.place)
    with desk.place.store.transaction():
        for duty in some:
            number = book.next_number()
            book.add([packed([replace(duty, id=f"D{number}")], number)], Counting())


def violated(desk: Desk, what: str = "announced before the approval") -> None:
    table = desk.place.store.records(schema.VIOLATIONS, Violation)
    table.add(lambda number: Violation(id=f"V{number}", outage="O17", article="17", what=what, at=NOW + DAY))


@pytest.fixture
def kept(desk: Desk, clock: FixedClock) -> Desk:
    keep(desk, duties())
    violated(desk)
    clock.at = START
    return desk


def test_late_missed_and_violated_are_rows_in_the_order_of_time(kept: Desk) -> None:
    found = compliance(kept.place, NOW, START)
    assert [(row.outage, row.article) for row in found.rows] == [("O17", "17"), ("O17", "9.3"), ("O17", "9.4")]
    assert "第一中学" in found.rows[1].what
    assert "北河煤矿" in found.rows[2].what
    assert found.rows[1].at == NOW + 4 * DAY


def test_a_duty_belongs_to_the_period_in_which_it_was_due(kept: Desk) -> None:
    cuts = [NOW, NOW + 2 * DAY, NOW + 3 * DAY, NOW + 3 * DAY + SECOND, START]
    pieces = [compliance(kept.place, *pair) for pair in pairwise(cuts)]
    whole = compliance(kept.place, cuts[0], cuts[-1])
    assert sum(len(piece.rows) for piece in pieces) == len(whole.rows)
    owed = sum(one.owed for piece in pieces for one in piece.by_outage.values())
    assert owed == sum(one.owed for one in whole.by_outage.values()) == 19


def test_what_was_settled_without_a_signature_is_a_row() -> None:
    signed = next(duty for duty in duties() if duty.articles == ("9.3",))
    bare = replace(signed, evidence=(replace(signed.evidence[0], result="left_with"),))
    assert not list(failures(signed, START))
    assert [row.article for row in failures(bare, START)] == ["9.3"]
    assert not list(failures(replace(bare, evidence_kind="log"), START))


def test_who_was_given_up_is_a_row_and_who_is_not_owed_is_none() -> None:
    duty = duties()[-1]
    assert len(list(failures(replace(duty, state=DutyState.UNREACHABLE, closed_at=START), START))) == 1
    assert not list(failures(replace(duty, state=DutyState.WITHDRAWN), START))
    assert not list(failures(replace(duty, state=DutyState.EXEMPT), START))


def test_the_rows_in_json_have_exactly_the_keys_of_the_interface(kept: Desk, run: Run) -> None:
    assert kept
    ran = run("report", "compliance", "--from", "2026-12-01", "--to", "2026-12-31", "--json")
    assert ran.code == 0
    assert len(ran.json) == 3
    assert all(list(row) == ["outage", "article", "what", "at"] for row in ran.json)


def test_the_report_is_read_on_a_terminal(kept: Desk, run: Run) -> None:
    assert kept
    ran = run("report", "compliance", "--from", "2026-12-01", "--to", "2026-12-31")
    assert (ran.code, ran.err) == (0, "")
    assert "9.4" in ran.out
    assert "18/19" in ran.out


def test_a_quiet_period_says_so(run: Run) -> None:
    ran = run("report", "compliance", "--from", "2026-12-01", "--to", "2026-12-01")
    assert ran.code == 0
    assert len(ran.out.splitlines()) > 2


def test_an_end_before_the_beginning_is_refused() -> None:
    assert period("2026-12-01", "2026-12-01", ZONE)[1] - period("2026-12-01", "2026-12-01", ZONE)[0] == DAY
    with pytest.raises(BadInput):
        period("2026-12-02", "2026-12-01", ZONE)


def test_a_workbook_has_three_sheets_and_nothing_in_it_runs(kept: Desk, tmp_path: Path) -> None:
    rogue = replace(duties()[-1], recipient=customer(99, '=HYPERLINK("http://x","y")'))
    keep(kept, (rogue,))
    violated(kept, "=1+1")
    violated(kept, "@SUM(A1)")
    file = tmp_path / "check.xlsx"
    write_workbook(kept.place, compliance(kept.place, NOW, START), file)
    book = load_workbook(file)
    assert len(book.sheetnames) == 3
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "=1+1" in {cell.value for cell in cells}
    with ZipFile(file) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_taking_a_workbook_needs_the_right_and_leaves_a_line(kept: Desk, run: Run, tmp_path: Path) -> None:
    asked = ("report", "compliance", "--from", "2026-12-01", "--to", "2026-12-31", "--out")
    assert run(*asked, str(tmp_path / "check.xlsx")).code == 0
    assert [line.act for line in kept.place.audit_table.all()] == ["report.compliance"]
    assert run(*asked, str(tmp_path / "check.pdf")).code == 2
    assert run(*asked, str(tmp_path / "nowhere" / "check.xlsx")).code == 2
    kept.place.role = "agent"
    with pytest.raises(NotAllowed):
        write_workbook(kept.place, compliance(kept.place, NOW, START), tmp_path / "other.xlsx")
    assert [file.name for file in tmp_path.glob("*.*")] == ["check.xlsx"]


def test_articles_are_counted_not_spelled() -> None:
    assert sorted(["10.1", "9.4", "desk practice", "9.1", "28.1", "9"], key=article_order) == [
        "9",
        "9.1",
        "9.4",
        "10.1",
        "28.1",
        "desk practice",
    ]
