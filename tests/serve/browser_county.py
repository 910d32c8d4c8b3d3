"""The county of the browser's tests: three customers, two agents who sign in, one fault; served by `desk serve`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from served import PASSWORD, free_port

from desk.access.agents import Agents
from desk.access.services import as_founder
from desk.app import Desk
from desk.config import load_config
from desk.outages import OutageRequest
from desk.phone_numbers import read_phones
from desk.records import Customer, TransformerArea

ROOT = Path(__file__).parents[2]
SETTINGS = """
[county]
name = "青山县供电公司"
area_code = "0951"
[access]
sign_in = "{sign_in}"
[serve]
port = {port}
"""
AGENTS = {"管理员": "administrator", "张三": "agent", "李四": "supervisor"}
PEOPLE = {"王建国": "T1", "李秀英": "T2", "张伟": "T2"}


@dataclass
class Served:
    """A county and the server before it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *words: str, agent: str = "李四") -> str:
        """A command of another person at another terminal."""
        environment = {**environ(), "DESK_AGENT": agent, "DESK_PASSWORD_FILE": str(self.folder / "password")}
        command = [sys.executable, "-m", "desk", *words, "--data", str(self.folder)]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    def desk(self) -> Desk:
        """Another seat of the same desk, in this process."""
        return Desk.open(load_config(None, self.folder, {}))


def build(folder: Path, sign_in: str = "password") -> Served:
    """The county, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    (folder / "config.toml").write_text(SETTINGS.format(port=port, sign_in=sign_in), encoding="utf-8")
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    with Desk.create(load_config(None, folder, {}), sandbox=True) as desk:
        areas = (TransformerArea(transformer_area=f"T{number}", feeder=f"东湖{number}线") for number in (1, 2))
        desk.place.network.put_many(areas)
        desk.place.customers.put_many(_customers())
        if sign_in == "password":
            as_founder(desk.place)
        for name, role in AGENTS.items():
            Agents(desk.place).add(name, role, PASSWORD)
        if sign_in == "password":
            desk.sign_in("李四", PASSWORD)
        desk.outages.open(OutageRequest(type="grid_fault", transformer_areas=("T1",), cause="树障", area="东湖镇一带"))
    return Served(folder, port)


@contextmanager
def serving(county: Served) -> Iterator[Served]:
    """`desk serve` as an administrator starts it; ended as systemd ends it."""
    command = [sys.executable, "-m", "desk", "serve", "--data", str(county.folder)]
    process = county.process = subprocess.Popen(command, env=environ(), stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urlopen(f"{county.origin}/static/desk.css").close()
                break
            except OSError:
                assert process.poll() is None, "desk serve has ended"
                assert time.monotonic() < until, "desk serve did not start"
                time.sleep(0.02)
        yield county
    finally:
        process.terminate()
        process.wait(15)


def environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}
    return {**kept, "PYTHONPATH": str(ROOT)}


def _customers() -> Iterator[Customer]:
    for number, (name, area) in enumerate(PEOPLE.items(), start=1):
        yield Customer(
            account_no=f"64001{number:05d}",
            name=name,
            transformer_area=area,
            address=f"东湖镇幸福路{number}号",
            phones=read_phones(f"1380013{8000 + number}", "0951"),
        )
