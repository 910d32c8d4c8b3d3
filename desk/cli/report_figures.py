"""`desk report briefing|reliability`: a period on one page, and how reliable supply was in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.base import command, flags, opened
from desk.cli.show import print_json, print_table
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.oversight.reliability import Part, Reliability


def of_a_period(function: Callable[..., Any]) -> Callable[..., Any]:
    """--from, --to and --out, which every report takes."""
    out = click.option(
        "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help=N_("A .txt file.")
    )
    until = click.option("--to", "until", required=True, metavar="DATE", help=N_("The last day, as 2026-12-31."))
    since = click.option("--from", "since", required=True, metavar="DATE", help=N_("The first day, as 2026-12-01."))
    return since(until(out(function)))


@command("briefing", help=N_("A period on one page, for a leader."))
@of_a_period
def briefing(context: click.Context, since: str, until: str, out: Path | None) -> None:
    from desk.oversight.briefing import briefing as gather
    from desk.oversight.briefing import text_of
    from desk.oversight.compliance import period
    from desk.oversight.text_file import write_text

    with opened(context) as desk:
        place = desk.place
        found = gather(place, *period(since, until, place.clock.zone))
        text = text_of(found, place.config.county.name, {id: full for id, (full, _short) in place.type_names().items()})
        if out is not None:
            write_text(place, "briefing", f"{since} – {until}", text, out)
    if flags(context).json:
        told = {name: getattr(found, name) for name in found.__struct_fields__}
        print_json(told | {"reliability": _json(found.reliability)})
        return
    click.echo(text if out is None else _("written to {file}").format(file=out))


@command("reliability", help=N_("Customer hours lost, SAIDI, SAIFI, CAIDI and ASAI."))
@of_a_period
def reliability(context: click.Context, since: str, until: str, out: Path | None) -> None:
    from desk.oversight.compliance import period
    from desk.oversight.reliability import reliability as measure
    from desk.oversight.text_file import write_text

    with opened(context) as desk:
        place = desk.place
        found, names = measure(place, *period(since, until, place.clock.zone)), place.type_names()
        if out is not None:
            write_text(place, "reliability", f"{since} – {until}", "\n".join(_lines(found)), out)
    if flags(context).json:
        print_json(_json(found))
        return
    if out is not None:
        click.echo(_("written to {file}").format(file=out))
        return
    click.echo("\n".join(_lines(found)))
    click.echo("")
    head = (_("type"), _("outages"), _("customers"), _("customer hours"))
    print_table(head, ((names.get(name, (name, ""))[0], *_cells(part)) for name, part in found.by_type.items()))
    print_table(
        (_("outage"), _("customers"), _("hours"), _("customer hours")),
        ((one.outage, one.customers, f"{one.hours:.1f}", f"{one.customer_hours:,.1f}") for one in found.worst),
    )


def _lines(found: Reliability) -> list[str]:
    return [
        _("customers: {count}; hours of the period: {hours}").format(
            count=found.customers, hours=f"{found.hours:,.1f}"
        ),
        _("outages: {count}; customers interrupted: {customers}; customer hours lost: {hours}").format(
            count=found.all.outages,
            customers=found.all.customers_interrupted,
            hours=f"{found.all.customer_hours_lost:,.1f}",
        ),
        f"SAIFI {found.saifi:.4f}  SAIDI {found.saidi:.4f} h  CAIDI {found.caidi:.4f} h  ASAI {found.asai:.4%}",
    ]


def _cells(part: Part) -> tuple[object, ...]:
    return part.outages, part.customers_interrupted, f"{part.customer_hours_lost:,.1f}"


def _json(found: Reliability) -> dict[str, Any]:
    """The figures under the names that the field uses."""
    return {
        "since": found.since,
        "until": found.until,
        "hours": found.hours,
        "customers": found.customers,
        "outages": found.all.outages,
        "customers_interrupted": found.all.customers_interrupted,
        "customer_hours_lost": found.all.customer_hours_lost,
        "saifi": found.saifi,
        "saidi": found.saidi,
        "caidi": found.caidi,
        "asai": found.asai,
        "by_type": {
            name: {
                "outages": part.outages,
                "customers_interrupted": part.customers_interrupted,
                "customer_hours_lost": part.customer_hours_lost,
            }
            for name, part in found.by_type.items()
        },
        "worst": [
            {"outage": one.outage, "customers": one.customers, "hours": one.hours, "customer_hours": one.customer_hours}
            for one in found.worst
        ],
    }
