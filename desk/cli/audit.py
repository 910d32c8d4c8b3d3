"""`desk audit show`: who was shown, changed or took away what."""

from __future__ import annotations

import click

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.show import print_json, print_table
from desk.i18n import N_, _


@click.group("audit", cls=DeskGroup, help=N_("What must be answerable later."))
def audit() -> None:
    pass


@command("show", help=N_("The lines of the audit, oldest first."))
@click.option("--since", metavar="TIME", help=N_("Not before this moment."))
def show(context: click.Context, since: str | None) -> None:
    from desk.clock import parse_time

    with opened(context) as desk:
        desk.access.require("see_audit")
        after = parse_time(since, desk.place.clock.zone).isoformat() if since else None
        lines = desk.place.audit_table.range("at", after, None)
    if flags(context).json:
        names = ("id", "at", "by", "act", "about", "details")
        print_json([{name: getattr(line, name) for name in names} for line in lines])
        return
    head = (_("at"), _("who"), _("what"), _("about"))
    print_table(head, ((line.at.strftime("%Y-%m-%d %H:%M:%S"), line.by, line.act, line.about) for line in lines))


audit.add_command(show)
