"""Who runs a command, where agents sign in: by a session, by name and password file, by `desk sign-in`, or asked here.

DESK_SESSION                           the token of a sign-in, as `desk serve` hands it on
DESK_AGENT + DESK_PASSWORD_FILE        for scripts: the first line of the file is the password
desk sign-in                           keeps a token in the user's own state folder, readable by nobody else
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.errors import BadInput, SignInNeeded
from desk.i18n import _

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.config import Config

LONGEST = 4096  # of a file with a password


def sign_in_here(desk: Desk, environ: Mapping[str, str] = os.environ) -> None:
    """Sign in whoever runs this command, where the desk asks for it; raises SignInNeeded with how to."""
    if signed_by_environment(desk, environ) or not desk.needs_sign_in:
        return
    if resume_kept(desk):
        return
    if sys.stdin.isatty() and sys.stderr.isatty():
        name = click.prompt(_("Agent"), default=environ.get("DESK_AGENT") or None, err=True)
        desk.signing_in.for_one_command(name, ask_password(_("Password")))
        return
    raise SignInNeeded(
        _("this desk asks who you are: run desk sign-in first, or set DESK_AGENT and DESK_PASSWORD_FILE")
    )


def signed_by_environment(desk: Desk, environ: Mapping[str, str] = os.environ) -> bool:
    """Sign in by what the environment says; False when it says nothing that is needed."""
    if token := environ.get("DESK_SESSION"):
        desk.resume(token)
        return True
    name, file = environ.get("DESK_AGENT"), environ.get("DESK_PASSWORD_FILE")
    if desk.needs_sign_in and name and file:
        desk.signing_in.for_one_command(name, password_in(Path(file)))
        return True
    return False


def password_in(file: Path) -> str:
    """The password that stands in the first line of a file; raises BadInput."""
    try:
        with file.expanduser().open("rb") as opened:
            content = opened.read(LONGEST)
        return content.decode("utf-8-sig").partition("\n")[0].rstrip("\r")
    except OSError as problem:
        raise BadInput(_("{file} cannot be read: {words}").format(file=file, words=problem.strerror)) from None
    except UnicodeDecodeError:
        raise BadInput(_("{file} is not UTF-8").format(file=file)) from None


def ask_password(words: str) -> str:
    """Ask for a password on the terminal, showing nothing of it."""
    answer: str = click.prompt(words, hide_input=True, err=True)
    return answer


def ask_new_password() -> str:
    """Ask twice for a new password on the terminal."""
    first = ask_password(_("New password"))
    if ask_password(_("The same again")) != first:
        raise BadInput(_("the two passwords are not the same; nothing was changed"))
    return first


# what `desk sign-in` keeps


def keep_token(config: Config, token: str) -> Path:
    """Keep a token where only this user reads it."""
    file = _token_file(config)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(token)
    return file


def forget_token(config: Config) -> None:
    _token_file(config).unlink(missing_ok=True)


def resume_kept(desk: Desk) -> bool:
    """Take up the sign-in kept by `desk sign-in`; one that has ended is forgotten."""
    try:
        token = _token_file(desk.place.config).read_text()
    except OSError:
        return False
    try:
        desk.resume(token)
    except SignInNeeded:
        forget_token(desk.place.config)
        return False
    return True


def _token_file(config: Config) -> Path:
    import platformdirs  # 5 ms

    name = sha256(f"{config.data}\n{config.store_url}".encode("utf-8", "replace")).hexdigest()[:24]
    return platformdirs.user_state_path("desk95598", appauthor=False) / "sessions" / name
