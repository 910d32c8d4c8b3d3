"""A GSM modem that is a program: a pseudo-terminal that answers AT commands, takes texts as PDUs and reports on them.

    python tools/soft_modem.py LINK LOG

LINK becomes the modem's device, LOG gets a JSON line for every text taken. A number ending in 000 is refused by the
network, one ending in 111 is never reached, one ending in 222 is never reported on; all others get theirs a second
after. Source: 3GPP TS 27.005 (AT commands), 23.040 (PDUs).
"""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import select
import sys
import time
import tty
from pathlib import Path
from typing import Any

CTRL_Z = b"\x1a"
REPORT_AFTER = 1.0
CENTRE = "0891683108901505F0"  # +8613800951500, the service centre, in front of a PDU that it sends
REACHED, EXPIRED = 0x00, 0x46
# What is always answered the same; other settings are taken with OK, other questions are an ERROR.
ANSWERS = {
    "AT+CPIN?": "+CPIN: READY",
    "AT+CREG?": "+CREG: 0,1",
    "AT+CSQ": "+CSQ: 25,0",
    "AT+CIMI": "460001234567890",
    "AT+CGSN": "490154203237518",
    "AT+GSN": "490154203237518",
    "AT+CGMI": "Desk",
    "AT+GMI": "Desk",
    "AT+CGMM": "Soft modem",
    "AT+GMM": "Soft modem",
    "AT+CGMR": "1.0",
    "AT+GMR": "1.0",
    "AT+CSCA?": '+CSCA: "+8613800951500",145',
    "AT+CSMS?": "+CSMS: 0,1,1,1",
    "AT+CSMS=?": "+CSMS: (0,1)",
    "AT+CMGF=?": "+CMGF: (0,1)",
    "AT+CNMI=?": "+CNMI: (0-2),(0-1),(0),(0-2),(0,1)",
    "AT+CSCS=?": '+CSCS: ("GSM","HEX","UCS2")',
    "AT+CSCS?": '+CSCS: "GSM"',
    "AT+CPMS=?": '+CPMS: ("SM"),("SM"),("SM")',
    "AT+CBC": "+CBC: 0,100",
    "AT+CMEE?": "+CMEE: 1",
    "AT+COPS?": '+COPS: 0,2,"46000"',
}
FOREIGN = ("AT+MODE", "AT^", "AT*", "AT$", "AT%")  # other makers' own commands


class SoftModem:
    """One modem: bytes in by `hear`, bytes out by `write`, texts into `log`."""

    def __init__(self, write: Any, log: Any) -> None:
        self._write = write
        self._log = log
        self._buffer = b""
        self._taking_pdu = False
        self._reference = 0
        self._stored: dict[int, str] = {}  # the memory of the card: status reports wait there to be read
        self._due: list[tuple[float, str]] = []
        self._echo = False  # gammu reads an answer only behind its own command
        self._direct = False  # AT+CNMI asked for reports to be sent on at once

    def hear(self, data: bytes) -> None:
        self._buffer += data
        while self._one_piece():
            pass

    def tick(self, now: float) -> None:
        """Send out the reports that are due."""
        ready = [pdu for due, pdu in self._due if due <= now]
        self._due = [(due, pdu) for due, pdu in self._due if due > now]
        for pdu in ready:
            if self._direct:
                self._say(f"+CDS: {size(pdu)}\r\n{pdu}")
            else:
                self._stored[next(index for index in range(1, 256) if index not in self._stored)] = pdu

    def _one_piece(self) -> bool:
        if self._taking_pdu:
            pdu, end, rest = self._buffer.partition(CTRL_Z)
            if end:
                self._buffer, self._taking_pdu = rest, False
                self._submit(pdu.decode().strip())
            return bool(end)
        found = re.search(rb"[\r\n]", self._buffer)
        if not found:
            return False
        line = self._buffer[: found.start()].decode("latin-1").strip()
        self._buffer = self._buffer[found.end() :]
        if line.upper().startswith("AT"):  # everything else on the line is noise, as to any modem
            self._obey(line.upper(), line)
        return True

    def _obey(self, command: str, line: str) -> None:
        if self._echo:
            self._write(f"{line}\r".encode())
        if command.startswith("ATE"):
            self._echo = command != "ATE0"
        if command.startswith("AT+CMGS="):
            self._taking_pdu = True
            self._write(b"\r\n> ")
            return
        answer = self._answer(command, line)
        unknown = not answer and (command.endswith("?") or command.startswith(FOREIGN))
        self._say(*([answer] if answer else []), "ERROR" if unknown else "OK")

    def _answer(self, command: str, line: str) -> str:
        if command in ANSWERS:
            return ANSWERS[command]
        if command.startswith("AT+CNMI="):
            self._direct = (command.removeprefix("AT+CNMI=").split(",") + [""] * 4)[3] == "1"
        elif command.startswith("AT+CPMS"):
            used = len(self._stored)
            if command == "AT+CPMS?":
                return ",".join([f'+CPMS: "SM",{used},255', *[f'"SM",{used},255'] * 2])
            return f"+CPMS: {used},255,{used},255,{used},255"
        elif command.startswith("AT+CMGL"):
            return "\r\n".join(f"+CMGL: {index},0,,{size(pdu)}\r\n{pdu}" for index, pdu in self._stored.items())
        elif command.startswith("AT+CMGR="):
            pdu = self._stored.get(int(re.sub(r"\D", "", line)))
            return f"+CMGR: 0,,{size(pdu)}\r\n{pdu}" if pdu else ""
        elif command.startswith("AT+CMGD="):
            self._stored.pop(int(line.partition("=")[2].split(",")[0]), None)
        return ""

    def _submit(self, pdu: str) -> None:
        text = read(pdu)
        if text["number"].endswith("000"):
            self._log({"refused": True, **text})
            self._say("+CMS ERROR: 38")
            return
        self._reference = (self._reference + 1) % 256
        self._log({"reference": self._reference, **text})
        self._say(f"+CMGS: {self._reference}", "OK")
        if text["report"] and not text["number"].endswith("222"):
            status = EXPIRED if text["number"].endswith("111") else REACHED
            report = status_report(self._reference, text["number"], status)
            self._due.append((time.monotonic() + REPORT_AFTER, report))

    def _say(self, *lines: str) -> None:
        self._write("".join(f"\r\n{line}\r\n" for line in lines).encode())


def read(pdu: str) -> dict[str, Any]:
    """What is in an SMS-SUBMIT: number, text, alphabet, header, whether a report is wanted, how long it is valid."""
    data = bytes.fromhex(pdu)
    data = data[1 + data[0] :]
    first, digits, kind = data[0], data[2], data[3]
    end = 4 + (digits + 1) // 2
    number = swapped(data[4:end].hex())[:digits]
    coding, data = data[end + 1], data[end + 2 :]
    validity = data[0] if first & 0x18 == 0x10 else None
    data = data[{0x00: 0, 0x10: 1, 0x08: 7, 0x18: 7}[first & 0x18] :]
    length, data = data[0], data[1:]
    header = data[: data[0] + 1] if first & 0x40 else b""
    wide = coding & 0x0C == 0x08
    text = data[len(header) :].decode("utf-16-be") if wide else septets(data, length, len(header))
    return {
        "number": number,
        "international": kind == 0x91,
        "text": text,
        "alphabet": "UCS2" if wide else "GSM",
        "header": header.hex(),
        "report": bool(first & 0x20),
        "validity": validity,
    }


def septets(data: bytes, count: int, header: int) -> str:
    """The GSM-7 text behind a header of so many bytes. Letters and figures only: all that the laboratory sends."""
    bits = int.from_bytes(data, "little")
    start = -(-header * 8 // 7)
    return "".join(chr(bits >> 7 * place & 0x7F) for place in range(start, count)).replace("\0", "@")


def status_report(reference: int, number: str, status: int) -> str:
    """The SMS-STATUS-REPORT that says what became of a text."""
    stamp = swapped(time.strftime("%y%m%d%H%M%S") + f"{time.localtime().tm_gmtoff // 900:02}")  # east of Greenwich
    padded = number + "F" * (len(number) % 2)
    return f"{CENTRE}06{reference:02X}{len(number):02X}91{swapped(padded)}{stamp}{stamp}{status:02X}"


def size(pdu: str) -> int:
    """How many octets a modem says it has: those behind the service centre."""
    return len(pdu) // 2 - 1 - int(pdu[:2], 16)


def swapped(digits: str) -> str:
    """Semi-octets: each two digits the other way round."""
    return "".join(digits[at + 1] + digits[at] for at in range(0, len(digits) - 1, 2)).upper()


def main(link: str, log: str) -> None:
    master, slave = pty.openpty()
    tty.setraw(master)
    tty.setraw(slave)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(link)
    os.symlink(os.ttyname(slave), link)
    with Path(log).open("a", buffering=1, encoding="utf-8") as file:
        modem = SoftModem(
            write=lambda data: os.write(master, data),
            log=lambda text: file.write(json.dumps(text, ensure_ascii=False) + "\n"),
        )
        while True:
            ready, _out, _bad = select.select([master], [], [], 0.1)
            if ready:
                modem.hear(os.read(master, 4096))
            modem.tick(time.monotonic())


if __name__ == "__main__":
    main(*sys.argv[1:])
