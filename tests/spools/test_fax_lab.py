"""Real faxes over two software modems that call each other: `make fax-lab` sets them up and runs this."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any
from uuid import uuid4

import pytest

from desk.plugins import Attachment, Channel, Message, Report
from plugins.hylafax import HylaFax

pytestmark = pytest.mark.hylafax

RECEIVED = Path("/var/spool/hylafax/recvq")


@pytest.fixture
def fax() -> Iterator[Channel]:
    channel = HylaFax(HylaFax.Settings(host="127.0.0.1", sender="盐池县供电公司", dials=2, tries=2))
    problem = channel.check(5)
    for _second in range(60):
        if problem is None or "no line" not in problem.text:
            break
        sleep(1)  # both modems hang up after a call
        problem = channel.check(5)
    if problem is not None:
        pytest.skip(f"no fax laboratory here (make fax-lab): {problem.text}")
    yield channel
    channel.close()


def message(body: str, **fields: Any) -> Message:
    key = f"lab-{uuid4()}"
    given: dict[str, Any] = {
        "recipient": "城关镇自来水厂",
        "address": "0951-5550002",
        "subject": "停电通知",
        "id": "M1",
        "key": key,
    }
    return Message(body=body, **(given | fields))


def followed(fax: Channel, ids: list[str], until: Callable[[dict[str, Report]], bool]) -> list[Report]:
    """Every different report up to the moment that `until` holds of the latest ones."""
    seen: list[Report] = []
    deadline = monotonic() + 180
    while monotonic() < deadline:
        reports = list(fax.poll(ids, 10))
        seen += [report for report in reports if report not in seen]
        if until({report.external_id: report for report in reports}):
            return seen
        sleep(1)
    raise AssertionError(f"not within three minutes: {seen}")


def ended(*ids: str) -> Callable[[dict[str, Report]], bool]:
    return lambda reports: all(id in reports and reports[id].state != "accepted" for id in ids)


def test_a_chinese_notice_of_two_pages_arrives_and_the_report_counts_them(fax: Channel) -> None:
    started = time()
    text = "您处（城关镇东街10千伏011线）将于12月11日08:00至18:00计划停电检修，请提前做好准备。\n" * 14
    sent = message(text)
    receipt = fax.send(sent, 30)
    assert fax.send(sent, 30) == receipt  # the same key is the same job
    last = followed(fax, [receipt.external_id], ended(receipt.external_id))[-1]
    assert last.state == "delivered", last
    assert "2 pages" in last.proof
    received = [file for file in RECEIVED.glob("*.tif") if file.stat().st_mtime >= started - 1]
    assert len(received) == 1
    told = subprocess.run(["faxinfo", str(received[0])], capture_output=True, text=True, check=True).stdout
    assert "Pages: 2" in " ".join(told.split())


def test_a_pdf_and_a_tiff_go_as_one_fax(fax: Channel, tmp_path: Path) -> None:
    files = {"notice.pdf": ("pdfwrite", "application/pdf"), "map.tif": ("tiffg4", "image/tiff")}
    for name, (device, _type) in files.items():
        draw = "/Helvetica findfont 40 scalefont setfont 90 600 moveto (95598) show showpage"
        options = ["-q", "-dBATCH", "-dNOPAUSE", "-r204x196", "-sPAPERSIZE=a4", f"-sDEVICE={device}"]
        subprocess.run(["gs", *options, f"-sOutputFile={tmp_path / name}", "-c", draw], check=True)
    attached = tuple(
        Attachment(name=name, type=type, path=str(tmp_path / name)) for name, (_device, type) in files.items()
    )
    receipt = fax.send(message("见附件", attachments=attached), 30)
    last = followed(fax, [receipt.external_id], ended(receipt.external_id))[-1]
    assert last.state == "delivered", last
    assert "2 pages" in last.proof


def test_a_job_that_sleeps_until_the_next_dial_is_no_failure_and_can_be_taken_back(fax: Channel) -> None:
    # Two faxes at once take both modems, so that each call finds the other line taken.
    ids = [fax.send(message("线路占用试验", address=number), 30).external_id for number in ("5550001", "5550002")]

    def sleeping(reports: dict[str, Report]) -> bool:
        return all(report.state == "accepted" and report.words for report in reports.values())

    followed(fax, ids, sleeping)
    assert all(fax.cancel(id, 10) for id in ids)
    assert {report.error for report in fax.poll(ids, 10)} == {"removed"}


def test_a_fax_taken_back_is_not_sent(fax: Channel) -> None:
    receipt = fax.send(message("撤回试验"), 30)
    assert fax.cancel(receipt.external_id, 10)
    last = followed(fax, [receipt.external_id], ended(receipt.external_id))[-1]
    assert (last.state, last.error) == ("failed", "removed")
