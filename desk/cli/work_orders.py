"""`desk workorders`: what crews must go and see, how far they are, who is late."""

from __future__ import annotations

import click

from desk.cli.base import LazyGroup, command, flags, opened
from desk.cli.show import print_list, print_record, print_table, short
from desk.i18n import N_, _
from desk.records import WorkOrder

COMMANDS = {name: f"desk.cli.work_orders:{name}" for name in ("open_", "show", "move", "expedite", "close", "cancel")}


@click.group(
    "workorders",
    cls=LazyGroup,
    commands_at={name.rstrip("_"): place for name, place in COMMANDS.items()},
    invoke_without_command=True,
    help=N_("Work orders: open, move on, hurry, close."),
)
@click.option("--state", default="alive", metavar="STATE", help=N_("alive, late, all, or one state."))
@click.option("--outage", default="", metavar="ID", help=N_("Of this outage only."))
@click.pass_context
def work_orders(context: click.Context, state: str, outage: str) -> None:
    if context.invoked_subcommand is not None:
        return
    with opened(context) as desk:
        found = desk.work_orders.listed(state=state, outage=outage.strip().upper())
        now = desk.place.now()
    if flags(context).json:
        print_record(found)
        return
    from desk.work_orders import URGENCY_WORDS, WORDS, is_late

    head = (_("id"), _("urgency"), _("state"), _("by"), _("late"), _("where"), _("crew"), _("hurried"), _("outage"))
    print_list(
        head,
        (
            (
                one.id,
                _(URGENCY_WORDS[one.urgency]),
                _(WORDS[one.state]),
                short(one.arrive_by),
                "!" if is_late(one, now) else "",
                one.place,
                one.crew,
                one.expedites or "",
                one.outage,
            )
            for one in found
        ),
        _("No work orders here. Make one from a call with: desk workorders open --call ID"),
    )


@command("open", help=N_("Make one from a call, for a customer, or for a place."))
@click.option("--call", default="", metavar="ID", help=N_("From this call."))
@click.option("--account", default="", metavar="ACCOUNT", help=N_("For this customer."))
@click.option("--place", default="", metavar="TEXT", help=N_("Where it is."))
@click.option("--hazard", default="", metavar="WORD", help=N_("What danger there is."))
@click.option("--told", is_flag=True, help=N_("The customer was told that the fault is on their side."))
@click.option("--note", default="", metavar="TEXT", help=N_("What is known."))
def open_(context: click.Context, call: str, account: str, place: str, hazard: str, told: bool, note: str) -> None:
    with opened(context) as desk:
        asked = {"call": call, "account_no": account, "place": place, "hazard": hazard, "note": note}
        _tell(context, desk.work_orders.open(**asked, told_customer_side=told))


@command("show", help=N_("One work order with its steps."))
@click.argument("id")
def show(context: click.Context, id: str) -> None:
    from desk.work_orders import step_word

    with opened(context) as desk:
        order = desk.work_orders.get(id)
    _tell(context, order)
    if not flags(context).json:
        print_table(
            (_("at"), _("what"), _("who"), _("note")),
            ((short(s.at), step_word(s.act), s.by, s.note) for s in order.steps),
        )


@command("move", help=N_("The next step: assigned (with --crew), en_route, arrived, field_complete."))
@click.argument("id")
@click.argument("state")
@click.option("--crew", default="", metavar="NAME", help=N_("Who goes."))
@click.option("--at", metavar="TIME", help=N_("When it happened (now)."))
@click.option("--note", default="", metavar="TEXT", help=N_("What is known."))
def move(context: click.Context, id: str, state: str, crew: str, at: str | None, note: str) -> None:
    from desk.clock import parse_time

    with opened(context) as desk:
        moment = parse_time(at, desk.place.clock.zone) if at else None
        _tell(context, desk.work_orders.move(id, state, crew=crew, note=note, at=moment))


@command("expedite", help=N_("Somebody asks where the crew is."))
@click.argument("id")
@click.option("--by", default="", metavar="NAME", help=N_("Who asks."))
def expedite(context: click.Context, id: str, by: str) -> None:
    with opened(context) as desk:
        _tell(context, desk.work_orders.expedite(id, by=by))


@command("close", help=N_("Nothing more is to be done: the reason, and who signed."))
@click.argument("id")
@click.option("--reason", default="", metavar="TEXT", help=N_("What it was."))
@click.option("--signed-by", default="", metavar="NAME", help=N_("Who signed for the customer."))
def close(context: click.Context, id: str, reason: str, signed_by: str) -> None:
    with opened(context) as desk:
        _tell(context, desk.work_orders.close(id, reason=reason, signed_by=signed_by))


@command("cancel", help=N_("Nobody goes after all."))
@click.argument("id")
@click.option("--reason", default="", metavar="TEXT", help=N_("Why."))
def cancel(context: click.Context, id: str, reason: str) -> None:
    with opened(context) as desk:
        _tell(context, desk.work_orders.cancel(id, reason=reason))


def _tell(context: click.Context, order: WorkOrder) -> None:
    from desk.work_orders import URGENCY_WORDS, WORDS

    if flags(context).json:
        print_record(order)
        return
    words = {
        "id": order.id,
        "state": _(WORDS[order.state]),
        "urgency": _(URGENCY_WORDS[order.urgency]),
        "place": order.place,
        "time": short(order.arrive_by),
    }
    click.echo(_("{id}: {state}, {urgency}, {place}, to be reached by {time}").format(**words))
