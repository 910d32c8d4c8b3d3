"""The commands that deal with messages and channels: a part of the one command table."""

from __future__ import annotations

from desk.i18n import N_
from desk.tui.command import Command, When, at
from desk.tui.context import MESSAGE_LISTS, InputContext

MESSAGES = N_("Messages")
HERE = at("board", "card")
NOT_OUT = ("held", "queued", "created")


def _message(*states: str) -> When:
    """When a message in one of these states is under the cursor, and the role may decide about it."""

    def when(context: InputContext) -> bool:
        return bool(context.message) and context.may_write and context.stage in states

    return when


MESSAGE_COMMANDS: tuple[Command, ...] = (
    Command(id="screens.messages", label=N_("Messages"), keys=("m",), group=MESSAGES, where=HERE, footer=9),
    Command(id="screens.outage_messages", label=N_("Its messages"), keys=("k",), group=MESSAGES, where=HERE,
            when=lambda context: bool(context.outage)),
    Command(id="messages.which", label=N_("Which"), keys=("s",), group=MESSAGES, where=at("messages"), footer=5),
    Command(id="messages.arrived", label=N_("It arrived"), keys=("1",), group=MESSAGES, where=at("messages"), footer=1,
            when=_message("unknown")),
    Command(id="messages.again", label=N_("Send again"), keys=("2",), group=MESSAGES, where=at("messages"), footer=1,
            when=_message("unknown", "failed", "rejected", "undelivered", "expired")),
    Command(id="messages.leave", label=N_("Leave to a person"), keys=("3",), group=MESSAGES, where=at("messages"),
            footer=1, when=_message("unknown")),
    Command(id="messages.cancel", label=N_("Do not send"), keys=("x",), group=MESSAGES, where=at("messages"), footer=3,
            when=_message(*NOT_OUT)),
    Command(id="messages.confirm", label=N_("Confirm a sending"), keys=("c",), group=MESSAGES, where=at("messages"),
            footer=2, when=lambda context: context.may_write and context.waiting > 0),
    Command(id="list.yes", label=N_("Confirm"), keys=("enter",), group=MESSAGES, where=MESSAGE_LISTS, footer=1,
            when=lambda context: context.asking, palette=False),
    Command(id="list.close", label=N_("Back"), keys=("m",), group=MESSAGES, where=at("messages"), palette=False),
)  # fmt: skip
