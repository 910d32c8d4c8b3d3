"""`desk outages` and `desk outage …`: what is off and what is to come, and every act on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import click
import msgspec

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.show import print_json, print_table, read_object, short
from desk.errors import OutOfOrder
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.records import Duty, Outage

EMPTY = {
    (): N_("No outages here. Enter one with: desk outage open FILE"),
    ("predicted",): N_("No predicted outages. Calls about missing supply make them: desk call log FILE"),
    ("restored",): N_("Nothing came back lately. An outage ends with: desk outage restore ID"),
}
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
            print_json([outage_json(outage, desk.place.now()) for outage in found])
        elif not found:
            click.echo(_(EMPTY.get(tabs, EMPTY[()])))
        else:
            _print_outages(desk, found)


def _print_outages(desk: Desk, found: list[Outage]) -> None:
    from desk.outages.acts import status_word
    from desk.outages.board import area_words, why_predicted

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
                "  ".join(filter(None, (outage.area or area_words(outage), why_predicted(outage)))),
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
            _print_opened(desk, None, seen.duties, seen.warnings)
            return
        done = desk.outages.open(request)
        _print_opened(desk, done.outage.id, done.duties, done.warnings)


def _print_opened(desk: Desk, id: str | None, duties: Iterable[Duty], warnings: tuple[str, ...]) -> None:
    """The answer of `outage open`; written piece by piece, as an outage may owe hundreds of thousands of duties."""
    from desk.cli.show import json_list
    from desk.outputs import duty_json

    now = desk.place.now()
    rows = (duty_json(duty, now) | ({} if id else {"outage": None}) for duty in duties)
    click.echo('{\n  "id": %s,\n  "duties": ' % ("null" if id is None else f'"{id}"'), nl=False)
    for piece in json_list(rows):
        click.echo(piece, nl=False)
    click.echo(',\n  "warnings": ' + msgspec.json.encode(warnings).decode() + "\n}")


@act("show", help=N_("Show one outage with its history."))
@click.argument("id")
@click.option("--proof", type=click.Path(dir_okay=False), metavar="FILE", help=N_("Write its proof: .pdf or .md."))
def show(context: click.Context, id: str, proof: str | None) -> None:
    from desk.outputs import outage_in_full

    with opened(context) as desk:
        if proof:
            _write_proof(context, desk, id, proof)
            return
        found = desk.outages.get(id)
        if flags(context).json:
            print_json(outage_in_full(found, desk.place.now()) | _owed(desk, found))
            return
        _print_outages(desk, [found])
        click.echo("")
        print_table((_("cause"), found.cause), [*_details(desk, found), *_facts_shown(desk, found)])
        _print_approvals(desk, found)
        click.echo("")
        head = (_("at"), _("what"), _("who"), _("reason"))
        print_table(head, ((short(line.at), line.act, line.by, line.reason) for line in found.history))


def _print_approvals(desk: Desk, found: Outage) -> None:
    steps = desk.notices.approvals(found.id)
    if not steps:
        return
    click.echo("")
    head = (_("step"), _("post"), _("needed by"), _("approved at"), _("by"))
    print_table(head, ((one.step, _(one.post), short(one.needed_by), short(one.at), one.by) for one in steps))


def _owed(desk: Desk, found: Outage) -> dict[str, object]:
    """Who approves it, and what was done out of order; `desk duties ID` has the duties themselves."""
    from desk.outputs import approval_json, violation_json

    return {
        "approvals": [approval_json(one) for one in desk.notices.approvals(found.id)],
        "violations": [violation_json(one) for one in desk.notices.violations(found.id)],
    }


def _write_proof(context: click.Context, desk: Desk, id: str, file: str) -> None:
    from desk.oversight.writing import write_proof

    page = write_proof(desk.place, id, file)
    if flags(context).json:
        print_json({"file": file, "sha256": page.mark})
    else:
        click.echo(_("{title} is in {file}").format(title=page.title, file=file))


def _details(desk: Desk, found: Outage) -> list[tuple[str, str]]:
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
        (_("duties"), _duties(desk, found)),
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


def _duties(desk: Desk, found: Outage) -> str:
    counts = desk.notices.counts(found)
    words = {"done": counts.done, "owed": counts.owed, "overdue": counts.overdue, "late": counts.late}
    return _("{done} of {owed} done, {overdue} overdue, {late} late").format(**words) if counts.owed else ""


def _plain_act(name: str, help: str) -> None:
    """restore, cancel and close: an outage, and when."""

    @act(name, help=help)
    @click.argument("id")
    @click.option("--at", metavar="TIME", help=TIME)
    def run(context: click.Context, id: str, at: str | None) -> None:
        with opened(context) as desk:
            _told(context, desk, getattr(desk.outages, name)(id, _time(desk, at)))


@act("start", help=N_("Supply is off."))
@click.argument("id")
@click.option("--at", metavar="TIME", help=TIME)
@click.option("--reason", default="", metavar="TEXT", help=N_("Why it begins although a rule forbids it."))
def start(context: click.Context, id: str, at: str | None, reason: str) -> None:
    with opened(context) as desk:
        _told(context, desk, _started(desk, id, _time(desk, at), reason))


def _started(desk: Desk, id: str, at: datetime | None, reason: str) -> Outage:
    try:
        return desk.outages.start(id, at, reason)
    except OutOfOrder:
        # That supply is off is a fact: a script that has no reason to give records it, as the violation it is.
        return desk.outages.start(id, at, reason or _("no reason was given"))


_plain_act("restore", N_("Supply is back."))
_plain_act("cancel", N_("The outage will not take place."))
_plain_act("close", N_("Nothing more is to be done about it."))


@act("approve", help=N_("Write down an approval, in its order."))
@click.argument("id")
@click.option("--step", required=True, metavar="STEP", help=N_("Which step; `desk outage show ID` lists them."))
@click.option("--by", required=True, metavar="NAME", help=N_("Who gave it."))
@click.option("--mode", required=True, type=click.Choice(["written", "phone"]), help=N_("In writing, or by telephone."))
@click.option("--at", metavar="TIME", help=TIME)
@click.option("--ref", default="", metavar="TEXT", help=N_("The reference of the paper."))
def approve(context: click.Context, id: str, step: str, by: str, mode: str, at: str | None, ref: str) -> None:
    from desk.outputs import approval_json

    with opened(context) as desk:
        given = desk.notices.approve(id, step, by=by, mode=mode, at=_time(desk, at), ref=ref)
        if flags(context).json:
            print_json(approval_json(given))
        else:
            words = {"id": given.outage, "step": given.step, "by": given.by}
            click.echo(_("{id}: {step} approved by {by}").format(**words))


@act("change", help=N_("Other times or another scope, with the reason."))
@click.argument("id")
@click.option("--start", metavar="TIME", help=N_("The new planned start."))
@click.option("--end", metavar="TIME", help=N_("The new planned end."))
@click.option("--scope", metavar="FILE", help=N_("A JSON object with the new scope."))
@click.option("--fact", "facts", multiple=True, metavar="NAME=VALUE", help=N_("A fact of its type; empty removes it."))
@click.option("--reason", required=True, metavar="TEXT", help=N_("Why."))
@click.option("--reported-by", default="", metavar="NAME", help=N_("Who said so."))
@click.option("--reported-at", metavar="TIME", help=N_("When they said so."))
@click.option("--seen", type=click.IntRange(1), metavar="N", help=N_("How long its history was when it was looked at."))
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
    seen: int | None,
) -> None:
    """With --seen, what others changed since is kept; where it is the same field, both versions are named (exit 2)."""
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
        _told(context, desk, desk.outages.change(id, wanted, desk.outages.seen(id, seen) if seen else None))


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


def _told(context: click.Context, desk: Desk, done: Outage) -> None:
    from desk.outages.acts import STATUS_WORDS
    from desk.outputs import outage_json

    if flags(context).json:
        print_json(outage_json(done, desk.place.now()))
    else:
        click.echo(_("{id} is {status}").format(id=done.id, status=_(STATUS_WORDS[done.status])))
