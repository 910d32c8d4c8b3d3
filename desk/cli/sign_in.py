"""`desk sign-in` and `desk sign-out`: one sign-in for many commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from desk.cli.base import command, flags, loaded
from desk.cli.show import print_json
from desk.cli.who import ask_new_password, ask_password, forget_token, keep_token, password_in, signed_by_environment
from desk.errors import Refused, SignInNeeded
from desk.i18n import N_, _


@command("sign-in", help=N_("Sign in; the commands that follow need no password until it ends."))
@click.argument("name", required=False)
def sign_in(context: click.Context, name: str | None) -> None:
    from desk.access.rights import ROLE_WORDS
    from desk.access.signing_in import MustChange
    from desk.app import Desk

    config = loaded(context)
    with Desk.open(config) as desk:
        if not desk.needs_sign_in:
            raise Refused(_("nobody signs in at this desk ([access] sign_in = os_user)"))
        name = name or os.environ.get("DESK_AGENT") or _asked_name()
        password = _password()
        try:
            token = desk.sign_in(name, password, door="command")
        except MustChange as problem:
            if not sys.stdin.isatty():
                raise
            click.echo(str(problem), err=True)
            new = ask_new_password()
            desk.agents.change_own(name, password, new)
            token = desk.sign_in(name, new, door="command")
        keep_token(config, token)
        agent, role = desk.place.agent, desk.place.role
    if flags(context).json:
        print_json({"agent": agent, "role": role})
    else:
        click.echo(_("{agent} ({role}) is signed in").format(agent=agent, role=_(ROLE_WORDS[role])))


@command("sign-out", help=N_("End the sign-in of desk sign-in."))
def sign_out(context: click.Context) -> None:
    from desk.app import Desk
    from desk.cli.who import resume_kept

    config = loaded(context)
    with Desk.open(config) as desk:
        if signed_by_environment(desk) or resume_kept(desk):
            desk.sign_out()
    forget_token(config)
    click.echo(_("signed out"))


def _asked_name() -> str:
    if not sys.stdin.isatty():
        raise SignInNeeded(_("name the agent: desk sign-in NAME"))
    answer: str = click.prompt(_("Agent"), err=True)
    return answer


def _password() -> str:
    file = os.environ.get("DESK_PASSWORD_FILE")
    if file:
        return password_in(Path(file))
    if sys.stdin.isatty():
        return ask_password(_("Password"))
    return sys.stdin.readline().rstrip("\r\n")
