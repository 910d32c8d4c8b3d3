"""What waits and what is no longer sent: quiet hours, an outage that is over, a schedule that never runs late."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from outbox_county import HOUR, MINUTE, NOW, FakeChannel, FakeHost, SettableClock, message, planned

from desk.app import Desk
from desk.errors import StoreProblem
from desk.outbox.hands import Hands
from desk.outbox.retries import JITTER, jittered, tried_again_at
from desk.plugins.messages import Review
from desk.plugins.send_errors import SEND_ERRORS
from desk.records import Attempt, AttemptState, Message

S = AttemptState
WAITS = (MINUTE, 10 * MINUTE)
CODES = st.sampled_from([error.code for error in SEND_ERRORS])


def test_a_message_waits_for_its_hour(desk: Desk, sms: FakeChannel, clock: SettableClock) -> None:
    (added,) = desk.outbox.add([message(not_before=NOW + HOUR)])
    desk.outbox.work_once(5)
    assert not sms.handed
    at = desk.outbox.get(added.id).waits_until
    assert at == NOW + HOUR
    assert at.hour == (NOW + HOUR).hour  # in the county's time, as it is shown
    clock.on(HOUR)
    desk.outbox.work_once(5)
    assert len(sms.handed) == 1


def test_what_rings_is_held_until_the_quiet_hours_are_over(
    desk: Desk, sms: FakeChannel, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning = NOW + 8 * HOUR

    def quiet(messages: Sequence[Message], now: datetime) -> list[Message]:
        held = {"state": S.HELD, "why": "quiet hours", "due": morning.isoformat()}
        return [replace(one, **held) if now < morning else one for one in messages]

    monkeypatch.setattr(desk.outbox.planning, "refreshed", quiet)
    (added,) = desk.outbox.add([message()])
    desk.outbox.work_once(5)
    view = desk.outbox.get(added.id)
    assert (view.message.state, view.message.why, view.waits_until) == (S.HELD, "quiet hours", morning)
    clock.on(8 * HOUR)
    desk.outbox.work_once(5)
    assert len(sms.handed) == 1
    assert desk.outbox.get(added.id).message.state is S.ACCEPTED


def test_a_message_about_an_outage_that_was_called_off_is_not_sent(
    desk: Desk, host: FakeHost, sms: FakeChannel
) -> None:
    outage = planned(desk)
    host.verdict = Review(verdict="hold", why="look at it")
    desk.outbox.work_once(5)
    held = [view.message.id for view in desk.outbox.listed(state="held")]
    desk.outages.cancel(outage.id, reason="改期")
    host.verdict = Review(verdict="send")
    for id in held:
        desk.outbox.decide(id, "again")
    desk.outbox.work_once(5)
    assert {desk.outbox.get(id).message.state for id in held} == {S.SKIPPED}
    assert not any(handed.id in held for handed in sms.handed)


def test_whoever_listens_hears_of_each_message_that_ends(desk: Desk, host: FakeHost, sms: FakeChannel) -> None:
    from desk.plugins.messages import Receipt

    sms.answers.append(Receipt(state="delivered"))
    (added,) = desk.outbox.add([message()])
    desk.outbox.work_once(5)
    ((event, about),) = host.heard
    assert event == "message_ended"
    assert (about["id"], about["state"]) == (added.id, "delivered")


@given(CODES, st.integers(1, 5), st.integers(0, 3600), st.booleans())
def test_no_try_is_made_past_valid_until_or_more_often_than_the_schedule(
    code: str, made: int, seconds: int, keys_hold: bool
) -> None:
    until = NOW + timedelta(seconds=seconds)
    state = S.UNKNOWN if code == "unknown_outcome" else S.FAILED
    tries = [
        Attempt(id=f"M1.{n}.1", message="M1", channel="sms", at=NOW, state=state, key="k", number=n, error=code)
        for n in range(1, made + 1)
    ]
    at = tried_again_at(message(valid_until=until), tries, NOW, WAITS, retry_after=3, keys_hold=keys_hold)
    if at is not None:
        assert NOW < at < until
        assert made <= len(WAITS) or code in ("throttled", "config_problem")
        assert code != "unknown_outcome" or keys_hold


@given(st.text(max_size=20), st.integers(10, 10_000))
def test_a_wait_is_stretched_by_a_tenth_at_most_and_always_the_same(key: str, seconds: int) -> None:
    wait = timedelta(seconds=seconds)
    assert abs(jittered(wait, key) - wait) <= wait * JITTER + timedelta(seconds=1)
    assert jittered(wait, key) == jittered(wait, key)


def held_by(worker: str, lease: timedelta) -> Attempt:
    leased = NOW + lease
    return Attempt(
        id="M1.1.1", message="M1", channel="sms", at=NOW, state=S.SENDING, key="k", worker=worker, leased_until=leased
    )


def test_a_worker_lives_as_long_as_its_lock_whatever_its_lease(tmp_path: Path) -> None:
    mine, other = Hands(tmp_path), Hands(tmp_path)
    assert mine.holds(held_by(other.name, -HOUR), NOW)
    other.close()
    assert not mine.holds(held_by(other.name, HOUR), NOW)
    mine.close()


def test_a_worker_of_another_machine_lives_as_long_as_its_lease(tmp_path: Path) -> None:
    mine = Hands(tmp_path)
    assert mine.holds(held_by("elsewhere-1-ab", HOUR), NOW)
    assert not mine.holds(held_by("elsewhere-1-ab", -HOUR), NOW)
    mine.close()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "workers").write_text("in the way")
    with pytest.raises(StoreProblem, match="workers"):
        Hands(tmp_path)


def test_what_keeps_the_worker_from_working_is_said_and_it_goes_on(
    desk: Desk, sms: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_asked: object) -> None:
        raise StoreProblem("the disk is full")

    desk.outbox.add([message()])
    with monkeypatch.context() as patched:
        patched.setattr(desk.outbox.claims, "take", fails)
        desk.outbox.start_worker()
        until = time.monotonic() + 5
        while not desk.outbox.trouble and time.monotonic() < until:
            time.sleep(0.01)
        assert desk.outbox.trouble == "the disk is full"
    while not sms.handed and time.monotonic() < until:
        time.sleep(0.01)
    desk.outbox.stop_worker()
    assert desk.outbox.counts() == {"accepted": 1}
    assert not desk.outbox.trouble
