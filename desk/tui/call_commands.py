"""The commands that deal with a call: the search, the open call, what rings. A part of the one command table."""

from __future__ import annotations

from desk.i18n import N_
from desk.tui.command import Command, at
from desk.tui.context import CASE_LISTS, DESK, DUTY_LISTS, MESSAGE_LISTS

CALL = N_("Call")
ANYWHERE = DESK | DUTY_LISTS | MESSAGE_LISTS | CASE_LISTS | {"log", "import", "plugins", "dial", "ask"}

CALL_COMMANDS: tuple[Command, ...] = (
    Command(id="lookup.open", label=N_("Look up"), keys=("f2", "slash"), group=CALL,
            where=at("board", "card", "call"), footer=2),
    Command(id="call.number", label=N_("From number"), keys=("f3",), group=CALL,
            where=at("board", "card", "results", "call"), footer=3),
    Command(id="call.take_ring", label=N_("Take the call"), keys=("ctrl+r",), group=CALL, where=ANYWHERE, footer=1,
            when=lambda context: context.ringing > 0),
    Command(id="lookup.pick", label=N_("Take"), keys=("enter",), group=CALL, where=at("results"), footer=1,
            palette=False),
    Command(id="lookup.nobody", label=N_("Unknown caller"), keys=("f4",), group=CALL, where=at("results"), footer=4),
    Command(id="call.go_on", label=N_("Next question, save"), keys=("enter",), group=CALL, where=at("call"), footer=1,
            palette=False),
    Command(id="call.save", label=N_("Save call"), keys=("f9",), group=CALL, where=at("call"), footer=2),
    Command(id="call.next_field", label=N_("Next field"), keys=("tab",), group=CALL, where=at("call"), footer=8,
            palette=False),
    Command(id="call.previous_field", label=N_("Previous field"), keys=("shift+tab",), group=CALL,
            where=at("call"), palette=False),
    Command(id="call.outage", label=N_("Other outage"), keys=("f5",), group=CALL, where=at("call"), footer=5,
            when=lambda context: context.has_customer),
    Command(id="call.reveal", label=N_("Show phones"), keys=("f6",), group=CALL, where=at("call"), footer=4,
            when=lambda context: context.has_customer or context.has_number),
    Command(id="call.history", label=N_("History"), keys=("f7",), group=CALL, where=at("call"), footer=7,
            when=lambda context: context.has_customer),
    Command(id="call.discard", label=N_("Discard"), keys=("f8",), group=CALL, where=at("call"), footer=6),
    Command(id="call.next", label=N_("Next call"), keys=("ctrl+n",), group=CALL, where=DESK, footer=8,
            when=lambda context: context.waiting > 0),
)  # fmt: skip
