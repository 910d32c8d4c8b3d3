"""`desk serve`: the same desk in a browser, behind a sign-in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from desk.cli.base import command, flags, opened_by_machine
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.cli.base import Flags
    from desk.config import Config


@command("serve", help=N_("Open the desk to browsers, behind a sign-in; on this machine only, unless told otherwise."))
@click.option("--host", metavar="ADDRESS", help=N_("Where to listen, instead of [serve] host."))
@click.option("--port", type=click.IntRange(1, 65535), metavar="PORT", help=N_("The port, instead of [serve] port."))
def serve(context: click.Context, host: str | None, port: int | None) -> None:
    from desk.serve.addresses import is_loopback
    from desk.serve.door import DeskDoor
    from desk.serve.server import DeskServer

    with opened_by_machine(context, "desk serve") as desk:
        desk.access.require("serve")
        require_agents(desk)
        config = _asked(desk.place.config, host, port)
        server = DeskServer(config, DeskDoor(desk), screen_command(config, flags(context)))
        desk.access.note("serve.start", config.serve.host, {"port": config.serve.port})
        if not is_loopback(config.serve.host):
            click.echo(_(IN_THE_CLEAR).format(host=config.serve.host), err=True)
        for site in server.sites:
            click.echo(_("The desk is at {address}").format(address=site.origin + site.path))
        sys.stdout.flush()
        server.serve()
        desk.access.note("serve.stop", config.serve.host)


IN_THE_CLEAR = N_(
    "Careful: {host} is reached from the network, and passwords travel in the clear; "
    "listen on 127.0.0.1 and put a server with TLS before it, see docs/serve.md"
)


def require_agents(desk: Desk) -> None:
    """Raises Refused while nobody could sign in: a browser is no user of this machine."""
    from desk import schema
    from desk.errors import Refused
    from desk.records import Agent

    if not desk.place.store.records(schema.AGENTS, Agent).count():
        raise Refused(_("browsers must sign in, and no agent is listed; list them with: desk agents add"))


def screen_command(config: Config, asked: Flags) -> list[str]:
    """What opens one desk for a page: no shell, and nothing about who signs in."""
    found = [sys.executable, "-m", "desk.cli.served", "--data", str(config.data)]
    if config.path:
        found += ["--config", str(config.path.absolute())]
    return [*found, "--safe"] if asked.safe or config.safe else found


def _asked(config: Config, host: str | None, port: int | None) -> Config:
    settings = config.serve
    return replace(config, serve=replace(settings, host=host or settings.host, port=port or settings.port))
