"""TOML that somebody wrote: declared channels, rule packs, config.toml."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.config.load import settings_in
from desk.errors import ConfigProblem, DeskError
from desk.plugins.declared.ground import Ground
from desk.plugins.declared.head import CHANNELS, declared, kind_of
from desk.plugins.declared.reading import read_channel
from desk.plugins.faults import Fault
from desk.plugins.messages import Message
from desk.regulation.load import read_pack
from tools.fuzz.targets.target import Door, Target

HOME = Path(__file__).parents[3]
MESSAGE = Message(recipient="张三", address="13800138000", body="停电通知", id="M1", key="M1.1")


@contextmanager
def channels(folder: Path) -> Iterator[Door]:
    """The file as it is read, and as the host reads it; a channel that it makes says what it would send."""
    ground = Ground(data=folder, hosts=("sms.example.cn",))

    def door(data: bytes) -> None:
        declared(folder / "x.toml", data, ground)
        made = read_channel(folder / "x.toml", data, ground)
        try:
            made().outgoing(MESSAGE)  # type: ignore[attr-defined]
        except TypeError as problem:
            if "required argument" not in str(problem):  # a setting that must be given
                raise

    yield door


@contextmanager
def packs(folder: Path) -> Iterator[Door]:
    def door(data: bytes) -> None:
        read_pack(folder / "x.toml", data)

    yield door


@contextmanager
def config(folder: Path) -> Iterator[Door]:
    def door(data: bytes) -> None:
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise ConfigProblem("not UTF-8") from None
        settings_in(folder / "config.toml", text)

    yield door


def channel_files() -> Iterator[bytes]:
    for file in sorted((HOME / "plugins").glob("*.toml")):
        if kind_of(file.read_bytes()) in CHANNELS:
            yield file.read_bytes()


def pack_files() -> Iterator[bytes]:
    yield (HOME / "docs" / "samples" / "own_rules.toml").read_bytes()
    yield (HOME / "plugins" / "desk_practice.toml").read_bytes()
    county = (HOME / "plugins" / "county.toml").read_text(encoding="utf-8")
    head, *rest = county.split("\n[[")
    for start in range(0, len(rest), 6):
        yield "\n[[".join([head, *rest[start : start + 6]]).encode()


def config_files() -> Iterator[bytes]:
    whole = (HOME / "config.toml").read_text(encoding="utf-8")
    yield whole.encode()
    yield "\n".join(line.removeprefix("# ") for line in whole.splitlines()).encode()
    _head, *rest = whole.split("\n[")
    yield from (("[" + section).encode() for section in rest)


TOML = (
    b"[[",
    b"]]\n",
    b'"""',
    b"'''",
    b"= true",
    b"= [1, 2]",
    b"= {}",
    b"= 1979-05-27",
    b"= nan",
    b"= 0xffffffffffffffffff",
    b"\n[a.b.c]\n",
)
TARGETS = {
    "channels": Target(
        channels,
        channel_files,
        (
            *TOML,
            b"{address}",
            b"{settings.",
            b"[request]\n",
            b"[answer]\n",
            b"pattern = '(a+)+$'\n",
            b'kind = "command"\n',
        ),
        (DeskError, Fault),
    ),
    "packs": Target(
        packs, pack_files, (*TOML, b"[[rule]]\n", b"[[moment]]\n", b"3 workdays", b"when = "), (ConfigProblem,)
    ),
    "config": Target(config, config_files, (*TOML, b"[channels.", b"[keys]\n", b"secret = { env = "), (ConfigProblem,)),
}
