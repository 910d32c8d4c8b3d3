"""Fax and text through the desk's own outbox: an answer that was lost is found again, and the proof is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fake_hylafax import FakeHylaFax
from fake_spools import FakeSmsd

from desk.app import Desk
from desk.config import load_config
from desk.records import AttemptState, Recipient
from desk.records.messages import Attempt, Message

pytest.importorskip("typst", reason="fax pages are set by typst (extra: print)")

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def server() -> Iterator[FakeHylaFax]:
    with FakeHylaFax() as server:
        yield server


@pytest.fixture
def smsd(tmp_path: Path) -> FakeSmsd:
    return FakeSmsd(tmp_path / "sms")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, server: FakeHylaFax, smsd: FakeSmsd, clock: Clock) -> Iterator[Desk]:
    data = tmp_path / "data"
    data.mkdir()
    (data / "config.toml").write_text(
        f'[desk]\nlanguage = "en"\n[channels.fax]\ntype = "hylafax"\nhost = "127.0.0.1"\nport = {server.port}\n'
        f'[channels.modem]\ntype = "smstools"\nspool = "{smsd.spool.as_posix()}"\n',
        encoding="utf-8",
    )
    with Desk.create(load_config(None, data, {}), sandbox=True, clock=clock) as desk:
        yield desk


def message(channel: str, family: str, address: str) -> Message:
    recipient = Recipient(kind="customer", id="100001", name="城关水厂")
    return Message(
        id="",
        outage="",
        recipient=recipient,
        channel=channel,
        family=family,
        address=address,
        body="明日停电",
        made_at=NOW,
        state=AttemptState.QUEUED,
    )


def rounds(desk: Desk, clock: Clock, id: str, wanted: str) -> Attempt:
    """Let time pass and the worker work, until the last try is as wanted."""
    for _turn in range(30):
        desk.outbox.work_once(5)
        last = desk.outbox.get(id).attempts[-1]
        if last.state == wanted:
            return last
        clock.at += timedelta(seconds=30)
    raise AssertionError(f"{last.state} {last.error} {last.words}, not {wanted}")


def test_a_fax_whose_answer_was_lost_is_one_job_and_its_pages_are_the_proof(
    desk: Desk, server: FakeHylaFax, clock: Clock
) -> None:
    server.mode = "lose"
    (added,) = desk.outbox.add([message("fax", "fax", "0951-5550002")])
    rounds(desk, clock, added.id, "unknown")
    server.mode = "accept"
    accepted = rounds(desk, clock, added.id, "accepted")
    assert (accepted.external_id, len(server.submitted())) == ("1", 1)
    server.ends("1", "D", pages=1)
    delivered = rounds(desk, clock, added.id, "delivered")
    assert len(server.submitted()) == 1
    assert "1 pages" in repr(delivered)


def test_a_text_over_a_modem_is_reported_on_and_the_report_is_cleared_away(
    desk: Desk, smsd: FakeSmsd, clock: Clock
) -> None:
    (added,) = desk.outbox.add([message("modem", "sms", "13800138001")])
    accepted = rounds(desk, clock, added.id, "accepted")
    smsd.sends(accepted.external_id)
    report = smsd.reports(accepted.external_id, "0,Ok,short message received by the SME")
    rounds(desk, clock, added.id, "delivered")
    assert not report.exists()
