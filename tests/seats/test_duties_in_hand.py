"""Telephone duties at two seats: nobody calls the same customer for the same duty, and one sheet holds up nobody."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from seat_county import MINUTE, calls, fault, seat

from desk.app import Desk
from desk.clock import FixedClock
from desk.config import Config
from desk.errors import Refused
from desk.notices.tally import counted
from desk.seats import HeldElsewhere

Sit = Callable[..., Desk]
pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)


def test_the_next_duty_is_another_one_at_each_seat(desk: Desk, sit: Sit) -> None:
    fault(desk)
    mine, other = sit("2", "张三").notices.next_to_call(), sit("3", "李四").notices.next_to_call()
    assert mine
    assert other
    assert mine.duty.id != other.duty.id


def test_a_number_is_not_shown_for_a_duty_that_another_seat_has(desk: Desk, sit: Sit) -> None:
    duty = calls(desk, fault(desk))[0]
    mine, other = sit("2", "张三"), sit("3", "李四")
    assert mine.notices.dial(duty.id).digits
    audited = len(list(desk.place.audit_table.all()))
    with pytest.raises(HeldElsewhere, match=r"seat 2 \(张三\)"):
        other.notices.dial(duty.id)
    assert len(list(desk.place.audit_table.all())) == audited


def test_what_another_seat_has_is_not_settled_and_nothing_is_written(desk: Desk, sit: Sit) -> None:
    duty = calls(desk, fault(desk))[0]
    sit("2", "张三").notices.take_call(duty.id)
    with pytest.raises(HeldElsewhere):
        sit("3", "李四").notices.settle(duty.id, "reached")
    assert desk.notices.get(duty.id).evidence == ()


def test_what_was_written_down_is_nobodys_any_more(desk: Desk, sit: Sit, clock: FixedClock) -> None:
    duty = calls(desk, fault(desk))[0]
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.notices.take_call(duty.id)
    mine.notices.settle(duty.id, "no_answer")
    clock.at += 20 * MINUTE
    other.notices.take_call(duty.id)
    assert other.notices.settle(duty.id, "reached").evidence[-1].by == "李四"


def test_a_seat_that_crashed_gives_its_duty_back_after_the_lease(desk: Desk, sit: Sit, clock: FixedClock) -> None:
    fault(desk)
    taken = sit("2", "张三").notices.next_to_call()
    assert taken
    clock.at += 11 * MINUTE
    again = sit("3", "李四").notices.next_to_call()
    assert again
    assert again.duty.id == taken.duty.id


def test_a_customer_somebody_talks_to_about_another_outage_is_left_and_named(desk: Desk, sit: Sit) -> None:
    first, second = calls(desk, fault(desk)), calls(desk, fault(desk, "外力"))
    mine, other = sit("2", "张三"), sit("3", "李四")
    mine.notices.dial(first[0].id)
    same = next(duty for duty in second if duty.recipient.id == first[0].recipient.id)
    seen = other.notices.take_call(same.id)
    assert seen.elsewhere
    assert (seen.elsewhere.seat, seen.elsewhere.agent) == ("2", "张三")
    other.notices.let_go(same.id)
    ready = {work.duty.id for work in desk.notices.work(channel="phone", state="ready", limit=200)}
    skipped = 0
    while call := other.notices.next_to_call():
        assert call.duty.recipient.id != first[0].recipient.id
        other.notices.settle(call.duty.id, "reached")
        skipped += 1
    assert 0 < skipped < len(ready)


def test_the_list_says_whose_a_duty_is(desk: Desk, sit: Sit) -> None:
    duty = calls(desk, fault(desk))[0]
    sit("2", "张三").notices.take_call(duty.id)
    held = {work.duty.id: work.held.agent for work in sit("3", "李四").notices.work(limit=200) if work.held}
    assert held == {duty.id: "张三"}
    assert not any(work.held for work in sit("2", "张三").notices.work(limit=200))


def test_two_seats_go_through_one_sheet_together_and_call_everybody_once(
    desk: Desk, config: Config, clock: FixedClock
) -> None:
    outage = fault(desk)
    owed = {duty.id for duty in calls(desk, outage)}
    together = Barrier(3)

    def work(number: int) -> list[str]:
        done = []
        with seat(config, str(number), f"坐席{number}", clock) as there:
            together.wait()
            while call := there.notices.next_to_call(outage=outage.id):
                there.notices.settle(call.duty.id, "reached", seen=call.duty)
                done.append(call.duty.id)
        return done

    with ThreadPoolExecutor(3) as seats:
        done = [id for some in seats.map(work, range(3)) for id in some]
    assert len(done) == len(set(done))
    assert owed <= set(done)
    assert desk.outages.get(outage.id).duties == counted(desk.notices.of(outage.id))
    assert all(len(desk.notices.get(id).evidence) == 1 for id in owed)


PROCESS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from msgspec.structs import replace
from seat_county import seat
from desk.config import load_config
config = replace(load_config(None, Path(sys.argv[1]), {}), store_url=sys.argv[3])
with seat(config, sys.argv[4], "坐席" + sys.argv[4]) as there:
    print("ready", flush=True)
    sys.stdin.readline()
    while call := there.notices.next_to_call():
        there.notices.settle(call.duty.id, "reached", seen=call.duty)
        print(call.duty.id, flush=True)
"""


def test_two_programs_go_through_one_sheet_together_and_call_everybody_once(desk: Desk, config: Config) -> None:
    owed = {duty.id for duty in calls(desk, fault(desk))}
    command = [sys.executable, "-c", PROCESS, str(config.data), str(Path(__file__).parent), config.store_url]
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with (
        subprocess.Popen([*command, "2"], **pipe) as one,  # type: ignore[call-overload]
        subprocess.Popen([*command, "3"], **pipe) as two,  # type: ignore[call-overload]
    ):
        for program in (one, two):
            assert program.stdout.readline() == "ready\n"
        for program in (one, two):
            program.stdin.write("go\n")
            program.stdin.flush()
        done = [program.communicate(timeout=60)[0].split() for program in (one, two)]
    assert not set(done[0]) & set(done[1])
    assert owed <= {*done[0], *done[1]}
    assert desk.notices.next_to_call() is None


def test_of_many_who_take_at_once_one_has_it(desk: Desk, config: Config, clock: FixedClock) -> None:
    duty = calls(desk, fault(desk))[0]
    together = Barrier(6)

    def take(number: int) -> bool:
        with seat(config, str(number), f"坐席{number}", clock) as there:
            together.wait()
            try:
                there.notices.take_call(duty.id)
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(6) as seats:
        assert sorted(seats.map(take, range(6))) == [False] * 5 + [True]
