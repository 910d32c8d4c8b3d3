"""The commands that deal with paper: a part of the one command table."""

from __future__ import annotations

from desk.i18n import N_
from desk.tui.command import Command, at
from desk.tui.context import InputContext

PAPERS = N_("Paper")
PAPER = at("paper")


def _free(context: InputContext) -> bool:
    """When papers may be printed: nothing is printing, nothing is asked."""
    return context.may_write and not context.busy and not context.asking


def _row(context: InputContext) -> bool:
    """When a paper is under the cursor as well."""
    return _free(context) and bool(context.part)


PAPER_COMMANDS: tuple[Command, ...] = (
    Command(id="screens.paper", label=N_("Paper"), keys=("z",), group=PAPERS, where=at("board", "card"), footer=10,
            when=lambda context: bool(context.outage)),
    Command(id="paper.cancel", label=N_("Cancel print"), keys=("f8",), group=PAPERS, where=PAPER, footer=1,
            when=lambda context: context.busy),
    Command(id="paper.write", label=N_("Write down"), keys=("enter", "e"), group=PAPERS, where=PAPER, footer=1,
            when=lambda context: bool(context.duty) and context.may_write and not context.asking, palette=False),
    Command(id="paper.print", label=N_("Print notices"), keys=("p",), group=PAPERS, where=PAPER, footer=2, when=_free),
    Command(id="paper.one", label=N_("Print this one"), keys=("o",), group=PAPERS, where=PAPER, footer=3, when=_row),
    Command(id="paper.rounds", label=N_("Delivery rounds"), keys=("r",), group=PAPERS, where=PAPER, footer=3,
            when=_free),
    Command(id="paper.forms", label=N_("Forms"), keys=("f",), group=PAPERS, where=PAPER, footer=5, when=_free),
    Command(id="paper.which", label=N_("Which"), keys=("s",), group=PAPERS, where=PAPER, footer=4,
            when=lambda context: not context.asking),
    Command(id="paper.close", label=N_("Back"), keys=("z",), group=PAPERS, where=PAPER, palette=False,
            when=lambda context: not context.asking),
)  # fmt: skip
