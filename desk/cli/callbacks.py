"""`desk callbacks` and `desk cases`: whom we promised to call back, and what callers want answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from desk.cli.base import LazyGroup, command, flags, opened
from desk.cli.show import print_json, print_list, print_record, print_table, said, short
from desk.i18n import N_, _
from desk.phone_numbers import hidden
from desk.records import Callback, Case
from desk.text import clean

if TYPE_CHECKING:
    from desk.callbacks.telling import Foreseen
    from desk.records import Message

R = TypeVar("R", Callback, Case)

CALLBACK_COMMANDS = {name: f"desk.cli.callbacks:{name}" for name in ("take", "settle", "message", "drop")}
CASE_COMMANDS = {name: f"desk.cli.callbacks:{name}_case" for name in ("open", "show", "assign", "answer", "close")}


@click.group(
    "callbacks",
    cls=LazyGroup,
    commands_at=CALLBACK_COMMANDS,
    invoke_without_command=True,
    help=N_("Callbacks: whom to call next, and what each try came to."),
)
@click.option("--state", default="open", metavar="STATE", help=N_("open, ripe, all, or one state."))
@click.option("--outage", default="", metavar="ID", help=N_("Of this outage only."))
@click.pass_context
def callbacks(context: click.Context, state: str, outage: str) -> None:
    if context.invoked_subcommand is not None:
        return
    from desk.callbacks import KINDS, WORDS

    with opened(context) as desk:
        found = desk.callbacks.listed(state=state, outage=outage.strip().upper())
    if flags(context).json:
        print_record([_without_number(one) for one in found])
        return
    head = (_("id"), _("for"), _("state"), _("who"), _("not before"), _("tries"), _("seat"), _("outage"), _("call"))
    print_list(
        head,
        (
            (
                one.id,
                _(KINDS[one.kind]),
                _(WORDS[one.state]),
                one.customer_name or one.account_no,
                short(one.not_before),
                len(one.attempts) or "",
                one.seat,
                one.outage,
                one.call,
            )
            for one in found
        ),
        _("No callbacks here. One is promised when a call is logged with callback; it is made once supply is back."),
    )


@command("take", help=N_("The next to be called (or the one named), in this seat's hand for ten minutes."))
@click.argument("id", required=False, default="")
def take(context: click.Context, id: str) -> None:
    with opened(context) as desk:
        found = desk.callbacks.take(id)
    if flags(context).json:
        print_record(found and _without_number(found))
    else:
        _say(found) if found else click.echo(_("Nobody is to be called back now."))


@command("settle", help=N_("What a try came to: restored, still_out, no_answer, busy, wrong_number, satisfied, …"))
@click.argument("id")
@click.argument("outcome")
@click.option("--person", default="", metavar="NAME", help=N_("Who was reached."))
@click.option("--note", default="", metavar="TEXT", help=N_("What was said."))
@click.option("--satisfaction", default=0, type=int, metavar="1-5", help=N_("How satisfied they are."))
def settle(context: click.Context, id: str, outcome: str, person: str, note: str, satisfaction: int) -> None:
    with opened(context) as desk:
        done = desk.callbacks.settle(id, outcome, person=person, note=note, satisfaction=satisfaction)
    if flags(context).json:
        print_record(_without_number(done))
    else:
        _say(done)


@command("message", help=N_("Tell them by a text message instead: those named, or all that may be called now."))
@click.argument("ids", nargs=-1)
@click.option("--dry-run", is_flag=True, help=N_("Only show how many, over what, at what cost."))
def message(context: click.Context, ids: tuple[str, ...], dry_run: bool) -> None:
    with opened(context) as desk:
        found = desk.callbacks.foresee(ids) if dry_run else desk.callbacks.message(ids)
    if flags(context).json:
        print_json(_messages_json(found))
        return
    words = {"people": len(found.messages), "price": f"{found.price:.2f}"}
    click.echo(_("{people} by message, {price} yuan").format(**words))
    for channel, some in _by_channel(found).items():
        click.echo(f"  {channel}  {len(some)}  {clean(some[0].body)}")
    for id, why in found.left.items():
        click.echo(_("{id}: to be called: {why}").format(id=id, why=why))
    if found.confirm:
        click.echo(found.confirm)


@command("drop", help=N_("Nobody needs to be called after all."))
@click.argument("id")
@click.option("--reason", default="", metavar="TEXT", help=N_("Why."))
def drop(context: click.Context, id: str, reason: str) -> None:
    with opened(context) as desk:
        done = desk.callbacks.drop(id, reason)
    if flags(context).json:
        print_record(_without_number(done))
    else:
        _say(done)


@click.group(
    "cases",
    cls=LazyGroup,
    commands_at=CASE_COMMANDS,
    invoke_without_command=True,
    help=N_("Cases: complaints and what else callers want answered."),
)
@click.option("--state", default="open", metavar="STATE", help=N_("open, overdue, all, or one state."))
@click.option("--kind", default="", metavar="KIND", help=N_("Of this kind only."))
@click.pass_context
def cases(context: click.Context, state: str, kind: str) -> None:
    if context.invoked_subcommand is not None:
        return
    from desk.cases import KINDS, WORDS

    with opened(context) as desk:
        found = desk.cases.listed(state=state, kind=kind)
    if flags(context).json:
        print_record([_without_number(one) for one in found])
        return
    head = (_("id"), _("kind"), _("state"), _("due"), _("whose"), _("who"), _("about"))
    rows = ((c.id, _(KINDS[c.kind]), _(WORDS[c.state]), short(c.due), c.owner, c.customer_name, c.about) for c in found)
    print_list(head, rows, _("No cases here. Take one in with: desk cases open KIND WORDS"))


@command("open", help=N_("Take a case in: its kind, and the caller's words."))
@click.argument("kind")
@click.argument("about")
@click.option("--call", default="", metavar="ID", help=N_("From this call."))
@click.option("--outage", default="", metavar="ID", help=N_("About this outage."))
@click.option("--article", default="", metavar="ARTICLE", help=N_("Of the regulation."))
def open_case(context: click.Context, kind: str, about: str, call: str, outage: str, article: str) -> None:
    with opened(context) as desk:
        _tell(context, desk.cases.open(kind, about, call=call, outage=outage, article=article))


@command("show", help=N_("One case with its steps."))
@click.argument("id")
def show_case(context: click.Context, id: str) -> None:
    from desk.cases import step_word

    with opened(context) as desk:
        case = desk.cases.get(id)
    _tell(context, case)
    if not flags(context).json:
        print_table(
            (_("at"), _("what"), _("who"), _("note")),
            ((short(s.at), step_word(s.act), s.by, s.note) for s in case.steps),
        )


@command("assign", help=N_("Whose it is now."))
@click.argument("id")
@click.argument("owner")
def assign_case(context: click.Context, id: str, owner: str) -> None:
    with opened(context) as desk:
        _tell(context, desk.cases.assign(id, owner))


@command("answer", help=N_("What the caller was told."))
@click.argument("id")
@click.argument("answer")
def answer_case(context: click.Context, id: str, answer: str) -> None:
    with opened(context) as desk:
        _tell(context, desk.cases.answer(id, answer))


@command("close", help=N_("Nothing more is to be done about it."))
@click.argument("id")
def close_case(context: click.Context, id: str) -> None:
    with opened(context) as desk:
        _tell(context, desk.cases.close(id))


def _messages_json(found: Foreseen) -> dict[str, object]:
    messages = [
        {"id": m.id or None, "callback": m.callback, "channel": m.channel, "body": m.body} for m in found.messages
    ]
    return {"messages": messages, "left": found.left, "price": found.price, "confirm": found.confirm or None}


def _by_channel(found: Foreseen) -> dict[str, list[Message]]:
    channels: dict[str, list[Message]] = {}
    for one in found.messages:
        channels.setdefault(one.channel, []).append(one)
    return channels


def _tell(context: click.Context, case: Case) -> None:
    from desk.cases import KINDS, WORDS

    if flags(context).json:
        print_record(_without_number(case))
        return
    words = {"id": case.id, "kind": _(KINDS[case.kind]), "state": _(WORDS[case.state]), "about": said(case.about)}
    click.echo(_("{id}: {kind}, {state}, due {due}: {about}").format(**words, due=short(case.due)))


def _say(callback: Callback) -> None:
    from desk.callbacks import WORDS

    who = callback.customer_name or callback.account_no or hidden(callback.number)
    click.echo(_("{id}: {who}, {state}").format(id=callback.id, who=who, state=_(WORDS[callback.state])))


def _without_number(record: R) -> R:
    """Without the number: whose it is, is in the customer's record, and revealing it leaves a line in the audit."""
    from msgspec.structs import replace

    return replace(record, number="")
