"""`desk demo`: a made-up county in a sandbox."""

from __future__ import annotations

from pathlib import Path

import click

from desk.cli.base import command, flags, loaded, screen_options
from desk.errors import Refused
from desk.i18n import N_, _


@command("demo", help=N_("A made-up county in a sandbox, opened on the screen."))
@click.option("--customers", type=click.IntRange(1), default=10_000, metavar="N", help=N_("How many customers."))
@click.option("--seed", type=int, default=1, metavar="N", help=N_("The same number makes the same county."))
@click.option("--no-ui", is_flag=True, help=N_("Only build it and print where it is."))
@screen_options
def demo(context: click.Context, customers: int, seed: int, no_ui: bool, mouse: bool, color: bool) -> int:
    from desk import demo as county
    from desk.app import Desk
    from desk.cli.screen import open_desk
    from desk.opening import is_sandbox, standing_clock

    asked = flags(context)
    asked.data = asked.data or _fresh_folder()
    config = loaded(context)
    if config.data.is_dir() and any(config.data.iterdir()):
        raise Refused(_("{folder} is not empty; a demo needs a folder of its own").format(folder=config.data))
    county.prepare(config.data)
    config = county.in_training(config)
    Desk.create(config, sandbox=True).close()
    assert is_sandbox(config)
    with Desk.open(config, clock=standing_clock(config)) as desk:
        county.build(desk.place, customers, seed)
    if no_ui:
        click.echo(str(config.data))
        return 0
    return open_desk(config, mouse=mouse, color=color)


def _fresh_folder() -> Path:
    from tempfile import mkdtemp

    return Path(mkdtemp(prefix="desk-demo-"))
