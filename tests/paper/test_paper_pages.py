"""Every form on paper: in both languages, with long names and many sites, the county's own and a broken one."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from paper_county import (
    CHAIN,
    DAY,
    HOSPITAL,
    HOUR,
    LONG,
    MINE,
    NOW,
    PLAIN,
    SPECIAL,
    START,
    approved,
    arrears,
    opened,
    owed,
    plan,
    theft,
)

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import NotFound, Refused
from desk.outages import OutageChange
from desk.paper.press import SHIPPED, Press
from desk.records import Message, Recipient

pytest.importorskip("typst", reason="printing needs the extra print")
pytest.importorskip("pylopdf_fonts_zh_cn", reason="printing needs the extra print")

FORMS = sorted(path.stem for path in SHIPPED.glob("*.typ") if path.stem != "frame")


@pytest.fixture(params=["zh_CN", "en"])
def county(request: pytest.FixtureRequest, make: Callable[[str], Desk]) -> Desk:
    return make(request.param)


@pytest.mark.parametrize("account", [HOSPITAL, MINE, SPECIAL, "100005"], ids=["hospital", "mine", "special", LONG])
def test_a_notice_with_its_slip_fits_on_one_page(county: Desk, account: str) -> None:
    outage = approved(county, plan())
    assert len(county.paper.notice_png(owed(county, outage, account).id, 40)) == 1


def test_a_customer_with_twenty_sites_gets_them_on_a_page_behind(county: Desk) -> None:
    outage = approved(county, plan())
    assert len(county.paper.notice_png(owed(county, outage, CHAIN).id, 40)) == 2


@pytest.mark.parametrize(
    ("request_", "to", "pages"),
    [
        pytest.param(plan(), "office", 1, id="plan to a department"),
        pytest.param(arrears(), PLAIN, 1, id="arrears"),
        pytest.param(theft(), PLAIN, 2, id="theft, in two copies"),
    ],
)
def test_each_kind_of_notice_has_its_form(county: Desk, request_: object, to: str, pages: int) -> None:
    outage = opened(county, request_)  # type: ignore[arg-type]
    assert len(county.paper.notice_png(owed(county, outage, to).id, 40)) == pages


def test_the_approval_form_takes_what_was_given_and_leaves_the_rest_to_be_signed(county: Desk) -> None:
    outage = opened(county, plan())
    assert county.paper.approval_form(outage.id).startswith(b"%PDF")
    approved_later = county.notices.approvals(outage.id)[0]
    county.notices.approve(outage.id, approved_later.step, by="李局长", mode="phone", ref="电话记录12")
    assert county.paper.approval_form(outage.id).startswith(b"%PDF")


def test_a_theft_notice_is_printed_blank_to_be_filled_in_on_site(county: Desk) -> None:
    assert county.paper.blank("theft_notice").startswith(b"%PDF")


def test_a_form_that_needs_an_outage_is_not_printed_blank(desk: Desk) -> None:
    with pytest.raises(Refused, match="is made from an outage"):
        desk.paper.blank("written_notice")


def test_the_announcement_is_one_page_and_one_picture(county: Desk) -> None:
    outage = approved(county, plan())
    assert county.paper.page(outage.id).startswith(b"%PDF")
    (picture,) = county.paper.page_png(outage.id, 40)
    assert picture.startswith(b"\x89PNG")


def test_rounds_are_printed_each_on_its_page(county: Desk) -> None:
    outage = approved(county, plan())
    found = county.paper.rounds(outage.id)
    assert [one.branch for one in found] == ["城东所", "城关所", ""]
    assert county.paper.rounds_pdf(found).startswith(b"%PDF")


def test_what_looks_like_markup_is_printed_as_it_is(desk: Desk) -> None:
    outage = approved(desk, plan(cause="#panic[] *粗* $x$ `code` \\ // 更换 <导线>", area='"]#import'))
    assert len(desk.paper.notice_png(owed(desk, outage, HOSPITAL).id, 40)) == 1


def test_a_changed_plan_says_what_was_announced_before(desk: Desk) -> None:
    outage = approved(desk, plan(phases=()))
    first = owed(desk, outage, HOSPITAL)
    desk.paper.returned(first.id, "signed", person="王主任")
    desk.outages.change(outage.id, OutageChange(reason="雨", start=START + DAY, end=START + DAY + 8 * HOUR))
    changed = next(
        one for one in desk.notices.of(outage.id) if one.notice == "times_changed" and one.recipient.id == HOSPITAL
    )
    content = desk.paper._contents.notice(changed, desk.outages.get(outage.id), desk.notices.approvals(outage.id))
    assert content["kind"] == "changed"
    assert content["was"].startswith("2026年12月11日（星期五）08:00")
    assert len(desk.paper.notice_png(changed.id, 40)) == 1


def test_a_moved_plan_does_not_print_the_phases_of_its_old_time(desk: Desk) -> None:
    outage = approved(desk, plan())
    desk.outages.change(outage.id, OutageChange(reason="雨", start=START + DAY, end=START + DAY + 8 * HOUR))
    content = desk.paper._contents.notice(owed(desk, outage, HOSPITAL), desk.outages.get(outage.id), ())
    assert content["outage"]["phases"] == []


# The fax


def fax(body: str, duty: str = "") -> Message:
    to = Recipient(kind="branch", id="城关所", name="城关供电所")
    return Message(
        id="M1", outage="O1", recipient=to, channel="fax", body=body, made_at=NOW, duty=duty, address="0951-5550123"
    )


def test_a_fax_is_a_pdf_below_the_data_folder_and_the_same_message_the_same_file_later(
    desk: Desk, clock: FixedClock
) -> None:
    file = desk.paper.fax_page(fax("计划停电\n请确认"))
    assert file.read_bytes().startswith(b"%PDF")
    assert file.is_relative_to(desk.place.config.data)
    clock.at = NOW + DAY
    assert desk.paper.fax_page(fax("计划停电\n请确认")) == file


def test_a_fax_to_a_chain_lists_its_sites_over_as_many_pages_as_it_takes(desk: Desk) -> None:
    outage = approved(desk, plan())
    content = desk.paper._contents.letter(fax("停电通知"), owed(desk, outage, CHAIN).sites)
    assert len(content["sites"]) == 20
    assert len(desk.paper.press.pictures("fax_letter", [content], 40).pages) == 2


def test_a_fax_has_no_grey_and_nothing_below_12_points() -> None:
    source = (SHIPPED / "fax_letter.typ").read_text(encoding="utf-8")
    assert not re.findall(r"rgb\(|luma\(|gray|grey(?!,)", source.split("\n", 1)[1])
    assert min(float(size) for size in re.findall(r"size: (\d+(?:\.\d+)?)pt", source)) >= 12


# The county's own forms


def own(desk: Desk, name: str, text: str) -> None:
    folder = desk.place.config.data / "forms"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_a_form_of_the_county_takes_the_place_of_the_shipped_one(desk: Desk) -> None:
    own(
        desk,
        "written_notice.typ",
        '#import "frame.typ": *\n#each-paper(one => [#one.to.name #pagebreak() 2 #pagebreak() 3])',
    )
    outage = approved(desk, plan())
    assert len(desk.paper.notice_png(owed(desk, outage, HOSPITAL).id, 40)) == 3


def test_a_broken_form_of_the_county_is_named_and_the_shipped_one_is_used(desk: Desk, tmp_path: Path) -> None:
    own(desk, "written_notice.typ", '#import "frame.typ": *\n\n#no-such-thing()')
    outage = approved(desk, plan())
    run = desk.paper.print_notices(outage.id, tmp_path / "out")
    assert len(run.files) == 3
    assert run.warnings == (
        "the form written_notice cannot be used: written_notice.typ line 3: unknown variable: no-such-thing",
    )


def test_a_seal_of_the_county_is_printed_and_what_was_changed_is_used_at_once(desk: Desk) -> None:
    outage = approved(desk, plan())
    duty = owed(desk, outage, HOSPITAL)
    forms = desk.place.config.data / "forms"
    forms.mkdir()
    (forms / "seal.png").write_bytes(desk.paper.notice_png(duty.id, 10)[0])
    own(desk, "written_notice.typ", '#import "frame.typ": *\n#each-paper(one => image("seal.png", width: 30mm))')
    assert len(desk.paper.notice_png(duty.id, 40)) == 1
    own(desk, "written_notice.typ", '#import "frame.typ": *\n#each-paper(one => [1 #pagebreak() 2])')
    assert len(desk.paper.notice_png(duty.id, 40)) == 2


def test_a_part_that_the_county_changed_is_used_by_the_shipped_forms(desk: Desk) -> None:
    frame = (SHIPPED / "frame.typ").read_text(encoding="utf-8")
    own(desk, "frame.typ", frame.replace("#let slip(one, title) = {", "#let slip(one, title) = {\n  pagebreak()"))
    outage = approved(desk, plan())
    assert len(desk.paper.notice_png(owed(desk, outage, HOSPITAL).id, 40)) == 2


def test_several_threads_may_print_at_once(desk: Desk) -> None:
    outage = approved(desk, plan())
    content = desk.paper._contents.notice(owed(desk, outage, HOSPITAL), outage, ())
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _number: desk.paper.press.pdf("written_notice", [content]), range(8)))
    assert len({one.pages for one in made}) == 1


def test_a_form_that_nobody_made_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="choose one of: approval_form, arrears_notice"):
        Press(tmp_path).pdf("poster", [])


def test_every_shipped_form_says_in_its_first_line_what_it_is_for_in_both_languages() -> None:
    for form in FORMS:
        first = (SHIPPED / f"{form}.typ").read_text(encoding="utf-8").splitlines()[0]
        assert re.match(r"// .*[\u4e00-\u9fff].* [A-Za-z]", first), form


# What it costs


def test_asking_for_rounds_loads_no_printer() -> None:
    code = (
        "import sys, desk.app, desk.paper, desk.cli.paper; print([m for m in ('typst', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_the_extra_it_says_what_to_install(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    outage = approved(desk, plan())
    with pytest.raises(Refused, match=r"desk95598\[print\]"):
        desk.paper.page(outage.id)
