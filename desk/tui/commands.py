"""Every command of the desk as one record: bindings, key bar, palette, help, remapping and docs/keys.md come from it.

    keymap = Keymap({"lookup.open": "f2,/"})       # [keys] of config.toml, by id
    keymap.command("f2", context)                   # -> the Command that this key means here, or None

`python -m desk.tui.commands [en|zh_CN]` prints docs/keys.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import combinations

from desk.i18n import N_, _, ngettext, set_language
from desk.tui.access_commands import ACCESS_COMMANDS
from desk.tui.audit_commands import AUDIT_COMMANDS
from desk.tui.call_commands import CALL_COMMANDS
from desk.tui.case_commands import CASE_COMMANDS
from desk.tui.command import Command, about_outage, allowed, at
from desk.tui.context import (
    CASE_LISTS,
    CHANNEL_FORMS,
    DESK,
    DUTY_LISTS,
    DUTY_PLACES,
    FORMS,
    MESSAGE_LISTS,
    InputContext,
)
from desk.tui.duty_commands import DUTY_COMMANDS
from desk.tui.message_commands import MESSAGE_COMMANDS
from desk.tui.paper_commands import PAPER_COMMANDS
from desk.tui.privacy_commands import PRIVACY_COMMANDS

NEVER_BOUND = frozenset({"ctrl+i", "ctrl+j", "ctrl+m", "ctrl+s", "ctrl+q", "ctrl+z", "ctrl+c", "alt+enter", "f11"})
KEY_NAMES: Mapping[str, str] = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn",
    "enter": "Enter", "escape": "Esc", "tab": "Tab", "shift+tab": "Shift+Tab", "slash": "/", "question_mark": "?",
    "space": "Space", "home": "Home", "end": "End",
}  # fmt: skip
CHARACTERS: Mapping[str, str] = {"/": "slash", "?": "question_mark", " ": "space"}

MORE_LISTS = DUTY_LISTS | MESSAGE_LISTS | CASE_LISTS
DESK_AND_LISTS = DESK | {"log", "import", "plugins"} | MORE_LISTS
SHOWS_OUTAGE = at("board", "card")
ALL_PLACES = FORMS | DUTY_PLACES | MESSAGE_LISTS | CHANNEL_FORMS | CASE_LISTS | {"password"}
LISTS = at("board", "results", "card", "call", "log", "import", "plugins", "palette", "help") | ALL_PLACES
SCREENS = at("log", "import", "plugins", "help", "palette") | ALL_PLACES
OFF = ("off", "overdue")
AHEAD = ("upcoming", "due_to_start")

COMMANDS: tuple[Command, ...] = (
    *CALL_COMMANDS,
    # the board
    Command(id="board.switch", label=N_("Board/card"), keys=("f4",), group=N_("Board"),
            where=at("board", "card", "call"), footer=4),
    Command(id="board.card", label=N_("Card"), keys=("enter",), group=N_("Board"), where=at("board"), palette=False,
            when=lambda context: bool(context.outage)),
    Command(id="board.next_tab", label=N_("Next tab"), keys=("right", "tab"), group=N_("Board"), where=at("board"),
            footer=9),
    Command(id="board.previous_tab", label=N_("Previous tab"), keys=("left", "shift+tab"), group=N_("Board"),
            where=at("board")),
    # the outage under the cursor
    Command(id="outage.open", label=N_("New outage"), keys=("f7", "n"), group=N_("Outage"), where=SHOWS_OUTAGE,
            footer=5, when=lambda context: context.may_write),
    Command(id="outage.start", label=N_("Begin"), keys=("s",), group=N_("Outage"), where=SHOWS_OUTAGE, footer=6,
            when=about_outage(*AHEAD)),
    Command(id="outage.restore", label=N_("Restore"), keys=("r",), group=N_("Outage"), where=SHOWS_OUTAGE, footer=6,
            when=about_outage(*OFF)),
    Command(id="outage.change", label=N_("Change"), keys=("e",), group=N_("Outage"), where=SHOWS_OUTAGE, footer=7,
            when=about_outage(*OFF, *AHEAD)),
    Command(id="outage.cancel", label=N_("Cancel outage"), keys=("x",), group=N_("Outage"), where=SHOWS_OUTAGE,
            footer=8, when=about_outage(*AHEAD, "predicted")),
    Command(id="outage.close", label=N_("Close outage"), keys=("d",), group=N_("Outage"), where=SHOWS_OUTAGE, footer=8,
            when=about_outage("restored")),
    Command(id="form.save", label=N_("Save"), keys=("f9",), group=N_("Outage"), where=FORMS, footer=1),
    Command(id="form.next", label=N_("Next field"), keys=("enter", "tab"), group=N_("Outage"), where=FORMS,
            footer=2, palette=False),
    Command(id="form.previous", label=N_("Previous field"), keys=("shift+tab",), group=N_("Outage"),
            where=FORMS, palette=False),
    Command(id="form.drop", label=N_("Take last one out"), keys=("f8",), group=N_("Outage"), where=at("form"),
            footer=3),
    Command(id="form.mine", label=N_("Keep mine"), keys=("f5",), group=N_("Outage"), where=at("form"), footer=1,
            when=lambda context: context.conflicts > 0),
    Command(id="form.theirs", label=N_("Take theirs"), keys=("f6",), group=N_("Outage"), where=at("form"), footer=1,
            when=lambda context: context.conflicts > 0),
    # lists and screens
    Command(id="screens.log", label=N_("Call log"), keys=("f5", "l"), group=N_("Screens"), where=at("board", "card"),
            footer=7),
    Command(id="screens.import", label=N_("Import"), keys=("i",), group=N_("Screens"), where=at("board", "card")),
    Command(id="screens.plugins", label=N_("Plugins"), keys=("p",), group=N_("Screens"), where=at("board", "card")),
    *DUTY_COMMANDS,
    *MESSAGE_COMMANDS,
    *PAPER_COMMANDS,
    *CASE_COMMANDS,
    *ACCESS_COMMANDS,
    *PRIVACY_COMMANDS,
    *AUDIT_COMMANDS,
    Command(id="import.start", label=N_("Start import"), keys=("f9", "enter"), group=N_("Screens"),
            where=at("import"), footer=1, when=lambda context: not context.busy),
    Command(id="import.cancel", label=N_("Cancel import"), keys=("f8",), group=N_("Screens"), where=at("import"),
            footer=2, when=lambda context: context.busy),
    Command(id="import.next", label=N_("Next field"), keys=("tab", "shift+tab"), group=N_("Screens"),
            where=at("import"), footer=3, palette=False),
    Command(id="log.all", label=N_("All calls"), keys=("f7",), group=N_("Screens"), where=at("log"), footer=2),
    Command(id="palette.pick", label=N_("Run"), keys=("enter",), group=N_("Screens"), where=at("palette"), footer=1,
            palette=False),
    # everywhere
    Command(id="desk.copy", label=N_("Copy"), keys=("y", "ctrl+y"), group=N_("Everywhere"),
            where=at("board", "card", "call", "results", "log", "import", "plugins") | MORE_LISTS, footer=12),
    Command(id="desk.palette", label=N_("Commands"), keys=("ctrl+p", "f12"), group=N_("Everywhere"),
            where=DESK_AND_LISTS, footer=10),
    Command(id="desk.help", label=N_("Help"), keys=("f1", "question_mark"), group=N_("Everywhere"),
            where=DESK_AND_LISTS | ALL_PLACES, footer=1),
    Command(id="desk.jump", label=N_("Jump"), keys=("ctrl+o",), group=N_("Everywhere"),
            where=DESK_AND_LISTS | ALL_PLACES, footer=11),
    Command(id="desk.jump_close", label=N_("Back"), keys=("escape", "ctrl+o"), group=N_("Everywhere"),
            where=at("jump"), footer=1, palette=False),
    Command(id="desk.theme", label=N_("Next theme"), keys=("ctrl+t",), group=N_("Everywhere"), where=DESK_AND_LISTS),
    Command(id="desk.borders", label=N_("ASCII lines on/off"), keys=(), group=N_("Everywhere"), where=DESK_AND_LISTS),
    Command(id="desk.language", label=N_("中文 / English"), keys=(), group=N_("Everywhere"), where=DESK_AND_LISTS),
    Command(id="desk.back", label=N_("Back"), keys=("escape",), group=N_("Everywhere"),
            where=frozenset({*DESK, *SCREENS, "ask"}) - {"board"}, footer=7, palette=False),
    Command(id="desk.close_help", label=N_("Back"), keys=("f1", "question_mark"), group=N_("Everywhere"),
            where=at("help"), palette=False),
    Command(id="desk.close_palette", label=N_("Back"), keys=("ctrl+p", "f12"), group=N_("Everywhere"),
            where=at("palette"), palette=False),
    Command(id="desk.quit", label=N_("Quit"), keys=("f10",), group=N_("Everywhere"), where=DESK_AND_LISTS, footer=12),
    Command(id="ask.yes", label=N_("Confirm"), keys=("enter",), group=N_("Everywhere"), where=at("ask"), footer=1,
            palette=False),
    # moving
    Command(id="move.up", label=N_("Up"), keys=("up",), group=N_("Moving"), where=LISTS, palette=False),
    Command(id="move.down", label=N_("Down"), keys=("down",), group=N_("Moving"), where=LISTS, palette=False),
    Command(id="move.page_up", label=N_("Page up"), keys=("pageup",), group=N_("Moving"), where=LISTS, palette=False),
    Command(id="move.page_down", label=N_("Page down"), keys=("pagedown",), group=N_("Moving"), where=LISTS,
            palette=False),
    Command(id="move.first", label=N_("First"), keys=("home",), group=N_("Moving"), where=LISTS,
            when=lambda context: not context.typing, palette=False),
    Command(id="move.last", label=N_("Last"), keys=("end",), group=N_("Moving"), where=LISTS,
            when=lambda context: not context.typing, palette=False),
)  # fmt: skip
BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}


class Keymap:
    """Which key means which command: the defaults, remapped by id as `[keys]` says.

    `problems` holds a sentence for every entry that names no command, takes a key that is never
    bound, or clashes with another command in a place where both work.
    """

    def __init__(self, remapped: Mapping[str, str] | None = None) -> None:
        self.problems: list[str] = []
        self._keys = {command.id: command.keys for command in COMMANDS}
        for id, text in (remapped or {}).items():
            self._remap(id, text)
        self._by_key: dict[str, list[Command]] = {}
        for command in COMMANDS:
            for key in self._keys[command.id]:
                self._by_key.setdefault(key, []).append(command)
        self.problems += self.clashes()

    def command(self, key: str, context: InputContext) -> Command | None:
        """The command that `key` means in `context`; a letter means none while text is typed."""
        if context.typing and is_letter(key):
            return None
        return next((command for command in self._by_key.get(key, ()) if allowed(command, context)), None)

    def keys(self, id: str) -> tuple[str, ...]:
        """The keys of a command now, the first one being the one to show."""
        return self._keys[id]

    def shown(self, id: str, *, typing: bool = False) -> str:
        """The key of a command as it is written on screen: the first one that works while `typing`."""
        keys = [key for key in self._keys[id] if not (typing and is_letter(key))]
        return key_name(keys[0]) if keys else ""

    def here(self, context: InputContext) -> list[Command]:
        """Every command that may run in `context`, in the table's order."""
        return [command for command in COMMANDS if allowed(command, context)]

    def footer(self, context: InputContext) -> list[tuple[str, str]]:
        """(key, label) of the commands for the key bar, the most needed first."""
        found = sorted(
            (command for command in self.here(context) if command.footer), key=lambda command: command.footer
        )
        pairs = [(self.shown(command.id, typing=context.typing), _(command.label)) for command in found]
        return [pair for pair in pairs if pair[0]]

    def clashes(self) -> list[str]:
        """One sentence for every key that two commands claim in one place, decided only by their order."""
        return [
            _("[keys] {first} and {second} both want {key}").format(first=one.id, second=two.id, key=key_name(key))
            for key, commands in self._by_key.items()
            for one, two in combinations(commands, 2)
            if one.where & two.where and not _apart(one, two)
        ]

    def _remap(self, id: str, text: str) -> None:
        keys = tuple(
            CHARACTERS.get(key, key) for key in (part.strip().lower() or "" for part in text.split(",")) if key
        )
        if id not in self._keys:
            self.problems.append(_("[keys] {id}: there is no such command; F1 lists them").format(id=id))
        elif never := [key for key in keys if key in NEVER_BOUND]:
            self.problems.append(_("[keys] {id}: {key} cannot be bound").format(id=id, key=key_name(never[0])))
        else:
            self._keys[id] = keys


def is_letter(key: str) -> bool:
    """Would `key` put a character into a text field?"""
    return len(key) == 1 or key in CHARACTERS.values()


def key_name(key: str) -> str:
    """A key as people write it: `F2`, `Ctrl+P`, `Enter`, `n`."""
    if key in KEY_NAMES:
        return KEY_NAMES[key]
    if len(key) == 1:
        return key
    return "+".join(part.upper() if len(part) == 1 or part[1:].isdigit() else part.title() for part in key.split("+"))


def groups() -> Iterator[tuple[str, list[Command]]]:
    """The commands by group, in the table's order."""
    for group in dict.fromkeys(command.group for command in COMMANDS):
        yield group, [command for command in COMMANDS if command.group == group]


def keys_markdown(keymap: Keymap | None = None) -> str:
    """docs/keys.md, from the table."""
    keymap = keymap or Keymap()
    lines = [
        "# " + _("Keys"),
        "",
        _("Made from the command table; `[keys]` in config.toml changes a key by its id."),
        "",
    ]
    for group, commands in groups():
        lines += [f"## {_(group)}", "", "| " + _("Key") + " | " + _("Command") + " | id |", "|---|---|---|"]
        lines += [f"| {_keys_cell(keymap, command)} | {_(command.label)} | `{command.id}` |" for command in commands]
        lines.append("")
    count = len(COMMANDS)
    return "\n".join([*lines, ngettext("{count} command.", "{count} commands.", count).format(count=count)])


def _keys_cell(keymap: Keymap, command: Command) -> str:
    return " ".join(f"`{key_name(key)}`" for key in keymap.keys(command.id)) or "–"


# Pairs that share a key and a place, and are kept apart by the stage of the outage or by busyness.
_STAGES = ("", "upcoming", "due_to_start", "off", "overdue", "restored", "predicted")


def _apart(one: Command, two: Command) -> bool:
    return not any(
        allowed(one, context) and allowed(two, context)
        for where in one.where & two.where
        for context in _contexts(where)
    )


def _contexts(where: str) -> Iterator[InputContext]:
    for stage in _STAGES:
        for flag in (False, True):
            yield InputContext(where=where, outage="O1" if stage else "", stage=stage, busy=flag, open_call=flag,
                               has_customer=True, waiting=1, ringing=1, leads=True, signed_in=flag)  # fmt: skip


if __name__ == "__main__":
    set_language(sys.argv[1] if len(sys.argv) > 1 else "en")
    print(keys_markdown())
