"""`desk plugins`: the parts the desk is made of; who answers for one, what one can do, a new channel, a try."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.base import DeskGroup, command, flags, opened
from desk.cli.plugins_told import (
    FAILED,
    STATE_WORDS,
    code,
    state_word,
    tell,
    tell_dry_run,
    tell_findings,
    tell_switched,
)
from desk.cli.show import print_json, print_table, read_object
from desk.errors import BadInput
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.plugins import Channel
    from desk.plugins.authoring import Finding
    from desk.plugins.declared import Ground

NEW_OPTIONS = {
    "label": N_("What it is called on screen."),
    "kind": N_("webhook, command, apprise, human or file."),
    "family": N_("Which duties it carries: sms, phone, fax, internal, …"),
    "where": N_("The address of the gateway, the program, the steps, or the name of the file."),
}


@click.group("plugins", cls=DeskGroup, help=N_("The parts the desk is made of."))
def plugins() -> None:
    pass


@command("list", help=N_("Every part: where from, on or off and why, load time."))
def list_(context: click.Context) -> None:
    with opened(context) as desk:
        rows = desk.place.plugins.listed()
    if flags(context).json:
        print_json(rows)
        return
    head = (_("part"), _("kind"), _("from"), _("state"), _("ms"), _("parts"), _("reason"))
    print_table(
        head,
        (
            (
                row.name,
                row.kind,
                row.from_,
                _(STATE_WORDS[row.state]),
                round(row.load_ms),
                " ".join(row.parts),
                row.reason,
            )
            for row in rows
        ),
    )


@command("new", help=N_("Write a channel's file from five answers, and check it."))
@click.argument("name", required=False, default="")
@click.option("--answers", default="", metavar="FILE", help=N_("A JSON object with the answers; - is stdin."))
def new(context: click.Context, name: str, answers: str, **given: str) -> int:
    from desk.plugins.authoring import check_file, write_new

    with opened(context) as desk:
        desk.access.require("set_up_channels")
        told = _answers({"name": name, **given}, answers)
        file = write_new(told, desk.place.config.data / "plugins")
        desk.access.note("plugins.new", str(file), {"kind": told["kind"]})
        findings = check_file(file, _ground(desk), _contract)
    with opened(context) as desk:  # loaded anew, with the file
        states = [row for row in desk.place.plugins.channel_states() if row.name == told["name"]]
        parts = [row for row in desk.place.plugins.listed() if row.from_ == str(file)]
    if flags(context).json:
        print_json({"file": str(file), "findings": findings, "state": (states or parts)[0].state})
        return code(findings)
    click.echo(_("{file} is written").format(file=file))
    tell_findings([finding for finding in findings if finding.result == "failed"])
    for row in states or parts:
        reason = f": {row.reason}" if row.reason else ""
        click.echo(_("{name} is {state}").format(name=row.name, state=_(STATE_WORDS[row.state])) + reason)
    return code(findings)


for _name, _help in NEW_OPTIONS.items():
    new.params.insert(-4, click.Option([f"--{_name}"], default="", metavar=_name.upper(), help=_help))


@command("check", help=N_("Look at parts by name, or at files: what is wrong, where, and what to do."))
@click.argument("parts", nargs=-1)
def check(context: click.Context, parts: tuple[str, ...]) -> int:
    from desk.plugins.authoring import check_file, check_part

    findings: list[Finding] = []
    with opened(context) as desk:
        host = desk.place.plugins
        for part in parts or [row.name for row in host.listed() if row.kind in ("channel", "mixed", "unknown")]:
            if Path(part).suffix in (".toml", ".py") and not _waits(desk, part):
                findings += check_file(Path(part), _ground(desk), _contract)
            else:
                findings += check_part(host, _path(part), _contract)
    if flags(context).json:
        print_json(findings)
    else:
        tell_findings(findings)
    return code(findings)


@command("show", help=N_("What a channel can do, which settings it takes, and the lines for config.toml."))
@click.argument("name")
def show(context: click.Context, name: str) -> None:
    from desk.plugins import authoring

    with opened(context) as desk:
        shown = authoring.show(desk.place.plugins, name)
    if flags(context).json:
        print_json(shown)
    else:
        tell(shown)


@command("try", help=N_("What would go out, secrets starred; with --really to a number listed for that."))
@click.argument("name")
@click.option("--to", default="", metavar="NUMBER", help=N_("The number or address."))
@click.option("--text", default="", metavar="TEXT", help=N_("Other words than the usual ones."))
@click.option("--really", is_flag=True, help=N_("Send it; only to test_numbers of [messages] in config.toml."))
def try_(context: click.Context, name: str, to: str, text: str, really: bool) -> int:
    from desk.plugins.authoring import dry_run, try_really

    with opened(context) as desk:
        host = desk.place.plugins
        if not really:
            return tell_dry_run(context, dry_run(host, name, to, text))
        desk.access.require("set_up_channels")
        messages = desk.place.config.messages
        if messages.training:
            raise BadInput(_("training is on in [messages] of config.toml: nothing leaves the desk"))
        tried = try_really(host, name, to, messages.test_numbers, text)
        desk.access.note("plugins.try", name, {"to": tried.to, "state": tried.state or tried.error})
    if flags(context).json:
        print_json(tried)
    elif tried.error == "unknown_outcome":  # that it did not go out is not known either
        click.echo(f"{name}: {tried.words}")
    elif tried.error:
        click.echo(_("{channel} did not send it: {reason}").format(channel=name, reason=tried.words))
    else:
        id = f" ({tried.external_id})" if tried.external_id else ""
        words = {"channel": name, "to": tried.to, "state": state_word(tried.state)}
        click.echo(_("{channel} sent it to {to}: {state}").format(**words) + id)
    return FAILED if tried.error else 0


@command("trust", help=N_("Approve a part as it is now: one that waits, by name, or a file to take in."))
@click.argument("part")
@click.option("--by", default="", metavar="NAME", help=N_("Who answers for it."))
def trust(context: click.Context, part: str, by: str) -> None:
    with opened(context) as desk:
        desk.access.require("trust_plugins")
        is_file = Path(part).suffix in (".py", ".toml")
        name = part if not is_file or _waits(desk, part) else str(_taken_in(desk, Path(part)))
    with opened(context) as desk:  # a file that was just taken in waits from here on
        approval = desk.place.plugins.approve(_path(name), by or desk.place.agent, desk.place.now())
        desk.access.note("plugins.trust", approval.path, {"sha256": approval.sha256, "by": approval.who})
    if flags(context).json:
        print_json(approval)
    else:
        words = {"who": approval.who, "path": approval.path}
        click.echo(_("{who} answers for {path}; it is on from the next start").format(**words))


@command("off", help=N_("Switch a part or a channel off, on every seat."))
@click.argument("name")
def off(context: click.Context, name: str) -> None:
    with opened(context) as desk:
        desk.access.require("set_up_channels")
        desk.place.plugins.off(name, desk.place.agent, desk.place.now())
        desk.access.note("plugins.off", name)
    tell_switched(context, name, "off", _("{name} is switched off").format(name=name))


@command("on", help=N_("Switch a part or a channel on again."))
@click.argument("name")
def on(context: click.Context, name: str) -> None:
    with opened(context) as desk:
        desk.access.require("set_up_channels")
        desk.place.plugins.on(name)
        desk.access.note("plugins.on", name)
    tell_switched(context, name, "on", _("{name} is no longer switched off").format(name=name))


def _answers(given: dict[str, str], file: str) -> dict[str, str]:
    """The answers of the options and the file; at a terminal what is missing is asked for."""
    known = {name: answer for name, answer in given.items() if answer}
    if file:
        told = read_object(file)
        if not isinstance(told, dict) or not all(isinstance(answer, str) for answer in told.values()):
            raise BadInput(_("{file} must be a JSON object of texts").format(file=file))
        known = told | known
    return _asked(known) if sys.stdin.isatty() and not file else known


def _asked(known: dict[str, str]) -> dict[str, str]:
    from desk.plugins.authoring import QUESTIONS, mistakes, questions

    for place, name in enumerate(QUESTIONS):
        while name not in known or name in mistakes(known):
            if name in known:
                click.echo(mistakes(known)[name])
            question = questions(known)[place]
            for choice, words in question.choices.items():
                click.echo(f"  {choice:<20} {words}")
            known[name] = click.prompt(question.words, default=question.default or None)
    return known


def _ground(desk: Desk) -> Ground:
    from desk.plugins.declared import Ground

    config = desk.place.config
    return Ground(data=config.data, hosts=config.plugins.hosts, loopback=(config.data / "sandbox").exists())


def _contract(kind: type[Channel]) -> Iterable[Any]:
    from desk.testing import check_channel  # an HTTP server and more

    return check_channel(kind)


def _path(name: str) -> str:
    return str(Path(name).absolute()) if Path(name).suffix in (".py", ".toml") else name


def _waits(desk: Desk, file: str) -> bool:
    """Whether this very file lies in a folder of parts."""
    return any(row.from_ == _path(file) for row in desk.place.plugins.listed())


def _taken_in(desk: Desk, file: Path) -> Path:
    """A copy of the file among the parts of the data folder; raises BadInput rather than write over another."""
    if not file.is_file():
        raise BadInput(_("there is no file {file}").format(file=file))
    place, content = desk.place.config.data / "plugins" / file.name, file.read_bytes()
    if place.exists() and place.read_bytes() != content:
        words = {"place": place, "name": place.stem}
        raise BadInput(_("{place} is another file; change it there, then: desk plugins trust {name}").format(**words))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


for _command in (list_, new, check, show, try_, trust, off, on):
    plugins.add_command(_command)
