"""`desk outages` and `desk outage …`: what is off and what is to come, and every act on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.show import print_json, print_table, read_object, short
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.records import Outage

TIME = N_("When, as 2026-12-01T08:00; without an offset in the county's time.")


@command("outages", help=N_("List outages; without a choice, all of them."))
@click.option("--active", "tabs", flag_value="active", multiple=True, help=N_("Off now."))
@click.option("--scheduled", "tabs", flag_value="scheduled", multiple=True, help=N_("Still to come."))
@click.option("--restored", "tabs", flag_value="restored", multiple=True, help=N_("Back within the last hours."))
@click.option("--predicted", "tabs", flag_value="predicted", multiple=True, help=N_("Suspected from calls."))
def outages(context: click.Context, tabs: tuple[str, ...]) -> None:
    from desk.outputs import outage_json

    with opened(context) as desk:
        found = [outage for tab in tabs or ("",) for outage in desk.outages.listed(tab)]
        if flags(context).json:
            print_json([outage_json(outage) for outage in found])
        elif not found:
            click.echo(_("No outages here. Enter one with: desk outage open FILE"))
        else:
            _print_outages(desk, found)


def _print_outages(desk: Desk, found: list[Outage]) -> None:
    from desk.outages.acts import status_word
    from desk.outages.board import area_words

    types = desk.place.plugins.outage_types
    head = (_("id"), _("type"), _("status"), _("start"), _("end"), _("customers"), _("calls"), _("area"))
    print_table(
        head,
        (
            (
                outage.id,
                types[outage.type].label if outage.type in types else outage.type,
                status_word(outage.status, types.get(outage.type)),
                short(outage.actual_start or outage.planned_start),
                short(outage.actual_end or outage.etr or outage.planned_end),
                outage.affected.customers,
                outage.calls,
                outage.area or area_words(outage),
            )
            for outage in found
        ),
    )


@click.group("outage", cls=DeskGroup, help=N_("Open an outage, show it, act on it."))
def outage() -> None:
    pass


def act(name: str, help: str) -> Callable[[Callable[..., object]], click.Command]:
    """A command of `desk outage`."""

    def made(function: Callable[..., object]) -> click.Command:
        one = command(name, help=help)(function)
        outage.add_command(one)
        return one

    return made


@act("open", help=N_("Take an outage in from a JSON object; - reads it from stdin."))
@click.argument("file")
@click.option("--dry-run", is_flag=True, help=N_("Answer the same, write nothing."))
def open_(context: click.Context, file: str, dry_run: bool) -> None:
    from desk.outages import read_request

    with opened(context) as desk:
        request = read_request(read_object(file), desk.place.clock.zone)
        if dry_run:
            seen = desk.outages.preview(request)
            print_json({"id": None, "duties": list(seen.duties), "warnings": list(seen.warnings)})
            return
        done = desk.outages.open(request)
        print_json({"id": done.outage.id, "duties": list(done.duties), "warnings": list(done.warnings)})


@act("show", help=N_("Show one outage with its history."))
@click.argument("id")
def show(context: click.Context, id: str) -> None:
    from desk.outputs import outage_in_full

    with opened(context) as desk:
        found = desk.outages.get(id)
        if flags(context).json:
            print_json(outage_in_full(found))
            return
        _print_outages(desk, [found])
        click.echo("")
        print_table((_("cause"), found.cause), [*_details(found), *_facts_shown(desk, found)])
        click.echo("")
        head = (_("at"), _("what"), _("who"), _("reason"))
        print_table(head, ((short(line.at), line.act, line.by, line.reason) for line in found.history))


def _details(found: Outage) -> list[tuple[str, str]]:
    """What else a person wants to know of one outage, as far as it is known."""
    affected, scope = found.affected, found.scope
    counts = _("{special} special, {important} important").format(
        special=affected.special, important=affected.important
    )
    known = (
        (_("reference"), found.reference),
        (_("planned"), " – ".join(filter(None, (short(found.planned_start), short(found.planned_end))))),
        (_("off since"), short(found.actual_start)),
        (_("expected back"), short(found.etr)),
        (_("back since"), short(found.actual_end)),
        (_("feeders"), " ".join(affected.feeders)),
        (_("laterals"), " ".join(scope.laterals)),
        (_("transformer areas"), " ".join(affected.transformer_areas[:20])),
        (_("accounts"), " ".join(scope.accounts[:20])),
        (_("customers"), f"{affected.customers}, {counts}"),
    )
    return [(name, value) for name, value in known if value]


def _facts_shown(desk: Desk, found: Outage) -> list[tuple[str, str]]:
    """What its type wanted to know, in its words; a fact that no type knows under its own name."""
    from desk.plugins.facts import COMMON

    kind = desk.place.plugins.outage_types.get(found.type)
    known = {fact.name: fact for fact in (*kind.facts, *COMMON)} if kind else {}
    return [
        (known[name].label, known[name].shown(value)) if name in known else (name, str(value))
        for name, value in found.facts.items()
    ]


def _plain_act(name: str, help: str) -> None:
    """restore, cancel and close: an outage, and when."""

    @act(name, help=help)
    @click.argument("id")
    @click.option("--at", metavar="TIME", help=TIME)
    def run(context: click.Context, id: str, at: str | None) -> None:
        with opened(context) as desk:
            _told(context, getattr(desk.outages, name)(id, _time(desk, at)))


@act("start", help=N_("Supply is off."))
@click.argument("id")
@click.option("--at", metavar="TIME", help=TIME)
@click.option("--reason", default="", metavar="TEXT", help=N_("Why it begins although a rule forbids it."))
def start(context: click.Context, id: str, at: str | None, reason: str) -> None:
    with opened(context) as desk:
        _told(context, desk.outages.start(id, _time(desk, at), reason))


_plain_act("restore", N_("Supply is back."))
_plain_act("cancel", N_("The outage will not take place."))
_plain_act("close", N_("Nothing more is to be done about it."))


@act("change", help=N_("Other times or another scope, with the reason."))
@click.argument("id")
@click.option("--start", metavar="TIME", help=N_("The new planned start."))
@click.option("--end", metavar="TIME", help=N_("The new planned end."))
@click.option("--scope", metavar="FILE", help=N_("A JSON object with the new scope."))
@click.option("--fact", "facts", multiple=True, metavar="NAME=VALUE", help=N_("A fact of its type; empty removes it."))
@click.option("--reason", required=True, metavar="TEXT", help=N_("Why."))
@click.option("--reported-by", default="", metavar="NAME", help=N_("Who said so."))
@click.option("--reported-at", metavar="TIME", help=N_("When they said so."))
def change(
    context: click.Context,
    id: str,
    start: str | None,
    end: str | None,
    scope: str | None,
    facts: tuple[str, ...],
    reason: str,
    reported_by: str,
    reported_at: str | None,
) -> None:
    from desk.outages import OutageChange, read_scope

    with opened(context) as desk:
        wanted = OutageChange(
            reason=reason,
            start=_time(desk, start),
            end=_time(desk, end),
            scope=read_scope(read_object(scope), desk.place.clock.zone) if scope else None,
            facts=_facts(facts),
            reported_by=reported_by,
            reported_at=_time(desk, reported_at),
        )
        _told(context, desk.outages.change(id, wanted))


def _facts(written: tuple[str, ...]) -> dict[str, str] | None:
    """The facts in several NAME=VALUE; None for none."""
    from desk.errors import BadInput

    pairs = [one.partition("=") for one in written]
    for name, sign, _value in pairs:
        if not sign or not name.strip():
            raise BadInput(_("{words} is no fact; write it as NAME=VALUE").format(words=name))
    return {name.strip(): value.strip() for name, _sign, value in pairs} or None


def _time(desk: Desk, text: str | None) -> datetime | None:
    from desk.clock import parse_time

    return parse_time(text, desk.place.clock.zone) if text else None


def _told(context: click.Context, done: Outage) -> None:
    from desk.outages.acts import STATUS_WORDS
    from desk.outputs import outage_json

    if flags(context).json:
        print_json(outage_json(done))
    else:
        click.echo(_("{id} is {status}").format(id=done.id, status=_(STATUS_WORDS[done.status])))
