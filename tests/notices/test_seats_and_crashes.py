"""Two seats on one store, and a desk that is killed in the middle: duties, tally and outage stay one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Barrier, Thread

import pytest
from noticed_county import MINE, NOW, fault, opened, owed, plan

from desk.app import Desk
from desk.clock import FixedClock
from desk.config import Config
from desk.errors import Refused
from desk.notices.tally import counted

REPO = Path(__file__).parents[2]


def test_two_seats_settle_one_duty_and_the_second_is_told_who_was_first(desk: Desk, config: Config) -> None:
    call = owed(desk, opened(desk, fault()), "county:A11.3c", MINE)
    said: list[str] = []
    together = Barrier(2)

    def seat(name: str) -> None:
        with Desk.open(config, clock=FixedClock(NOW)) as mine:
            mine.place.agent = name
            mine.notices.get(call.id)
            together.wait()
            try:
                mine.notices.settle(call.id, "reached", person=name)
            except Refused as refused:
                said.append(str(refused))

    seats = [Thread(target=seat, args=(name,)) for name in ("甲", "乙")]
    for one in seats:
        one.start()
    for one in seats:
        one.join()
    after = desk.notices.get(call.id)
    assert len(after.evidence) == 1
    assert len(said) == 1
    assert after.evidence[0].by in said[0]


def test_two_seats_settle_two_duties_of_one_sheet_and_both_are_kept(desk: Desk, config: Config) -> None:
    outage = opened(desk, fault())
    calls = [duty for duty in desk.notices.of(outage.id) if "county:A11.3c" in duty.rules]
    together = Barrier(len(calls))

    def seat(id: str) -> None:
        with Desk.open(config, clock=FixedClock(NOW)) as mine:
            together.wait()
            mine.notices.settle(id, "reached")

    seats = [Thread(target=seat, args=(duty.id,)) for duty in calls]
    for one in seats:
        one.start()
    for one in seats:
        one.join()
    assert desk.notices.counts(desk.outages.get(outage.id)).done == len(calls)
    assert all(desk.notices.get(duty.id).evidence for duty in calls)


BUSY = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from noticed_county import NOW, DAY, HOUR, plan
from desk.app import Desk
from desk.clock import FixedClock
from desk.config import load_config
from desk.outages import OutageChange
with Desk.open(load_config(None, Path(sys.argv[1]), {}), clock=FixedClock(NOW)) as desk:
    print("ready", flush=True)
    for turn in range(10**6):
        outage = desk.outages.open(plan()).outage
        for one in desk.notices.approvals(outage.id):
            desk.notices.approve(outage.id, one.step, by="李", mode="phone")
        for duty in desk.notices.work(outage=outage.id, state="ready", limit=3):
            desk.notices.settle(duty.duty.id, "done", note="x")
        end = NOW + 11 * DAY
        desk.outages.change(outage.id, OutageChange(reason="改", end=end))
        desk.outages.cancel(outage.id, reason="改期")
"""


@pytest.mark.parametrize("after", [0.05, 0.2, 0.45])
def test_a_desk_that_is_killed_leaves_outages_and_duties_at_one(desk: Desk, config: Config, after: float) -> None:
    environ = {**os.environ, "PYTHONPATH": str(REPO)}
    command = [sys.executable, "-c", BUSY, str(config.data), str(Path(__file__).parent)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as busy:
        assert busy.stdout
        assert busy.stdout.readline() == b"ready\n"
        time.sleep(after)
        busy.send_signal(signal.SIGKILL)
    outages = desk.outages.listed()
    for outage in outages:
        duties = desk.notices.of(outage.id)
        assert outage.duties == counted(duties)
        assert duties
        assert desk.notices.approvals(outage.id)
    opened(desk, plan())  # and the desk goes on


@pytest.mark.slow
def test_thirty_thousand_who_are_all_owed_are_noted_in_seconds(desk: Desk) -> None:
    from noticed_county import customer

    count = 30_000
    desk.place.customers.put_many(customer(number, "T1", important=True) for number in range(1000, 1000 + count))
    began = time.process_time()
    outage = opened(desk, plan(accounts=(), feeders=("城东线",)))
    took = time.process_time() - began
    assert desk.notices.counts(outage).owed > 3 * count
    began = time.process_time()
    page = desk.notices.work(limit=50)
    assert len(page) == 50
    assert time.process_time() - began < 1  # the goal is 20 ms; a test only sees that nothing reads them all
    assert took < 8  # the goal is 0.6 s, measured by make bench
