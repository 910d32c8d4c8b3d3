"""`desk messages preview` and `release`: whom a release tells, over what, at what cost, in which words; and it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.base import command, flags, opened
from desk.cli.show import print_json, print_table, read_object
from desk.errors import BadInput
from desk.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.outbox.preview import SendPreview

SHOWN = 20  # of those left to people; --json names more


@command("preview", help=N_("What a release would send now: people, parts, cost, wording, who is left to people."))
@click.argument("outage", required=False, default="")
@click.option("--plan", default="", metavar="FILE", help=N_("Of an outage not opened yet: its JSON object."))
def preview(context: click.Context, outage: str, plan: str) -> None:
    if bool(outage) == bool(plan):
        raise BadInput(_("name an outage, or a plan with --plan FILE"))
    with opened(context) as desk:
        found = _of_plan(desk, plan) if plan else desk.outbox.preview(outage)
    if flags(context).json:
        print_json(found)
    else:
        _print(found)


@command("release", help=N_("Make the messages of an outage now; above the caps a second person confirms them."))
@click.argument("outage")
def release(context: click.Context, outage: str) -> None:
    with opened(context) as desk:
        before = {batch.id for batch in desk.outbox.batches()}
        made = desk.outbox.release(outage)
        waiting = [batch.id for batch in desk.outbox.batches() if batch.id not in before]
    if flags(context).json:
        print_json({"outage": outage.strip().upper(), "made": made, "to_confirm": waiting})
        return
    click.echo(ngettext("{count} message made", "{count} messages made", made).format(count=made))
    for id in waiting:
        click.echo(_("a second person confirms it: desk messages confirm {id}").format(id=id))


def _of_plan(desk: Desk, file: str) -> SendPreview:
    from desk.outages import read_request

    seen = desk.outages.preview(read_request(read_object(file), desk.place.clock.zone))
    assert seen.outage is not None
    return desk.outbox.planning.preview_of(seen.outage, seen.duties)


def _print(found: SendPreview) -> None:
    if found.training:
        click.echo(_("TRAINING: nothing leaves the desk."))
    words = {"people": found.people, "parts": found.parts, "price": f"{found.price:.2f}"}
    click.echo(_("{people} people, {parts} parts, {price} yuan").format(**words))
    if found.over:
        head = (_("channel"), _("people"), _("message parts"), _("yuan"))
        print_table(
            head, [(f"{one.channel} {one.label}", one.people, one.parts, f"{one.price:.2f}") for one in found.over]
        )
    for sample in found.samples:
        mark = " ".join(part for part in (sample.channel, sample.sector, sample.template) if part)
        count = ngettext("{count} person", "{count} people", sample.people).format(count=sample.people)
        click.echo(f"\n[{mark}] {count}")
        click.echo(sample.warning + "\n" + sample.text if sample.warning else sample.text)
    _print_rest(found)


def _print_rest(found: SendPreview) -> None:
    if found.left_count:
        click.echo("\n" + _("Left to people:"))
    for why, count in found.left_count.items():
        click.echo(f"  {_(why)}: {count}")
    for left in found.left[:SHOWN]:
        click.echo(f"  {left.duty} {left.name}: {_(left.why)}")
    for name, why in found.out_of_use.items():
        click.echo(_("The channel {name} sends nothing now: {why}").format(name=name, why=why))
    if found.waiting:
        words = {"count": found.waiting, "why": _(", ").join(found.waiting_why)}
        click.echo(_("{count} not ripe yet: {why}").format(**words))
    if found.held and found.held_until:
        at = found.held_until.strftime("%m-%d %H:%M")
        click.echo(_("{count} wait for the end of the quiet hours, {at}").format(count=found.held, at=at))
    if found.needs_confirmation:
        click.echo(found.needs_confirmation)
