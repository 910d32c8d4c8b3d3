"""Texts over a modem, by smstools and by gammu-smsd: the same promises, kept over files and over a database."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_spools import FakeGammu, FakeSmsd, read_head, read_text
from hypothesis import given
from hypothesis import strategies as st

from desk.plugins import (
    AttemptState,
    BadAddress,
    Channel,
    ConfigProblem,
    GatewayTrouble,
    Message,
    NoConnection,
)
from desk.testing import Bench, ChannelContract, Heard, Mode
from plugins.gammu import Gammu, entered
from plugins.gammu import validity as octet
from plugins.smstools import SmsTools, written

NETWORK = {AttemptState.DELIVERED: "0,Ok,short message received by the SME", AttemptState.UNDELIVERED: "65,Error,busy"}
ROWS = {AttemptState.DELIVERED: ("DeliveryOK", 0), AttemptState.UNDELIVERED: ("DeliveryFailed", 65)}


class SmsToolsBench(Bench):
    plays = frozenset({"accept", "closed"})

    def __init__(self, folder: Path) -> None:
        self.smsd = FakeSmsd(folder)
        super().__init__(SmsTools, {"spool": str(folder)})

    def play(self, mode: Mode) -> None:
        if mode == "closed":
            self.smsd.gone()
        else:
            self.smsd.opened()

    def heard(self) -> Sequence[Heard]:
        return [
            Heard(words=(read_head(file).partition("\n")[0], read_text(file)), key=file.name, id=file.name)
            for file in self.smsd.texts()
        ]

    def settle(self, id: str, state: AttemptState) -> bool:
        if state is AttemptState.FAILED:
            self.smsd.fails(id)
        elif state in NETWORK:
            self.smsd.sends(id)
            self.smsd.reports(id, NETWORK[state])
        return state is AttemptState.FAILED or state in NETWORK

    def reset(self) -> None:
        super().reset()
        for file in self.smsd.texts():
            file.unlink()


class GammuBench(Bench):
    plays = frozenset({"accept", "closed"})

    def __init__(self, file: Path) -> None:
        self.gammu = FakeGammu(file)
        super().__init__(Gammu, {"database": str(file)})

    def play(self, mode: Mode) -> None:
        if mode == "closed":
            self.gammu.gone()
        else:
            self.gammu.opened()

    def heard(self) -> Sequence[Heard]:
        if not self.gammu.file.exists():
            return ()
        return [
            Heard(words=(row["DestinationNumber"], row["TextDecoded"]), key=row["CreatorID"], id=str(row["ID"]))
            for row in self.gammu.texts()
        ]

    def settle(self, id: str, state: AttemptState) -> bool:
        if state is AttemptState.FAILED:
            self.gammu.ends(id, "SendingError", code=38)
        elif state in ROWS:
            self.gammu.ends(id, *ROWS[state])
        return state is AttemptState.FAILED or state in ROWS

    def reset(self) -> None:
        super().reset()
        self.gammu.run("DELETE FROM outbox; DELETE FROM sentitems")


class TestSmsTools(ChannelContract):
    channels = ("smstools",)

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Bench:
        return SmsToolsBench(tmp_path / "sms")


class TestGammu(ChannelContract):
    channels = ("gammu",)

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Bench:
        return GammuBench(tmp_path / "smsd.db")


@pytest.fixture
def smsd(tmp_path: Path) -> FakeSmsd:
    return FakeSmsd(tmp_path / "sms")


@pytest.fixture
def spool(smsd: FakeSmsd) -> Channel:
    return SmsTools(SmsTools.Settings(spool=smsd.spool))


@pytest.fixture
def gammu(tmp_path: Path) -> FakeGammu:
    return FakeGammu(tmp_path / "smsd.db")


@pytest.fixture
def base(gammu: FakeGammu) -> Channel:
    return Gammu(Gammu.Settings(database=gammu.file))


def message(**fields: Any) -> Message:
    given = {"recipient": "王芳", "address": "13800138001", "body": "明晚停电", "id": "M7", "key": "k7"}
    return Message(**(given | fields))


TEXTS = {
    "chinese": ("停电通知：12月11日", True),
    "emoji": ("停电😀通知", True),
    "plain": ("outage 08:00-18:00 [line 7] @95598 €5", False),
    "accents": ("àéñöÜß", False),
    "backtick": ("`quoted`", True),
    "tab": ("a\tb", True),
}


@pytest.mark.parametrize(("body", "wide"), TEXTS.values(), ids=TEXTS)
def test_a_text_goes_in_the_small_alphabet_only_where_that_has_every_sign(body: str, wide: bool) -> None:
    row = entered(message(body=body), "+8613800138001")
    file = written(message(body=body), "8613800138001")
    assert (row[2] == "Unicode_No_Compression") is wide
    assert (b"Alphabet: UCS2" in file) is wide
    assert file.partition(b"\n\n")[2].decode("utf-16-be" if wide else "utf-8") == body


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_is_in_the_file_whole_with_nothing_behind_it(body: str) -> None:
    head, _empty, text = written(message(body=body), "8613800138001").partition(b"\n\n")
    assert text.decode("utf-16-be" if b"UCS2" in head else "utf-8") == body


def test_a_part_carries_the_reference_its_number_and_how_many_there_are() -> None:
    part = message(part=2, parts=3, reference=42)
    assert b"\nUDH-DATA: 05 00 03 2A 03 02\n" in written(part, "8613800138001")
    assert entered(part, "+8613800138001")[3] == "0500032A0302"


ADDRESSES = {
    "13800138001": "8613800138001",
    "138 0013 8001": "8613800138001",
    "+8613800138001": "8613800138001",
    "008613800138001": "8613800138001",
    "8613800138001": "8613800138001",
    "+85251234567": "85251234567",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_number_has_its_country(
    address: str, spool: Channel, base: Channel, smsd: FakeSmsd, gammu: FakeGammu
) -> None:
    file = smsd.spool / "outgoing" / spool.send(message(address=address), 5).external_id
    base.send(message(address=address), 5)
    assert read_head(file).startswith(f"To: {ADDRESSES[address]}\n")
    assert gammu.texts()[0]["DestinationNumber"] == f"+{ADDRESSES[address]}"


@pytest.mark.parametrize("address", ["", "王芳", "138\nTo: 110", "１３８００１３８００１", "13800138001'; --"])
def test_what_is_no_number_is_refused(address: str, spool: Channel, base: Channel) -> None:
    for channel in (spool, base):
        with pytest.raises(BadAddress):
            channel.send(message(address=address), 5)


@pytest.mark.parametrize("folder", ["outgoing", "checked", "GSM1", "sent"])
def test_a_text_that_is_in_the_spool_is_not_written_again(folder: str, spool: Channel, smsd: FakeSmsd) -> None:
    first = spool.send(message(), 5)
    (smsd.spool / folder).mkdir(exist_ok=True)
    (smsd.spool / "outgoing" / first.external_id).rename(smsd.spool / folder / first.external_id)
    assert spool.send(message(), 5) == first
    assert len([file for file in smsd.spool.rglob("desk-*") if file.is_file()]) == 1


def test_a_text_that_failed_is_a_new_file_when_it_is_sent_again(spool: Channel, smsd: FakeSmsd) -> None:
    first = spool.send(message(), 5).external_id
    smsd.fails(first)
    second = spool.send(message(), 5).external_id
    assert second != first
    assert [report.state for report in spool.poll([first, second], 5)] == ["failed"]
    smsd.fails(second)
    assert spool.send(message(), 5).external_id not in (first, second)


@pytest.mark.parametrize(("status", "again"), [("SendingOK", False), ("DeliveryOK", False), ("SendingError", True)])
def test_a_row_is_entered_again_only_after_it_failed(status: str, again: bool, base: Channel, gammu: FakeGammu) -> None:
    first = base.send(message(), 5).external_id
    gammu.ends(first, status)
    assert (base.send(message(), 5).external_id != first) is again


def test_nothing_half_written_is_ever_in_the_folder_that_smsd_reads(spool: Channel, smsd: FakeSmsd) -> None:
    name = spool.send(message(), 5).external_id
    assert [file.name for file in (smsd.spool / "outgoing").iterdir()] == [name]
    assert os.stat(smsd.spool / "outgoing" / name).st_mode & 0o060 == 0o060  # smsd is in the group


@pytest.mark.parametrize("folder", ["report", "incoming"])
def test_what_the_network_reports_is_found_and_forgotten_once_stored(
    folder: str, spool: Channel, smsd: FakeSmsd
) -> None:
    name = spool.send(message(), 5).external_id
    smsd.sends(name)
    file = smsd.reports(name, NETWORK[AttemptState.DELIVERED], folder)
    handed_over, arrived = spool.poll([name], 5)
    assert (handed_over.state, handed_over.proof) == ("sent", "GSM1 7")
    assert (arrived.state, arrived.proof) == ("delivered", "received by 8613800138001, network status 0")
    assert file.exists()
    spool.stored([handed_over, arrived])
    assert not file.exists()


@pytest.mark.parametrize(
    ("status", "state", "error"),
    [
        ("1,Ok,forwarded, delivery unknown", "sent", ""),
        ("32,Still trying,congestion", "sent", ""),
        ("65,Error,SME busy", "undelivered", "network_65"),
        ("70,Error,SM validity period expired", "expired", "network_70"),
        ("99,Temporary error,service rejected", "undelivered", "network_99"),
    ],
)
def test_each_status_of_the_network_is_what_it_means(
    status: str, state: str, error: str, spool: Channel, smsd: FakeSmsd
) -> None:
    name = spool.send(message(), 5).external_id
    smsd.sends(name)
    smsd.reports(name, status)
    report = spool.poll([name], 5)[-1]
    assert (report.state, report.error) == (state, error)
    assert report.words == status.rpartition(",")[2]


def test_a_report_that_cannot_be_cleared_away_does_no_harm(spool: Channel, smsd: FakeSmsd) -> None:
    name = spool.send(message(), 5).external_id
    smsd.sends(name)
    file = smsd.reports(name, NETWORK[AttemptState.DELIVERED])
    reports = spool.poll([name], 5)
    file.unlink()
    file.mkdir()  # what is not a file cannot be removed like one
    spool.stored(reports)
    assert [report.state for report in spool.poll([name], 5)] == ["sent"]


def test_a_text_that_did_not_arrive_may_be_sent_again_once_that_is_stored(spool: Channel, smsd: FakeSmsd) -> None:
    first = spool.send(message(), 5).external_id
    smsd.sends(first)
    smsd.reports(first, NETWORK[AttemptState.UNDELIVERED])
    spool.stored(spool.poll([first], 5))
    assert spool.send(message(), 5).external_id != first


def test_reports_and_texts_of_others_are_left_alone(spool: Channel, smsd: FakeSmsd) -> None:
    name = spool.send(message(), 5).external_id
    smsd.sends(name, reference=7)
    other = smsd.spool / "report" / "GSM1.other"
    other.write_text("From: 8613999999999\nModem: GSM1\n\nSMS STATUS REPORT\nMessage_id: 7\nStatus: 0,Ok,x")
    (smsd.spool / "incoming" / "GSM1.text").write_bytes(b"From: 8613800138001\nAlphabet: UCS2\n\n\x4f\x60\xff")
    (smsd.spool / "incoming" / "junk").write_bytes(b"\xff\x00Status: 0")
    reports = spool.poll([name], 5)
    spool.stored(reports)
    assert [report.state for report in reports] == ["sent"]
    assert other.exists()


@pytest.mark.parametrize(
    ("status", "error", "code", "state", "word"),
    [
        ("SendingOK", -1, -1, "sent", ""),
        ("DeliveryPending", 48, -1, "sent", ""),
        ("DeliveryOK", 0, -1, "delivered", ""),
        ("DeliveryFailed", 70, -1, "expired", "network_70"),
        ("DeliveryFailed", 65, -1, "undelivered", "network_65"),
        ("SendingError", -1, 38, "failed", "network_38"),
        ("Error", -1, -1, "failed", "modem"),
    ],
)
def test_each_state_of_a_row_is_what_it_means(
    status: str, error: int, code: int, state: str, word: str, base: Channel, gammu: FakeGammu
) -> None:
    id = base.send(message(), 5).external_id
    gammu.ends(id, status, error, code)
    (report,) = base.poll([id, "4711"], 5)
    assert (report.external_id, report.state, report.error) == (id, state, word)


def test_a_row_that_waits_reports_nothing(base: Channel) -> None:
    assert list(base.poll([base.send(message(), 5).external_id], 5)) == []


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(minutes=-5), 0),
        (timedelta(minutes=31), 5),
        (timedelta(hours=12, minutes=1), 143),
        (timedelta(hours=18, minutes=1), 155),
        (timedelta(days=3, minutes=1), 169),
        (timedelta(days=90), 196),
    ],
)
def test_the_network_tries_no_longer_than_the_text_is_of_use(left: timedelta, expected: int) -> None:
    assert octet(datetime.now(UTC) + left) == expected


def test_a_text_says_how_long_it_is_of_use() -> None:
    until = datetime.now(UTC) + timedelta(minutes=90, seconds=30)
    assert b"\nValidity: 90 min\n" in written(message(valid_until=until), "8613800138001")
    assert entered(message(), "+8613800138001")[4] == -1


def test_checking_sees_that_nobody_fetches_the_texts(spool: Channel, smsd: FakeSmsd) -> None:
    name = spool.send(message(), 5).external_id
    assert spool.check(5) is None
    long_ago = time.time() - 3600
    os.utime(smsd.spool / "outgoing" / name, (long_ago, long_ago))
    assert "smsd" in spool.check(5).text  # type: ignore[union-attr]


def test_checking_sees_that_gammu_does_not_listen(base: Channel, gammu: FakeGammu) -> None:
    assert base.check(5) is None
    gammu.run("UPDATE phones SET TimeOut = datetime('now', '-10 minutes', 'localtime')")
    assert "no modem" in base.check(5).text  # type: ignore[union-attr]


def test_a_locked_database_is_trouble_and_leaves_nothing(base: Channel, gammu: FakeGammu) -> None:
    holder = sqlite3.connect(gammu.file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(GatewayTrouble):
        base.send(message(), 0.3)
    holder.close()
    assert gammu.texts() == []


@pytest.mark.parametrize("content", [b"", b"no database at all " * 100], ids=["empty", "text"])
def test_a_file_that_is_no_database_of_gammu_is_a_matter_of_settings(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "other.db").write_bytes(content)
    with pytest.raises(ConfigProblem):
        Gammu(Gammu.Settings(database=tmp_path / "other.db")).send(message(), 1)


def test_a_missing_database_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NoConnection):
        Gammu(Gammu.Settings(database=tmp_path / "smsd.db")).send(message(), 1)
    assert list(tmp_path.iterdir()) == []
