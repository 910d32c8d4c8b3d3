"""The proof of an outage: everything in it, in plain text that lines up and on paper."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_dossier import START, dossier
from msgspec.structs import replace
from oversight_county import Run, plan

from desk.app import Desk
from desk.errors import BadInput, NotAllowed, NotFound, Refused
from desk.i18n import set_language
from desk.oversight.page import Page, Section, markdown
from desk.oversight.printing import pdf, pictures
from desk.oversight.proof import proof_page
from desk.oversight.proof_duties import spans
from desk.oversight.writing import write_proof
from desk.text import cell_width


def test_the_page_says_what_was_owed_done_approved_moved_and_violated() -> None:
    text = markdown(proof_page(dossier()))
    for words in (
        "O17",
        "青山县供电公司",
        "Article 9.3",
        "Article 9.1 and 28.1",
        "孙院长",
        "回执 2026-118-01",
        "※ late by 1 d 0 h",
        "※ overdue by 22 h 0 min",
        "※ not given",
        "审〔2026〕31号",
        "announced before the approval",
        "主管领导出差",
        "D7–D19",
        r"157\*\*\*\*0009, no answer",
        "移动公司东站、移动公司西站",
        "planned start: 2026-12-11 08:00 → 2026-12-11 10:00",
        "9f86d081884c",
        "18 (95%)",
    ):
        assert words in text, words


def test_the_order_of_articles_is_that_of_the_regulation() -> None:
    headings = [section.heading for section in proof_page(dossier()).sections]
    articles = [heading for heading in headings if heading.startswith("Article")]
    assert articles == ["Article 9.1", "Article 9.1 and 28.1", "Article 9.3", "Article 9.4"]


def test_the_lines_of_a_table_are_equally_wide() -> None:
    lines = [line for line in markdown(proof_page(dossier())).splitlines() if line.startswith("|")]
    blocks: list[set[int]] = [set()]
    for line in lines:
        if set(line) <= {"|", "-"}:
            blocks.append({blocks[-1].pop()})
        blocks[-1].add(cell_width(line))
    assert all(len(block) <= 2 for block in blocks)


words = st.text(max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(words, words, words), min_size=1, max_size=4), words)
def test_no_text_breaks_a_table(rows: list[tuple[str, str, str]], note: str) -> None:
    section = Section(heading=note, head=("a", "b", "c"), rows=tuple(rows), note=note, facts=((note, note),))
    page = Page(
        language="en",
        over="",
        title=note,
        under="",
        summary=(("x", "1"),),
        sections=(section,),
        signatures=(),
        foot=note,
    )
    lines = [line for line in markdown(page).splitlines() if line.startswith("|")]
    assert len(lines) == 3 + 2 + len(rows)
    assert len({cell_width(line) for line in lines[3:]}) == 1


def test_a_long_list_shows_those_that_failed_and_says_how_many_more_there_are() -> None:
    section = next(one for one in proof_page(dossier(40), most=5).sections if one.heading == "Article 9.4")
    assert len(section.rows) == 5
    assert any("北河煤矿" in row[1] for row in section.rows)
    assert "36 more" in section.note


def test_the_fingerprint_changes_with_what_is_proved() -> None:
    one = dossier()
    moved = replace(one, duties=one.duties[:-1])
    assert proof_page(one).mark == proof_page(one).mark != proof_page(moved).mark


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_is_printed_in_both_languages(language: str) -> None:
    set_language(language)
    page = proof_page(dossier())
    content = pdf(page)
    assert content.startswith(b"%PDF")
    assert 30_000 < len(content) < 400_000
    assert len(pictures(page)) == 2


def test_text_that_looks_like_markup_is_printed_as_text() -> None:
    one = dossier()
    rogue = replace(one.outage, cause='#panic("x") *a* $x$ <b> \\ "', area="``` \x1b[31m 〇𠮷")
    assert pdf(proof_page(replace(one, outage=rogue))).startswith(b"%PDF")


def test_numbers_in_a_row_are_one_span() -> None:
    assert spans([3, 4, 5, 9, 11, 12, 3]) == "D3–D5, D9, D11–D12"


def test_a_proof_is_written_and_leaves_a_line_in_the_audit(desk: Desk, tmp_path: Path) -> None:
    outage = desk.outages.open(plan()).outage
    page = write_proof(desk.place, outage.id, tmp_path / "proof.md")
    assert outage.id in (tmp_path / "proof.md").read_text(encoding="utf-8")
    line = list(desk.place.audit_table.all())[-1]
    assert (line.act, line.about, line.details["sha256"]) == ("outage.proof", outage.id, page.mark)


def test_the_command_writes_both_files(desk: Desk, run: Run, tmp_path: Path) -> None:
    outage = desk.outages.open(plan()).outage
    for name in ("proof.md", "proof.pdf"):
        ran = run("outage", "show", outage.id, "--proof", str(tmp_path / name))
        assert (ran.code, ran.err) == (0, "")
        assert (tmp_path / name).stat().st_size > 500


def test_what_cannot_be_written_leaves_no_file(desk: Desk, tmp_path: Path) -> None:
    outage = desk.outages.open(plan()).outage
    with pytest.raises(BadInput):
        write_proof(desk.place, outage.id, tmp_path / "proof.docx")
    with pytest.raises(BadInput):
        write_proof(desk.place, outage.id, tmp_path / "nowhere" / "proof.md")
    with pytest.raises(NotFound):
        write_proof(desk.place, "O99", tmp_path / "proof.md")
    desk.place.role = "agent"
    with pytest.raises(NotAllowed):
        write_proof(desk.place, outage.id, tmp_path / "proof.md")
    assert not [file for file in tmp_path.iterdir() if file.name != "data"]


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.oversight.printing._compilers", {})
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Refused, match=r"desk95598\[print\]"):
        pdf(proof_page(dossier()))


def test_the_desk_starts_without_the_printer() -> None:
    import subprocess

    code = "import sys, desk.app, desk.cli, desk.cli.reports, desk.oversight.writing; print('typst' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_page_stands_for_the_moment_it_was_made() -> None:
    assert f"{START:%Y-%m-%d %H:%M}" in proof_page(dossier()).foot
