"""The place of the bad day: a small county in a sandbox, its gateway's channel, and a clock that others may move."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from desk import demo
from desk.app import Desk
from desk.clock import SystemClock, zone_named
from desk.config import Config, load_config

CUSTOMERS = 600
CHANNEL = "pager"
OFFSET = "clock"  # a file of the day's folder: by how many seconds the clock is wrong

LEDGERS = "ledgers"  # so is this: what each actor was told is done

_CONFIG = """\
[store]
url = "{url}"

[messages]
retry = ["PT1S"]
most_per_outage = 100000
most_per_minute = 100000
quiet_from = "00:00"
quiet_until = "00:00"

[seats]
lease_minutes = 1

[plugins]
hosts = ["127.0.0.1:{port}"]
"""
_PAGER = """\
kind = "webhook"
name = "{name}"
label = {{ zh_CN = "传呼", en = "Pager" }}

[can]
family = "sms"
address = "mobile"
timeout = 2

[request]
method = "POST"
url = "http://127.0.0.1:{port}/send"

[request.json]
id = "{{id}}"
key = "{{key}}"
to = "{{address}}"
text = "{{body}}"

[answer]
id = "id"
status = {{ 200 = "accepted" }}

[example]
message = {{ recipient = "张三", address = "13800138000", body = "停电", key = "K1" }}
answers = [{{ status = 200, text = '{{"id": "1"}}', gives = "accepted", id = "1" }}]
"""


class JumpingClock:
    """The machine's clock, wrong by what the file says: by seconds or by days, forwards or back."""

    def __init__(self, file: Path, config: Config) -> None:
        self.zone = zone_named(config.county.time_zone)
        self._machine = SystemClock(self.zone)
        self._file = file

    def now(self) -> datetime:
        try:
            wrong = float(self._file.read_text())
        except (OSError, ValueError):
            wrong = 0.0  # just being written, or the disk is full
        return (self._machine.now() + timedelta(seconds=wrong)).replace(microsecond=0)


def build(folder: Path, data: Path, url: str, port: int, seed: int) -> None:
    """A new county whose store is at `url` and whose only gateway listens on `port`."""
    (data / "plugins").mkdir(parents=True)
    (data / "config.toml").write_text(_CONFIG.format(url=url, port=port))
    (data / "plugins" / f"{CHANNEL}.toml").write_text(_PAGER.format(name=CHANNEL, port=port))
    with opened(folder, data, fresh=True) as desk:
        areas = demo.network(CUSTOMERS, seed)
        with desk.place.store.transaction():
            desk.place.network.put_many(areas)
            people = demo.customers(CUSTOMERS, seed, areas, desk.place.config.county.area_code)
            desk.place.customers.put_many(people)


def opened(folder: Path, data: Path, seat: str = "chaos", *, fresh: bool = False) -> Desk:
    """The desk of one seat, with the clock of the day's folder."""
    from msgspec.structs import replace

    config = load_config(data=data, environ={})
    config = replace(config, desk=replace(config.desk, seat=seat, agent=f"agent {seat}"))
    clock = JumpingClock(folder / OFFSET, config)
    return Desk.create(config, sandbox=True, clock=clock) if fresh else Desk.open(config, clock=clock)


class Ledger:
    """What an actor was told is done, line by line: a line is in the file before the next act begins."""

    def __init__(self, file: Path) -> None:
        self._out = file.open("a", encoding="utf-8")

    def wrote(self, kind: str, **what: object) -> None:
        self._out.write(json.dumps({"kind": kind, **what}, ensure_ascii=False) + "\n")
        self._out.flush()


def ledgers(folder: Path) -> list[dict[str, str]]:
    """Every line of every actor; one cut off by a kill is none."""
    texts = (file.read_text(encoding="utf-8") for file in sorted((folder / LEDGERS).glob("*.jsonl")))
    lines = (line for text in texts for line in text.splitlines(keepends=True))
    return [json.loads(line) for line in lines if line.endswith("\n")]
