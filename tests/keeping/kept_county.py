"""A desk with something of everything a backup must bring back, made once and copied for each test."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from desk.app import Desk
from desk.cli import main
from desk.clock import FixedClock
from desk.config import Config, load_config
from desk.demo import build
from desk.i18n import set_language
from desk.keeping.archive import Writing
from desk.keeping.restoring import Restored, restore
from desk.keeping.sealed import Costs
from desk.paper.attachments import attach
from desk.store import open_store
from desk.store.engine import Engine

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CHEAP = Costs(passes=1, memory=64, lanes=1)  # a guess for nothing: these passphrases guard nothing
PASSPHRASE = "correct horse battery staple"

SETTINGS = """\
# our own remark
[county]
name = "湖畔县供电公司"

[desk]
language = "en"
agent = "li"
"""


def make(data: Path) -> None:
    """A county on its day, with settings, scripts, wordings, a plugin somebody answers for, an attachment, a secret."""
    data.mkdir(parents=True)
    (data / "config.toml").write_text(SETTINGS, encoding="utf-8")
    for path in ("scripts/greeting.j2", "wording/sms.j2", "secrets/sms", "spool/sms/1.txt", "desk.log"):
        (data / path).parent.mkdir(parents=True, exist_ok=True)
        (data / path).write_text(f"{path} 你好\n", encoding="utf-8")
    with Desk.create(load_config(None, data, {}), sandbox=True, clock=FixedClock(NOW)) as desk:
        build(desk.place, 150, 1)
        slip = data.parent / "slip.png"
        slip.write_bytes(b"\x89PNG\r\n" + bytes(2000))
        attach(data, slip)
    set_language("en")


def opened(data: Path, url: str = "") -> Desk:
    return Desk.open(settings(data, url), clock=FixedClock(NOW))


def settings(data: Path, url: str = "") -> Config:
    config = load_config(None, data, {"USER": "li"})
    return replace(config, store_url=url) if url else config


def put_back(file: Path, data: Path, url: str = "", passphrase: str = "") -> Restored:
    config = settings(data, url)
    if config.path == Path("config.toml"):  # the one that ships with the source lies in the current folder
        config = replace(config, path=None)
    return restore(file, config, lambda _sandbox: FixedClock(NOW), passphrase=passphrase)


@contextmanager
def engine_at(url: str) -> Iterator[Engine]:
    """A store without the desk's tables' specs."""
    with open_store(url) as store:
        yield store.storage.engine


def repacked(backup: Path, target: Path, change: Callable[[str, bytes], Iterator[tuple[str, bytes]]]) -> Path:
    """The backup with other members, sound in itself: as somebody would make it who knows how."""
    made = io.BytesIO()
    archive = Writing(made)
    with tarfile.open(backup, "r:gz") as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            for name, changed in change(member.name, content.read()):
                archive.add(name, changed)
    archive.close()
    target.write_bytes(made.getvalue())
    return target


class Told(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


def run(*words: str | Path, data: Path | None = None, **environ: str) -> Told:
    """One command of the desk, as somebody types it."""
    environ = {"DESK_DATA": str(data or ""), **environ}
    before = {name: os.environ.get(name) for name in environ}
    os.environ.update(environ)
    out, err = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main([str(word) for word in words])
    finally:
        os.environ.update({name: value for name, value in before.items() if value is not None})
        for name in [name for name, value in before.items() if value is None]:
            del os.environ[name]
        set_language("en")
    return Told(code, out.getvalue(), err.getvalue())


def copy_of(county: Path, data: Path) -> Path:
    return Path(shutil.copytree(county, data))
