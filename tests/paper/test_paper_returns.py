"""What comes back of a round: signatures, refusals, empty houses, and the scan that proves it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from paper_county import HOSPITAL, MINE, SPECIAL, approved, opened, owed, plan

from desk.app import Desk
from desk.errors import BadInput, OutOfOrder, Refused
from desk.paper import Return
from desk.paper.attachments import LARGEST, attach, found, is_whole
from desk.records import DutyState, Outage


@pytest.fixture
def outage(desk: Desk) -> Outage:
    return approved(desk, plan())


@pytest.mark.parametrize(
    ("result", "state"),
    [
        ("signed", DutyState.DONE),
        ("signed_refused_with_witness", DutyState.REFUSED),
        ("left_with", DutyState.DONE),
        ("delivered", DutyState.DONE),
        ("absent", DutyState.ATTEMPTED),
        ("refused", DutyState.REFUSED),
    ],
)
def test_each_outcome_of_a_visit_is_written_down(desk: Desk, outage: Outage, result: str, state: DutyState) -> None:
    after = desk.paper.returned(owed(desk, outage, HOSPITAL).id, result, person="王主任")
    assert after.state is state
    assert (after.evidence[-1].channel, after.evidence[-1].person) == ("written_notice", "王主任")


@pytest.mark.parametrize("result", ["signed", "signed_refused_with_witness"])
def test_a_signature_and_a_refusal_need_a_name(desk: Desk, outage: Outage, result: str) -> None:
    with pytest.raises(BadInput, match="name of the person"):
        desk.paper.returned(owed(desk, outage, HOSPITAL).id, result)


def test_nothing_is_delivered_before_the_approval(desk: Desk) -> None:
    outage = opened(desk, plan())
    with pytest.raises(OutOfOrder):
        desk.paper.returned(owed(desk, outage, HOSPITAL).id, "signed", person="王主任")


def test_the_scan_is_kept_by_its_hash_and_the_evidence_names_it(desk: Desk, outage: Outage, slip: Path) -> None:
    after = desk.paper.returned(owed(desk, outage, HOSPITAL).id, "signed", person="王主任", ref="回执3", scan=slip)
    name = sha256(slip.read_bytes()).hexdigest()
    assert after.evidence[-1].ref == f"回执3 attachments/{name[:2]}/{name}.pdf"
    (kept,) = desk.paper.scans(after)
    assert kept.read_bytes() == slip.read_bytes()
    assert is_whole(kept)


def test_a_scan_that_was_changed_later_is_seen(desk: Desk, outage: Outage, slip: Path) -> None:
    after = desk.paper.returned(owed(desk, outage, HOSPITAL).id, "signed", person="王主任", scan=slip)
    (kept,) = desk.paper.scans(after)
    kept.write_bytes(b"%PDF-1.7 another signature")
    assert not is_whole(kept)


def test_the_same_scan_twice_is_one_file(tmp_path: Path, slip: Path) -> None:
    assert attach(tmp_path, slip) == attach(tmp_path, slip)
    assert len([path for path in (tmp_path / "attachments").rglob("*") if path.is_file()]) == 1


def test_a_damaged_copy_is_replaced_when_the_scan_comes_again(tmp_path: Path, slip: Path) -> None:
    kept = tmp_path / attach(tmp_path, slip)
    kept.write_bytes(b"")
    attach(tmp_path, slip)
    assert is_whole(kept)


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.4", ".pdf"),
        (b"\x89PNG\r\n\x1a\n", ".png"),
        (b"\xff\xd8\xff\xe0", ".jpg"),
        (b"II*\x00", ".tif"),
        (b"\x00\x00\x00\x18ftypheic", ".heic"),
        (b"RIFF\x00\x00\x00\x00WEBP", ".webp"),
    ],
)
def test_what_scanners_and_telephones_make_may_be_attached(tmp_path: Path, content: bytes, ending: str) -> None:
    file = tmp_path / "whatever"
    file.write_bytes(content)
    assert attach(tmp_path, file).endswith(ending)


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90", b"<html>", "签名".encode()], ids=["empty", "program", "page", "text"]
)
def test_anything_else_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "slip.pdf"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"slip\.pdf is neither a PDF nor a picture"):
        attach(tmp_path, file)


def test_a_scan_that_is_not_there_is_named_and_nothing_is_written_down(
    desk: Desk, outage: Outage, tmp_path: Path
) -> None:
    duty = owed(desk, outage, HOSPITAL)
    with pytest.raises(BadInput, match="cannot be read"):
        desk.paper.returned(duty.id, "signed", person="王主任", scan=tmp_path / "none.pdf")
    assert desk.notices.get(duty.id) == duty


def test_a_scan_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "huge.pdf"
    with file.open("wb") as stream:
        stream.write(b"%PDF-")
        stream.truncate(LARGEST + 1)
    with pytest.raises(BadInput, match="larger than 30 MB"):
        attach(tmp_path, file)


def test_only_what_the_desk_itself_wrote_is_taken_for_an_attachment(tmp_path: Path) -> None:
    assert found(tmp_path, "回执 attachments/../../etc/passwd attachments/ab/short.pdf") == []


def test_the_evidence_carries_the_hash_of_what_was_printed(desk: Desk, outage: Outage, tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="printing needs the extra print")
    desk.paper.print_notices(outage.id, tmp_path / "out")
    printed = next(one.printed for one in desk.paper.notices(outage.id) if one.duty.recipient.id == HOSPITAL)
    after = desk.paper.returned(owed(desk, outage, HOSPITAL).id, "signed", person="王主任")
    assert printed is not None
    assert (after.evidence[-1].template, after.evidence[-1].hash) == ("written_notice", printed.hash)


def test_a_round_is_written_down_whole(desk: Desk, outage: Outage) -> None:
    done = desk.paper.all_returned(
        [
            Return(duty=owed(desk, outage, HOSPITAL).id, result="signed", person="王主任"),
            Return(duty=owed(desk, outage, SPECIAL).id, result="absent"),
        ]
    )
    assert [duty.state for duty in done] == [DutyState.DONE, DutyState.ATTEMPTED]


def test_a_round_with_one_mistake_is_not_written_down_at_all(desk: Desk, outage: Outage) -> None:
    first, second = owed(desk, outage, HOSPITAL), owed(desk, outage, SPECIAL)
    with pytest.raises(BadInput, match=second.id):
        desk.paper.all_returned(
            [Return(duty=first.id, result="signed", person="王主任"), Return(duty=second.id, result="signed")]
        )
    assert desk.notices.get(first.id) == first


def test_who_was_first_stands_a_second_time_is_refused(desk: Desk, outage: Outage) -> None:
    duty = owed(desk, outage, HOSPITAL)
    desk.paper.returned(duty.id, "signed", person="王主任")
    with pytest.raises(Refused, match="already"):
        desk.paper.returned(duty.id, "signed", person="李主任")


# Rounds


def test_a_round_shows_what_came_of_each_visit(desk: Desk, outage: Outage) -> None:
    desk.paper.returned(owed(desk, outage, HOSPITAL).id, "signed", person="王主任")
    desk.paper.returned(owed(desk, outage, SPECIAL).id, "absent")
    (here,) = desk.paper.rounds(outage.id, "城关所")
    assert (len(here.stops), here.done) == (4, 1)
    content = desk.paper._contents.round(here, "")
    by_name = {stop["name"]: stop for stop in content["stops"]}
    assert (by_name["人民医院"]["settled"], by_name["人民医院"]["person"]) == (True, "王主任")
    assert (by_name["王兰"]["settled"], by_name["王兰"]["result"], by_name["王兰"]["tries"]) == (False, "absent", 1)


def test_the_rounds_of_all_outages_hold_what_is_still_to_be_delivered(desk: Desk, outage: Outage) -> None:
    opened(desk, plan(reference="JX2026-118"))
    desk.paper.returned(owed(desk, outage, MINE).id, "signed", person="矿长")
    shown = [stop.duty for one in desk.paper.rounds() for stop in one.stops]
    assert {duty.outage for duty in shown} == {"O1", "O2"}
    assert owed(desk, outage, MINE).id not in [duty.id for duty in shown]


def test_a_round_carries_no_telephone_number(desk: Desk, outage: Outage) -> None:
    (here,) = desk.paper.rounds(outage.id, "城关所")
    assert set(desk.paper._contents.round(here, "")["stops"][0]) == {
        *("duty", "area", "name", "account_no", "address", "due", "settled", "result", "tries", "person", "at")
    }


def test_nothing_to_deliver_is_said(desk: Desk) -> None:
    with pytest.raises(Refused, match="nothing is to be delivered"):
        desk.paper.rounds_pdf(desk.paper.rounds())
