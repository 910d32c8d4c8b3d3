"""`desk plugins list`: every part, whether it is on, and why not; `desk plugins trust`: someone answers for one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.show import print_json, print_table
from desk.errors import BadInput
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.app import Desk

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
    head = (_("part"), _("kind"), _("from"), _("state"), _("ms"), _("parts"), _("reason"))
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


@command("trust", help=N_("Approve a part as it is now: one that waits, by name, or a file to take in."))
@click.argument("part")
@click.option("--by", default="", metavar="NAME", help=N_("Who answers for it."))
def trust(context: click.Context, part: str, by: str) -> None:
    with opened(context) as desk:
        desk.access.require("trust_plugins")
        name = part if not part.endswith(".py") or _waits(desk, part) else str(_taken_in(desk, Path(part)))
    with opened(context) as desk:  # a file that was just taken in waits from here on
        approval = desk.place.plugins.approve(_path(name), by or desk.place.agent, desk.place.now())
        desk.access.note("plugins.trust", approval.path, {"sha256": approval.sha256, "by": approval.who})
    if flags(context).json:
        print_json(approval)
    else:
        words = {"who": approval.who, "path": approval.path}
        click.echo(_("{who} answers for {path}; it is on from the next start").format(**words))


def _path(name: str) -> str:
    return str(Path(name).absolute()) if name.endswith(".py") else name


def _waits(desk: Desk, file: str) -> bool:
    """Whether this very file lies in a folder of parts."""
    return any(row.from_ == _path(file) for row in desk.place.plugins.listed())


def _taken_in(desk: Desk, file: Path) -> Path:
    """A copy of the file among the parts of the data folder; raises BadInput rather than write over another."""
    if not file.is_file():
        raise BadInput(_("there is no file {file}").format(file=file))
    place, content = desk.place.config.data / "plugins" / file.name, file.read_bytes()
    if place.exists() and place.read_bytes() != content:
        words = {"place": place, "name": place.stem}
        raise BadInput(_("{place} is another file; change it there, then: desk plugins trust {name}").format(**words))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


plugins.add_command(list_)
plugins.add_command(trust)
