"""The commands that deal with messages and channels: a part of the one command table."""

from __future__ import annotations

from desk.i18n import N_
from desk.tui.command import Command, When, at
from desk.tui.context import CASE_LISTS, InputContext

MESSAGES = N_("Messages")
CHANNELS = N_("Channels")
PLUGINS = at("plugins")
ASKING = PLUGINS | {"messages", "paper", "work"} | CASE_LISTS  # the screens with a question line of their own
HERE = at("board", "card")
REVEALS = at("messages", "callbacks", "cases", "work_orders", "log")  # where words may hold a telephone number
NOT_OUT = ("held", "queued", "created")


def _message(*states: str) -> When:
    """When a message in one of these states is under the cursor, and the role may decide about it."""

    def when(context: InputContext) -> bool:
        return bool(context.message) and context.may_write and context.stage in states

    return when


def _part(context: InputContext) -> bool:
    """When a part or channel is under the cursor that the role may look after."""
    return bool(context.part) and context.may_write


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
    Command(id="screens.sending", label=N_("Send notices"), keys=("j",), group=MESSAGES, where=HERE | {"messages"},
            footer=9, when=lambda context: bool(context.outage) and context.may_write),
    Command(id="sending.send", label=N_("Send"), keys=("enter", "f9"), group=MESSAGES, where=at("sending"), footer=1,
            when=lambda context: context.may_write),
    # channels
    Command(id="plugins.which", label=N_("Parts / channels"), keys=("s",), group=CHANNELS, where=PLUGINS, footer=1),
    Command(id="plugins.show", label=N_("Settings"), keys=("enter",), group=CHANNELS, where=PLUGINS, footer=2,
            when=lambda context: bool(context.part) and not context.asking, palette=False),
    Command(id="plugins.new", label=N_("New channel"), keys=("n", "f7"), group=CHANNELS, where=PLUGINS, footer=3,
            when=lambda context: context.may_write),
    Command(id="plugins.check", label=N_("Check it"), keys=("c",), group=CHANNELS, where=PLUGINS, footer=3, when=_part),
    Command(id="plugins.try", label=N_("What would go out"), keys=("v",), group=CHANNELS, where=PLUGINS, footer=4,
            when=_part),
    Command(id="plugins.really", label=N_("Send a test"), keys=("r",), group=CHANNELS, where=PLUGINS, footer=5,
            when=_part),
    Command(id="plugins.set_up", label=N_("Set up"), keys=("e",), group=CHANNELS, where=PLUGINS, footer=4, when=_part),
    Command(id="plugins.trust", label=N_("Approve part"), keys=("a",), group=CHANNELS, where=PLUGINS, footer=2,
            when=lambda context: context.may_write and context.stage == "not_approved"),
    Command(id="plugins.turn", label=N_("On / off"), keys=("o",), group=CHANNELS, where=PLUGINS, footer=6, when=_part),
    Command(id="new_channel.save", label=N_("Write the file"), keys=("f9",), group=CHANNELS, where=at("new_channel"),
            footer=1),
    Command(id="new_channel.next", label=N_("Next question"), keys=("enter", "tab"), group=CHANNELS,
            where=at("new_channel"), footer=2, palette=False),
    Command(id="new_channel.previous", label=N_("Previous field"), keys=("shift+tab",), group=CHANNELS,
            where=at("new_channel"), palette=False),
    Command(id="channel_settings.save", label=N_("Save"), keys=("f9",), group=CHANNELS, where=at("channel_settings"),
            footer=1),
    Command(id="channel_settings.next", label=N_("Next field"), keys=("enter", "tab"), group=CHANNELS,
            where=at("channel_settings"), footer=2, palette=False),
    Command(id="channel_settings.previous", label=N_("Previous field"), keys=("shift+tab",), group=CHANNELS,
            where=at("channel_settings"), palette=False),
    Command(id="list.yes", label=N_("Confirm"), keys=("enter",), group=MESSAGES, where=ASKING,
            footer=1,
            when=lambda context: context.asking, palette=False),
    Command(id="claims.take_over", label=N_("Take it over"), keys=("k",), group=MESSAGES,
            where=at("work", "callbacks", "messages"), footer=1,
            when=lambda context: context.held and not context.asking),
    Command(id="list.reveal", label=N_("Show phones"), keys=("f6",), group=MESSAGES, where=REVEALS, footer=8,
            when=lambda context: not context.asking),
    Command(id="list.close", label=N_("Back"), keys=("m",), group=MESSAGES, where=at("messages"), palette=False),
)  # fmt: skip
