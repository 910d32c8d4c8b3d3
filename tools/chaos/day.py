"""The day itself: actors are started, faults come at their time, and in the end the store is asked what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread

from desk.app import Desk
from tools.chaos.county import LEDGERS, OFFSET, build, ledgers, opened
from tools.chaos.disk import Disk, small_disk
from tools.chaos.faults import Fault, plan
from tools.chaos.gateway import Gateway, running
from tools.chaos.proof import Proof, prove
from tools.chaos.server import Server, served

ACTORS = {
    "seat-1": "seat",
    "seat-2": "seat",
    "seat-3": "seat",
    "worker-1": "worker",
    "worker-2": "worker",
    "importer": "importer",
}
LAST_SECONDS = 90.0  # for an actor to end once the day is over
ROUNDS = 60  # of the outbox, a second each, until nothing is left to send
REPO = Path(__file__).parents[2]


class Day:
    """The processes of one day, and what is done to them."""

    def __init__(self, folder: Path, data: Path, seed: int, until: float, disk: Disk, server: Server | None) -> None:
        self._folder, self._data = folder, data
        self._seed, self._until = seed, until
        self._disk, self._server = disk, server
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._beside: list[Thread] = []
        self._starts = 0
        self.broken: list[str] = []

    def begin(self) -> None:
        for name in ACTORS:
            self._start(name)

    def befall(self, fault: Fault) -> None:
        """One fault; what lasts a while ends by itself, beside the others."""
        if fault.what in ("kill", "kill_all", "clock"):
            getattr(self, fault.what)(fault.about)
        else:
            lasting = Thread(target=getattr(self, fault.what), args=(float(fault.about),))
            lasting.start()
            self._beside.append(lasting)

    def look_after(self) -> None:
        """An actor that ended too early is started again, as a service would, and remembered."""
        for name, process in self._processes.items():
            if process.poll() is not None and time.time() < self._until - 1:
                self.broken.append(f"{name} ended by itself with {process.returncode}")
                self._start(name)

    def end(self) -> None:
        """All is well again; wait until the last actor has ended."""
        for lasting in self._beside:
            lasting.join()
        self._disk.free()
        if self._server:
            self._server.mend()
        self.clock("0")
        for name, process in self._processes.items():
            try:
                process.wait(timeout=max(0.0, self._until - time.time()) + LAST_SECONDS)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGABRT)  # where it hangs is written beside its ledger
                process.wait()
                self.broken.append(f"{name} hangs")

    # faults

    def kill(self, name: str) -> None:
        self._processes[name].send_signal(signal.SIGKILL)
        self._processes[name].wait()
        self._start(name)

    def kill_all(self, _seconds: str) -> None:
        for process in self._processes.values():
            process.send_signal(signal.SIGKILL)
        for name, process in list(self._processes.items()):
            process.wait()
            self._start(name)

    def clock(self, seconds: str) -> None:
        part = self._folder / f"{OFFSET}.part"
        part.write_text(seconds)
        os.replace(part, self._folder / OFFSET)

    def disk(self, seconds: float) -> None:
        self._disk.fill()
        time.sleep(seconds)
        self._disk.free()
        if self._server:
            self._server.mend()

    def crash_server(self, _seconds: float) -> None:
        if self._server:
            self._server.crash()

    def stop_server(self, seconds: float) -> None:
        if self._server:
            self._server.away(seconds)

    def cut(self, _seconds: float) -> None:
        if self._server:
            self._server.cut()

    def _start(self, name: str) -> None:
        self._starts += 1
        words = [sys.executable, "-m", "tools.chaos.actors", ACTORS[name], str(self._folder), str(self._data), name]
        words += [f"{self._seed}.{self._starts}", str(self._until)]
        with (self._folder / LEDGERS / f"{name}.err").open("ab") as errors:
            self._processes[name] = subprocess.Popen(
                words,
                cwd=REPO,
                env={**os.environ, "PYTHONFAULTHANDLER": "1"},
                stderr=errors,
                stdout=subprocess.DEVNULL,
            )


def live(engine: str, seed: int, seconds: float, folder: Path | None, say: Callable[[str], None]) -> Proof:
    """One day from its beginning to its proof. `folder`, which does not exist yet, keeps what is left of it."""
    folder = folder or Path(mkdtemp(prefix="desk-chaos-")) / "day"
    (folder / LEDGERS).mkdir(parents=True)
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk())
        if not disk.is_small:
            say("this account may not mount a disk: none will be full")
        server = stack.enter_context(served(disk.folder)) if engine == "postgresql" else None
        data = folder / "data" if server else disk.folder / "data"
        gateway = stack.enter_context(running(Gateway(seed)))
        build(folder, data, server.url if server else "sqlite:///desk.db", gateway.port, seed)
        faults = _lived(Day(folder, data, seed, time.time() + seconds, disk, server), engine, seed, seconds, say)
        with opened(folder, data, "proof") as desk:
            _settled(desk)
            found = prove(desk, ledgers(folder), gateway)
    return Proof({**found.counts, **faults.counts}, (*faults.wrong, *found.wrong))


def _lived(day: Day, engine: str, seed: int, seconds: float, say: Callable[[str], None]) -> Proof:
    faults, begin = plan(seed, seconds, list(ACTORS), engine), time.monotonic()
    say(f"{seconds:g} s on {engine}, seed {seed}: {len(faults)} faults")
    day.begin()
    for fault in faults:
        while (wait := begin + fault.at - time.monotonic()) > 0:
            time.sleep(min(wait, 0.2))
            day.look_after()
        day.befall(fault)
    day.end()
    return Proof({f"× {what}": count for what, count in Counter(one.what for one in faults).items()}, tuple(day.broken))


def _settled(desk: Desk) -> None:
    """Nothing fails any more: what waits on this machine is stored, what waits in the outbox is sent."""
    desk.kept_here.store_all()
    for _round in range(ROUNDS):
        desk.outbox.work_once(5)
        if not desk.outbox.counts().keys() & {"queued", "sending"}:
            return
        time.sleep(1.0)
