"""A HylaFAX server of the same protocol on loopback: it takes jobs and remembers them; no modem, no fax."""

from __future__ import annotations

import re
import socket
import threading
from dataclasses import dataclass, field
from itertools import count
from socketserver import StreamRequestHandler, ThreadingTCPServer

FAULTS = ("accept", "closed", "stall", "lose", "reject", "trouble", "junk", "silent", "stranger")


@dataclass
class Job:
    """A job as the server keeps it; `letter` is its state (T not yet handed over)."""

    number: str
    parameters: dict[str, str] = field(default_factory=dict)
    documents: list[bytes] = field(default_factory=list)
    letter: str = "T"
    pages: int = 0
    total: int = 0
    dials: int = 0
    when: int = 0
    status: str = ""

    def line(self, form: str) -> str:
        signs = {
            "j": self.number,
            "a": self.letter,
            "J": self.parameters.get("JOBINFO", ""),
            "p": str(self.pages),
            "y": str(self.total),
            "d": str(self.dials),
            "Z": str(self.when),
            "s": self.status,
        }
        return re.sub("%(.)", lambda sign: signs[sign[1]], form)


class FakeHylaFax:
    """`with FakeHylaFax() as server:` listens on `server.port`; `server.mode` says how JSUBM is answered."""

    def __init__(self) -> None:
        self.mode = "accept"
        self.refusal = "no credit left 余额不足"
        self.password = ""
        self.jobs: dict[str, Job] = {}
        self.commands: list[str] = []
        self.scheduler = "Running"
        self.modems = ["Modem ttyS0 (+86.951.5550001): Running and idle"]
        self._numbers = count(1)
        self._server: ThreadingTCPServer | None = None
        self.port = 0
        self.listen()

    def __enter__(self) -> FakeHylaFax:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def listen(self) -> None:
        """Open the port, the same one after `close`."""
        if self._server is None:
            self._server = _Server(("127.0.0.1", self.port), _Session)
            self._server.fake = self
            self.port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def submitted(self) -> list[Job]:
        """The jobs that were handed over, in order."""
        return [job for job in self.jobs.values() if job.letter != "T"]

    def ends(self, number: str, letter: str, status: str = "", *, pages: int = 1, total: int = 1) -> None:
        """The job is done (D) or failed (F), or in any other state."""
        job = self.jobs[number]
        job.letter, job.status, job.pages, job.total = letter, status, pages, total
        job.dials, job.when = job.dials + 1, 1795460463

    def new_job(self) -> Job:
        job = Job(str(next(self._numbers)))
        self.jobs[job.number] = job
        return job


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    fake: FakeHylaFax


class _Session(StreamRequestHandler):
    """One client. A job it made and did not hand over is gone when it goes, as with hfaxd."""

    def handle(self) -> None:
        self.fake: FakeHylaFax = self.server.fake  # type: ignore[attr-defined]
        self.job: Job | None = None
        self.files: dict[str, bytes] = {}
        self.form = "%j"
        self.passive: socket.socket | None = None
        self.name = ""
        if self.fake.mode == "silent":
            self.rfile.readline()
            return
        self.say(
            "hello stranger" if self.fake.mode == "stranger" else "220 fake server (HylaFAX (tm) Version 6.0.7) ready."
        )
        try:
            for raw in self.rfile:
                line = raw.decode("latin-1").rstrip("\r\n")
                self.fake.commands.append(line)
                name, _space, rest = line.partition(" ")
                if getattr(self, f"do_{name.upper()}", self.do_unknown)(rest) == "end":
                    return
        except OSError:
            pass
        finally:
            if self.job is not None and self.job.letter == "T":
                self.fake.jobs.pop(self.job.number, None)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def do_unknown(self, _rest: str) -> None:
        self.say("500 Command not recognized.")

    def do_USER(self, name: str) -> None:
        self.name = name
        self.say("331 Password required." if self.fake.password else f"230 User {name} logged in.")

    def do_PASS(self, password: str) -> None:
        right = password == self.fake.password
        self.say(f"230 User {self.name} logged in." if right else "530 Login incorrect.")

    def do_TYPE(self, _rest: str) -> None:
        self.say("200 Type set.")

    def do_JOBFMT(self, form: str) -> None:
        self.form = form.strip('"')
        self.say("200 JOBFMT command successful.")

    def do_PASV(self, _rest: str) -> None:
        self.passive = socket.create_server(("127.0.0.1", 0))
        high, low = divmod(self.passive.getsockname()[1], 256)
        self.say(f"227 Entering passive mode (127,0,0,1,{high},{low})")

    def do_LIST(self, folder: str) -> None:
        ended = folder == "doneq"
        lines = [job.line(self.form) for job in self.fake.jobs.values() if (job.letter in "DF") is ended]
        if folder == "status":
            lines = [f"HylaFAX scheduler on fake: {self.fake.scheduler}", *self.fake.modems]
        self.transfer(f'150 Opening new data connection for "{folder}".', "".join(f"{line}\r\n" for line in lines))

    def do_STOT(self, _rest: str) -> None:
        name = f"/tmp/doc{len(self.files) + 1}.ps"
        self.say(f"150 FILE: {name} (Opening new data connection).")
        data, _peer = self.passive.accept()  # type: ignore[union-attr]
        with data, data.makefile("rb") as file:
            self.files[name] = file.read()
        self.say(f"226 Transfer complete (FILE: {name}).")

    def transfer(self, opening: str, text: str) -> None:
        self.say(opening)
        data, _peer = self.passive.accept()  # type: ignore[union-attr]
        with data:
            data.sendall(text.encode())
        self.say("226 Transfer complete.")

    def do_JNEW(self, _rest: str) -> None:
        self.job = self.fake.new_job()
        self.say(f"200 New job created: jobid: {self.job.number} groupid: {self.job.number}.")

    def do_JPARM(self, rest: str) -> None:
        assert self.job is not None
        name, _space, value = rest.partition(" ")
        if name == "DOCUMENT":
            self.job.documents.append(self.files[value])
        else:
            self.job.parameters[name] = value.strip('"')
        self.say(f"213 {name} set to {value}.")

    def do_JSUBM(self, _rest: str) -> str | None:
        assert self.job is not None
        mode = self.fake.mode
        if mode in ("reject", "trouble"):
            self.say(f"550 {self.fake.refusal}" if mode == "reject" else "460 Failed to submit job: no scheduler FIFO.")
            return None
        self.job.letter = "W"
        if mode == "stall":
            self.rfile.read()  # until the client goes
        elif mode == "junk":
            self.say("good morning")
        elif mode != "lose":
            self.say(f"200 Job {self.job.number} submitted.")
        return "end" if mode == "lose" else None

    def do_JKILL(self, number: str) -> None:
        job = self.fake.jobs.get(number)
        if job is None or job.letter in "DF":
            self.say(f"500 Cannot kill job {number}: no such job.")
            return
        self.fake.ends(number, "F", "Job aborted by request", pages=0)
        self.say(f"200 Job {number} killed.")

    def do_QUIT(self, _rest: str) -> str:
        self.say("221 Goodbye.")
        return "end"
