"""`desk call log` and `desk calls`."""

from __future__ import annotations

import click

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.show import print_json, print_table, read_object, short
from desk.i18n import N_, _

EVERY = 10**9


@click.group("call", cls=DeskGroup, help=N_("Log a call."))
def call() -> None:
    pass


@command("log", help=N_("Save a call from a JSON object; - reads it from stdin."))
@click.argument("file")
def log(context: click.Context, file: str) -> None:
    from desk.calls import read_call
    from desk.outputs import logged_json

    with opened(context) as desk:
        print_json(logged_json(desk.calls.log(read_call(read_object(file), desk.place.clock.zone))))


call.add_command(log)


@command("calls", help=N_("The call log, newest first."))
@click.option("--customer", default="", metavar="ACCOUNT", help=N_("Of this customer only."))
@click.option("--since", metavar="TIME", help=N_("Not before this moment."))
def calls(context: click.Context, customer: str, since: str | None) -> None:
    from desk.calls.topics import TOPICS
    from desk.clock import parse_time
    from desk.outputs import call_json
    from desk.tui.words import say

    with opened(context) as desk:
        after = parse_time(since, desk.place.clock.zone) if since else None
        found = desk.calls.search(account_no=customer, since=after, limit=EVERY)
    if flags(context).json:
        print_json([call_json(one) for one in found])
    elif not found:
        click.echo(_("No calls here. Save one with: desk call log FILE"))
    else:
        head = (_("id"), _("at"), _("number"), _("account"), _("name"), _("topic"), _("outage"), _("note"))
        print_table(
            head,
            (
                (
                    one.id,
                    short(one.at),
                    one.written_number,
                    one.account_no,
                    one.customer_name,
                    say(TOPICS, one.topic),
                    one.outage,
                    one.note,
                )
                for one in found
            ),
        )
