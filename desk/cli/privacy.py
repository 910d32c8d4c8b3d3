"""`desk privacy`: leave to export, what is kept no longer, and what is held on a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.base import LazyGroup, command, flags, opened
from desk.cli.show import print_in_full, print_json, print_list, print_table, short
from desk.i18n import N_, _
from desk.text import clean

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.privacy.persons import Erased
    from desk.privacy.retention import Outcome
    from desk.records import ExportApproval

NAMES = ("ask", "approve", "refuse", "approvals", "retention", "person", "erase")


@click.group(
    "privacy",
    cls=LazyGroup,
    commands_at={name: f"desk.cli.privacy:{name}" for name in NAMES},
    help=N_("People's data: leave to export, how long it is kept, a person's rights."),
)
def privacy() -> None:
    pass


@command("ask", help=N_("Ask for leave to export; somebody else gives it."))
@click.argument("what", metavar="customers|outages|calls|duties|person")
@click.option("--purpose", default="", metavar="TEXT", help=N_("What the export is for."))
def ask(context: click.Context, what: str, purpose: str) -> None:
    from desk.privacy.approvals import Approvals

    with opened(context) as desk:
        _tell(context, desk, Approvals(desk.place).ask(what, purpose))


@command("approve", help=N_("Give leave; not one's own where agents sign in."))
@click.argument("id")
def approve(context: click.Context, id: str) -> None:
    from desk.privacy.approvals import Approvals

    with opened(context) as desk:
        _tell(context, desk, Approvals(desk.place).give(id))


@command("refuse", help=N_("Refuse leave, or take it back before it is used."))
@click.argument("id")
def refuse(context: click.Context, id: str) -> None:
    from desk.privacy.approvals import Approvals

    with opened(context) as desk:
        _tell(context, desk, Approvals(desk.place).refuse(id))


@command("approvals", help=N_("Leave asked for, given, refused and used, the latest first."))
@click.option("--state", default="", metavar="asked|given|refused|expired|used", help=N_("Of this state only."))
def approvals(context: click.Context, state: str) -> None:
    from desk.privacy.approvals import WORDS, Approvals
    from desk.privacy.watermark import WHAT

    with opened(context) as desk:
        book = Approvals(desk.place)
        found = book.listed(state)
        standings = [book.standing(one) for one in found]
    if flags(context).json:
        print_json([_approval_json(one, str(standing)) for one, standing in zip(found, standings, strict=True)])
        return
    head = (_("id"), _("state"), _("data"), _("who"), _("purpose"), _("asked"), _("given by"), _("valid until"))
    rows = (
        (
            one.id,
            _(WORDS[standing]),
            _(WHAT.get(one.what, one.what)),
            one.agent,
            one.purpose,
            short(one.asked_at),
            one.refused_by or one.approved_by,
            short(one.expires_at),
        )
        for one, standing in zip(found, standings, strict=True)
    )
    print_list(head, rows, _("No leave was asked for. Ask with: desk privacy ask customers --purpose TEXT"))


@command("retention", help=N_("Delete what need not be kept any longer, as [privacy] keep says."))
@click.option("--dry-run", is_flag=True, help=N_("Only show what would go."))
def retention(context: click.Context, dry_run: bool) -> None:
    from desk.privacy.retention import Retention

    with opened(context) as desk:
        found = Retention(desk.place).plan() if dry_run else Retention(desk.place).run()
    if flags(context).json:
        print_json({"dry_run": dry_run, "due": found.due, "kept": found.kept})
    else:
        _print_outcome(found)


@command("person", help=N_("All that is held on one customer; numbers are masked without leave."))
@click.argument("account")
@click.option("--approval", default="", metavar="ID", help=N_("By this leave to export person: numbers in full."))
def person(context: click.Context, account: str, approval: str) -> None:
    from desk.privacy.persons import Persons

    with opened(context) as desk:
        held = Persons(desk.place).held(account, approval)
    if flags(context).json:
        print_in_full(held)
        return
    for table, rows in held.items():
        click.echo(f"{table} ({len(rows)})")
        for row in rows:
            click.echo("  " + clean("  ".join(f"{name}={value}" for name, value in row.items())))


@command("erase", help=N_("Erase what is held on a customer, as far as the law lets it be erased."))
@click.argument("account")
@click.option("--reason", default="", metavar="TEXT", help=N_("Who asked for it, and how."))
@click.option("--account-closed", is_flag=True, help=N_("The contract has ended: the customer's record goes too."))
@click.option("--dry-run", is_flag=True, help=N_("Only show what would go."))
def erase(context: click.Context, account: str, reason: str, account_closed: bool, dry_run: bool) -> None:
    from desk.privacy.persons import Persons

    with opened(context) as desk:
        persons = Persons(desk.place)
        if dry_run:
            done = persons.foreseen(account, account_closed=account_closed)
        else:
            done = persons.erase(account, reason, account_closed=account_closed)
    if flags(context).json:
        print_json([{"table": one.table, "rows": one.rows, "kept": one.kept or None} for one in done])
    else:
        _print_erased(done)


def _print_erased(done: list[Erased]) -> None:
    from desk.privacy.persons import KEPT

    head = (_("table"), _("records"), _("what becomes of them"))
    print_table(head, ((one.table, one.rows, _(KEPT[one.kept]) if one.kept else _("erased")) for one in done))


def _print_outcome(found: Outcome) -> None:
    head = (_("table"), _("records"), _("over before"), _("what becomes of them"))
    words = {"deleted": _("deleted"), "stripped": _("kept without the caller")}
    rows = ((one.table, one.rows, f"{one.before:%Y-%m-%d}", words[one.how]) for one in found.due)
    print_list(head, rows, _("Nothing is older than it may be kept."))
    for line in found.kept:
        click.echo(line)


def _tell(context: click.Context, desk: Desk, leave: ExportApproval) -> None:
    from desk.privacy.approvals import WORDS, Approvals
    from desk.privacy.watermark import WHAT

    standing = Approvals(desk.place).standing(leave)
    if flags(context).json:
        print_json(_approval_json(leave, str(standing)))
        return
    what = _(WHAT.get(leave.what, leave.what))
    words = {"id": leave.id, "what": what, "who": leave.agent, "standing": _(WORDS[standing])}
    click.echo(_("{id}: {what} for {who}, {standing}").format(**words))
    if leave.expires_at and not leave.refused_by:
        click.echo(_("holds until {at}, for one export").format(at=f"{leave.expires_at:%Y-%m-%d %H:%M}"))


def _approval_json(leave: ExportApproval, standing: str) -> dict[str, object]:
    row: dict[str, object] = {name: getattr(leave, name) for name in leave.__struct_fields__}
    return {**row, "state": standing}
