"""The commands that deal with duties, approvals, order tables and the regulation: a part of the one command table."""

from __future__ import annotations

from desk.i18n import N_
from desk.tui.command import Command, When, about_outage, at


def _result(*names: str) -> When:
    """When a try at the duty on the telephone may come to one of these."""
    return lambda context: any(name in context.results for name in names)


DUTIES = N_("Duties")
HERE = at("board", "card")

DUTY_COMMANDS: tuple[Command, ...] = (
    # from the board
    Command(id="screens.work", label=N_("Duties"), keys=("f6", "w"), group=DUTIES, where=HERE, footer=6),
    Command(id="screens.dial", label=N_("Phone duties"), keys=("f9", "t"), group=DUTIES, where=HERE, footer=6),
    Command(id="screens.outage_work", label=N_("Its duties"), keys=("u",), group=DUTIES, where=HERE, footer=9,
            when=lambda context: bool(context.outage)),
    Command(id="outage.approve", label=N_("Approvals"), keys=("a",), group=DUTIES, where=HERE | {"work", "oversight"},
            footer=8, when=about_outage()),
    Command(id="screens.oversight", label=N_("Oversight"), keys=("v",), group=DUTIES, where=HERE, footer=11),
    Command(id="screens.orders", label=N_("Order tables"), keys=("o",), group=DUTIES, where=HERE),
    Command(id="screens.rules", label=N_("Regulation"), keys=("g",), group=DUTIES, where=HERE | {"work"}),
    # the work list
    Command(id="work.open", label=N_("Do it"), keys=("enter",), group=DUTIES, where=at("work"), footer=1,
            when=lambda context: bool(context.duty), palette=False),
    Command(id="work.dial", label=N_("Phone duties"), keys=("f9", "t"), group=DUTIES, where=at("work"), footer=2),
    Command(id="work.settle", label=N_("Write down"), keys=("e",), group=DUTIES, where=at("work"), footer=3,
            when=lambda context: bool(context.duty)),
    Command(id="work.state", label=N_("Which"), keys=("s",), group=DUTIES, where=at("work"), footer=4),
    Command(id="work.owner", label=N_("Owner"), keys=("o",), group=DUTIES, where=at("work"), footer=4),
    Command(id="work.channel", label=N_("Channel"), keys=("c",), group=DUTIES, where=at("work"), footer=4),
    Command(id="work.all", label=N_("All duties"), keys=("x",), group=DUTIES, where=at("work"), footer=5),
    Command(id="work.close", label=N_("Back"), keys=("f6", "w"), group=DUTIES, where=at("work"), palette=False),
    # a duty on the telephone
    Command(id="dial.dial", label=N_("Dial"), keys=("space", "f6"), group=DUTIES, where=at("dial"), footer=1),
    Command(id="dial.save", label=N_("Save"), keys=("enter",), group=DUTIES, where=at("dial"), footer=1,
            when=lambda context: context.asking or context.typing, palette=False),
    Command(id="dial.reached", label=N_("Reached"), keys=("1",), group=DUTIES, where=at("dial"), footer=2,
            when=_result("reached")),
    Command(id="dial.left_with", label=N_("Left with somebody"), keys=("2",), group=DUTIES, where=at("dial"),
            footer=2, when=_result("left_with")),
    Command(id="dial.busy", label=N_("Busy"), keys=("3",), group=DUTIES, where=at("dial"), footer=2,
            when=_result("busy")),
    Command(id="dial.no_answer", label=N_("No answer"), keys=("4",), group=DUTIES, where=at("dial"), footer=2,
            when=_result("no_answer")),
    Command(id="dial.wrong_number", label=N_("Wrong number"), keys=("5",), group=DUTIES, where=at("dial"), footer=2,
            when=_result("wrong_number")),
    Command(id="dial.refused", label=N_("Refused"), keys=("6",), group=DUTIES, where=at("dial"), footer=2,
            when=_result("refused")),
    Command(id="dial.skip", label=N_("Next"), keys=("f8", "n"), group=DUTIES, where=at("dial"), footer=3),
    Command(id="dial.settle", label=N_("Otherwise"), keys=("f7", "e"), group=DUTIES, where=at("dial"), footer=4),
    Command(id="dial.next_field", label=N_("Name, note"), keys=("tab",), group=DUTIES, where=at("dial"), footer=3,
            palette=False),
    Command(id="dial.previous_field", label=N_("Previous field"), keys=("shift+tab",), group=DUTIES,
            where=at("dial"), palette=False),
    Command(id="dial.close", label=N_("Back"), keys=("f9",), group=DUTIES, where=at("dial"), palette=False),
    # what a supervisor looks at
    Command(id="oversight.open", label=N_("Its duties"), keys=("enter", "u"), group=DUTIES, where=at("oversight"),
            footer=1, when=lambda context: bool(context.outage)),
    Command(id="oversight.which", label=N_("All / only what is wrong"), keys=("s",), group=DUTIES,
            where=at("oversight"), footer=2),
    Command(id="oversight.close", label=N_("Back"), keys=("v",), group=DUTIES, where=at("oversight"), palette=False),
    Command(id="orders.consent", label=N_("Approve table"), keys=("a",), group=DUTIES, where=at("orders"), footer=2),
    Command(id="orders.choose", label=N_("What to cut"), keys=("c",), group=DUTIES, where=at("orders"), footer=1),
    Command(id="orders.yes", label=N_("Confirm"), keys=("enter",), group=DUTIES, where=at("orders"), footer=1,
            when=lambda context: context.asking, palette=False),
    Command(id="orders.close", label=N_("Back"), keys=("o",), group=DUTIES, where=at("orders"), palette=False),
    Command(id="rules.close", label=N_("Back"), keys=("g",), group=DUTIES, where=at("rules"), palette=False),
)  # fmt: skip
