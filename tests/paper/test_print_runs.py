"""Printing an outage's notices: how they become files, what is remembered, and that nothing is left half done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from paper_county import CHAIN, DAY, HOSPITAL, HOUR, MINE, NOW, approved, arrears, opened, owed, plan

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import BadInput, NotAllowed, NotFound, Refused
from desk.outages import OutageRequest
from desk.paper.printing import Job, files

pytest.importorskip("typst", reason="printing needs the extra print")
pytest.importorskip("pylopdf_fonts_zh_cn", reason="printing needs the extra print")


TIMES = {"planned_start": NOW + DAY, "planned_end": NOW + DAY + HOUR}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        pytest.param(
            "branch",
            [
                "JX2026-117 城东所 停电通知书.pdf",
                "JX2026-117 城关所 停电通知书.pdf",
                "JX2026-117 部门和单位 计划检修停电通知书.pdf",
            ],
            id="a file for each branch",
        ),
        pytest.param(
            "one",
            ["JX2026-117 停电通知书.pdf", "JX2026-117 计划检修停电通知书.pdf"],
            id="a file for each form",
        ),
    ],
)
def test_notices_are_put_together_as_asked(desk: Desk, tmp_path: Path, split: str, expected: list[str]) -> None:
    outage = approved(desk, plan())
    run = desk.paper.print_notices(outage.id, tmp_path / "out", split=split)
    assert sorted(names(tmp_path / "out")) == sorted(expected)
    assert sorted(file.name for file in run.files) == sorted(expected)
    assert run.papers == 8


def test_each_notice_may_have_a_file_with_its_number_and_name(desk: Desk, tmp_path: Path) -> None:
    outage = approved(desk, plan())
    run = desk.paper.print_notices(outage.id, tmp_path / "out", split="each")
    assert f"{owed(desk, outage, HOSPITAL).id} 人民医院 停电通知书.pdf" in names(tmp_path / "out")
    assert len(run.files) == 8


def test_a_way_of_putting_together_that_is_none_is_refused(desk: Desk, tmp_path: Path) -> None:
    outage = approved(desk, plan())
    with pytest.raises(BadInput, match="branch, one, each"):
        desk.paper.print_notices(outage.id, tmp_path, split="village")


def test_no_file_has_more_than_100_papers() -> None:
    jobs = [Job(duty=f"D{number}", form="f", branch="城关所", name="x", content={}) for number in range(250)]
    made = files(jobs, "one", {"f": "通知"}, "O1")
    assert [(file.name, len(file.jobs)) for file in made] == [("O1 通知 1", 100), ("O1 通知 2", 100), ("O1 通知 3", 50)]


@pytest.mark.parametrize("name", ['a/b\\c:d*?"<>|', "..", "名" * 120, "a\nb\x1b[31m"])
def test_whatever_a_customer_is_called_the_file_can_be_written(tmp_path: Path, name: str) -> None:
    (file,) = files([Job(duty="D1", form="f", branch="", name=name, content={})], "each", {}, "O1")
    (tmp_path / f"{file.name}.pdf").write_bytes(b"x")
    assert names(tmp_path) == [f"{file.name}.pdf"]


def test_progress_counts_the_papers(desk: Desk, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    outage = approved(desk, plan())
    desk.paper.print_notices(outage.id, tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 8)
    assert seen[-1] == (8, 8)
    assert seen == sorted(seen)


@pytest.mark.parametrize("after", range(4))
def test_cancelled_at_any_moment_nothing_is_left(desk: Desk, tmp_path: Path, after: int) -> None:
    outage = approved(desk, plan())
    asked = iter(range(100))
    run = desk.paper.print_notices(outage.id, tmp_path / "out", cancelled=lambda: next(asked) >= after)
    assert run.cancelled
    assert not (tmp_path / "out").exists()
    assert all(one.printed is None for one in desk.paper.notices(outage.id))


def test_a_folder_that_was_there_stays_as_it_was_when_cancelled(desk: Desk, tmp_path: Path) -> None:
    outage = approved(desk, plan())
    (tmp_path / "kept.txt").write_text("x")
    desk.paper.print_notices(outage.id, tmp_path, cancelled=lambda: True)
    assert [name for name in names(tmp_path) if not name.startswith("data")] == ["kept.txt"]


def test_when_a_file_cannot_be_placed_the_folder_is_as_before_and_nothing_is_remembered(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outage = approved(desk, plan())
    out = tmp_path / "out"
    desk.paper.print_notices(outage.id, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    replace = Path.replace
    placed: list[Path] = []

    def full(self: Path, target: Path) -> Path:
        if self.parent.name.startswith(".notices-") and target.parent == out:
            placed.append(target)
            if len(placed) == 2:
                raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(BadInput, match="No space left"):
        desk.paper.print_notices(outage.id, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert {one.printed.times for one in desk.paper.notices(outage.id) if one.printed} == {1}


def test_a_folder_that_cannot_be_made_is_named(desk: Desk, tmp_path: Path) -> None:
    outage = approved(desk, plan())
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="cannot be written"):
        desk.paper.print_notices(outage.id, tmp_path / "file" / "out")


def test_who_printed_what_is_remembered_and_in_the_audit(desk: Desk, tmp_path: Path) -> None:
    outage = approved(desk, plan())
    desk.paper.print_notices(outage.id, tmp_path)
    desk.paper.print_notices(outage.id, tmp_path)
    printed = desk.paper.notices(outage.id)[0].printed
    assert printed is not None
    assert (printed.times, printed.by, len(printed.hash)) == (2, desk.place.agent, 64)
    lines = [line for line in desk.place.audit_table.all() if line.act == "paper.print"]
    assert [line.details["papers"] for line in lines] == [8, 8]


def test_before_the_approval_a_notice_is_printed_as_a_draft(desk: Desk, tmp_path: Path) -> None:
    outage = opened(desk, plan())
    run = desk.paper.print_notices(outage.id, tmp_path)
    assert run.drafts == 5  # the departments' three wait for nobody
    one = owed(desk, outage, HOSPITAL)
    content = desk.paper._contents.notice(one, outage, desk.notices.approvals(outage.id))
    assert content["draft"] == "样稿：未经核准，不得送达"


def test_only_what_is_open_is_printed_unless_it_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    outage = approved(desk, plan())
    first = owed(desk, outage, HOSPITAL)
    desk.paper.returned(first.id, "signed", person="王主任")
    assert desk.paper.print_notices(outage.id, tmp_path).papers == 7
    assert desk.paper.print_notices(outage.id, tmp_path, only=[first.id]).papers == 1


def test_who_is_usually_phoned_gets_paper_when_asked_for(desk: Desk, tmp_path: Path) -> None:
    request = OutageRequest(type="temporary_maintenance", feeders=("城东线",), cause="缺陷", area="城东", **TIMES)
    outage = approved(desk, request)
    phoned = next(duty for duty in desk.notices.of(outage.id) if duty.channels[0] != "written_notice" in duty.channels)
    assert desk.paper.print_notices(outage.id, tmp_path, only=[phoned.id, phoned.id.lower()]).papers == 1


def test_a_duty_of_another_outage_is_not_printed_with_this_one(desk: Desk, tmp_path: Path) -> None:
    first, second = approved(desk, plan()), approved(desk, plan(reference="JX2026-118"))
    with pytest.raises(Refused, match="no written notice"):
        desk.paper.print_notices(first.id, tmp_path, only=[owed(desk, second, HOSPITAL).id])


def test_an_outage_that_owes_no_paper_says_so(desk: Desk, tmp_path: Path) -> None:
    outage = opened(desk, OutageRequest(type="grid_fault", feeders=("城东线",), cause="树障"))
    with pytest.raises(Refused, match="no written notice"):
        desk.paper.print_notices(outage.id, tmp_path)


def test_an_outage_that_is_not_there_is_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="O99"):
        desk.paper.print_notices("O99", tmp_path)


def test_who_may_not_settle_duties_may_not_print(desk: Desk, tmp_path: Path) -> None:
    outage = approved(desk, plan())
    desk.place.role = "viewer"
    with pytest.raises(NotAllowed):
        desk.paper.print_notices(outage.id, tmp_path)


def test_a_notice_knows_the_branch_the_form_and_the_sites(desk: Desk) -> None:
    outage = approved(desk, plan())
    found = {one.duty.recipient.id: one for one in desk.paper.notices(outage.id)}
    assert (found[MINE].stop.branch, found[MINE].form) == ("城东所", "written_notice")
    assert (found[CHAIN].stop.sites, found[CHAIN].stop.address) == (20, "建设街1号")
    assert found["office"].form == "plan_notice"


def test_the_sites_of_a_chain_are_listed_in_walking_order(desk: Desk) -> None:
    outage = approved(desk, plan())
    content = desk.paper._contents.notice(owed(desk, outage, CHAIN), outage, ())
    assert [site["address"] for site in content["sites"]] == [f"建设街{number}号" for number in range(1, 21)]


def test_an_amount_is_written_with_two_decimals_and_nobody_elses_business(desk: Desk) -> None:
    outage = opened(desk, arrears())
    content = desk.paper._contents.notice(owed(desk, outage, "100004"), outage, ())
    assert content["facts"]["amount"] == "12,834.50"
    assert content["basis"] == "《县客户停电管理办法（试行）》第十三条"
    assert content["outage"]["customers"] == ""


def test_what_is_not_yet_compared_with_the_text_is_not_cited(make: Callable[[str], Desk], clock: FixedClock) -> None:
    desk = make("en")
    outage = approved(desk, plan())
    content = desk.paper._contents.notice(owed(desk, outage, HOSPITAL), outage, ())
    assert content["basis"] == "County measures on customer outages (trial), Article 9.3"
    assert clock.now() == desk.place.now()
