"""Feeds at the desk: outages and calls they bring are stored, and one that is broken, slow or gone harms nobody."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from time import monotonic, sleep

import pytest
from ring_county import County, comes

import desk.feeds.reading as reading
from desk.app import Desk
from desk.feeds import FeedRow
from desk.plugins.host import PluginHost
from desk.records import TransformerArea

HEAD = "from desk.plugins import *\nimport time\n"
TAIL = "\n@hookimpl\ndef desk_feeds():\n    return [Dispatch]\n"
TYPE = """
from desk.plugins import *

@hookimpl
def desk_outage_types():
    return [OutageType(id="grid_fault", labels={"en": "fault"}, planned=False)]
"""
BRINGS = """
class Dispatch(Feed):
    name = "dispatch"
    every = 0.02
    def __init__(self, settings=None):
        super().__init__(settings)
        self.told = [{first}]
    def read(self, timeout):
        return [self.told.pop(0)] if self.told else []
"""
PLAIN = "class Dispatch(Feed):\n    name = 'dispatch'\n"
SET_UP = """
class Own(ChannelSettings, frozen=True, kw_only=True):
    url: str

class Dispatch(Feed):
    name = "dispatch"
    Settings = Own
    every = 0.02
    def read(self, timeout): return []
"""
TWO = """
[feeds.north]
type = "dispatch"
url = "N-1"
[feeds.south]
type = "dispatch"
url = "S-1"
enabled = false
"""
FAULT = '{"type": "grid_fault", "reference": "D-1", "feeders": ["城东线"], "cause": "树障"}'


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(reading, "LONGEST_WAIT", 0.05)


def begun(county: County, code: str, sections: str = "") -> Desk:
    """The desk with this one feed, being read."""
    shipped = county.folder / "parts"
    shipped.mkdir(exist_ok=True)
    (shipped / "dispatch.py").write_text(HEAD + code + TAIL)
    (shipped / "types.py").write_text(TYPE)
    county.sections = sections
    desk = county.open()
    desk.place.network.put(TransformerArea(transformer_area="T1", feeder="城东线"))
    desk.place.use_plugins(PluginHost.open(desk.place.config, shipped=shipped))
    assert [row.reason for row in desk.place.plugins.listed() if row.state != "on"] == []
    desk.start_listening()
    return desk


def row(desk: Desk) -> FeedRow:
    [found] = desk.feeds.states()
    return found


def test_an_outage_that_a_feed_brings_is_opened_by_the_feed(county: County) -> None:
    desk = begun(county, BRINGS.replace("{first}", FAULT))
    [outage] = comes(lambda: desk.outages.listed())
    assert (outage.reference, outage.cause, outage.history[0].by) == ("D-1", "树障", "dispatch")
    assert comes(lambda: row(desk).read_at)
    assert row(desk).state == "on"


def test_the_same_again_changes_nothing_and_other_words_change_the_outage(county: County) -> None:
    other = FAULT.replace("树障", "雷击")
    desk = begun(county, BRINGS.replace("{first}", f"{FAULT}, {FAULT}, {other}"))
    comes(lambda: [outage for outage in desk.outages.listed() if outage.cause == "雷击"])
    assert len(desk.outages.listed()) == 1


def test_what_is_wrong_is_said_and_the_rest_is_taken(county: County) -> None:
    wrong = '{"type": "grid_fault", "reference": "D-9", "feeders": ["没有这条线"]}'
    code = BRINGS.replace("{first}", f"[{wrong}, {FAULT}, 7]").replace("[self.told.pop(0)]", "self.told.pop(0)")
    desk = begun(county, code)
    comes(lambda: desk.outages.listed())
    assert comes(lambda: row(desk).reason).startswith("2 were not taken, the first: D-9: ")
    assert [outage.reference for outage in desk.outages.listed()] == ["D-1"]


def test_calls_of_a_feed_ring(county: County) -> None:
    code = BRINGS.replace("{first}", 'Incoming(number="13800138000", call_id="1")')
    desk = begun(county, code.replace('name = "dispatch"', 'name = "dispatch"\n    brings = "calls"'))
    [ring] = comes(lambda: desk.rings.waiting())
    assert (ring.number, ring.source) == ("13800138000", "dispatch")


def test_a_feed_that_reads_outages_keeps_the_boards_data_young_and_one_of_calls_does_not(county: County) -> None:
    desk = begun(county, BRINGS.replace("{first}", ""))
    comes(lambda: row(desk).read_at)
    assert desk.outages.board().data_age is not None
    desk.close()


FAULTS = {
    "raises": ("raise ValueError('no line')", "fault", "dispatch.py line 6: ValueError: no line"),
    "none": ("return None", "fault", "read() must return a list, not NoneType"),
    "text": ("return 'outage'", "fault", "read() must return a list, not str"),
    "exits": ("raise SystemExit(1)", "fault", "tried to end the program"),
    "away": ("raise NoConnection()", "waiting", "was not reached"),
    "wrong-settings": ("raise ConfigProblem('no such user')", "off", "no such user"),
    "not-one": ("return [7]", "on", "a feed brings objects and Incoming, not int"),
    "bad-call": ("return [Incoming(number=7)]", "on", "this is no call"),
    "bad-outage": ("return [{'type': 'nothing'}]", "on", "type"),
    "not-json": ("return [{'type': object()}]", "on", "this is not a JSON object"),
}


@pytest.mark.parametrize(("body", "state", "words"), FAULTS.values(), ids=FAULTS)
def test_what_a_feed_does_wrong_is_said_and_the_desk_goes_on(county: County, body: str, state: str, words: str) -> None:
    code = f"class Dispatch(Feed):\n    name = 'dispatch'\n    every = 0.02\n    def read(self, timeout): {body}\n"
    desk = begun(county, code.replace("def read(self, timeout): ", "def read(self, timeout):\n        "))
    found = comes(lambda: row(desk) if row(desk).reason else None)
    assert found.state == state
    assert words in found.reason.replace("line 7", "line 6")
    assert desk.rings.ring("138").id


def test_a_feed_that_does_not_come_back_is_named_and_the_desk_closes(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "GRACE", 0.05)
    monkeypatch.setattr(reading, "LAST_WAIT", 0.05)
    code = (
        "class Dispatch(Feed):\n    name = 'dispatch'\n    timeout = 0.05\n    def read(self, timeout): time.sleep(1)\n"
    )
    desk = begun(county, code)
    comes(lambda: row(desk).state == "fault" and "no answer" in row(desk).reason)
    began = monotonic()
    desk.close()
    assert monotonic() - began < 1


def test_a_faulty_feed_is_left_alone_for_longer(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FAULT_WAIT", 60.0)
    desk = begun(county, PLAIN + "    n = 0\n    def read(self, timeout):\n        Dispatch.n += 1\n")
    sleep(0.5)
    assert type(desk.place.plugins.feeds["dispatch"]).n == reading.FAULTS


def test_what_cannot_be_stored_now_is_stored_later(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    from desk.errors import StoreProblem
    from desk.feeds.taking import Taking

    real, tries = Taking.take, []

    def refusing(self: Taking, items: list[object]) -> None:
        tries.append(list(items))
        if len(tries) < 4:
            raise StoreProblem("the disk is full")
        real(self, items)

    monkeypatch.setattr(Taking, "take", refusing)
    desk = begun(county, BRINGS.replace("{first}", FAULT))
    comes(lambda: desk.outages.listed())
    assert tries[0] == tries[1] == tries[2] == tries[3]


def test_a_feed_with_settings_is_made_from_its_section_and_may_be_switched_off(county: County) -> None:
    desk = begun(
        county, SET_UP.replace("[]", "[dict(type='grid_fault', reference=self.settings.url, feeders=['城东线'])]"), TWO
    )
    comes(lambda: desk.outages.listed())
    states = {one.name: one.state for one in desk.feeds.states()}
    assert states == {"north": "on", "south": "off"}
    assert desk.outages.listed()[0].history[0].by == "north"


MISTAKES = {
    "unknown": ('[feeds.x]\nurl = "1"\n', 'there is no type of feed called "x"'),
    "missing": ("[feeds.dispatch]\n", "url is missing"),
    "unknown-key": ('[feeds.dispatch]\nurl = "1"\nurll = "2"\n', 'line 3: [feeds.dispatch] there is no setting "urll"'),
}


@pytest.mark.parametrize(("section", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_section_is_told(county: County, section: str, words: str) -> None:
    [found] = [one for one in begun(county, SET_UP, section).feeds.states() if one.state != "on"]
    assert (found.state, words in found.reason) == ("not_configured", True), found.reason


def test_what_a_feed_prints_stays_off_the_screen(county: County, capsys: pytest.CaptureFixture[str]) -> None:
    desk = begun(county, BRINGS.replace("{first}", FAULT).replace("return [", "print('hello'); return ["))
    comes(lambda: desk.outages.listed())
    assert "hello" not in "".join(capsys.readouterr())


def test_no_thread_is_left_when_the_desk_is_closed(county: County) -> None:
    desk = begun(county, BRINGS.replace("{first}", FAULT))
    comes(lambda: row(desk).read_at)
    desk.close()
    comes(lambda: not [one for one in threading.enumerate() if one.name == "desk feed dispatch"])
    assert Path(desk.place.config.data / "feeds" / "dispatch.lock").exists()


def test_the_feed_of_the_plugin_document_is_one(county: County) -> None:
    text = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")
    [block] = (code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "desk_feeds" in code)
    desk = begun(county, block.partition("@hookimpl")[0], '[feeds.dispatch]\nurl = "http://127.0.0.1:9/none"\n')
    comes(lambda: row(desk).state == "waiting" and "not reached" in row(desk).reason)
