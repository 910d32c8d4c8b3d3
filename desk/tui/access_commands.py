"""The commands at the door and around it: signing in, locking, passwords, the list of agents."""

from __future__ import annotations

from desk.i18n import N_
from desk.tui.command import Command, When, at
from desk.tui.context import DOORS, PLACES, InputContext

ACCESS = N_("Sign-in")
INSIDE = frozenset(PLACES) - DOORS
DESK_OR_LIST = INSIDE - {"ask", "help", "palette", "jump", "form", "dial", "password"}


def _row(*stages: str) -> When:
    """When an agent is under the cursor and nothing is asked."""
    return lambda context: bool(context.part) and not context.asking and (not stages or context.stage in stages)


def _leads(context: InputContext) -> bool:
    return context.leads and not context.asking


ACCESS_COMMANDS: tuple[Command, ...] = (
    Command(id="desk.lock", label=N_("Lock screen"), keys=("ctrl+l",), group=ACCESS, where=INSIDE),
    Command(id="desk.sign_out", label=N_("Sign out"), keys=(), group=ACCESS, where=DESK_OR_LIST,
            when=lambda context: context.signed_in),
    Command(id="desk.password", label=N_("Change password"), keys=(), group=ACCESS, where=DESK_OR_LIST),
    Command(id="screens.agents", label=N_("Agents"), keys=(), group=ACCESS, where=DESK_OR_LIST - {"agents"},
            when=_leads),
    Command(id="sign_in.go", label=N_("Sign in"), keys=("enter",), group=ACCESS, where=at("sign_in", "locked"),
            footer=1, when=lambda context: not context.busy, palette=False),
    Command(id="sign_in.next", label=N_("Next field"), keys=("tab", "down"), group=ACCESS,
            where=at("sign_in", "locked"), footer=2, palette=False),
    Command(id="sign_in.previous", label=N_("Previous field"), keys=("shift+tab", "up"), group=ACCESS,
            where=at("sign_in", "locked"), palette=False),
    Command(id="sign_in.leave", label=N_("Quit"), keys=("f10",), group=ACCESS, where=at("sign_in"), footer=3,
            palette=False),
    Command(id="password.next", label=N_("Next field"), keys=("enter", "tab"), group=ACCESS,
            where=at("password"), footer=2, palette=False),
    Command(id="password.previous", label=N_("Previous field"), keys=("shift+tab",), group=ACCESS,
            where=at("password"), palette=False),
    Command(id="password.save", label=N_("Save"), keys=("f9",), group=ACCESS, where=at("password"), footer=1,
            palette=False),
    Command(id="agents.add", label=N_("List an agent"), keys=("n",), group=ACCESS, where=at("agents"), footer=1,
            when=lambda context: not context.asking),
    Command(id="agents.password", label=N_("New password"), keys=("p",), group=ACCESS, where=at("agents"), footer=2,
            when=_row()),
    Command(id="agents.role", label=N_("Other role"), keys=("r",), group=ACCESS, where=at("agents"), footer=3,
            when=_row()),
    Command(id="agents.disable", label=N_("Disable/let in"), keys=("x",), group=ACCESS, where=at("agents"), footer=4,
            when=_row()),
)  # fmt: skip
