"""`desk predicted confirm|move|split|merge` and `desk storm`: a person's word on what calls point to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.show import print_json, short
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.records import Outage


@click.group(
    "predicted",
    cls=DeskGroup,
    invoke_without_command=True,
    help=N_("Predicted outages: list them, confirm, move, split, merge."),
)
@click.pass_context
def predicted(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        from desk.cli.outages import outages

        context.invoke(outages, tabs=("predicted",))


@command("confirm", help=N_("A dispatcher's word or a report from the field: it is an outage."))
@click.argument("id")
@click.option("--by", required=True, metavar="NAME", help=N_("Who said so."))
@click.option("--source", default="dispatch", metavar="dispatch|field", help=N_("Where it comes from."))
@click.option("--reason", default="", metavar="TEXT", help=N_("What was found."))
def confirm(context: click.Context, id: str, by: str, source: str, reason: str) -> None:
    with opened(context) as desk:
        _tell(context, desk, desk.calls.predicting.confirm(id, by=by, source=source, reason=reason))


@command("move", help=N_("Put it on a device above or below: meter_box, transformer_area, lateral, feeder."))
@click.argument("id")
@click.argument("level")
@click.option("--reason", default="", metavar="TEXT", help=N_("Why."))
def move(context: click.Context, id: str, level: str, reason: str) -> None:
    with opened(context) as desk:
        _tell(context, desk, desk.calls.predicting.move(id, level, reason))


@command("split", help=N_("Take calls out of it."))
@click.argument("id")
@click.argument("calls", nargs=-1, required=True)
@click.option("--reason", default="", metavar="TEXT", help=N_("Why."))
def split(context: click.Context, id: str, calls: tuple[str, ...], reason: str) -> None:
    with opened(context) as desk:
        _tell(context, desk, desk.calls.predicting.split(id, calls, reason))


@command("merge", help=N_("Both are one: the calls of the first join the second."))
@click.argument("id")
@click.argument("into")
@click.option("--reason", default="", metavar="TEXT", help=N_("Why."))
def merge(context: click.Context, id: str, into: str, reason: str) -> None:
    with opened(context) as desk:
        _tell(context, desk, desk.calls.predicting.merge(id, into, reason))


@command("storm", help=N_("Storm mode: on, off, or how it stands."))
@click.argument("mode", required=False, default="", metavar="[on|off]")
def storm(context: click.Context, mode: str) -> None:
    if mode not in ("", "on", "off"):
        raise click.UsageError(_("storm mode is on or off"), context)
    with opened(context) as desk:
        predicting = desk.calls.predicting
        if mode == "on":
            predicting.begin_storm()
        elif mode == "off":
            predicting.end_storm()
        stands = predicting.storm()
    if flags(context).json:
        print_json(stands)
    elif stands.on:
        click.echo(_("storm mode is on since {time}").format(time=short(stands.since)))
    else:
        words = _("storm mode is off; {count} calls without a known outage lately").format(count=stands.calls)
        click.echo(words + (_(": it should be on") if stands.proposed else ""))


for one in (confirm, move, split, merge):
    predicted.add_command(one)


def _tell(context: click.Context, desk: Desk, outage: Outage) -> None:
    from desk.outages.board import area_words
    from desk.outputs import outage_json

    if flags(context).json:
        print_json(outage_json(outage, desk.place.now()))
    else:
        words = {"id": outage.id, "where": area_words(outage), "calls": outage.calls}
        click.echo(_("{id}: {where}, {calls} calls").format(**words))
