"""`desk shift`: what is open now, the note to the next shift, and taking one over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.base import LazyGroup, command, flags, opened
from desk.cli.show import print_json, print_record, print_table, said, short
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.records import Handover
    from desk.shift import Topic

COMMANDS = {
    "show": "desk.cli.shift:show",
    "hand-over": "desk.cli.shift:hand_over",
    "accept": "desk.cli.shift:accept",
}
HOURS = 8  # the topics of so many hours are hot


@click.group(
    "shift",
    cls=LazyGroup,
    commands_at=COMMANDS,
    invoke_without_command=True,
    help=N_("The shift: what is open, hand over, accept."),
)
@click.pass_context
def shift(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        _show(context)


@command("show", help=N_("What is open, what callers ask about, and the note that waits to be accepted."))
def show(context: click.Context) -> None:
    _show(context)


@command("hand-over", help=N_("Leave the note to the next shift: one's own words, then what is open."))
@click.option("--words", default="", metavar="TEXT", help=N_("What the next agent should know."))
def hand_over(context: click.Context, words: str) -> None:
    with opened(context) as desk:
        note = desk.shift.hand_over(words)
    _tell(context, note)


@command("accept", help=N_("Read and taken over: the note named, or the one that waits."))
@click.argument("id", required=False, default="")
def accept(context: click.Context, id: str) -> None:
    with opened(context) as desk:
        waiting = desk.shift.waiting()
        wanted = id or (waiting.id if waiting else "")
        taken = desk.shift.accept(wanted) if wanted else None
    if taken is not None:
        _tell(context, taken)
    elif flags(context).json:
        print_json(None)
    else:
        click.echo(_("No note waits. One is left with: desk shift hand-over"))


def _show(context: click.Context) -> None:
    from desk.outputs import in_full

    with opened(context) as desk:
        view, waiting = desk.shift.view(HOURS), desk.shift.waiting()
    if flags(context).json:
        items = [{"kind": one.kind, "count": one.count, "named": one.named, "wrong": one.wrong} for one in view.items]
        calls = {"since": view.since, "calls": view.calls, "in_hand": view.in_hand, "topics": view.topics}
        print_json({"items": items, **calls, "waiting": in_full(waiting)})
        return
    for item in view.items:
        mark = "!" if item.wrong else " "
        click.echo(f"{mark} {item.words}  {'；'.join(map(said, item.named))}".rstrip())
    if not view.items:
        click.echo(_("Nothing is open."))
    click.echo(_("{count} calls since {time}").format(count=view.calls, time=short(view.since)))
    _print_topics(view.topics)
    if waiting is not None:
        words = {"id": waiting.id, "by": said(waiting.by), "time": short(waiting.at)}
        click.echo(_("{id} by {by}, {time}, waits to be accepted: desk shift accept").format(**words))


def _print_topics(topics: tuple[Topic, ...]) -> None:
    if topics:
        head = (_("topic"), _("outage"), _("calls"))
        print_table(head, ((one.topic, one.outage, one.calls) for one in topics))


def _tell(context: click.Context, note: Handover) -> None:
    if flags(context).json:
        print_record(note)
        return
    words = {"id": note.id, "by": said(note.by), "time": short(note.at)}
    click.echo(_("{id} by {by}, {time}").format(**words))
    for line in note.note.splitlines():
        click.echo(f"  {said(line)}")
    if note.accepted_at:
        click.echo(_("accepted by {by}, {time}").format(by=said(note.accepted_by), time=short(note.accepted_at)))
