"""`desk ring NUMBER`: an incoming call, from any telephone system that can run a command."""

from __future__ import annotations

import click

from desk.cli.base import command, flags, opened_by_machine
from desk.cli.show import print_json
from desk.i18n import N_, _


@command("ring", help=N_("A telephone rings: the desk of its seat shows who calls. An empty number is withheld."))
@click.argument("number")
@click.option("--seat", default="", metavar="ID", help=N_("At which seat; without it, at every seat."))
@click.option("--extension", default="", metavar="EXT", help=N_("At which telephone; [ring] seats says whose it is."))
@click.option("--call-id", default="", metavar="ID", help=N_("The telephone system's name of this call."))
@click.option("--state", default="ringing", metavar="ringing|answered|ended", help=N_("What happened to it."))
def ring(context: click.Context, number: str, seat: str, extension: str, call_id: str, state: str) -> None:
    from desk.outputs import ring_json
    from desk.rings.reading import read_incoming
    from desk.rings.words import STATE_WORDS, number_words

    told = {"number": number, "seat": seat, "extension": extension, "call_id": call_id, "state": state}
    with opened_by_machine(context, "desk ring") as desk:
        found = desk.rings.hear(read_incoming(told), "command")
        if flags(context).json:
            print_json(ring_json(found))
            return
        where = ", ".join(filter(None, (found.seat, *found.also))) or _("every seat")
        words = {"id": found.id, "number": number_words(found), "state": _(STATE_WORDS[found.state]), "seat": where}
        click.echo(_("{id}: {number} {state}, seat: {seat}").format(**words))
