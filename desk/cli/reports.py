"""`desk report`; here its self-check: what was out of order, late, not done or not signed for in a period."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.report_figures import briefing, reliability
from desk.cli.show import print_json, print_table, short
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.oversight.compliance import Compliance

SHOWN = 200  # rows of a table on a terminal; a file holds them all
WORST = 20  # outages whose coverage is shown


@click.group("report", cls=DeskGroup, help=N_("What the desk can account for."))
def report() -> None:
    pass


@command("compliance", help=N_("What was out of order, late, not done or not signed for, by article and outage."))
@click.option("--from", "since", required=True, metavar="DATE", help=N_("The first day, as 2026-12-01."))
@click.option("--to", "until", required=True, metavar="DATE", help=N_("The last day, as 2026-12-31."))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help=N_("An .xlsx file."))
def compliance(context: click.Context, since: str, until: str, out: Path | None) -> None:
    from desk.errors import BadInput
    from desk.oversight.compliance import compliance as check
    from desk.oversight.compliance import period
    from desk.oversight.workbook import who_and_when, write_workbook

    if out is not None and out.suffix.lower() != ".xlsx":
        raise BadInput(_("{file} must end in .xlsx; --json prints the rows").format(file=out.name))
    with opened(context) as desk:
        found = check(desk.place, *period(since, until, desk.place.clock.zone))
        if out is not None:
            write_workbook(desk.place, found, out)
        county = desk.place.config.county.name
    if flags(context).json:
        print_json([{name: getattr(row, name) for name in row.__struct_fields__} for row in found.rows])
        return
    click.echo(who_and_when(county, found))
    if out is not None:
        click.echo(_("{rows} rows written to {file}").format(rows=len(found.rows), file=out))
        return
    _print(found)


def _print(found: Compliance) -> None:
    from desk.oversight.words import article
    from desk.oversight.workbook import count_cells, count_head, open_names
    from desk.regulation.words import STEPS, word

    click.echo("")
    if found.by_article:
        print_table(
            (_("article"), *count_head()),
            ((article(name), *count_cells(one)) for name, one in found.by_article.items()),
        )
    else:
        click.echo(_("No duty was due in this period."))
    click.echo("")
    _print_rows(found)
    worst = sorted((item for item in found.by_outage.items() if item[1].open), key=lambda item: -item[1].open)
    if worst:
        click.echo("")
        rows = ((outage or "–", f"{one.told}/{one.owed}", one.overdue, open_names(one, 6)) for outage, one in worst)
        print_table((_("outage"), _("told"), _("overdue"), _("still open")), list(rows)[:WORST])
    if found.waiting:
        click.echo("")
        head = (_("outage"), _("article"), _("approval outstanding"), _("last moment"))
        print_table(
            head,
            (
                (one.outage, " ".join(one.articles), word(STEPS, one.step), short(one.needed_by))
                for one in found.waiting[:SHOWN]
            ),
        )


def _print_rows(found: Compliance) -> None:
    if not found.rows:
        click.echo(_("Nothing was out of order, late, missed or unsigned."))
        return
    from desk.oversight.words import article

    head = (_("at"), _("outage"), _("article"), _("what"))
    print_table(head, ((short(row.at), row.outage, article(row.article), row.what) for row in found.rows[:SHOWN]))
    if len(found.rows) > SHOWN:
        more = len(found.rows) - SHOWN
        click.echo(_("… and {count} more: --json prints all, --out FILE.xlsx writes them").format(count=more))


for _one in (briefing, compliance, reliability):
    report.add_command(_one)
