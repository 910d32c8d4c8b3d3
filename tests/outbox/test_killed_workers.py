"""Workers killed at any moment, by seed: each message is at one end or unknown, and the centre's log agrees."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from centre import Centre, CentreChannel, running
from outbox_county import NOW, FakeHost, customer, message, owed_by_sms, planned

from desk.app import Desk
from desk.notices.tally import counted
from desk.records import AttemptState, DutyState

S = AttemptState
HERE = Path(__file__).parent
REPO = HERE.parents[1]
MESSAGES, KILLS = 1000, 5


def started(data: Path, port: int, now: datetime = NOW) -> subprocess.Popen[bytes]:
    worker = begun(data, port, now)
    assert worker.stdout
    assert worker.stdout.readline() == b"ready\n"
    return worker


def begun(data: Path, port: int, now: datetime) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "PYTHONPATH": f"{REPO}{os.pathsep}{HERE}"}
    command = [sys.executable, str(HERE / "centre.py"), str(data), str(port), now.isoformat()]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE)


def killed(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert worker.stdout
    worker.stdout.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_workers_killed_anywhere_lose_nothing_and_send_nothing_twice(desk: Desk, seed: int) -> None:
    moments = random.Random(seed)
    desk.outbox.add(message(number % 99) for number in range(MESSAGES))
    data = desk.place.config.data
    with running(Centre(seed)) as centre:
        for _kill in range(KILLS):
            workers = [started(data, centre.port) for _each in range(moments.choice([1, 1, 2]))]
            time.sleep(moments.uniform(0.0, 0.3))
            for worker in workers:
                killed(worker)
        assert desk.outbox.counts()["queued"]  # else the kills came after the work
        host = FakeHost.at(desk)
        host.bring(CentreChannel(centre.port))
        print(desk.outbox.counts())
        desk.outbox.work_once(20)
        print(desk.outbox.counts())
        wait_for_reports(desk, centre)
        agrees(desk, centre)


def wait_for_reports(desk: Desk, centre: Centre) -> None:
    worker = desk.outbox.worker()
    until = time.monotonic() + 20
    while centre.waiting and time.monotonic() < until:
        worker.round()
        time.sleep(0.01)
    worker.close()
    assert not centre.waiting


def agrees(desk: Desk, centre: Centre) -> None:
    views = desk.outbox.listed(limit=0)
    times = centre.times()
    assert len(views) == MESSAGES
    assert max(times.values()) == 1  # the machine sent nothing twice
    states = {view.message.id: view.message.state for view in views}
    assert set(states.values()) <= {S.DELIVERED, S.UNKNOWN}
    assert all(len(view.attempts) == 1 and view.attempts[0].state is view.message.state for view in views)
    assert all(times[id] == 1 for id, state in states.items() if state is S.DELIVERED)
    # What the centre knows and nobody here does is kept as a stray: one for each unknown that went out.
    lost = sum(times[id] for id, state in states.items() if state is S.UNKNOWN)
    assert len(desk.outbox.strays()) == lost
    assert sum(state is S.DELIVERED for state in states.values()) + lost == len(centre.log)


def test_three_processes_share_the_work_and_none_takes_what_another_has(desk: Desk) -> None:
    desk.outbox.add(message(number % 99) for number in range(MESSAGES))
    with running(Centre(0, lost=0.0)) as centre:
        workers = [begun(desk.place.config.data, centre.port, NOW) for _each in range(3)]
        until = time.monotonic() + 20
        while desk.outbox.counts() != {"delivered": MESSAGES} and time.monotonic() < until:
            time.sleep(0.05)
        for worker in workers:
            killed(worker)
        assert desk.outbox.counts() == {"delivered": MESSAGES}
        assert set(centre.times().values()) == {1}
        by = {view.attempts[0].worker for view in desk.outbox.listed(limit=0)}
        assert len(by) > 1


@pytest.mark.parametrize("seed", [4])
def test_duties_are_told_once_of_what_killed_workers_sent(desk: Desk, seed: int) -> None:
    moments = random.Random(seed)
    desk.place.customers.put_many(customer(number) for number in range(6, 400))
    outage = planned(desk)
    with running(Centre(seed)) as centre:
        for _kill in range(KILLS):
            worker = started(desk.place.config.data, centre.port, desk.place.now())
            time.sleep(moments.uniform(0.05, 0.5))
            killed(worker)
        FakeHost.at(desk).bring(CentreChannel(centre.port))
        desk.outbox.work_once(20)
        wait_for_reports(desk, centre)
        desk.outbox.work_once(20)
        assert max(centre.times().values()) == 1
    states = {view.message.duty: view.message.state for view in desk.outbox.listed(limit=0)}
    duties = owed_by_sms(desk, outage)
    assert len(states) == len(duties) == 399  # one message for each, none made twice
    for duty in duties:
        results = [line.result for line in duty.evidence]
        assert results in ([], ["sent"], ["delivered"], ["sent", "delivered"])
        assert (duty.state is DutyState.DONE) is (states[duty.id] is S.DELIVERED)
    assert desk.outages.get(outage.id).duties == counted(desk.notices.of(outage.id))
