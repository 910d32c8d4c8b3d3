"""`desk paper …`: notices to deliver, rounds, what comes back signed, the announcement and where it appeared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.show import print_json, print_table, short
from desk.errors import BadInput
from desk.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from datetime import datetime

    from desk.app import Desk
    from desk.paper import Round, Stop

TIME = N_("When, as 2026-12-01T08:00; without an offset in the county's time.")
SCAN = N_("A scan or photograph that proves it.")
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("paper", cls=DeskGroup, help=N_("Print notices and announcements, and write down what came back."))
def paper() -> None:
    pass


@command("notices", help=N_("Print the written notices of an outage, each with a slip to sign."))
@click.argument("outage")
@click.option("--out", required=True, type=FOLDER, metavar="DIR", help=N_("The folder for the PDF files."))
@click.option("--split", default="branch", metavar="HOW", help=N_("branch, one or each: how many files."))
@click.option("--duty", "duties", multiple=True, metavar="ID", help=N_("Only this duty's; may be repeated."))
def notices(context: click.Context, outage: str, out: Path, split: str, duties: tuple[str, ...]) -> None:
    from desk.cli.data import end_progress, progress_on_stderr

    with opened(context) as desk:
        try:
            run = desk.paper.print_notices(
                outage, out, split=split, only=duties, progress=progress_on_stderr() or _unseen
            )
        finally:
            end_progress()
    if flags(context).json:
        files = [str(file) for file in run.files]
        print_json({"files": files, "papers": run.papers, "drafts": run.drafts, "warnings": run.warnings})
        return
    for file in run.files:
        click.echo(file)
    words = ngettext("{count} notice printed", "{count} notices printed", run.papers)
    click.echo(words.format(count=run.papers))
    if run.drafts:
        text = ngettext(
            "{count} is not approved yet: a draft, not to be delivered",
            "{count} are not approved yet: drafts, not to be delivered",
            run.drafts,
        )
        click.echo(text.format(count=run.drafts), err=True)
    for warning in run.warnings:
        click.echo(warning, err=True)


def _unseen(_done: int, _total: int) -> None:
    """Nobody looks on."""


@command("page", help=N_("Make the public announcement of an outage as a page: .pdf, .png or .txt."))
@click.argument("outage")
@click.option("--out", type=FILE, metavar="FILE", help=N_("The file; without it the words are shown."))
def page(context: click.Context, outage: str, out: Path | None) -> None:
    with opened(context) as desk:
        found = desk.paper.announcement(outage)
        if out is not None:
            written = _write_pages(out, _pages(desk, outage, out, found.text))
    if found.warning:
        click.echo(found.warning, err=True)
    if flags(context).json:
        print_json({"title": found.title, "text": found.text, "template": found.template, "hash": found.hash})
    elif out is None:
        click.echo(found.text)
    else:
        for file in written:
            click.echo(file)


def _pages(desk: Desk, outage: str, out: Path, text: str) -> tuple[bytes, ...]:
    match out.suffix.lower():
        case ".pdf":
            return (desk.paper.page(outage),)
        case ".png":
            return desk.paper.page_png(outage)
        case ".txt":
            return (f"{text}\n".encode(),)
    raise BadInput(_("{file} must end in .pdf, .png or .txt").format(file=out.name))


@command("published", help=N_("Write down where an announcement appeared."))
@click.argument("outage")
@click.option("--medium", required=True, metavar="NAME", help=N_("Television, newspaper, page on the net."))
@click.option("--at", metavar="TIME", help=TIME)
@click.option("--ref", default="", metavar="TEXT", help=N_("Issue, broadcast or address."))
@click.option("--note", default="", metavar="TEXT", help=N_("Anything else; against the order, the reason."))
@click.option("--scan", type=FILE, metavar="FILE", help=SCAN)
def published(
    context: click.Context, outage: str, medium: str, at: str | None, ref: str, note: str, scan: Path | None
) -> None:
    with opened(context) as desk:
        when = _time(desk, at)
        done = desk.paper.published(outage, medium, at=when, ref=ref, note=note, reason=note, scan=scan)
        _settled(context, desk, done)


@command("rounds", help=N_("Who is to be delivered to, branch by branch in walking order."))
@click.argument("outage", required=False, default="")
@click.option("--branch", default="", metavar="NAME", help=N_("Of this service branch only."))
@click.option("--out", type=FILE, metavar="FILE", help=N_("A .pdf to carry and mark off."))
def rounds(context: click.Context, outage: str, branch: str, out: Path | None) -> None:
    with opened(context) as desk:
        found = desk.paper.rounds(outage, branch)
        if out is not None:
            if out.suffix.lower() != ".pdf":
                raise BadInput(_("{file} must end in .pdf").format(file=out.name))
            _write_pages(out, (desk.paper.rounds_pdf(found),))
        if flags(context).json:
            print_json([{"branch": one.branch, "stops": [_stop_json(stop) for stop in one.stops]} for one in found])
        else:
            _print_rounds(desk, found)


def _print_rounds(desk: Desk, found: list[Round]) -> None:
    from desk.notices.words import state_words

    if not found:
        click.echo(_("Nothing is to be delivered. Written notices follow from outages: desk outage open FILE"))
    head = (_("id"), _("to whom"), _("address"), _("transformer areas"), _("deadline"), _("state"))
    for one in found:
        words = {"branch": one.branch or _("departments"), "done": one.done, "count": len(one.stops)}
        click.echo(_("{branch}: {done} of {count} done").format(**words))
        print_table(
            head,
            (
                (
                    stop.duty.id,
                    stop.name,
                    stop.address,
                    stop.area,
                    short(stop.duty.due),
                    state_words(stop.duty, desk.place.now()),
                )
                for stop in one.stops
            ),
        )


def _stop_json(stop: Stop) -> dict[str, Any]:
    duty = stop.duty
    return {
        "duty": duty.id,
        "outage": duty.outage,
        "name": stop.name,
        "account_no": stop.account_no or None,
        "address": stop.address,
        "transformer_area": stop.area,
        "feeder": stop.feeder,
        "due": duty.due.isoformat(),
        "state": duty.state.value,
        "sites": stop.sites,
    }


@command("returned", help=N_("Write down what a delivery came to."))
@click.argument("duty")
@click.option("--result", required=True, metavar="RESULT", help=N_("signed, signed_refused_with_witness, left_with, …"))
@click.option("--person", default="", metavar="NAME", help=N_("Who signed; for a refusal, the witness."))
@click.option("--at", metavar="TIME", help=TIME)
@click.option("--ref", default="", metavar="TEXT", help=N_("The reference of the proof."))
@click.option("--note", default="", metavar="TEXT", help=N_("Anything else; against the order, the reason."))
@click.option("--scan", type=FILE, metavar="FILE", help=SCAN)
def returned(
    context: click.Context,
    duty: str,
    result: str,
    person: str,
    at: str | None,
    ref: str,
    note: str,
    scan: Path | None,
) -> None:
    with opened(context) as desk:
        when = _time(desk, at)
        done = desk.paper.returned(duty, result, person=person, at=when, ref=ref, note=note, reason=note, scan=scan)
        _settled(context, desk, done)


@command("form", help=N_("Print a form: theft_notice blank, or approval_form of an outage."))
@click.argument("name")
@click.argument("outage", required=False, default="")
@click.option("--out", required=True, type=FILE, metavar="FILE", help=N_("The .pdf file."))
def form(context: click.Context, name: str, outage: str, out: Path) -> None:
    with opened(context) as desk:
        filled = outage and name == "approval_form"
        content = desk.paper.approval_form(outage) if filled else desk.paper.blank(name)
        for file in _write_pages(out, (content,)):
            click.echo(file)


def _write_pages(out: Path, pages: tuple[bytes, ...]) -> list[Path]:
    """Write a file, or one for each page; a page that is there already is replaced whole."""
    import os

    names = [out, *(out.with_name(f"{out.stem}-{number}{out.suffix}") for number in range(2, len(pages) + 1))]
    for name, content in zip(names, pages, strict=True):
        part = name.with_name(f".{name.name}.{os.getpid()}.part")
        try:
            part.write_bytes(content)
            part.replace(name)
        except OSError as problem:
            part.unlink(missing_ok=True)
            words = {"file": name, "problem": problem.strerror}
            raise BadInput(_("{file} cannot be written: {problem}").format(**words), why=str(problem)) from None
    return names


def _time(desk: Desk, text: str | None) -> datetime | None:
    from desk.clock import parse_time

    return parse_time(text, desk.place.clock.zone) if text else None


def _settled(context: click.Context, desk: Desk, done: Any) -> None:
    from desk.notices.words import state_words
    from desk.outputs import duty_json

    if flags(context).json:
        print_json(duty_json(done, desk.place.now()))
    else:
        click.echo(_("{id} is {status}").format(id=done.id, status=state_words(done, desk.place.now())))


for one in (notices, page, published, rounds, returned, form):
    paper.add_command(one)
