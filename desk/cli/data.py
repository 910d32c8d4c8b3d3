"""`desk init`, `desk import` and `desk export`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from desk.cli.base import REFUSED, command, flags, loaded, opened
from desk.cli.show import print_json, print_table
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.imports import Report


@command("init", help=N_("Make an empty data folder."))
@click.option("--sandbox", is_flag=True, help=N_("One to try things in: its clock may be set with DESK_NOW."))
def init(context: click.Context, sandbox: bool) -> None:
    from desk.app import Desk
    from desk.opening import desk_place

    config = loaded(context)
    Desk.create(config, sandbox=sandbox).close()
    if flags(context).json:
        print_json({"data": str(config.data), "sandbox": sandbox})
    else:
        click.echo(_("An empty desk is in {folder}").format(folder=desk_place(config)))


@command("import", help=N_("Take in a file: CSV, XLSX, XLS or JSON lines."))
@click.argument("what", type=click.Choice(["network", "customers", "outages"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help=N_("Report the same, write nothing."))
@click.option("--strict", is_flag=True, help=N_("One bad row, and nothing is written."))
def import_(context: click.Context, what: str, file: str, dry_run: bool, strict: bool) -> None:
    from desk.imports import import_file

    with opened(context) as desk:
        try:
            report = import_file(desk.place, what, file, dry_run=dry_run, strict=strict, progress=progress_on_stderr())
        finally:
            end_progress()
    if flags(context).json:
        print_json(report)
    else:
        print_report(report)
    context.exit(_exit_code(report, strict=strict))


def _exit_code(report: Report, *, strict: bool) -> int:
    """0 all good, 1 some rows left out, 2 nothing could be used."""
    if not report.rejected:
        return 0
    used = report.created + report.updated + report.unchanged
    return 1 if used and not strict else REFUSED


def print_report(report: Report) -> None:
    words = {
        "read": report.read,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": len({reason.row for reason in report.rejected}),
    }
    text = _("{read} rows: {created} new, {updated} changed, {unchanged} as before, {rejected} left out")
    click.echo(text.format(**words))
    if report.unknown_columns:
        click.echo(_("columns not used: {names}").format(names=", ".join(report.unknown_columns)))
    if report.rejected:
        head = (_("row"), _("column"), _("value"), _("problem"))
        print_table(head, ((line.row, line.field, line.value, line.problem) for line in report.rejected))


@command("export", help=N_("Write customers, outages, calls or duties to a csv, xlsx or jsonl file."))
@click.argument("what", type=click.Choice(["customers", "outages", "calls", "duties"]))
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--approval", default="", metavar="ID", help=N_("By this leave; without it, by your own valid one."))
@click.option("--purpose", default="", metavar="TEXT", help=N_("What it is for, where nobody else gives leave."))
def export(context: click.Context, what: str, file: str, approval: str, purpose: str) -> None:
    from desk.exports import export as write

    with opened(context) as desk:
        try:
            rows = write(desk.place, what, file, progress=progress_on_stderr(), approval=approval, purpose=purpose)
        finally:
            end_progress()
    if flags(context).json:
        print_json({"rows": rows, "file": file})
    else:
        click.echo(_("{rows} rows written to {file}").format(rows=rows, file=file))


def progress_on_stderr() -> _Progress | None:
    """Shows how far a long work is, where somebody is watching."""
    return _Progress() if sys.stderr.isatty() else None


class _Progress:
    def __call__(self, done: int, total: int) -> None:
        click.echo(f"\r{100 * done // max(total, 1):3d} %", nl=False, err=True)


def end_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r      \r", nl=False, err=True)
