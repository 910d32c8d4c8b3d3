"""`desk orders …`: the tables that say which feeder is cut after which; taken in, agreed to, asked what to cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from desk.cli.base import REFUSED, DeskGroup, command, flags, opened
from desk.cli.data import end_progress, print_report, progress_on_stderr
from desk.cli.show import print_json, print_table, short
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.orders import Choice, OrderTable

KINDS = click.Choice(["emergency", "capacity"])
FLAG = {True: N_("yes"), False: N_("no")}


@click.group("orders", cls=DeskGroup, help=N_("The tables of which feeder is cut after which."))
def orders() -> None:
    pass


def sub(name: str, help: str) -> Callable[[Callable[..., object]], click.Command]:
    """A command of `desk orders`."""

    def made(function: Callable[..., object]) -> click.Command:
        one = command(name, help=help)(function)
        orders.add_command(one)
        return one

    return made


@sub("import", help=N_("Take in a table as the next version of its kind; one bad row, and nothing is written."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--kind", type=KINDS, required=True, help=N_("Emergency shedding, or limits of capacity."))
@click.option("--year", type=click.IntRange(2000, 2999), metavar="YEAR", help=N_("The year it was compiled for."))
def import_(context: click.Context, file: str, kind: str, year: int | None) -> None:
    from pathlib import Path

    from desk.imports.order_rows import read_order_rows
    from desk.orders import Kind

    with opened(context) as desk:
        try:
            rows, report = read_order_rows(desk.place, file, progress_on_stderr())
        finally:
            end_progress()
        taken = None if report.rejected else desk.orders.take(Kind(kind), rows, source=Path(file).name, year=year)
    if flags(context).json:
        named = {"id": taken.table.id, "version": taken.table.version} if taken else {"id": None, "version": None}
        print_json({**named, "kind": kind, **{name: getattr(report, name) for name in report.__struct_fields__}})
    elif taken is None:
        print_report(report)
    else:
        text = (
            _("{id}: version {version}, {rows} feeders, {load} MW")
            if taken.fresh
            else _("{id} holds these rows already")
        )
        table = taken.table
        click.echo(text.format(id=table.id, version=table.version, rows=len(table.rows), load=f"{table.load:g}"))
    context.exit(REFUSED if taken is None else 0)


@sub("list", help=N_("Every version of both tables, and where it stands."))
def list_(context: click.Context) -> None:
    with opened(context) as desk:
        found = [(table, desk.orders.state(table)) for table in desk.orders.listed()]
    if flags(context).json:
        print_json([_table_json(table, state) for table, state in found])
    elif not found:
        click.echo(_("No order tables yet. Take one in with: desk orders import FILE --kind capacity"))
    else:
        _print_tables(found)


@sub("show", help=N_("One table with its feeders; a kind shows the one in force."))
@click.argument("id")
def show(context: click.Context, id: str) -> None:
    from desk.orders import MODES, STEP_WORDS

    with opened(context) as desk:
        table = desk.orders.get(id)
        state = desk.orders.state(table)
    if flags(context).json:
        print_json(_table_json(table, state) | {"rows": [_row_json(row) for row in table.rows]})
        return
    _print_tables([(table, state)])
    if table.consents:
        click.echo("")
        head = (_("step"), _("who"), _("how"), _("at"), _("reference"))
        given = (
            (_(STEP_WORDS[one.step]), one.by, _(MODES[one.mode]), short(one.at), one.ref) for one in table.consents
        )
        print_table(head, given)
    click.echo("")
    head = (_("position"), _("feeder"), _("load, MW"), _("protected"), _("notes"))
    rows = ((row.position, row.feeder, f"{row.load:g}", _(FLAG[row.protected]), row.notes) for row in table.rows)
    print_table(head, rows)


@sub("approve", help=N_("Record the government's approval, then the leader's consent."))
@click.argument("id")
@click.option("--step", type=click.Choice(["government", "leader"]), required=True, help=N_("Which of the two."))
@click.option("--by", required=True, metavar="NAME", help=N_("Who agreed."))
@click.option("--mode", type=click.Choice(["written", "phone"]), default="written", help=N_("How."))
@click.option("--at", metavar="TIME", help=N_("When, as 2026-12-01T08:00; without an offset in the county's time."))
@click.option("--ref", default="", metavar="TEXT", help=N_("The reference of the document."))
@click.option("--from", "since", metavar="TIME", help=N_("In force from; without it, from the leader's consent."))
def approve(
    context: click.Context, id: str, step: str, by: str, mode: str, at: str | None, ref: str, since: str | None
) -> None:
    from desk.clock import parse_time

    with opened(context) as desk:
        zone = desk.place.clock.zone
        when, begins = (parse_time(text, zone) if text else None for text in (at, since))
        table = desk.orders.consent(id, step, by=by, mode=mode, at=when, ref=ref, since=begins)
        state = desk.orders.state(table)
    if flags(context).json:
        print_json(_table_json(table, state))
    else:
        click.echo(_("{id}: {state}").format(id=table.id, state=_states()[state]))


@sub("choose", help=N_("The feeders to cut, in order, until a load is reached; and whom that touches."))
@click.option("--mw", type=float, required=True, metavar="MW", help=N_("The load that must go."))
@click.option("--kind", type=KINDS, default="capacity", help=N_("By which table."))
def choose(context: click.Context, mw: float, kind: str) -> None:
    from desk.orders import Kind

    with opened(context) as desk:
        choice = desk.orders.choose(Kind(kind), mw)
    if flags(context).json:
        print_json(_choice_json(choice))
    else:
        _print_choice(choice)
    context.exit(0 if choice.cut.enough else 1)


def _print_choice(choice: Choice) -> None:
    from desk.orders.choosing import WHY

    cut, table = choice.cut, choice.table
    words = {"load": f"{cut.load:g}", "needed": f"{cut.needed:g}", "table": table.id, "version": table.version}
    text = _("{load} MW of {needed} MW by {table}, version {version}")
    click.echo(text.format(**words) if cut.enough else text.format(**words) + _(": not enough feeders are left"))
    head = (_("position"), _("feeder"), _("load, MW"), _("customers"), _("special"), _("important"))
    rows = ((row, choice.below[row.feeder]) for row in cut.taken)
    print_table(
        head,
        (
            (row.position, row.feeder, f"{row.load:g}", below.customers, below.special, below.important)
            for row, below in rows
        ),
    )
    if cut.skipped:
        passed = ", ".join(f"{one.row.feeder} ({_(WHY[one.why])})" for one in cut.skipped)
        click.echo(_("passed over: {feeders}").format(feeders=passed))
    if choice.named:
        click.echo("")
        names = (_("account"), _("name"), _("special"), _("important"), _("grade"))
        print_table(
            names,
            (
                (one.account_no, one.name, _(FLAG[one.special]), _(FLAG[one.important]), one.grade)
                for one in choice.named
            ),
        )


def _print_tables(found: list[tuple[OrderTable, str]]) -> None:
    from desk.orders import KIND_WORDS

    head = (_("id"), _("kind"), _("version"), _("year"), _("state"), _("feeders"), _("load, MW"), _("in force from"))
    print_table(
        head,
        (
            (
                table.id,
                _(KIND_WORDS[table.kind]),
                table.version,
                table.year,
                _states()[state],
                len(table.rows),
                f"{table.load:g}",
                f"{table.in_force_from:%Y-%m-%d %H:%M}" if table.in_force_from else "",
            )
            for table, state in found
        ),
    )


def _states() -> dict[str, str]:
    from desk.orders import STATES

    return {name: _(words) for name, words in STATES.items()}


def _table_json(table: OrderTable, state: str) -> dict[str, Any]:
    from desk.outputs import moment

    given = [
        {"step": one.step, "by": one.by, "mode": one.mode, "at": moment(one.at), "ref": one.ref}
        for one in table.consents
    ]
    return {
        "id": table.id,
        "kind": table.kind.value,
        "version": table.version,
        "year": table.year,
        "state": state,
        "feeders": len(table.rows),
        "load": table.load,
        "compiled_at": moment(table.compiled_at),
        "by": table.by,
        "source": table.source,
        "consents": given,
        "in_force_from": moment(table.in_force_from),
    }


def _row_json(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("position", "feeder", "load", "protected", "notes")}


def _choice_json(choice: Choice) -> dict[str, Any]:
    cut, counts = choice.cut, ("customers", "special", "important")
    return {
        "table": choice.table.id,
        "kind": choice.table.kind.value,
        "version": choice.table.version,
        "needed": cut.needed,
        "load": cut.load,
        "enough": cut.enough,
        "feeders": [
            _row_json(row) | {name: getattr(choice.below[row.feeder], name) for name in counts} for row in cut.taken
        ],
        "skipped": [{"feeder": one.row.feeder, "position": one.row.position, "why": one.why} for one in cut.skipped],
        **{name: choice.touched(name) for name in counts},
        "named": [{name: getattr(one, name) for name in one.__struct_fields__} for one in choice.named],
    }
