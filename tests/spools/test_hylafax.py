"""Faxes through HylaFAX: submitted once, found again, followed to the last page; and the kit's rules."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from fake_hylafax import FakeHylaFax

from desk.plugins import (
    Attachment,
    AttemptState,
    BadAddress,
    Channel,
    ConfigProblem,
    GatewayTrouble,
    Message,
    NoConnection,
    Refused,
    Secret,
    SendError,
    UnknownOutcome,
    Unsupported,
)
from desk.testing import Bench, ChannelContract, Heard, Mode
from plugins.hylafax import HylaFax

pytest.importorskip("typst", reason="fax pages are set by typst (extra: print)")

PDF = b"%PDF-1.7 a notice"
ENDS = {
    AttemptState.DELIVERED: ("D", ""),
    AttemptState.UNDELIVERED: ("F", "No answer from remote"),
    AttemptState.FAILED: ("F", "Job aborted by request"),
}


def words_of(document: bytes) -> str:
    """The text of a page as its own description has it: a page itself is a picture."""
    found = re.search(rb"<dc:description>.*?<rdf:li[^>]*>(.*?)</rdf:li>", document, re.DOTALL)
    return unescape(found[1].decode()) if found else ""


class FaxBench(Bench):
    plays = frozenset({"accept", "closed", "stall", "lose", "reject", "trouble", "junk"})

    def __init__(self) -> None:
        self.server = FakeHylaFax()
        super().__init__(HylaFax, {"host": "127.0.0.1", "port": self.server.port})

    def play(self, mode: Mode) -> None:
        self.server.mode = mode
        if mode == "closed":
            self.server.close()
        else:
            self.server.listen()

    def heard(self) -> Sequence[Heard]:
        return [
            Heard(
                words=(job.parameters["DIALSTRING"], *map(words_of, job.documents)),
                key=job.parameters["JOBINFO"],
                id=job.number,
            )
            for job in self.server.submitted()
        ]

    def settle(self, id: str, state: AttemptState) -> bool:
        if state not in ENDS:
            return False
        self.server.ends(id, *ENDS[state])
        return True

    def reset(self) -> None:
        super().reset()
        self.server.jobs.clear()

    def close(self) -> None:
        self.server.close()


class TestHylaFax(ChannelContract):
    channels = ("hylafax",)

    @pytest.fixture
    def bench(self) -> Iterator[Bench]:
        bench = FaxBench()
        yield bench
        bench.close()


@pytest.fixture
def server() -> Iterator[FakeHylaFax]:
    with FakeHylaFax() as server:
        yield server


def fax(server: FakeHylaFax, **settings: Any) -> Channel:
    return HylaFax(HylaFax.Settings(host="127.0.0.1", port=server.port, **settings))


def message(**fields: Any) -> Message:
    given = {"recipient": "城关水厂", "address": "0951-5550002", "body": "明晚停电", "id": "M7", "key": "M7.1.1"}
    return Message(**(given | fields))


def test_a_job_is_a4_in_fine_resolution_and_carries_the_desks_key(server: FakeHylaFax) -> None:
    receipt = fax(server, prefix="9,").send(message(), 5)
    job = server.jobs[receipt.external_id]
    said = {name: job.parameters[name] for name in ("DIALSTRING", "JOBINFO", "VRES", "PAGELENGTH", "PAGECHOP")}
    assert said == {
        "DIALSTRING": "9,09515550002",
        "JOBINFO": "M7.1.1",
        "VRES": "196",
        "PAGELENGTH": "296",
        "PAGECHOP": "none",
    }


def test_a_long_text_makes_more_pages_and_none_of_it_is_lost(server: FakeHylaFax) -> None:
    body = "\n".join(f"第{number}台区停电" for number in range(200))
    fax(server).send(message(body=body), 5)
    document = server.submitted()[0].documents[0]
    pages = re.search(rb"/Type\s*/Pages\b.*?/Count (\d+)", document, re.DOTALL)
    assert int(pages[1]) > 1  # type: ignore[index]
    assert words_of(document).split() == body.split()


def test_what_looks_like_a_formula_is_printed_as_it_is_written(server: FakeHylaFax) -> None:
    fax(server).send(message(body="#let x = 1 $a$ *b* <c> @d `e` \\"), 5)
    assert words_of(server.submitted()[0].documents[0]) == "#let x = 1 $a$ *b* <c> @d `e` \\"


def test_attachments_are_the_fax_in_their_order(server: FakeHylaFax, tmp_path: Path) -> None:
    files = [tmp_path / "a.pdf", tmp_path / "b.tif"]
    for number, file in enumerate(files):
        file.write_bytes(PDF + bytes([number]))
    types = ("application/pdf", "image/tiff")
    given = tuple(
        Attachment(name=file.name, type=type, path=str(file)) for file, type in zip(files, types, strict=True)
    )
    fax(server).send(message(attachments=given), 5)
    assert server.submitted()[0].documents == [PDF + b"\0", PDF + b"\1"]


@pytest.mark.parametrize(
    ("name", "type"), [("plan.docx", "application/msword"), ("gone.pdf", "application/pdf")], ids=["kind", "missing"]
)
def test_an_attachment_that_is_no_page_is_refused_before_anything_is_sent(
    server: FakeHylaFax, name: str, type: str, tmp_path: Path
) -> None:
    given = (Attachment(name=name, type=type, path=str(tmp_path / name)),)
    with pytest.raises(Unsupported):
        fax(server).send(message(attachments=given), 5)
    assert server.commands == []


@pytest.mark.parametrize("address", ["", "水厂", "5550000转12", '1"\r\nJKILL 1', "１２３"])
def test_what_is_no_number_is_not_dialled(server: FakeHylaFax, address: str) -> None:
    with pytest.raises(BadAddress):
        fax(server).send(message(address=address), 5)
    assert server.commands == []


def test_a_job_whose_answer_was_lost_is_found_again_and_not_sent_twice(server: FakeHylaFax) -> None:
    server.mode = "lose"
    with pytest.raises(UnknownOutcome):
        fax(server).send(message(), 5)
    server.mode = "accept"
    assert fax(server).send(message(), 5).external_id == "1"
    assert len(server.submitted()) == 1


def test_an_ended_job_is_found_again_too(server: FakeHylaFax) -> None:
    first = fax(server).send(message(), 5)
    server.ends(first.external_id, "D")
    assert fax(server).send(message(), 5) == first


def test_after_a_job_that_failed_the_same_message_is_a_new_job(server: FakeHylaFax) -> None:
    first = fax(server).send(message(), 5)
    server.ends(first.external_id, "F", "No answer from remote")
    assert fax(server).send(message(), 5).external_id == "2"


def test_a_job_that_another_session_has_not_handed_over_yet_is_not_taken_for_sent(server: FakeHylaFax) -> None:
    server.new_job().parameters["JOBINFO"] = "M7.1.1"
    with pytest.raises(UnknownOutcome):
        fax(server).send(message(), 5)


def test_a_refused_submission_leaves_nothing_behind(server: FakeHylaFax) -> None:
    server.mode = "trouble"  # seen with a scheduler that is down: listed until the session ends, then gone
    with pytest.raises(GatewayTrouble):
        fax(server).send(message(), 5)
    server.mode = "accept"
    fax(server).send(message(), 5)
    assert len(server.submitted()) == 1


@pytest.mark.parametrize("key", ['a"b|c', "停电 1", "a%20"])
def test_any_key_passes_through_the_listing(server: FakeHylaFax, key: str) -> None:
    first = fax(server).send(message(key=key), 5)
    assert fax(server).send(message(key=key), 5) == first


@pytest.mark.parametrize("letter", ["P", "S", "B", "W", "R"])
def test_a_job_that_waits_sleeps_or_runs_is_on_its_way(server: FakeHylaFax, letter: str) -> None:
    id = fax(server).send(message(), 5).external_id
    server.ends(id, letter, "Busy signal detected", pages=0)
    (report,) = fax(server).poll([id], 5)
    assert (report.state, report.words) == ("accepted", "Busy signal detected")


@pytest.mark.parametrize(
    ("letter", "status", "pages", "state", "error"),
    [
        ("D", "", 2, "delivered", ""),
        ("D", "", 1, "undelivered", "pages_missing"),
        ("D", "", 0, "undelivered", "pages_missing"),
        ("F", "Busy signal detected; too many attempts to dial", 0, "undelivered", "busy"),
        ("F", "No answer from remote; too many attempts to dial", 0, "undelivered", "no_answer"),
        ("F", "No carrier detected", 1, "undelivered", "no_fax_there"),
        ("F", "Kill time expired", 0, "expired", "expired"),
        ("F", "Job aborted by request", 0, "failed", "removed"),
        ("F", "占线｜|{E1}", 0, "undelivered", "fax_failed"),
        ("F", "", 0, "undelivered", "fax_failed"),
    ],
)
def test_an_ended_job_says_how(
    server: FakeHylaFax, letter: str, status: str, pages: int, state: str, error: str
) -> None:
    id = fax(server).send(message(), 5).external_id
    server.ends(id, letter, status, pages=pages, total=2)
    (report,) = fax(server).poll([id, "4711"], 5)
    assert (report.external_id, report.state, report.error) == (id, state, error)
    assert status in report.words


def test_the_transmission_report_counts_the_pages(server: FakeHylaFax) -> None:
    id = fax(server).send(message(), 5).external_id
    server.ends(id, "D", pages=2, total=2)
    (report,) = fax(server).poll([id], 5)
    assert report.proof == "fax of 2 pages confirmed by the far machine, 1 dials, job 1"
    assert report.at == datetime(2026, 11, 23, 19, 1, 3, tzinfo=UTC)


def test_nothing_to_follow_opens_no_session(server: FakeHylaFax) -> None:
    assert list(fax(server).poll([], 5)) == []
    assert server.commands == []


@pytest.mark.parametrize(
    ("valid", "expected"),
    [
        (None, "000030"),
        (timedelta(minutes=20, seconds=30), "000020"),
        (timedelta(days=5), "000030"),
        (-timedelta(1), "000001"),
    ],
    ids=["none", "soon", "later", "past"],
)
def test_the_server_tries_no_longer_than_the_message_is_of_use(
    server: FakeHylaFax, valid: timedelta | None, expected: str
) -> None:
    until = datetime.now(UTC) + valid if valid else None
    fax(server).send(message(valid_until=until), 5)
    assert server.submitted()[0].parameters["LASTTIME"] == expected


def test_a_running_job_is_taken_back_and_an_ended_one_not(server: FakeHylaFax) -> None:
    id = fax(server).send(message(), 5).external_id
    assert fax(server).cancel(id, 5)
    assert not fax(server).cancel(id, 5)


def test_a_wrong_password_is_a_matter_of_settings_and_shown_to_nobody(server: FakeHylaFax) -> None:
    server.password = "right"
    with pytest.raises(ConfigProblem) as caught:
        fax(server, password=Secret.of("s3cret")).send(message(), 5)
    assert "s3cret" not in f"{caught.value} {caught.value.why}"
    assert fax(server, password=Secret.of("right")).send(message(), 5).state == "accepted"


@pytest.mark.parametrize(
    ("mode", "expected"), [("silent", NoConnection), ("stranger", GatewayTrouble), ("reject", Refused)]
)
def test_what_the_server_does_before_it_has_the_job_is_no_unknown_outcome(
    server: FakeHylaFax, mode: str, expected: type[SendError]
) -> None:
    server.mode = mode
    started = monotonic()
    with pytest.raises(expected):
        fax(server).send(message(), 0.5)
    assert monotonic() - started < 1
    assert server.submitted() == []


def test_checking_tells_a_missing_server_a_dead_scheduler_and_a_dead_line_apart(server: FakeHylaFax) -> None:
    assert fax(server).check(5) is None
    server.modems = ["Modem ttyS0 (+86.951.5550001): Sending job 11"]
    assert fax(server).check(5) is None
    server.modems = ["Modem ttyS0 (+86.951.5550001): Waiting for modem to come ready", "Modem ttyS1: Down"]
    assert "no line in service" in fax(server).check(5).text  # type: ignore[union-attr]
    server.scheduler = "Not running"
    assert "faxq" in fax(server).check(5).text  # type: ignore[union-attr]
    server.close()
    assert "not reached" in fax(server).check(5).text  # type: ignore[union-attr]


def test_a_server_that_is_not_found_is_no_connection() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = HylaFax(HylaFax.Settings(host="127.0.0.1", port=taken.getsockname()[1]))
        with pytest.raises(NoConnection):
            away.send(message(), 2)


def test_many_ended_jobs_do_not_make_sending_slow(server: FakeHylaFax) -> None:
    for _number in range(2000):
        server.new_job().letter = "D"
    started = monotonic()
    fax(server).send(message(), 5)
    assert monotonic() - started < 1
