"""`desk messages`: the outbox, what became of each message, and what a person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from desk.cli.base import LazyGroup, command, flags, opened
from desk.cli.show import print_json, print_rows, print_table, said, short
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.outbox import MessageView

SHOWN = 200  # lines of a table for a person; --json has them all

COMMANDS = {
    "show": "desk.cli.messages:show",
    "decide": "desk.cli.messages:decide",
    "cancel": "desk.cli.messages:cancel",
    "confirm": "desk.cli.messages:confirm",
    "preview": "desk.cli.messages_preview:preview",
    "release": "desk.cli.messages_preview:release",
}


@click.group(
    "messages",
    cls=LazyGroup,
    commands_at=COMMANDS,
    invoke_without_command=True,
    help=N_("The outbox: what waits, what went where, what nobody knows."),
)
@click.option("--state", default="", metavar="STATE", help=N_("In this state only: queued, held, unknown, failed, …"))
@click.option("--outage", default="", metavar="ID", help=N_("Of this outage only."))
@click.pass_context
def messages(context: click.Context, state: str, outage: str) -> None:
    if context.invoked_subcommand is not None:
        return
    from desk.outputs import message_json

    as_json = flags(context).json
    with opened(context) as desk:
        named = desk.outages.get(outage).id if outage else ""
        found = desk.outbox.listed(state=state, outage=named, limit=0 if as_json else SHOWN)
        if as_json:
            print_rows(message_json(view) for view in found)
        else:
            _print(found)
            for batch in desk.outbox.batches():
                words = {"id": batch.id, "count": batch.people, "why": batch.why}
                click.echo(_("{id}: {count} people, held; {why}: desk messages confirm {id}").format(**words))


def _print(found: list[MessageView]) -> None:
    if not found:
        click.echo(_("No messages here. They are made for duties: desk messages preview OUTAGE"))
        return
    head = (_("id"), _("state"), _("channel"), _("to whom"), _("tries"), _("until"), _("reason or proof"), _("outage"))
    print_table(head, (_row(view) for view in found))
    if len(found) == SHOWN:
        click.echo(_("The last {count}; --json has them all.").format(count=SHOWN))


def _row(view: MessageView) -> tuple[Any, ...]:
    from desk.outbox.states import WORDS

    message = view.message
    state = _("{state} (training)") if message.training else "{state}"
    return (
        message.id,
        state.format(state=_(WORDS[message.state])),
        message.channel,
        message.recipient.name or message.recipient.id,
        len(view.attempts),
        short(view.waits_until),
        message.why or view.proof,
        message.outage,
    )


@command("show", help=N_("One message: its words, every try, every proof."))
@click.argument("id")
def show(context: click.Context, id: str) -> None:
    from desk.outputs import message_json

    with opened(context) as desk:
        view = desk.outbox.get(id)
        if flags(context).json:
            print_json(message_json(view))
        else:
            _print_one(view)


def _print_one(view: MessageView) -> None:
    from desk.outbox.states import WORDS

    _print([view])
    click.echo(view.message.body)
    for one in view.attempts:
        parts = (short(one.at), one.channel, _(WORDS[one.state]), one.external_id, said(one.words), said(one.proof))
        click.echo("  " + "  ".join(part for part in parts if part))


@command("decide", help=N_("Say what became of a message that nobody knows about, or that was held or failed."))
@click.argument("id")
@click.argument("decision", metavar="arrived|again|leave")
@click.option("--note", default="", metavar="TEXT", help=N_("How it is known, or why."))
def decide(context: click.Context, id: str, decision: str, note: str) -> None:
    with opened(context) as desk:
        _tell(context, desk.outbox.decide(id, decision, note).id, desk)


@command("cancel", help=N_("Call a message off that has not arrived yet."))
@click.argument("id")
@click.option("--note", default="", metavar="TEXT", help=N_("Why."))
def cancel(context: click.Context, id: str, note: str) -> None:
    with opened(context) as desk:
        _tell(context, desk.outbox.cancel(id, note).id, desk)


@command("confirm", help=N_("A second person's word: a release above the caps goes."))
@click.argument("batch")
def confirm(context: click.Context, batch: str) -> None:
    import msgspec

    with opened(context) as desk:
        done = desk.outbox.confirm(batch)
        if flags(context).json:
            print_json(msgspec.to_builtins(done))
        else:
            words = {"id": done.id, "by": done.confirmed_by}
            click.echo(_("{id} is confirmed by {by}; it is being sent").format(**words))


def _tell(context: click.Context, id: str, desk: Any) -> None:
    from desk.outbox.states import WORDS
    from desk.outputs import message_json

    view = desk.outbox.get(id)
    if flags(context).json:
        print_json(message_json(view))
    else:
        click.echo(f"{id}: {_(WORDS[view.message.state])}")
