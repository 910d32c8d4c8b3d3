"""`desk work`: the outbox's worker as a process of its own, which hears telephones too; several may run."""

from __future__ import annotations

import signal
from threading import Event, Thread
from typing import TYPE_CHECKING

import click

from desk.cli.base import command, flags, loaded, seat_machine
from desk.cli.show import print_json
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.app import Desk


LOOK = 2.0  # seconds between two looks at what is not heard


@command("work", help=N_("Send what is waiting and hear telephones and feeds, until stopped."))
@click.option("--once", is_flag=True, help=N_("Do what is to be done now, and end."))
def work(context: click.Context, once: bool) -> None:
    import msgspec

    from desk.app import Desk
    from desk.opening import running_clock, standing_clock

    config = loaded(context)
    clock = standing_clock(config) if once else running_clock(config)
    with Desk.open(config, clock=clock) as desk:
        seat_machine(desk, "desk work")
        if once:
            done = desk.outbox.work_once()
            if flags(context).json:
                print_json(msgspec.to_builtins(done))
            else:
                click.echo(_said(msgspec.to_builtins(done)))
            if config.messages.training:
                click.echo(_("training: nothing leaves the desk"), err=True)
            return
        _run(desk, training=config.messages.training)


def _run(desk: Desk, *, training: bool) -> None:
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    click.echo(_("sending what is waiting; Ctrl-C ends it"), err=True)
    if training:
        click.echo(_("training: nothing leaves the desk"), err=True)
    desk.start_listening()
    Thread(target=_tell_deafness, args=(desk, stop), name="desk work", daemon=True).start()
    desk.outbox.worker().run(stop)


def _tell_deafness(desk: Desk, stop: Event) -> None:
    """Say once what is not heard: a telephone system that is away, a password that is wrong."""
    told: list[str] = []
    while not stop.wait(LOOK):
        found = desk.deaf_to()
        for words in found:
            if words not in told:
                click.echo(words, err=True)
        told = found


WORDS = {
    "made": N_("{count} made"),
    "sent": N_("{count} sent"),
    "failed": N_("{count} failed"),
    "unknown": N_("{count} nobody knows about"),
    "again": N_("{count} tried again later"),
    "held": N_("{count} held"),
    "skipped": N_("{count} no longer true"),
    "reports": N_("{count} reports"),
    "told": N_("{count} written to duties"),
}


def _said(done: dict[str, int]) -> str:
    parts = [_(words).format(count=done[name]) for name, words in WORDS.items() if done.get(name)]
    return _(", ").join(parts) or _("nothing to do")
