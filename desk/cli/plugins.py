"""`desk plugins list`: every part, whether it is on, and why not."""

from __future__ import annotations

import click

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.show import print_json, print_table
from desk.i18n import N_, _

STATE_WORDS = {
    "on": N_("on"),
    "off": N_("switched off"),
    "paused": N_("paused"),
    "not_approved": N_("not approved"),
}


@click.group("plugins", cls=DeskGroup, help=N_("The parts the desk is made of."))
def plugins() -> None:
    pass


@command("list", help=N_("Every part: where from, on or off and why, load time."))
def list_(context: click.Context) -> None:
    with opened(context) as desk:
        rows = desk.place.plugins.listed()
    if flags(context).json:
        print_json(rows)
        return
    head = (_("name"), _("kind"), _("from"), _("state"), _("ms"), _("parts"), _("reason"))
    print_table(
        head,
        (
            (
                row.name,
                row.kind,
                row.from_,
                _(STATE_WORDS[row.state]),
                round(row.load_ms),
                " ".join(row.parts),
                row.reason,
            )
            for row in rows
        ),
    )


plugins.add_command(list_)
