"""`desk audit`: who was shown, changed or took away what; whether it is still as written; who signed for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.show import print_json, print_record, print_table
from desk.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from datetime import tzinfo

    from desk.audit.reading import Asked
    from desk.audit.verifying import Found

WRONG = 1  # exit code: something was found


@click.group("audit", cls=DeskGroup, help=N_("What must be answerable later."))
def audit() -> None:
    pass


@command("show", help=N_("The lines of the audit, oldest first."))
@click.option("--since", metavar="TIME", help=N_("Not before this moment."))
@click.option("--until", metavar="TIME", help=N_("Before this moment."))
@click.option("--by", metavar="NAME", help=N_("What this agent did."))
@click.option("--act", metavar="ACT", help=N_("This act, such as outage.open, or this kind, such as outage."))
@click.option("--about", metavar="ID", help=N_("What was done to this one."))
@click.option("--limit", type=click.IntRange(0), default=0, metavar="N", help=N_("The newest so many."))
def show(context: click.Context, limit: int, **asked: str | None) -> None:
    with opened(context) as desk:
        desk.access.require("see_audit")
        lines = desk.audit.listed(_asked(asked, limit, desk.place.clock.zone))
    if flags(context).json:
        names = ("id", "at", "by", "act", "about", "details", "number", "seat", "role", "previous", "hash")
        print_json([{name: getattr(line, name) for name in names} for line in lines])
        return
    head = (_("at"), _("who"), _("what"), _("about"))
    print_table(head, ((line.at.strftime("%Y-%m-%d %H:%M:%S"), line.by, line.act, line.about) for line in lines))


@command("lines", help=N_("Every line as it is stored, one JSON document a line: for whoever checks by themselves."))
def lines(context: click.Context) -> None:
    with opened(context) as desk:
        desk.access.require("see_audit")
        for body in desk.audit.lines.bodies():
            click.echo(body)


@command("verify", help=N_("Whether every line is what was written, and every signature good."))
@click.option(
    "--checkpoints",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help=N_("Checkpoints that were kept elsewhere."),
)
@click.option("--key", "keys", multiple=True, metavar="KEY", help=N_("Believe only signatures of this public key."))
@click.option("--documents", is_flag=True, help=N_("Also whether what is stored is what the lines tell of."))
def verify(context: click.Context, files: tuple[Path, ...], keys: tuple[str, ...], documents: bool) -> None:
    from desk.audit.checkpoints import read_file
    from desk.audit.keys import read_public

    with opened(context) as desk:
        desk.access.require("verify_audit")
        kept = [one for file in files for one in read_file(file)]
        found = desk.verify_audit(kept=kept, trusted=map(read_public, keys), documents=documents)
    if flags(context).json:
        print_record(found)
    else:
        _tell(found)
    context.exit(0 if found.ok else WRONG)


@command("checkpoint", help=N_("Sign the last line now, and print what was signed: keep it elsewhere."))
def checkpoint(context: click.Context) -> None:
    from desk.audit.chain import canonical

    with opened(context) as desk:
        desk.access.require("verify_audit")
        made = desk.audit.checkpoint()
    if flags(context).json:
        print_record(made)
    else:
        # One line, as a file of checkpoints has it: `desk audit checkpoint >> kept.jsonl`.
        click.echo(canonical(made) if made else _("there is nothing to sign yet"), err=made is None)


@command("key", help=N_("The public key of this seat: keep it elsewhere."))
def key(context: click.Context) -> None:
    with opened(context) as desk:
        desk.access.require("verify_audit")
        public = desk.audit.checkpoints.key().public
    if flags(context).json:
        print_json({"key": public})
    else:
        click.echo(public)


def _asked(asked: dict[str, str | None], limit: int, zone: tzinfo) -> Asked:
    from desk.audit.reading import Asked
    from desk.clock import parse_time

    since, until = (parse_time(text, zone) if (text := asked.pop(name)) else None for name in ("since", "until"))
    return Asked(since=since, until=until, limit=limit, **{name: text or "" for name, text in asked.items()})


def _tell(found: Found) -> None:
    for fault in found.faults:
        click.echo(f"{fault.what}" if not fault.line else f"{fault.line:>9}  {fault.what}")
    if found.fault_count > len(found.faults):
        click.echo(_("… and {count} more").format(count=found.fault_count - len(found.faults)))
    if found.ok:
        text = ngettext("{count} line, nothing wrong", "{count} lines, nothing wrong", found.lines + found.old_lines)
        click.echo(text.format(count=found.lines + found.old_lines))
    else:
        click.echo(_("up to line {number} nothing is wrong").format(number=found.trustworthy))
    if found.checkpoints:
        words = _("signed up to line {number}, by {count} checkpoints")
        click.echo(words.format(number=found.signed, count=found.checkpoints))
    else:
        click.echo(_("nothing is signed yet: desk audit checkpoint"))
    for key in found.keys:  # an unknown one among them is how a forger would sign
        words = _("key {key}: seat {seat}, {by}, {at}, line {line}")
        at = key.at.strftime("%Y-%m-%d %H:%M")
        click.echo(words.format(key=key.key[:16], seat=key.seat, by=key.by, at=at, line=key.line))
    if found.documents is not None:
        click.echo(
            _("{count} documents and entries of evidence held against their lines").format(count=found.documents)
        )


for one in (show, lines, verify, checkpoint, key):
    audit.add_command(one)
