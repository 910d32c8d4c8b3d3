"""The commands of what comes out of calls: work orders, callbacks, cases, predicted outages, the shift."""

from __future__ import annotations

from desk.i18n import N_
from desk.tui.command import Command, When, at
from desk.tui.context import InputContext

FOLLOWING = N_("Following up")
HERE = at("board", "card")


def _row(context: InputContext) -> bool:
    """When something is under the cursor and nothing is asked."""
    return bool(context.part) and not context.asking and context.may_write


def _stage(*stages: str) -> When:
    """When what is under the cursor stands so."""
    return lambda context: _row(context) and context.stage in stages


CASE_COMMANDS: tuple[Command, ...] = (
    Command(id="screens.callbacks", label=N_("Callbacks"), keys=("b",), group=FOLLOWING, where=HERE, footer=9),
    Command(id="screens.work_orders", label=N_("Work orders"), keys=("f",), group=FOLLOWING, where=HERE, footer=10),
    Command(id="screens.cases", label=N_("Cases"), keys=("c",), group=FOLLOWING, where=HERE, footer=11),
    Command(id="screens.predicted", label=N_("Predicted"), keys=("q",), group=FOLLOWING, where=HERE, footer=10),
    Command(id="screens.shift", label=N_("Shift"), keys=("h",), group=FOLLOWING, where=HERE, footer=11),
    # work orders
    Command(id="work_orders.step", label=N_("Next step"), keys=("enter",), group=FOLLOWING, where=at("work_orders"),
            footer=1, when=_row, palette=False),
    Command(id="work_orders.hurry", label=N_("Hurried"), keys=("e",), group=FOLLOWING, where=at("work_orders"),
            footer=2, when=_row),
    Command(id="work_orders.close", label=N_("End it"), keys=("x",), group=FOLLOWING, where=at("work_orders"),
            footer=3, when=_row),
    Command(id="work_orders.which", label=N_("Which"), keys=("s",), group=FOLLOWING, where=at("work_orders"), footer=4),
    # callbacks
    Command(id="callbacks.settle", label=N_("What came of it"), keys=("enter",), group=FOLLOWING, where=at("callbacks"),
            footer=1, when=_stage("in_hand"), palette=False),
    Command(id="callbacks.take", label=N_("Take, show number"), keys=("enter", "space"), group=FOLLOWING,
            where=at("callbacks"), footer=1, when=_stage(""), palette=False),
    Command(id="callbacks.message", label=N_("Tell by message"), keys=("m",), group=FOLLOWING, where=at("callbacks"),
            footer=2, when=lambda context: context.may_write and not context.asking),
    Command(id="callbacks.drop", label=N_("Not needed"), keys=("x",), group=FOLLOWING, where=at("callbacks"), footer=3,
            when=_row),
    Command(id="callbacks.which", label=N_("Which"), keys=("s",), group=FOLLOWING, where=at("callbacks"), footer=4),
    # cases
    Command(id="cases.answer", label=N_("Answered"), keys=("enter",), group=FOLLOWING, where=at("cases"), footer=1,
            when=_stage("open", "assigned"), palette=False),
    Command(id="cases.assign", label=N_("Assign"), keys=("a",), group=FOLLOWING, where=at("cases"), footer=2,
            when=_stage("open", "assigned")),
    Command(id="cases.close", label=N_("Close case"), keys=("x",), group=FOLLOWING, where=at("cases"), footer=3,
            when=_stage("answered")),
    Command(id="cases.which", label=N_("Which"), keys=("s",), group=FOLLOWING, where=at("cases"), footer=4),
    # predicted outages
    Command(id="predicted.confirm", label=N_("Confirm it"), keys=("enter",), group=FOLLOWING, where=at("predicted"),
            footer=1, when=_row, palette=False),
    Command(id="predicted.move", label=N_("Other device"), keys=("v",), group=FOLLOWING, where=at("predicted"),
            footer=2, when=_row),
    Command(id="predicted.split", label=N_("Take calls out"), keys=("x",), group=FOLLOWING, where=at("predicted"),
            footer=3, when=_row),
    Command(id="predicted.merge", label=N_("Merge"), keys=("g",), group=FOLLOWING, where=at("predicted"), footer=3,
            when=_row),
    Command(id="predicted.storm", label=N_("Storm mode"), keys=("t",), group=FOLLOWING, where=at("predicted"), footer=4,
            when=lambda context: context.may_write),
    # the shift
    Command(id="shift.hand_over", label=N_("Hand over"), keys=("n",), group=FOLLOWING, where=at("shift"), footer=1),
    Command(id="shift.accept", label=N_("Take over"), keys=("a",), group=FOLLOWING, where=at("shift"), footer=1,
            when=lambda context: bool(context.part)),
    Command(id="shift.picture", label=N_("Picture"), keys=("g",), group=FOLLOWING, where=at("shift"), footer=2),
    # the key that opened a screen closes it
    Command(id="callbacks.leave", label=N_("Back"), keys=("b",), group=FOLLOWING, where=at("callbacks"), palette=False),
    Command(id="work_orders.leave", label=N_("Back"), keys=("f",), group=FOLLOWING, where=at("work_orders"),
            palette=False),
    Command(id="cases.leave", label=N_("Back"), keys=("c",), group=FOLLOWING, where=at("cases"), palette=False),
    Command(id="predicted.leave", label=N_("Back"), keys=("q",), group=FOLLOWING, where=at("predicted"), palette=False),
    Command(id="shift.leave", label=N_("Back"), keys=("h",), group=FOLLOWING, where=at("shift"), palette=False),
)  # fmt: skip
