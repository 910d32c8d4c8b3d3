"""`desk backup` and `desk restore`: everything that is the desk's, in one file and back again."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from desk.cli.base import command, flags, loaded, opened
from desk.cli.data import end_progress, progress_on_stderr
from desk.cli.show import print_json
from desk.config.load import FILE_NAME
from desk.errors import BadInput
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.clock import Clock
    from desk.config import Config
    from desk.keeping.backup import Made
    from desk.keeping.manifest import Manifest
    from desk.keeping.restoring import Restored

PASSPHRASE_FILE = "DESK_BACKUP_PASSPHRASE_FILE"
FILE = click.Path(path_type=Path)


@command("backup", help=N_("Write everything that is the desk's to one file, while the desk runs."))
@click.argument("file", type=FILE)
@click.option("--encrypt", is_flag=True, help=N_("Only a passphrase opens it; passwords and keys are in it then."))
def backup(context: click.Context, file: Path, encrypt: bool) -> None:
    from desk.keeping.backup import back_up

    with opened(context) as desk:
        desk.access.require("back_up")
        passphrase = _new_passphrase() if encrypt else ""
        try:
            made = back_up(desk.place, file, passphrase=passphrase, progress=progress_on_stderr())
        finally:
            end_progress()
    for folder in made.left_out:
        click.echo(_("not in the backup: {folder}").format(folder=folder), err=True)
    if flags(context).json:
        print_json(_about(made))
        return
    words = {"rows": made.manifest.rows, "files": len(made.manifest.files), "file": made.file}
    click.echo(_("{rows} documents and {files} files are in {file}, read back and verified").format(**words))


def _about(made: Made) -> dict[str, object]:
    return {
        "file": str(made.file),
        "bytes": made.bytes,
        "left_out": [str(folder) for folder in made.left_out],
        **_told(made.manifest),
    }


def _told(manifest: Manifest) -> dict[str, object]:
    head = manifest.head
    return {
        "id": head.id,
        "made_at": head.made_at.isoformat(),
        "made_by": head.made_by,
        "county": head.county,
        "engine": head.engine,
        "encrypted": head.encrypted,
        "rows": manifest.rows,
        "tables": [{"name": one.name, "rows": one.rows, "sha256": one.sha256} for one in manifest.tables],
        "files": [one.path for one in manifest.files],
    }


@command("restore", help=N_("Put a backup back into an empty place."))
@click.argument("file", type=FILE)
@click.option("--check", is_flag=True, help=N_("Only read the backup and say whether it is whole."))
def restore(context: click.Context, file: Path, check: bool) -> None:
    from desk.keeping.opening import needs_passphrase
    from desk.opening import store_password

    config = loaded(context)
    passphrase = _passphrase() if needs_passphrase(file) else ""
    if check:
        _check(context, file, passphrase)
        return
    done = _restored(_of_that_place(context, config), file, passphrase, store_password(config))
    for note in done.notes:
        click.echo(note, err=True)
    if flags(context).json:
        print_json({"data": str(done.data), "store": done.store, "notes": done.notes, **_told(done.manifest)})
        return
    words = {"rows": done.manifest.rows, "folder": done.data, "store": done.store}
    click.echo(
        _("{rows} documents are in {store} again, its files in {folder}; look with: desk doctor").format(**words)
    )


def _of_that_place(context: click.Context, config: Config) -> Config:
    """The settings without a file that merely lies in the current folder: those of the backup are for the new place."""
    named = flags(context).config or os.environ.get("DESK_CONFIG")
    return config if named or config.path != Path(FILE_NAME) else replace(config, path=None)


def _restored(config: Config, file: Path, passphrase: str, password: str) -> Restored:
    from desk.keeping.restoring import restore as put_back

    try:
        return put_back(
            file,
            config,
            lambda sandbox: _clock(config, sandbox),
            password=password,
            passphrase=passphrase,
            progress=progress_on_stderr(),
        )
    finally:
        end_progress()


def _check(context: click.Context, file: Path, passphrase: str) -> None:
    from desk.keeping.opening import verified

    manifest = verified(file, passphrase)
    if flags(context).json:
        print_json(_told(manifest))
        return
    head = manifest.head
    words = {"file": file, "county": head.county, "at": f"{head.made_at:%Y-%m-%d %H:%M}", "rows": manifest.rows}
    click.echo(_("{file} is whole: {county}, {at}, {rows} documents").format(**words))


def _clock(config: Config, sandbox: bool) -> Clock:
    """A sandbox being restored takes its time from DESK_NOW as it will afterwards."""
    from desk.clock import FixedClock, parse_time, zone_named
    from desk.opening import standing_clock

    if sandbox and os.environ.get("DESK_NOW"):
        return FixedClock(parse_time(os.environ["DESK_NOW"], zone_named(config.county.time_zone)))
    return standing_clock(config)


def _passphrase() -> str:
    named = os.environ.get(PASSPHRASE_FILE)
    if named:
        return _first_line(Path(named))
    if not sys.stdin.isatty():
        raise BadInput(
            _("the passphrase is asked for at a terminal, or read from the file in {name}").format(name=PASSPHRASE_FILE)
        )
    asked: str = click.prompt(_("Passphrase"), hide_input=True, err=True)
    return asked


def _new_passphrase() -> str:
    passphrase = _passphrase()
    if not os.environ.get(PASSPHRASE_FILE) and passphrase != click.prompt(_("Once more"), hide_input=True, err=True):
        raise BadInput(_("these were two different passphrases; nothing was written"))
    return passphrase


def _first_line(file: Path) -> str:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeError) as problem:
        words = _("the passphrase cannot be read from {file}")
        raise BadInput(words.format(file=file), why=str(problem)) from None
    if not lines or not lines[0]:
        raise BadInput(_("there is no passphrase in {file}").format(file=file))
    return lines[0]
