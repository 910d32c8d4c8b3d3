"""`desk claims`: what the seats have taken on now; taken over with a reason, or let go."""

from __future__ import annotations

import click

from desk.cli.base import LazyGroup, command, flags, opened
from desk.cli.show import print_list, print_record
from desk.i18n import N_, _

COMMANDS = {"take-over": "desk.cli.claims:take_over", "drop": "desk.cli.claims:drop"}
KINDS = {"D": "duty", "B": "callback", "M": "message"}  # by the letter of their ids


@click.group(
    "claims",
    cls=LazyGroup,
    commands_at=COMMANDS,
    invoke_without_command=True,
    help=N_("What the seats have taken on: duties, callbacks, messages."),
)
@click.pass_context
def claims(context: click.Context) -> None:
    if context.invoked_subcommand is not None:
        return
    from desk.seats import bare

    with opened(context) as desk:
        desk.access.require("look_up")
        found = desk.seats.claims.all()
    if flags(context).json:
        print_record(found)
        return
    head = (_("id"), _("seat"), _("agent"), _("since"), _("lease ends"), _("customer"))
    rows = ((bare(one.id), one.seat, one.agent, f"{one.at:%H:%M}", f"{one.until:%H:%M}", one.about) for one in found)
    print_list(head, rows, _("No seat has anything in hand."))


@command("take-over", help=N_("Take a piece of work out of another seat's hands, for whoever has the right."))
@click.argument("id")
@click.option("--reason", default="", metavar="TEXT", help=N_("Why."))
def take_over(context: click.Context, id: str, reason: str) -> None:
    from desk.seats import bare

    with opened(context) as desk:
        taken = desk.seats.claims.take_over(_named(id), reason)
    if flags(context).json:
        print_record(taken)
    else:
        click.echo(_("{what} is yours until {until}").format(what=bare(taken.id), until=taken.until.strftime("%H:%M")))


@command("drop", help=N_("Let go of what this seat has in hand."))
@click.argument("id")
def drop(context: click.Context, id: str) -> None:
    from desk.seats import bare

    with opened(context) as desk:
        what = _named(id)
        desk.seats.claims.require(what)
        desk.seats.claims.drop(what)
    if flags(context).json:
        print_record([])
    else:
        click.echo(_("{what} is free").format(what=bare(what)))


def _named(id: str) -> str:
    """The name of the claim on `D12`, `B3` or `M7`; raises BadInput."""
    from desk.errors import BadInput

    kind = KINDS.get(id.strip().upper()[:1])
    if kind is None:
        raise BadInput(_("{id} is no duty, callback or message; write it like D12, B3 or M7").format(id=id))
    return f"{kind}:{id.strip().upper()}"
