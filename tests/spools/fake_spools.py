"""What smsd and gammu-smsd do with a text, done by hand: files are moved and marked, rows are moved and marked."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

FOLDERS = ("outgoing", "checked", "sent", "failed", "incoming", "report")
REPORT = """From: {To}
From_TOA: 91 international, ISDN/telephone
Sent: 26-11-23 19:21:15
Received: 26-11-23 19:21:16
Subject: GSM1
Modem: GSM1
Report: no
Alphabet: ISO
Length: 117
UDH: no

SMS STATUS REPORT
Message_id: {Message_id}
Discharge_timestamp: 26-11-23 19:21:15
Status: {status}"""
# The part of gammu's own schema (version 17) that a text goes through.
SCHEMA = """
CREATE TABLE gammu (Version INTEGER NOT NULL DEFAULT '0' PRIMARY KEY);
INSERT INTO gammu (Version) VALUES (17);
CREATE TABLE outbox (
  InsertIntoDB NUMERIC NOT NULL DEFAULT (datetime('now')),
  SendingDateTime NUMERIC NOT NULL DEFAULT (datetime('now')),
  DestinationNumber TEXT NOT NULL DEFAULT '',
  Coding TEXT NOT NULL DEFAULT 'Default_No_Compression',
  UDH TEXT,
  TextDecoded TEXT NOT NULL DEFAULT '',
  ID INTEGER PRIMARY KEY AUTOINCREMENT,
  RelativeValidity INTEGER DEFAULT '-1',
  SendingTimeOut NUMERIC NOT NULL DEFAULT (datetime('now')),
  DeliveryReport TEXT DEFAULT 'default',
  CreatorID TEXT NOT NULL,
  CHECK (Coding IN ('Default_No_Compression', 'Unicode_No_Compression', '8bit'))
);
CREATE TABLE sentitems (
  DestinationNumber TEXT NOT NULL DEFAULT '',
  Coding TEXT NOT NULL DEFAULT 'Default_No_Compression',
  UDH TEXT NOT NULL,
  TextDecoded TEXT NOT NULL DEFAULT '',
  ID INTEGER,
  SequencePosition INTEGER NOT NULL DEFAULT '1',
  Status TEXT NOT NULL DEFAULT 'SendingOK',
  StatusError INTEGER NOT NULL DEFAULT '-1',
  StatusCode INTEGER NOT NULL DEFAULT '-1',
  TPMR INTEGER NOT NULL DEFAULT '-1',
  CreatorID TEXT NOT NULL,
  PRIMARY KEY (ID, SequencePosition)
);
CREATE TABLE phones (IMEI TEXT PRIMARY KEY NOT NULL, TimeOut NUMERIC NOT NULL DEFAULT (datetime('now')));
INSERT INTO phones (IMEI, TimeOut) VALUES ('490154203237518', datetime('now', '+10 seconds', 'localtime'));
"""


class FakeSmsd:
    """A spool folder, and what smsd does in it when it is told to."""

    def __init__(self, spool: Path) -> None:
        self.spool = spool
        self.opened()

    def opened(self) -> None:
        for name in FOLDERS:
            (self.spool / name).mkdir(parents=True, exist_ok=True)

    def gone(self) -> None:
        shutil.rmtree(self.spool / "outgoing")

    def texts(self) -> list[Path]:
        """Every text of the desk, wherever it lies now."""
        found = [file for name in FOLDERS for file in (self.spool / name).glob("desk-*")]
        return sorted(found, key=lambda file: file.stat().st_mtime_ns)

    def sends(self, name: str, reference: int = 7) -> None:
        self._moves(name, "sent", f"Modem: GSM1\nSent: 26-11-23 19:21:15\nMessage_id: {reference}\n")

    def fails(self, name: str, reason: str = "+CMS ERROR: 38 (Network out of order)") -> None:
        self._moves(name, "failed", f"Modem: GSM1\nFail_reason: {reason}\nFailed: 26-11-23 19:21:13\n")

    def reports(self, name: str, status: str, folder: str = "report") -> Path:
        """The network's word on a text that was sent."""
        lines = (line.partition(": ") for line in read_head(self.spool / "sent" / name).splitlines())
        head = {key: value for key, _colon, value in lines}
        file = self.spool / folder / f"GSM1.{name[-6:]}"
        file.write_text(REPORT.format(**head, status=status))
        return file

    def _moves(self, name: str, folder: str, lines: str) -> None:
        head, _empty, text = (self.spool / "outgoing" / name).read_bytes().partition(b"\n\n")
        (self.spool / folder / name).write_bytes(head + b"\n" + lines.encode() + b"\n" + text)
        (self.spool / "outgoing" / name).unlink()


def read_head(file: Path) -> str:
    return file.read_bytes().partition(b"\n\n")[0].decode()


def read_text(file: Path) -> str:
    """The words of a text as smsd would send them."""
    head, _empty, text = file.read_bytes().partition(b"\n\n")
    return text.decode("utf-16-be" if b"Alphabet: UCS2" in head else "utf-8")


class FakeGammu:
    """A database of gammu-smsd, and what gammu does in it when it is told to."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.opened()

    def opened(self) -> None:
        if not self.file.exists():
            self.run(SCHEMA)

    def gone(self) -> None:
        self.file.unlink()

    def run(self, script: str) -> None:
        with sqlite3.connect(self.file) as database:
            database.executescript(script)
        database.close()

    def rows(self, query: str) -> list[sqlite3.Row]:
        database = sqlite3.connect(self.file)
        database.row_factory = sqlite3.Row
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def texts(self) -> list[sqlite3.Row]:
        """Every text, sent or not, by number."""
        fields = "ID, DestinationNumber, TextDecoded, Coding, UDH, CreatorID"
        return self.rows(f"SELECT {fields} FROM outbox UNION ALL SELECT {fields} FROM sentitems ORDER BY ID")

    def ends(self, id: str, status: str, error: int = -1, code: int = -1) -> None:
        """The text is sent, or failed, or reported on."""
        self.run(f"""
            INSERT OR REPLACE INTO sentitems
            (DestinationNumber, Coding, UDH, TextDecoded, ID, Status, StatusError, StatusCode, TPMR, CreatorID)
            SELECT DestinationNumber, Coding, coalesce(UDH, ''), TextDecoded, ID,
                   '{status}', {error}, {code}, 7, CreatorID
            FROM outbox WHERE ID = {id};
            UPDATE sentitems SET Status = '{status}', StatusError = {error}, StatusCode = {code} WHERE ID = {id};
            DELETE FROM outbox WHERE ID = {id};
        """)
