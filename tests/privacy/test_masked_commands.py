"""No command prints a telephone number in clear unasked: neither for a person nor as JSON."""

from __future__ import annotations

import pytest
from command_table import BESIDE, CHANGING, READING, commands
from marked_county import shown

from desk.app import Desk

# Where a number must stand, and why; nothing else may show one.
IN_CLEAR = {
    "the line to dial of a telephone duty": "an agent dials it; shown by a key, with a line in the audit",
    "the callback in hand": "an agent dials it; shown by a key, with a line in the audit",
    "a message to its gateway": "it is where the message goes; it is masked wherever the message is shown",
    "an approved export": "leave with a purpose, given by somebody else; its last line says who took it",
    "privacy person --approval": "the person's right to a copy; leave as for an export",
}


def test_every_command_is_sorted() -> None:
    assert set(commands()) == set(READING) | set(CHANGING) | BESIDE


@pytest.mark.parametrize("json", [False, True], ids=["words", "json"])
def test_no_command_prints_a_number(desk: Desk, run, json: bool) -> None:
    assert desk
    wrong = {}
    for name, arguments in READING.items():
        code, out = run(*name.split(), *arguments, *(["--json"] if json else []))
        assert code in (0, 1), (name, out)
        if found := shown(out):
            wrong[name] = found
    assert not wrong


def test_what_a_command_that_changes_something_answers_holds_no_number(desk: Desk, run) -> None:
    assert desk
    asked = [
        ("ring", "13811112222"),
        ("ring", "6667771", "--json"),
        ("callbacks", "take", "B1"),
        ("callbacks", "settle", "B1", "no_answer", "--note", "13955556666", "--json"),
        ("cases", "answer", "K1", "13955556666"),
        ("workorders", "expedite", "W1", "--by", "13955556666", "--json"),
        ("messages", "decide", "M1", "arrived", "--note", "x", "--json"),
    ]
    for arguments in asked:
        _code, out = run(*arguments)
        assert not shown(out), (arguments, out)
