"""`desk agents`: who may sign in, in which role."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.access.rights import ROLE_WORDS
from desk.access.words import state_words
from desk.cli.base import DeskGroup, command, flags, loaded
from desk.cli.show import print_json, print_table
from desk.cli.who import ask_new_password, ask_password, password_in, resume_kept, sign_in_here
from desk.errors import BadInput
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.access.agents import AgentRow
    from desk.app import Desk

ROLE_HELP = N_("agent, supervisor, dispatcher, auditor, administrator or viewer.")
FIELDS = ("name", "role", "state", "has_password", "must_change", "locked_until", "sessions", "since", "by")


@click.group("agents", cls=DeskGroup, help=N_("Who may sign in, in which role."))
def agents() -> None:
    pass


@contextmanager
def _opened(context: click.Context) -> Iterator[Desk]:
    """The desk, with who runs this signed in; the first administrator is listed by the owner of the data folder."""
    from desk.access.services import as_founder
    from desk.app import Desk
    from desk.opening import standing_clock

    config = loaded(context)
    with Desk.open(config, clock=standing_clock(config)) as desk:
        if not (desk.needs_sign_in and as_founder(desk.place)):
            sign_in_here(desk)
        yield desk


def _myself(desk: Desk, name: str | None) -> str:
    """The agent who changes the password of their own, which needs the old one; empty for somebody else's."""
    if not desk.place.signs_in:
        return "" if desk.access.may("lead_agents") else desk.place.agent
    me = os.environ.get("DESK_AGENT") or (desk.place.agent if resume_kept(desk) else "")
    return me if me and name in (None, me) else ""


def _given(name: str, *, from_stdin: bool, file: str | None, needed: bool) -> str:
    """A new password: from stdin, from a file, or asked twice on a terminal; empty when none is needed or there."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    own = os.environ.get("DESK_PASSWORD_FILE") if os.environ.get("DESK_AGENT") in (None, "", name) else None
    if found := file or own:
        return password_in(Path(found))
    if sys.stdin.isatty():
        return ask_new_password()
    if needed:
        raise BadInput(_("give the password: --password-stdin, --password-file FILE, or on a terminal"))
    return ""


def _old() -> str:
    """One's present password: from the file of the environment, or asked for on a terminal."""
    if found := os.environ.get("DESK_PASSWORD_FILE"):
        return password_in(Path(found))
    if sys.stdin.isatty():
        return ask_password(_("Present password"))
    raise BadInput(_("give the present password: DESK_PASSWORD_FILE, or on a terminal"))


PASSWORD_STDIN = click.option("--password-stdin", is_flag=True, help=N_("The new password is the first line of stdin."))
PASSWORD_FILE = click.option("--password-file", metavar="FILE", help=N_("The new password is its first line."))
MUST_CHANGE = click.option("--must-change", is_flag=True, help=N_("To be changed by the agent before anything else."))


@command("add", help=N_("List an agent."))
@click.argument("name")
@click.option("--role", required=True, metavar="ROLE", help=ROLE_HELP)
@PASSWORD_STDIN
@PASSWORD_FILE
@MUST_CHANGE
def add(
    context: click.Context, name: str, role: str, password_stdin: bool, password_file: str | None, must_change: bool
) -> None:
    with _opened(context) as desk:
        password = _given(name, from_stdin=password_stdin, file=password_file, needed=desk.place.signs_in)
        _told(context, desk.agents.add(name, role, password, must_change=must_change))


@command("passwd", help=N_("Set a password: an agent's own with the old one, another's by an administrator."))
@click.argument("name", required=False)
@PASSWORD_STDIN
@PASSWORD_FILE
@MUST_CHANGE
def passwd(
    context: click.Context, name: str | None, password_stdin: bool, password_file: str | None, must_change: bool
) -> None:
    def new() -> str:
        return _given(name or "", from_stdin=password_stdin, file=password_file, needed=True)

    from desk.app import Desk
    from desk.opening import standing_clock

    config = loaded(context)
    with Desk.open(config, clock=standing_clock(config)) as desk:
        if me := _myself(desk, name):
            _told(context, desk.agents.change_own(me, _old(), new()))
            return
    if not name:
        raise BadInput(_("name the agent: desk agents passwd NAME"))
    with _opened(context) as desk:
        _told(context, desk.agents.set_password(name, new(), must_change=must_change))


@command("disable", help=N_("Take the desk away from an agent; their open screens lock within seconds."))
@click.argument("name")
def disable(context: click.Context, name: str) -> None:
    with _opened(context) as desk:
        _told(context, desk.agents.disable(name))


@command("enable", help=N_("Let an agent sign in again, also one that is locked."))
@click.argument("name")
def enable(context: click.Context, name: str) -> None:
    with _opened(context) as desk:
        _told(context, desk.agents.enable(name))


@command("role", help=N_("Give an agent another role."))
@click.argument("name")
@click.argument("role")
def role(context: click.Context, name: str, role: str) -> None:
    with _opened(context) as desk:
        _told(context, desk.agents.give_role(name, role))


@command("list", help=N_("The agents, by name."))
def list_(context: click.Context) -> None:
    with _opened(context) as desk:
        rows = desk.agents.listed()
    if flags(context).json:
        print_json([_json(row) for row in rows])
        return
    head = (_("agent"), _("role"), _("state"), _("signed in"), _("since"), _("listed by"))
    print_table(head, (_cells(row) for row in rows))


for one in (add, list_, passwd, disable, enable, role):
    agents.add_command(one)


def _json(row: AgentRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in FIELDS}


def _told(context: click.Context, row: AgentRow) -> None:
    if flags(context).json:
        print_json(_json(row))
    else:
        words = _("{agent}: {role}, {state}")
        click.echo(words.format(agent=row.name, role=_(ROLE_WORDS[row.role]), state=state_words(row)))


def _cells(row: AgentRow) -> tuple[str, ...]:
    signed_in = str(row.sessions or "")
    return row.name, _(ROLE_WORDS[row.role]), state_words(row), signed_in, row.since.strftime("%Y-%m-%d"), row.by
