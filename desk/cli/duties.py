"""`desk duties` and `desk duty settle`: what is owed, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.show import print_json, print_rows, print_table, short
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.records import Duty

STATES = ("open", "overdue", "late")
SHOWN = 200  # lines of a table for a person; --json has them all


@command("duties", help=N_("What is owed; without a choice everything, done or not."))
@click.argument("outage", required=False, default="")
@click.option("--open", "state", flag_value="open", help=N_("Not settled yet, as it is due."))
@click.option("--overdue", "state", flag_value="overdue", help=N_("Should have been done by now."))
@click.option("--late", "state", flag_value="late", help=N_("Done, but late."))
@click.option("--owner", default="", metavar="ROLE", help=N_("Of this owner only."))
@click.option("--channel", default="", metavar="NAME", help=N_("Over this channel only."))
def duties(context: click.Context, outage: str, state: str | None, owner: str, channel: str) -> None:
    from desk.outputs import duty_json

    with opened(context) as desk:
        named = desk.outages.get(outage).id if outage else ""
        found = desk.notices.all(owner=owner, channel=channel, outage=named, state=state or "all")
        if flags(context).json:
            now = desk.place.now()
            print_rows(duty_json(duty, now) for duty in found)
        else:
            _print_duties(desk, found)


def _print_duties(desk: Desk, found: Iterator[Duty]) -> None:
    from desk.notices.words import state_words
    from desk.regulation.words import CHANNELS, OWNERS, listing, word
    from desk.regulation.words import duty as why

    now, regulation = desk.place.now(), desk.notices.owing.regulation
    head = (_("id"), _("deadline"), _("state"), _("to whom"), _("why"), _("channel"), _("owner"), _("outage"))
    rows = [
        (
            duty.id,
            short(duty.due),
            state_words(duty, now),
            duty.recipient.name,
            why(duty, regulation),
            listing(CHANNELS, duty.channels),
            word(OWNERS, duty.owner),
            duty.outage,
        )
        for duty, _place in zip(found, range(SHOWN), strict=False)
    ]
    if not rows:
        click.echo(_("No duties here. They follow from outages: desk outage open FILE"))
        return
    print_table(head, rows)
    if len(rows) == SHOWN:
        click.echo(_("The first {count}; --json has them all.").format(count=SHOWN))


@click.group("duty", cls=DeskGroup, help=N_("Write down what became of a duty."))
def duty() -> None:
    pass


@command("settle", help=N_("Write down what a try at a duty came to."))
@click.argument("id")
@click.option("--result", required=True, metavar="RESULT", help=N_("reached, no_answer, signed, published, …"))
@click.option("--channel", default="", metavar="NAME", help=N_("Over which channel."))
@click.option("--person", default="", metavar="NAME", help=N_("Who was reached, or signed."))
@click.option("--at", metavar="TIME", help=N_("When, as 2026-12-01T08:00; without an offset in the county's time."))
@click.option("--ref", default="", metavar="TEXT", help=N_("The reference of the proof."))
@click.option("--note", default="", metavar="TEXT", help=N_("Anything else; against the order, the reason."))
def settle(
    context: click.Context,
    id: str,
    result: str,
    channel: str,
    person: str,
    at: str | None,
    ref: str,
    note: str,
) -> None:
    from desk.clock import parse_time
    from desk.notices.words import state_words
    from desk.outputs import duty_json

    with opened(context) as desk:
        moment = parse_time(at, desk.place.clock.zone) if at else None
        done = desk.notices.settle(
            id, result, channel=channel, person=person, at=moment, ref=ref, note=note, reason=note
        )
        if flags(context).json:
            print_json(duty_json(done, desk.place.now()))
        else:
            click.echo(_("{id} is {status}").format(id=done.id, status=state_words(done, desk.place.now())))


duty.add_command(settle)
