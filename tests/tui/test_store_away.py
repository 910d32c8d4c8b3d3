"""The store goes out of reach under the open desk, and comes back: nothing is lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest

from desk.app import Desk
from desk.calls import CallRequest
from desk.errors import NotFound, StoreUnreachable
from desk.kept_here import Kept
from desk.records import Draft, Topic
from desk.store.sqlite import SqliteEngine

OpenDesk = Callable[..., Any]
SENTENCE = "the server does not answer"


class Line:
    """The line to the store; cut and mended by a test."""

    def __init__(self) -> None:
        self.is_cut = False

    def check(self) -> None:
        if self.is_cut:
            raise StoreUnreachable(SENTENCE)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    line = Line()
    for name in ("transaction", "_reading", "rows"):
        monkeypatch.setattr(SqliteEngine, name, _through(line, getattr(SqliteEngine, name)))
    monkeypatch.setattr(SqliteEngine, "trouble", lambda _engine: SENTENCE if line.is_cut else "")
    monkeypatch.setattr(SqliteEngine, "changed", _through(line, SqliteEngine.changed, frozenset()))
    return line


def _through(line: Line, method: Any, otherwise: Any = None) -> Any:
    @wraps(method)
    def through(*args: Any, **kwargs: Any) -> Any:
        if otherwise is not None and line.is_cut:
            return otherwise
        line.check()
        return method(*args, **kwargs)

    return through


async def test_the_strip_says_so_and_stops_saying_so(line: Line, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        line.is_cut = True
        await hands.settle(0.7)
        assert SENTENCE in hands.lines()[0]
        line.is_cut = False
        await hands.settle(0.7)
        assert SENTENCE not in hands.lines()[0]
        assert "The store answers again" in hands.text()


async def test_a_call_ended_meanwhile_is_saved_by_itself_once(line: Line, desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await _call_open(hands)
        line.is_cut = True
        await hands.settle(0.7)
        await hands.type("dark")
        await hands.press("f9")
        assert hands.app.screen.calls.open_calls == []
        assert "1 call kept here" in hands.lines()[0]
        line.is_cut = False
        await hands.settle(1.0)
        (call,) = desk.calls.search()
        assert (call.note, desk.kept_here.count(), desk.calls.drafts()) == ("dark", 0, [])


async def test_a_call_that_was_stored_unheard_is_not_stored_again(
    desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = desk.taking.save

    def answer_lost(*args: Any, **kwargs: Any) -> None:
        save(*args, **kwargs)
        raise StoreUnreachable(SENTENCE, unsure=True)

    async with open_desk() as hands:
        await _call_open(hands)
        monkeypatch.setattr(desk.taking, "save", answer_lost)
        await hands.press("f9")
        monkeypatch.setattr(desk.taking, "save", save)
        assert desk.kept_here.count() == 1
        await hands.settle(5.5)
        assert (len(desk.calls.search()), desk.kept_here.count()) == (1, 0)
        assert len(desk.work_orders.listed()) == 1


async def test_what_is_typed_meanwhile_is_kept_here_and_offered_at_the_next_start(
    line: Line, desk: Desk, open_desk: OpenDesk
) -> None:
    async with open_desk() as hands:
        await _call_open(hands)
        line.is_cut = True
        await hands.type("smoke")
        await hands.settle(0.5)
    line.is_cut = False
    async with open_desk() as hands:
        assert [draft.fields["note"] for draft in desk.calls.drafts()] == ["smoke"]
        assert "F4" in hands.text()


async def test_an_open_call_goes_on_in_the_store_once_it_is_back(line: Line, desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await _call_open(hands)
        line.is_cut = True
        await hands.type("one")
        await hands.settle(0.7)
        line.is_cut = False
        await hands.settle(0.8)
        await hands.type(" two")
        await hands.settle(0.5)
        assert [draft.fields["note"] for draft in desk.calls.drafts()] == ["one two"]


async def test_a_call_that_is_refused_in_the_end_is_a_draft_again(
    line: Line, desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise NotFound("the outage is gone")

    async with open_desk() as hands:
        await _call_open(hands)
        line.is_cut = True
        await hands.settle(0.7)
        await hands.press("f9")
        monkeypatch.setattr(desk.taking, "save", refuse)
        line.is_cut = False
        await hands.settle(1.0)
        assert len(hands.app.screen.calls.open_calls) == 1
        assert (desk.kept_here.count(), len(desk.calls.drafts())) == (0, 1)
        assert "F4 goes on" in hands.text()


async def test_what_is_kept_here_stays_its_agents_whoever_sits_here_when_the_store_is_back(
    line: Line, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise NotFound("the outage is gone")

    place, here = desk.place, desk.kept_here
    first = place.agent
    line.is_cut = True
    here.draft("k1", Draft(id="", seat=place.seat, at=place.now(), fields={"note": "typed"}))
    request = CallRequest(topic=Topic.TROUBLE, key="k2", agent=first)
    here.call(Kept(request=request, at=place.now(), seat=place.seat, fields={"note": "ended"}))
    line.is_cut, place.agent = False, "another"
    here.take_over_drafts()
    monkeypatch.setattr(desk.taking, "save", refuse)
    here.store_all()
    assert {draft.agent for draft in desk.calls.drafts()} == {first}


async def _call_open(hands: Any) -> None:
    """A call of a customer whom no outage touches."""
    await hands.press("f2")
    await hands.type("8003")
    await hands.press("enter")
