"""The commands of people's data: leave to export."""

from __future__ import annotations

from desk.i18n import N_
from desk.tui.access_commands import DESK_OR_LIST
from desk.tui.command import Command, When, at
from desk.tui.context import InputContext

PRIVACY = N_("People's data")
HERE = at("leaves")


def _row(*stages: str) -> When:
    """When a leave that stands so is under the cursor and nothing is asked."""
    return lambda context: bool(context.part) and not context.asking and context.stage in stages


def _nothing_asked(context: InputContext) -> bool:
    return not context.asking


PRIVACY_COMMANDS: tuple[Command, ...] = (
    Command(id="screens.leaves", label=N_("Leave to export"), keys=(), group=PRIVACY, where=DESK_OR_LIST - {"leaves"}),
    Command(id="leaves.give", label=N_("Give leave"), keys=("enter", "a"), group=PRIVACY, where=HERE, footer=1,
            when=_row("asked"), palette=False),
    Command(id="leaves.refuse", label=N_("Refuse"), keys=("x",), group=PRIVACY, where=HERE, footer=2,
            when=_row("asked", "given")),
    Command(id="leaves.ask", label=N_("Ask for leave"), keys=("n",), group=PRIVACY, where=HERE, footer=3,
            when=_nothing_asked),
    Command(id="leaves.which", label=N_("Which"), keys=("s",), group=PRIVACY, where=HERE, footer=4,
            when=_nothing_asked),
)  # fmt: skip
