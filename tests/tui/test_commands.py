"""The command table: one record a command, every key told once, nothing that fires while text is typed. Pure."""

from __future__ import annotations

import inspect
from importlib import import_module
from pkgutil import iter_modules

import pytest

from desk.tui.commands import BY_ID, COMMANDS, NEVER_BOUND, Keymap, allowed, is_letter, keys_markdown
from desk.tui.context import DOORS, PLACES, InputContext


def test_no_key_means_two_commands_in_one_place() -> None:
    assert Keymap().problems == []


def test_every_command_has_its_own_id() -> None:
    assert len(BY_ID) == len(COMMANDS)


def test_keys_that_terminals_and_input_methods_need_are_never_bound() -> None:
    assert not [command.id for command in COMMANDS if NEVER_BOUND & set(command.keys)]


@pytest.mark.parametrize("where", PLACES)
def test_no_letter_is_a_command_while_text_is_typed(where: str) -> None:
    typing = InputContext(where=where, typing=True, outage="O1", stage="off")
    keymap = Keymap()
    letters = {key for command in COMMANDS for key in command.keys if is_letter(key)}
    assert letters
    assert not [letter for letter in letters if keymap.command(letter, typing)]


def test_every_command_works_in_a_place_that_exists() -> None:
    assert not [command.id for command in COMMANDS if not command.where <= set(PLACES)]


@pytest.mark.parametrize("where", sorted(set(PLACES) - DOORS))
def test_every_place_has_keys_to_show_and_a_way_out(where: str) -> None:
    context = InputContext(where=where, outage="O1", stage="off")
    keymap = Keymap()
    assert keymap.footer(context)
    assert where == "board" or keymap.command("escape", context)


@pytest.mark.parametrize("where", sorted(DOORS))
def test_at_the_door_nothing_works_but_coming_in_and_leaving(where: str) -> None:
    context = InputContext(where=where, outage="O1", stage="off", ringing=1, leads=True, signed_in=True)
    assert {command.id.partition(".")[0] for command in Keymap().here(context)} <= {"sign_in"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_is_carried_out_somewhere_in_the_desk_itself(command) -> None:  # type: ignore[no-untyped-def]
    if command.id.startswith("move."):
        return
    name = command.id.replace(".", "_")
    assert any(name in vars(room) for room in _rooms()), name


def _rooms() -> list[type]:
    from desk.tui import screens
    from desk.tui.app import DeskApp
    from desk.tui.call_ending import CallEnding
    from desk.tui.call_flow import CallFlow
    from desk.tui.form_others import OthersEdits
    from desk.tui.jump import Jump
    from desk.tui.locking import Locking
    from desk.tui.looks import Looks
    from desk.tui.lookup_flow import LookupFlow
    from desk.tui.open_screens import Screens
    from desk.tui.outage_acts import OutageActs
    from desk.tui.ring_flow import RingFlow

    modules = [import_module(f"desk.tui.screens.{found.name}") for found in iter_modules(screens.__path__)]
    kinds = [
        kind
        for module in modules
        for _name, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__ == module.__name__
    ]
    flows = [CallEnding, CallFlow, RingFlow, LookupFlow, OthersEdits, OutageActs]
    return [*flows, Looks, Screens, DeskApp, Jump, Locking, *kinds]


@pytest.mark.parametrize(
    ("stage", "letters"),
    [
        ("upcoming", "sex"),
        ("due_to_start", "sex"),
        ("off", "re"),
        ("overdue", "re"),
        ("restored", "d"),
        ("predicted", "x"),
    ],
)
def test_the_stage_of_the_outage_decides_what_may_be_done_to_it(stage: str, letters: str) -> None:
    context, keymap = InputContext(where="board", outage="O1", stage=stage), Keymap()
    acts = {"s": "start", "e": "change", "x": "cancel", "r": "restore", "d": "close"}
    found = {key for key in acts if keymap.command(key, context)}
    assert found == set(letters)


def test_a_role_without_the_right_sees_no_acts() -> None:
    context = InputContext(where="board", outage="O1", stage="off", may_write=False)
    assert not [command.id for command in COMMANDS if command.id.startswith("outage.") and allowed(command, context)]


def test_a_key_is_remapped_by_the_commands_id() -> None:
    keymap = Keymap({"lookup.open": "ctrl+f, /"})
    board = InputContext(where="board")
    assert keymap.problems == []
    assert keymap.command("f2", board) is None
    assert [keymap.command(key, board) for key in ("ctrl+f", "slash")] == [BY_ID["lookup.open"]] * 2
    assert keymap.shown("lookup.open") == "Ctrl+F"


@pytest.mark.parametrize(
    ("remapped", "words"),
    [
        ({"lookup.opne": "f2"}, "no such command"),
        ({"lookup.open": "ctrl+c"}, "cannot be bound"),
        ({"lookup.open": "f3"}, "both want F3"),
    ],
)
def test_a_remapping_that_cannot_work_is_told(remapped: dict[str, str], words: str) -> None:
    from desk.i18n import set_language

    set_language("en")
    assert any(words in problem for problem in Keymap(remapped).problems)


def test_the_printed_keys_name_every_command() -> None:
    printed = keys_markdown()
    assert not [command.id for command in COMMANDS if f"`{command.id}`" not in printed]


def test_every_command_and_group_speaks_chinese() -> None:
    from pathlib import Path

    from babel.messages.pofile import read_po

    catalogue = Path(__file__).parents[2] / "desk/locale/zh_CN/LC_MESSAGES/desk.po"
    spoken = {entry.id: entry.string for entry in read_po(catalogue.open("rb")) if isinstance(entry.id, str)}
    words = {command.label for command in COMMANDS} | {command.group for command in COMMANDS}
    assert not [word for word in words if not spoken.get(word)]
