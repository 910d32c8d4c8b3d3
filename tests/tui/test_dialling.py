"""A phone duty dialled by the county's exchange: what it says is on the page, the agent's three keys stay three."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lake_county import CONFIG, NOW, build
from msgspec.structs import replace

from desk.app import Desk
from desk.clock import RunningClock
from desk.config import load_config
from desk.outages import OutageRequest
from desk.phone_numbers import read_phones
from desk.records import DutyState

OpenDesk = Callable[..., Any]
FAULT, HOSPITAL = "O3", "6400100011"
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
SET_UP = '[channels.dial]\ntype = "exchange"\n'
EXCHANGE = '''
"""An exchange that does as the test says."""
from time import sleep
from desk.plugins import AttemptState, Capabilities, Channel, Receipt, Report, hookimpl

class Exchange(Channel):
    name = "exchange"
    labels = {"zh_CN": "交换机", "en": "exchange"}
    can = Capabilities(family="phone", address="phone", needs_human=True, receipts="gateway", timeout=5)
    def __init__(self, settings=None):
        super().__init__(settings)
        self.dialled, self.news, self.told, self.problem, self.delay = [], [], [], None, 0
    def send(self, message, timeout):
        sleep(self.delay)
        if self.problem is not None:
            raise self.problem
        self.dialled.append(message.address)
        return Receipt(state="with_agent", external_id=f"call-{len(self.dialled)}")
    def steps(self, message):
        return ["talk"]
    def poll(self, ids, timeout):
        return [news for news in self.news if news not in self.told]
    def stored(self, reports):
        self.told += reports

class Robot(Exchange):
    name = "robot"
    can = Capabilities(family="phone", address="phone", timeout=5)

@hookimpl
def desk_channels():
    return [Exchange, Robot]
'''


@contextmanager
def switched(folder: Path, sections: str) -> Iterator[Desk]:
    """The county with a hospital below a fault, and `sections` in its config.toml."""
    build(folder).close()
    (folder / "plugins").mkdir()
    (folder / "plugins" / "exchange.py").write_text(EXCHANGE, encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG.format(language="en") + sections, encoding="utf-8")
    with Desk.open(load_config(None, folder), clock=RunningClock(NOW)) as desk:
        desk.place.plugins.approve("exchange", "wang", datetime(2026, 12, 1, tzinfo=UTC))
        desk.outages.open(OutageRequest(type="grid_fault", transformer_areas=("T4",), cause="树障", area="南河镇"))
    with Desk.open(load_config(None, folder), clock=RunningClock(NOW)) as desk:
        yield desk


@pytest.fixture
def sections() -> str:
    return SET_UP


@pytest.fixture
def desk(tmp_path: Path, sections: str) -> Iterator[Desk]:
    with switched(tmp_path / "county", sections) as made:
        yield made


@pytest.fixture
def exchange(desk: Desk) -> Any:
    return desk.place.plugins.channels["dial"]


def hospital_duty(desk: Desk) -> Any:
    return next(duty for duty in desk.notices.of(FAULT) if duty.recipient.id == HOSPITAL and "11.3" in duty.articles)


def report(state: str, **more: Any) -> Any:
    from desk.plugins import AttemptState, Report

    return Report(external_id="call-1", state=AttemptState(state), token=str(more), **more)


async def heard(hands: Any, words: str) -> None:
    """Wait until the page says `words`."""
    for _look in range(40):
        if words in hands.text():
            return
        await hands.settle(0.1)
    raise AssertionError(hands.text())


@SIZES
async def test_one_key_shows_the_number_and_dials_it_and_the_page_follows_the_call(
    desk: Desk, open_desk: OpenDesk, exchange: Any, size: tuple[int, int]
) -> None:
    duty = hospital_duty(desk)
    async with open_desk(size) as hands:
        await hands.press("f9", "space")
        assert "138 0013 8011" in hands.text()
        await heard(hands, "ringing, ")
        assert exchange.dialled == ["13800138011"]
        exchange.news.append(report("sent", proof="138 answered"))
        await heard(hands, "answered, talking for ")
        exchange.news.append(report("sent", proof="answered, 35 seconds"))
        await heard(hands, "answered, 35 seconds")
        await hands.press("1")
        assert hands.keys <= 3
    done = desk.notices.get(duty.id)
    assert (done.state, done.evidence[-1].ref) == (DutyState.DONE, "dial call-1")
    assert exchange.told == exchange.news


async def test_a_busy_line_is_said_with_the_key_that_writes_it_down(
    desk: Desk, open_desk: OpenDesk, exchange: Any
) -> None:
    duty = hospital_duty(desk)
    exchange.news.append(report("failed", error="busy", words="the line was engaged"))
    async with open_desk((80, 24)) as hands:
        await hands.press("f9", "space")
        await heard(hands, "the line was engaged  so: busy")
        await hands.press("3")
        assert hands.keys <= 3
    assert desk.notices.get(duty.id).evidence[-1].result == "busy"


async def test_a_refusal_is_one_sentence_and_the_number_is_there_to_dial(open_desk: OpenDesk, exchange: Any) -> None:
    from desk.plugins import Refused

    exchange.problem = Refused("the exchange does not let this seat dial")
    async with open_desk((80, 24)) as hands:
        await hands.press("f9", "space")
        await heard(hands, "the exchange does not let this seat dial")
        assert "138 0013 8011" in hands.text()
        exchange.problem = None
        await hands.press("space")
        await heard(hands, "ringing, ")


async def test_a_key_pressed_twice_dials_once(open_desk: OpenDesk, exchange: Any) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("f9", "space", "space")
        await heard(hands, "ringing, ")
    assert exchange.dialled == ["13800138011"]


async def test_a_slow_exchange_holds_nothing_up_and_speaks_of_no_other_duty(
    desk: Desk, open_desk: OpenDesk, exchange: Any
) -> None:
    duty, exchange.delay = hospital_duty(desk), 1.0
    async with open_desk((80, 24)) as hands:
        await hands.press("f9")
        await hands.pilot.press("space")
        await hands.pilot.pause(0.3)
        assert "138 0013 8011" in hands.text()
        await hands.pilot.press("1")
        await hands.pilot.pause(0.3)
        assert desk.notices.get(duty.id).state is DutyState.DONE
        await hands.settle(1.0)
        assert "ringing" not in hands.text()


@pytest.mark.parametrize("sections", ["[channels.robot]\nprice = 0.1\n"], ids=["robot"])
async def test_a_robot_that_needs_nobody_is_not_what_an_agent_dials_with(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("f9", "space")
        await hands.settle(0.3)
        assert "138 0013 8011" in hands.text()
        assert "> " not in hands.text()
    assert desk.place.plugins.channels["robot"].dialled == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("sections", [SET_UP + "[messages]\ntraining = true\n"], ids=["training"])
async def test_training_dials_nobody_and_says_so(open_desk: OpenDesk, exchange: Any) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("f9", "space")
        await heard(hands, "TRAINING: nothing is dialled")
    assert exchange.dialled == []


async def test_when_nobody_knows_whether_it_was_dialled_the_page_says_that(open_desk: OpenDesk, exchange: Any) -> None:
    from desk.plugins import UnknownOutcome

    exchange.problem = UnknownOutcome("nobody knows whether it rings; look at your phone")
    async with open_desk((80, 24)) as hands:
        await hands.press("f9", "space")
        await heard(hands, "nobody knows whether it rings")
        await hands.press("space")
    assert exchange.dialled == []


@pytest.mark.parametrize(
    ("written", "dialled"),
    [("0951-5550000转8012", "09515550000"), ("5550000", "09515550000"), ("138 0013 8011", "13800138011")],
    ids=["extension", "no area code", "mobile"],
)
async def test_the_digits_are_dialled_and_the_extension_is_left_to_the_agent(
    desk: Desk, open_desk: OpenDesk, exchange: Any, written: str, dialled: str
) -> None:
    customer = desk.place.customers.get(HOSPITAL)
    assert customer is not None
    desk.place.customers.put_many([replace(customer, phones=read_phones(written, "0951"))])
    async with open_desk((80, 24)) as hands:
        await hands.press("f9", "space")
        await heard(hands, "ringing, ")
    assert exchange.dialled == [dialled]


@pytest.mark.parametrize("sections", ['[channels.dial_command]\nprogram = "PROGRAM"\nline = "8001"\n'], ids=[""])
@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("import sys; open('dialled', 'w').write(' '.join(sys.argv[1:]))", "dial_command dials"),
        ("import sys; sys.exit('the line is down')", "the line is down"),
    ],
    ids=["rings", "refused"],
)
@pytest.mark.skipif(sys.platform == "win32", reason="a program with a first line of its own needs a POSIX system")
async def test_a_program_that_dials_tells_whether_it_took_the_number(
    tmp_path: Path, open_desk: OpenDesk, desk: Desk, script: str, words: str
) -> None:
    program = tmp_path / "dial"
    place = str(tmp_path / "dialled")
    program.write_text(f"#!{sys.executable}\n{script.replace('dialled', place, 1)}\n", encoding="utf-8")
    program.chmod(0o755)
    config = desk.place.config.data / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("PROGRAM", str(program)), encoding="utf-8")
    desk.place.plugins.reconfigured(load_config(None, desk.place.config.data))
    async with open_desk((80, 24)) as hands:
        await hands.press("f9", "space")
        await heard(hands, words)
    if Path(place).exists():
        assert Path(place).read_text(encoding="utf-8") == "-- 13800138011 8001"
