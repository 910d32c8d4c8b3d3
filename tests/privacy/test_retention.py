"""What need not be kept any longer goes: in slices, together with what hangs on it, with a record of each slice."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from desk import schema
from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import NotAllowed
from desk.privacy.deleting import SLICE
from desk.privacy.retention import Retention
from desk.privacy.stripping import COUNTED, PERSONAL
from desk.records import AttemptState, Call, Deletion, Message, Ring

YEARS = timedelta(days=366)
LEGAL = {schema.DUTIES, schema.APPROVALS, schema.MESSAGES, schema.ATTEMPTS, schema.OUTAGES}


def later(desk: Desk, by: timedelta) -> Desk:
    desk.place.clock = FixedClock(desk.now() + by)
    return desk


def rows(desk: Desk, table: str) -> int:
    return len(desk.place.store.table(table).all())


def end_everything(desk: Desk) -> None:
    """Nothing is open any more: the fault is closed, the plan called off, calls are followed up."""
    for callback in desk.callbacks.listed("all"):
        desk.callbacks.drop(callback.id, "x")
    for case in desk.cases.listed("all"):
        desk.cases.answer(case.id, "x")
        desk.cases.close(case.id)
    for order in desk.work_orders.listed("all"):
        desk.work_orders.cancel(order.id, reason="x")
    messages = desk.place.store.records(schema.MESSAGES, Message)
    for message in messages.all():
        if message.state in (AttemptState.UNKNOWN, AttemptState.HELD):
            desk.outbox.cancel(message.id, "x") if message.state is AttemptState.HELD else None
    desk.outages.restore("O1")
    desk.outages.close("O1")
    desk.outages.cancel("O2")


def test_nothing_goes_before_its_period_is_over(desk: Desk) -> None:
    assert Retention(desk.place).plan().due == ()
    assert Retention(desk.place).run().due == ()


def test_rings_and_drafts_go_first(desk: Desk) -> None:
    gone = {one.table: one.rows for one in Retention(later(desk, timedelta(days=100)).place).run().due}
    assert gone == {schema.RINGS: 3, schema.DRAFTS: 1}
    assert rows(desk, schema.RINGS) == 0
    assert rows(desk, schema.OUTAGES) == 2


def test_what_would_go_is_what_goes(desk: Desk) -> None:
    end_everything(desk)
    later(desk, 6 * YEARS)
    before = {name: rows(desk, name) for name in desk.place.store.tables()}
    planned = Retention(desk.place).plan()
    assert {name: rows(desk, name) for name in desk.place.store.tables()} == before
    assert sorted((one.table, one.rows, one.how) for one in planned.due) == sorted(
        (one.table, one.rows, one.how) for one in Retention(desk.place).run().due
    )
    assert Retention(desk.place).plan().due == ()


def test_an_outage_goes_with_all_its_evidence_and_only_after_its_own_period(desk: Desk) -> None:
    end_everything(desk)
    Retention(later(desk, 4 * YEARS).place).run()
    assert all(rows(desk, table) for table in LEGAL)
    Retention(later(desk, 2 * YEARS).place).run()
    left = [*LEGAL, schema.CALLBACKS, schema.CASES, schema.WORK_ORDERS]
    assert {table: rows(desk, table) for table in left} == dict.fromkeys(left, 0)


def test_an_outage_stays_while_something_is_open_because_of_it(desk: Desk) -> None:
    desk.outages.restore("O1")
    desk.outages.close("O1")
    outcome = Retention(later(desk, 6 * YEARS).place).run()
    assert "O1" in " ".join(outcome.kept)
    assert desk.place.outages_table.get("O1") is not None


def test_an_outage_that_nobody_closed_stays_and_is_named(desk: Desk) -> None:
    desk.outages.restore("O1")
    outcome = Retention(later(desk, 6 * YEARS).place).plan()
    assert "1 outages were restored and never closed" in " ".join(outcome.kept)


def test_old_calls_are_counted_still_and_nobodys(desk: Desk) -> None:
    Retention(later(desk, 4 * YEARS).place).run()
    calls = list(desk.place.calls_table.all())
    assert len(calls) == 3
    for call in calls:
        assert all(getattr(call, field) == value for field, value in PERSONAL.items())
    assert {call.topic.value for call in calls} == {"trouble", "complaint"}
    assert {call.outage for call in calls} == {"O1", ""}


def test_every_field_of_a_call_is_a_persons_or_counted() -> None:
    assert set(Call.__struct_fields__) == set(PERSONAL) | COUNTED


def test_every_slice_leaves_its_record_and_a_line_and_the_audit_only_grows(desk: Desk) -> None:
    rings = desk.place.store.records(schema.RINGS, Ring)
    rings.put_many(Ring(id=f"R{number}", at=desk.now()) for number in range(100, 100 + 2 * SLICE))
    ids = [ring.id for ring in rings.all()]
    audit = [line.id for line in desk.place.audit_table.all()]
    Retention(later(desk, timedelta(days=91)).place).run()
    kept = [
        one
        for one in desk.place.store.records(schema.DELETIONS, Deletion).all()
        if one.table == schema.RINGS and one.by == "wang"
    ]
    assert [one.rows for one in kept] == [SLICE, SLICE, 3]
    assert kept[0].sha256 == sha256("\n".join(ids[:SLICE]).encode()).hexdigest()
    lines = list(desk.place.audit_table.all())
    assert [line.id for line in lines][: len(audit)] == audit
    assert [line.details["sha256"] for line in lines if line.about == schema.RINGS] == [one.sha256 for one in kept]


def test_a_run_that_is_killed_goes_on_at_the_next(desk: Desk) -> None:
    end_everything(desk)
    later(desk, 6 * YEARS)
    wanted = sum(one.rows for one in Retention(desk.place).plan().due)
    steps = iter(range(1000))
    first = Retention(desk.place).run(cancelled=lambda: next(steps) > 4)
    assert 0 < sum(one.rows for one in first.due) < wanted
    Retention(desk.place).run()
    assert Retention(desk.place).plan().due == ()
    written = desk.place.store.records(schema.DELETIONS, Deletion).all()
    assert sum(one.rows for one in written) == wanted


def test_what_is_kept_for_ever_never_goes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(desk.place.config.privacy.keep, "rings", "")
    Retention(later(desk, timedelta(days=10_000)).place).run()
    assert rows(desk, schema.RINGS) == 3
    assert rows(desk, schema.AUDIT)


def test_a_scan_goes_with_the_last_evidence_that_names_it(desk: Desk) -> None:
    import os

    data: Path = desk.place.config.data
    name = sha256(b"scan").hexdigest()
    file = data / "attachments" / name[:2] / f"{name}.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"scan")
    os.utime(file, (1, 1))
    duty = next(iter(desk.notices.of("O2")))
    desk.notices.settle(duty.id, "received", ref=str(file.relative_to(data)))
    end_everything(desk)
    Retention(desk.place).run()
    assert file.exists()
    Retention(later(desk, 6 * YEARS).place).run()
    assert not file.exists()


def test_retention_needs_its_right(desk: Desk) -> None:
    desk.place.role = "agent"
    with pytest.raises(NotAllowed):
        Retention(desk.place).run()
