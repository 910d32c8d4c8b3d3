"""Text messages over SMPP to a centre in a process of its own, each with its receipt confirmed: the channel alone, and
the whole way through the outbox."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from bench.county import County
from bench.figure import Figure, Measured
from bench.outbox import message
from desk.app import Desk
from desk.config import load_config
from desk.plugins import Message, Secret
from plugins.smpp import Smpp

CENTRE = Path(__file__).parent.parent / "tests" / "sms" / "smpp_centre.py"
MESSAGES = 10_000
STORED = 4_000
LONGEST = 60.0
SECTION = """
[channels.sms]
type = "smpp"
host = "127.0.0.1"
port = {port}
system_id = "bench"
password = {{ file = "password" }}
"""


def figures(_county: County) -> list[Figure]:
    """The figures of this room."""
    return [
        Figure("text messages", "/s", sending, more=True),
        Figure("text messages through the outbox", "/s", through, more=True),
    ]


def sending() -> Measured:
    """Until the last receipt is there and confirmed; what the outbox stores before and after is not in it."""
    batch = [
        Message(recipient=f"客户{number}", address=f"1380013{number:04}", body="因线路检修您处将于12月11日停电")
        for number in range(Smpp.can.bulk)
    ]
    with centre() as port:
        channel = Smpp(Smpp.Settings(host="127.0.0.1", port=port, system_id="bench", password=Secret.of("secret")))
        channel.check(5)
        start = time.perf_counter()
        sent = confirmed = 0
        while confirmed < MESSAGES and time.perf_counter() - start < LONGEST:
            if sent < MESSAGES:
                sent += sum(not isinstance(answer, Exception) for answer in channel.send_many(batch, 10))
            reports = channel.poll([], 1)
            channel.stored(reports)
            confirmed += len(reports)
        spent = time.perf_counter() - start
        channel.close()
    yield "text messages over SMPP, with receipts", 1000, confirmed / spent


def through() -> Measured:
    """As `desk work` sends them: each stored as `sending` before, with its id after, and once more with its receipt."""
    with centre() as port, _county(port) as desk:
        desk.outbox.add(replace(message(number), channel="sms") for number in range(STORED))
        worker = desk.outbox.worker()
        start = time.perf_counter()
        while desk.outbox.counts() != {"delivered": STORED} and time.perf_counter() - start < LONGEST:
            worker.once(LONGEST)
        spent = time.perf_counter() - start
        worker.close()
        arrived = desk.outbox.counts().get("delivered", 0)
    yield "text messages through the outbox, each stored before and after, with receipts", 1000, arrived / spent


@contextmanager
def _county(port: int) -> Iterator[Desk]:
    """A new county whose only gateway is that centre."""
    with TemporaryDirectory(prefix="desk-bench-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        (data / "password").write_text("secret")
        (data / "config.toml").write_text(SECTION.format(port=port))
        with Desk.create(load_config(None, data, {}), sandbox=True) as desk:
            yield desk


@contextmanager
def centre() -> Iterator[int]:
    """The port of a centre that runs meanwhile."""
    process = subprocess.Popen([sys.executable, str(CENTRE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
