"""What programs beside us leave to be read: HylaFAX's answers, smstools' files, gammu's rows."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from desk.plugins.messages import Message
from tools.fuzz.targets.target import Door, Target

MESSAGE = Message(recipient="张三", address="09515550001", body="停电通知", id="M1", key="M1.1")


@contextmanager
def hylafax(_folder: Path) -> Iterator[Door]:
    """Listings as they are read, and half of the inputs as the words of a whole session."""
    from plugins.hylafax import HylaFax
    from plugins.hylafax.jobs import report
    from plugins.hylafax.session import read

    server = _Server()
    fax: Any = HylaFax(HylaFax.Settings(host="127.0.0.1", port=server.port))

    def door(data: bytes) -> None:
        for line in data.decode("latin-1").splitlines():
            for job in read(line):
                report(job)
        if data[:3] == b"220":
            server.says = data
            fax.poll(["1", "2"], 0.3)

    try:
        yield door
    finally:
        server.close()


class _Server:
    """Says `says` to whoever comes, for the commands and for the data."""

    def __init__(self) -> None:
        self.says = b""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                talk, _address = self._listening.accept()
            except OSError:
                return
            with talk:
                try:
                    high, low = divmod(self.port, 256)
                    talk.sendall(self.says.replace(b"PASV", f"127,0,0,1,{high},{low}".encode()))
                    talk.shutdown(socket.SHUT_WR)
                except OSError:
                    continue


@contextmanager
def smstools(folder: Path) -> Iterator[Door]:
    """A file in each of the folders that smsd writes to."""
    from plugins.smstools import SmsTools

    for name in ("outgoing", "sent", "failed", "report", "incoming"):
        (folder / name).mkdir()
    channel: Any = SmsTools(SmsTools.Settings(spool=folder))

    def door(data: bytes) -> None:
        place, rest = data[:1] or b"\0", data[1:]
        sent, _mark, reported = rest.partition(b"\n===\n")
        for old in ("sent", "failed"):
            (folder / old / "x").unlink(missing_ok=True)
        (folder / ("sent" if place[0] & 1 else "failed") / "x").write_bytes(sent)
        (folder / ("report" if place[0] & 2 else "incoming") / "r").write_bytes(reported)
        channel.poll(["x"], 1.0)
        (folder / "report" / "r").unlink(missing_ok=True)

    yield door


@contextmanager
def gammu(folder: Path) -> Iterator[Door]:
    """Rows of sentitems whose cells are whatever SQLite keeps."""
    import sqlite3

    from plugins.gammu import Gammu

    file = folder / "smsd.db"
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("CREATE TABLE sentitems (ID, Status, StatusError, StatusCode, TPMR, CreatorID)")
    database.execute("CREATE TABLE phones (TimeOut)")
    channel: Any = Gammu(Gammu.Settings(database=file))

    def door(data: bytes) -> None:
        cells = [_cell(part) for part in (data.split(b"|") + [b""] * 5)[:5]]
        database.execute("DELETE FROM sentitems")
        database.execute("INSERT INTO sentitems VALUES (?, ?, ?, ?, ?, '')", cells)
        channel.poll([str(cells[0]), "1"], 1.0)

    try:
        yield door
    finally:
        database.close()


def _cell(part: bytes) -> Any:
    if part == b"null":
        return None
    if part.startswith(b"b:"):
        return part[2:]
    text = part.decode("utf-8", "replace")
    try:
        number = int(text)
    except ValueError:
        return text
    return number if abs(number) < 1 << 63 else float(number) if len(text) < 300 else text


def listings() -> Iterator[bytes]:
    yield b"12|D|M1.1|2|2|1|1764000000|\n13|F|M2.1|0|1|12|1764000001|No answer from remote\n"
    yield b"1|S|x|0|1|0||Busy signal detected; too many attempts to dial\n"
    session = (
        b"220 ready\r\n331 pw\r\n230 in\r\n200 ok\r\n227 Entering Passive Mode (PASV)\r\n150 list\r\n226 done\r\n" * 2
    )
    yield session
    yield b"220 ready\r\n230 in\r\n200 fmt\r\n227 Passive (PASV)\r\n150 x\r\n1|D|a|1|1|1|9|s\r\n226 x\r\n"
    yield b"220-a\r\n220-b\r\n220 c\r\n530 no\r\n"
    yield b"220 x\r\n421 closing\r\n"


def spooled() -> Iterator[bytes]:
    report = (
        b"From: 8613800138000\nModem: GSM1\nMessage_id: 5\n\nSMS STATUS REPORT\nMessage_id: 5\nStatus: 0,Ok,short\n"
    )
    for place in (b"\1", b"\3", b"\0"):
        yield place + b"To: 8613800138000\nModem: GSM1\nMessage_id: 5\n\ntext\n===\n" + report
    yield b"\0To: 1\nFail_reason: CMS ERROR: 330\n\nx\n===\n" + report.replace(b"0,Ok", b"70,Expired")


def rows() -> Iterator[bytes]:
    yield b"1|DeliveryOK|0|0|5"
    yield b"1|SendingError|-1|38|-1"
    yield b"1|DeliveryFailed|70|null|b:\xff"
    yield b"1|Error|x|y|z"


TARGETS = {
    "hylafax": Target(hylafax, listings, (b"|D|", b"|F|", b"220 ", b"227 (PASV)\r\n", b"150 x\r\n", b"226 x\r\n")),
    "smstools": Target(smstools, spooled, (b"Status: ", b"Message_id: 5\n", b"Fail_reason: ", b"\n===\n", b"\n\n")),
    "gammu": Target(gammu, rows, (b"|", b"null", b"b:", b"DeliveryFailed", b"SendingError")),
}
