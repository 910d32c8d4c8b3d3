"""What listeners hear of a working desk: every event once, with the stored document, and only when it was stored."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from desk import Desk
from desk.calls import CallRequest
from desk.outages import OutageChange, OutageRequest
from desk.plugins.hearing import EVENTS

WRITES_DOWN = """
import json
from pathlib import Path
from desk.plugins import *

class Diary(Listener):
    name = "diary"

    def hear(self, event, about):
        with Path({file!r}).open("a", encoding="utf-8") as file:
            file.write(json.dumps([event, about["id"], about.get("status", "")]) + "\\n")

@hookimpl
def desk_listeners():
    return [Diary]
"""


@pytest.fixture
def diary(tmp_path):
    return tmp_path / "diary"


@pytest.fixture
def desk(parts, diary):
    (parts.data / "plugins").mkdir(exist_ok=True)
    parts.drop(diary=WRITES_DOWN.format(file=str(diary)))
    from msgspec.structs import replace

    config = replace(parts.config(), store_url=f"sqlite:///{parts.data / 'desk.db'}")
    with Desk.create(config, sandbox=True) as made:
        made.place.plugins.approve("diary", "王芳", made.place.now())
    with Desk.open(config) as opened:
        yield opened


def heard(diary) -> list[list[str]]:
    return [json.loads(line) for line in diary.read_text(encoding="utf-8").splitlines()] if diary.exists() else []


def fault(**more) -> OutageRequest:
    return OutageRequest(type="grid_fault", accounts=(), feeders=("城东线",), cause="树障", **more)


def test_an_outage_is_heard_of_from_opening_to_closing(desk, diary):
    import_network(desk)
    outage = desk.outages.open(fault()).outage
    now = desk.place.now()
    desk.outages.change(outage.id, OutageChange(reason="抢修", end=now + timedelta(hours=3)))
    desk.outages.restore(outage.id)
    desk.outages.close(outage.id)
    desk.close()
    assert [row[:2] for row in heard(diary)] == [
        ["outage_opened", outage.id],
        ["outage_changed", outage.id],
        ["outage_restored", outage.id],
        ["outage_closed", outage.id],
    ]


def test_a_call_is_heard_of(desk, diary):
    call = desk.calls.log(CallRequest(number="13800138000", topic="inquiry"))
    desk.close()
    assert heard(diary) == [["call_logged", call.id, ""]]


def test_what_came_to_nothing_is_not_heard_of(desk, diary):
    with pytest.raises(RuntimeError):
        log_and_fail(desk)
    desk.close()
    assert heard(diary) == []


def test_an_inner_part_that_was_undone_is_not_heard_of(desk, diary):
    with desk.place.store.transaction():
        kept = desk.calls.log(CallRequest(number="13800138000", topic="inquiry"))
        with pytest.raises(RuntimeError):
            log_and_fail(desk)
        assert heard(diary) == []
    desk.close()
    assert [row[1] for row in heard(diary)] == [kept.id]


def test_every_event_the_desk_tells_of_is_in_the_list_of_events():
    from pathlib import Path
    from re import findall

    from desk.outages.acts import EVENTS as ACTS

    root = Path(__file__).parent.parent.parent / "desk"
    texts = [file.read_text(encoding="utf-8") for file in root.rglob("*.py")]
    told = {name for text in texts for name in findall(r'\.(?:tell|hear)\(\s*"(\w+)"', text)}
    assert told | set(ACTS.values()) == set(EVENTS)


def log_and_fail(desk) -> None:
    with desk.place.store.transaction():
        desk.calls.log(CallRequest(number="13800138001", topic="inquiry"))
        raise RuntimeError


def import_network(desk) -> None:
    from desk.records import TransformerArea

    desk.place.network.put(TransformerArea(transformer_area="T1", feeder="城东线"))
