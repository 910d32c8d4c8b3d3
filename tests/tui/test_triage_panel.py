"""The triage panel: rows grow as sources answer, each state in words of its own, and nothing waits for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from desk.app import Desk
from desk.plugins.sources import Finding, Source
from desk.triage import Conclusion, Row
from desk.tui.cells import text_of
from desk.tui.triage_lines import triage_lines

OpenDesk = Callable[..., Any]


def row(state: str, **more: Any) -> Row:
    return Row(name="x", label="meter", state=state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (row("found", words="voltage is there"), "+ meter  voltage is there"),
        (row("found", words="off", age=timedelta(minutes=7)), "+ meter  off  data 7m"),
        (row("none"), "- nothing: meter"),
        (row("waiting"), "~ asking: meter"),
        (row("no_answer"), "? meter  no answer in time"),
        (row("fault", fault="line 12: x"), "! meter  fault: line 12: x"),
    ],
    ids=lambda value: getattr(value, "state", ""),
)
def test_each_state_has_a_sign_and_words_of_its_own(found: Row, line: str) -> None:
    assert line in text_of(triage_lines([found], Conclusion(words="c"), 60)).splitlines()


def test_sources_without_a_finding_share_a_line() -> None:
    lines = text_of(triage_lines([row("none"), row("none"), row("found", words="w")], Conclusion(words="c"), 60))
    assert lines.splitlines()[1:] == ["c", "+ meter  w", "- nothing: meter, meter"]


class Slow(Source):
    name = "slow"
    labels = {"zh_CN": "慢", "en": "slow one"}
    timeout = 30.0
    may_answer = Event()

    def ask(self, asked: Any, timeout: float) -> Finding:  # noqa: ARG002
        self.may_answer.wait(timeout)
        return Finding("found", {"zh_CN": "有电", "en": "voltage is there"})


async def test_a_slow_source_holds_nothing_up_and_its_row_grows_when_it_answers(
    desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk.triage import Triage

    whole = Triage._sources
    monkeypatch.setattr(Triage, "_sources", lambda triage: {**whole(triage), "slow": Slow()})
    Slow.may_answer.clear()
    async with open_desk() as hands:
        desk.rings.ring("13800138001", seat="3")
        await _until(hands, "asking: slow one")
        assert "Say" in hands.text()
        Slow.may_answer.set()
        await _until(hands, "slow one  voltage is there")
        await hands.press("enter")
        assert len(desk.calls.search()) == 1


async def test_a_call_is_saved_while_triage_still_waits(
    desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk.triage import Triage

    monkeypatch.setattr(Triage, "_sources", lambda _triage: {"slow": Slow()})
    Slow.may_answer.clear()
    async with open_desk() as hands:
        desk.rings.ring("13800138001", seat="3")
        await _until(hands, "asking: slow one")
        await hands.pilot.press("enter")
        await _until(hands, "is saved")
        Slow.may_answer.set()


async def _until(hands: Any, words: str) -> None:
    for _round in range(300):
        if words in hands.text():
            return
        await hands.pilot.pause(0.01)
    raise AssertionError(f"no {words!r}:\n{hands.text()}")
