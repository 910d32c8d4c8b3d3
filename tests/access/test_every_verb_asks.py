"""The law of rights: every public verb of every use case asks for a right first, or says here why it needs none."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import datetime
from functools import cached_property
from importlib import import_module
from typing import Any
from unittest.mock import MagicMock

import pytest

from desk.app import Desk
from desk.errors import NotAllowed, SignInNeeded

PASSWORD = "forty-two white geese"
NOW = datetime.fromisoformat("2026-12-01T08:00+08:00")

# The rooms of the desk, besides its own cached ones; `ROOM.verb` below names what they do.
PARTS: dict[str, Callable[[Desk], Any]] = {
    "privacy.approvals": lambda desk: import_module("desk.privacy.approvals").Approvals(desk.place),
    "privacy.persons": lambda desk: import_module("desk.privacy.persons").Persons(desk.place),
    "privacy.retention": lambda desk: import_module("desk.privacy.retention").Retention(desk.place),
    "predicting": lambda desk: desk.calls.predicting,
    "paper.written": lambda desk: desk.paper.blank.__self__,
    "paper.media": lambda desk: desk.paper.page.__self__,
    "paper.returns": lambda desk: desk.paper.scans.__self__,
}
NOT_ROOMS = {"signing_in", "endpoint", "feeds", "kept_here", "paper", "seats"}

FOLLOWS = "follows from an act whose right was asked for, in the same transaction"
FIGURES = "figures, no person"
PURE = "works on what its caller has read"
OWN = "one's own, at one's own seat"
NETWORK = "feeders and outages, no person"
MACHINE = "called by a door of a machine, which has a token of its own; `desk work` asks in `worker`"

NEED_NONE = {
    "agents.change_own": "the old password is the right",
    "agents.roles": PURE,
    "audit.note": "the line of every other act",
    "audit.checkpoint": FOLLOWS,
    "audit.listed": "the room lies below the table of rights: `desk audit` asks for see_audit",
    "audit.verify": "the room lies below the table of rights: `Desk.verify_audit` asks for verify_audit",
    "audit.close": FOLLOWS,
    "callbacks.counts": FIGURES,
    "callbacks.promise": FOLLOWS,
    "callbacks.follow_up": FOLLOWS,
    "callbacks.regrouped": FOLLOWS,
    "callbacks.restored": FOLLOWS,
    "callbacks.heard": MACHINE,
    "callbacks.let_go": OWN,
    "callbacks.elsewhere": PURE,
    "calls.propose": PURE,
    "calls.script": PURE,
    "calls.stored_as": FOLLOWS,
    "calls.keep_draft": OWN,
    "calls.drafts": OWN,
    "calls.drop_draft": OWN,
    "cases.still_out": FOLLOWS,
    "notices.approvals": NETWORK,
    "notices.approvals_open": NETWORK,
    "notices.violations": NETWORK,
    "notices.as_work": PURE,
    "notices.begin": FOLLOWS,
    "notices.counts": FIGURES,
    "notices.each_of": FOLLOWS,
    "notices.ever": FOLLOWS,
    "notices.followed": FOLLOWS,
    "notices.heard": FOLLOWS,
    "notices.keep_calendar": FOLLOWS,
    "notices.keep_in_hand": OWN,
    "notices.let_go": OWN,
    "notices.phones": PURE,
    "notices.settle_many": MACHINE,
    "notices.several": MACHINE,
    "orders.advice": NETWORK,
    "orders.broken_by": NETWORK,
    "orders.choose": NETWORK,
    "orders.get": NETWORK,
    "orders.in_force": NETWORK,
    "orders.listed": NETWORK,
    "orders.needed": NETWORK,
    "orders.off_at": NETWORK,
    "orders.state": PURE,
    "outages.affected": FIGURES,
    "outages.check": PURE,
    "outages.get": NETWORK,
    "outages.recount": FOLLOWS,
    "outages.seen": NETWORK,
    "outages.stage": PURE,
    "outages.touching": PURE,
    "outbox.batches": FIGURES,
    "outbox.counts": FIGURES,
    "outbox.ended": FOLLOWS,
    "outbox.held": OWN,
    "outbox.let_go": OWN,
    "outbox.receive": MACHINE,
    "outbox.start_worker": "the worker asks when it is made",
    "outbox.stop_worker": OWN,
    "paper.media.page_png": PURE,
    "paper.written.blank": "an empty form",
    "paper.written.blank_png": "an empty form",
    "paper.written.rounds_pdf": PURE,
    "paper.written.rounds_png": PURE,
    "parts.reload": FOLLOWS,
    "predicting.followed": FOLLOWS,
    "predicting.of": FOLLOWS,
    "predicting.still_out": FOLLOWS,
    "predicting.storm": FIGURES,
    "privacy.approvals.get": "whose purpose, no person; its number is known",
    "privacy.approvals.standing": PURE,
    "privacy.approvals.use": FOLLOWS,
    "privacy.approvals.taken": FOLLOWS,
    "rings.get": FOLLOWS,
    "rings.hear": MACHINE,
    "taking.script": PURE,
    "work_orders.counts": FIGURES,
}
# Whoever is signed in may; only a desk where nobody is says no.
ANYONE_MAY = {"outages.board", "outages.listed"}


# Functions of rooms without a class: what they are given, and which of nobody, viewer and agent may.
READERS = ("viewer", "agent")
FUNCTIONS: dict[str, tuple[tuple[Any, ...], tuple[str, ...]]] = {
    "imports.import_file": (("customers", "none.csv"), ()),
    "exports.export": (("customers", "none.csv"), ()),
    "oversight.compliance.compliance": ((NOW, NOW), READERS),
    "oversight.dossier.gathered": (("O1",), READERS),
    "oversight.writing.write_proof": (("O1", "none.pdf"), ()),
    "oversight.workbook.write_workbook": ((None, "none.xlsx"), ()),
    "privacy.revealing.reveal": (("64010001",), ("agent",)),
}


def rooms(desk: Desk) -> Iterator[tuple[str, Any]]:
    names = [name for name, kind in vars(Desk).items() if isinstance(kind, cached_property) and name not in NOT_ROOMS]
    yield from ((name, getattr(desk, name)) for name in names)
    yield from ((name, make(desk)) for name, make in PARTS.items())


def _found(desk: Desk) -> dict[str, Callable[..., Any]]:
    found = {}
    for name, room in rooms(desk):
        for verb, _function in inspect.getmembers(type(room), inspect.isfunction):
            if not verb.startswith("_"):
                found[f"{name}.{verb}"] = getattr(room, verb)
    return found


def called(verb: Callable[..., Any]) -> Any:
    """Call a verb with something in place of each argument; a verb that yields is begun."""
    needed = [
        one
        for one in inspect.signature(verb).parameters.values()
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    args = [MagicMock(name=one.name) for one in needed if one.kind is not one.KEYWORD_ONLY]
    how = {one.name: MagicMock(name=one.name) for one in needed if one.kind is one.KEYWORD_ONLY}
    answer = verb(*args, **how)
    return list(answer) if inspect.isgenerator(answer) else answer


def stamps(desk: Desk) -> dict[str, int]:
    return {name: info.version for name, info in desk.place.store.storage.engine.tables().items()}


def asked(desk: Desk) -> dict[str, str]:
    """What each verb says to whoever is at this desk: `refused`, or what else came of it."""
    said = {}
    for name, verb in _found(desk).items():
        if name in NEED_NONE:
            continue
        before = stamps(desk)
        try:
            called(verb)
            said[name] = "done"
        except NotAllowed:
            said[name] = "refused"
        except Exception as problem:
            said[name] = f"went on: {type(problem).__name__}: {problem}"
        if stamps(desk) != before:
            said[name] = "wrote"
    return said


def test_every_verb_is_refused_while_nobody_is_signed_in(desk: Desk) -> None:
    said = asked(desk)
    assert len(said) > 100
    assert {name: what for name, what in said.items() if what != "refused"} == {}


def test_a_viewer_does_nothing_but_look(desk: Desk) -> None:
    desk.sign_in("viewer", PASSWORD)
    done = {name for name, what in asked(desk).items() if what != "refused"}
    assert done <= LOOKS | ANYONE_MAY, sorted(done - LOOKS - ANYONE_MAY)


def test_an_administrator_sees_no_customers(desk: Desk) -> None:
    desk.sign_in("administrator", PASSWORD)
    done = {name for name, what in asked(desk).items() if what != "refused"}
    assert not done & LOOKS


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("role", ["", "viewer", "agent"])
def test_functions_that_are_given_a_place_ask_too(desk: Desk, role: str, name: str) -> None:
    module, _dot, verb = name.rpartition(".")
    given, granted = FUNCTIONS[name]
    if role:
        desk.sign_in(role, PASSWORD)
    before = stamps(desk)
    with nullcontext() if role in granted else pytest.raises(NotAllowed):
        if role not in granted:
            getattr(import_module(f"desk.{module}"), verb)(desk.place, *given)
    assert stamps(desk) == before


def test_what_needs_no_right_is_a_verb_that_exists(desk: Desk) -> None:
    assert set(NEED_NONE) | LOOKS | ANYONE_MAY <= set(_found(desk))


def test_a_desk_where_nobody_is_signed_in_says_so(desk: Desk) -> None:
    with pytest.raises(SignInNeeded):
        desk.outages.board()


# The verbs that ask for `look_up`: what they show holds people.
LOOKS = {
    *("calls.find", "calls.caller", "calls.card", "calls.search"),
    *(
        "callbacks.get",
        "callbacks.listed",
        "cases.get",
        "cases.listed",
        "cases.counts",
        "work_orders.get",
        "work_orders.listed",
    ),
    *("notices.get", "notices.of", "notices.all", "notices.work", "notices.contact"),
    *("outbox.listed", "outbox.get", "outbox.strays"),
    *("rings.waiting", "rings.missed", "rings.unlogged", "rings.candidates"),
    *("shift.items", "shift.draft", "shift.get", "shift.listed", "shift.view", "shift.waiting", "shift.topics"),
    "triage.ask",
    *("paper.written.notices", "paper.written.notice_pdf", "paper.written.notice_png"),
    *("paper.written.approval_form", "paper.written.rounds"),
    *("paper.media.announcement", "paper.media.page", "paper.returns.scans"),
}
