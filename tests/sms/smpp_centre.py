"""An SMPP 3.4 centre in Python, with a codec of its own: what it cannot read, no centre can.

    centre = Centre(password="secret")
    centre.taken[0].text

Run by itself (`python tests/sms/smpp_centre.py`) it prints its port, for a bench in another process.
"""

from __future__ import annotations

import asyncio
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fake_servers import FakeServer

SUBMIT, DELIVER, UNBIND, ENQUIRE, BINDS = 4, 5, 6, 0x15, (1, 2, 9)
RESP = 0x80000000
PASSWORD_WRONG = 0x0E
GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
STATES = {
    "ENROUTE": 1,
    "DELIVRD": 2,
    "EXPIRED": 3,
    "DELETED": 4,
    "UNDELIV": 5,
    "ACCEPTD": 6,
    "UNKNOWN": 7,
    "REJECTD": 8,
}


@dataclass
class Submit:
    """One submit_sm as the centre read it."""

    id: str
    number: int
    source: str
    destination: str
    esm_class: int
    coding: int
    registered: int
    validity: str
    octets: bytes
    parameters: dict[int, bytes]

    @property
    def header(self) -> bytes:
        return self.octets[: self.octets[0] + 1] if self.esm_class & 0x40 else b""

    @property
    def text(self) -> str:
        body = self.octets[len(self.header) :]
        return body.decode("utf-16-be", "surrogatepass") if self.coding == 8 else "".join(GSM[code] for code in body)


class Centre(FakeServer):
    """Besides what every fake does: ids in any writing, receipts as text, parameters or both."""

    def __init__(self, password: str = "secret", *, port: int = 0) -> None:
        self.password = password
        self.id_format = "{:08X}"
        self.receipt_id_format = ""  # empty: as in the answer
        self.receipt_kind = "both"  # text, parameters
        self.stat = "DELIVRD"
        self.network_error = 0
        self.keep = True
        self._count = 43980
        self._sequence = 0
        self._unanswered: dict[int, bytes] = {}
        self.answered_receipts: list[int] = []  # command_status of each deliver_sm_resp
        super().__init__(port)

    @property
    def unanswered(self) -> int:
        """Receipts that the desk has not confirmed."""
        return len(self._unanswered)

    def forget(self) -> None:
        self.taken.clear()
        self._unanswered.clear()
        self.answered_receipts.clear()

    def settle(self, id: str, stat: str) -> None:
        """Send a receipt now."""
        submit = next(each for each in self.taken if each.id == id)
        self.do(self._settle(submit, stat))

    def says(self, source: str, text: str, destination: str = "10690000") -> None:
        """A customer writes."""
        self.do(self._deliver(self._arrival(source, destination, 0, 8, text.encode("utf-16-be"))))

    async def session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            data = await self.frame(reader)
            command, status, number = struct.unpack(">3L", data[:12])
            if command in BINDS:
                if not await self._bound(writer, command, number, data[12:]):
                    return
            elif command == SUBMIT:
                if not self._submitted(writer, number, data[12:]):
                    return
            elif command == ENQUIRE:
                self.pings += 1
                if self.pong:
                    self._say(writer, ENQUIRE | RESP, 0, number)
            elif command == UNBIND:
                self._say(writer, UNBIND | RESP, 0, number)
                return
            elif command == DELIVER | RESP:
                self.answered_receipts.append(status)
                if status == 0:
                    self._unanswered.pop(number, None)

    async def _bound(self, writer: asyncio.StreamWriter, command: int, number: int, body: bytes) -> bool:
        _account, password = (each.decode("latin-1") for each in body.split(b"\0")[:2])
        status = self.refuse_login if self.logins_refused < self.refuse_logins else 0
        status = status or (PASSWORD_WRONG if password != self.password else 0)
        if status:
            self.logins_refused += 1
            self._say(writer, command | RESP, status, number)
            return False
        self.logins += 1
        self._say(writer, command | RESP, 0, number, b"FAKE\0\x02\x10\x00\x01\x34")
        again, self._unanswered = list(self._unanswered.values()), {}
        for body in again:
            await self._deliver(body)
        return True

    def _submitted(self, writer: asyncio.StreamWriter, number: int, body: bytes) -> bool:
        submit = parse(body, number)
        status = self.answers(submit.destination)
        if self.hang_up == "before":
            return False
        if status:
            self._say(writer, SUBMIT | RESP, status, number)
            return True
        self._count += 1
        submit.id = self.id_format.format(self._count)
        receipt_id = (self.receipt_id_format or self.id_format).format(self._count)
        if self.keep:
            self.taken.append(submit)
        if self.hang_up == "after":
            return False
        if self.junk:
            writer.write(b"\xff\xff\xff\xff\x00\x01junk")
            return True
        if submit.registered and self.receipts and self.receipts_first:
            self._receipts(submit, receipt_id)
        if not self.swallow:
            self._say(writer, SUBMIT | RESP, 0, number, submit.id.encode() + b"\0")
        if submit.registered and self.receipts and not self.receipts_first:
            self._loop.call_later(self.receipt_delay, self._receipts, submit, receipt_id)
        return not (self.drop_every and len(self.taken) % self.drop_every == 0)

    def _receipts(self, submit: Submit, id: str) -> None:
        for _time in range(self.receipt_times):
            self._deliver_now(self._receipt(submit, id, self.stat))

    async def _settle(self, submit: Submit, stat: str) -> None:
        self._deliver_now(self._receipt(submit, submit.id, stat))

    def _receipt(self, submit: Submit, id: str, stat: str) -> bytes:
        done = "001" if stat == "DELIVRD" else "000"
        dates = "submit date:2612110900 done date:2612110901"
        text = f"id:{id} sub:001 dlvrd:{done} {dates} stat:{stat} err:000 text:id:9 stat:EXPIRED"
        octets = b"" if self.receipt_kind == "parameters" else text.encode()
        more = b""
        if self.receipt_kind != "text":
            named = submit.id.encode() + b"\0"
            more = struct.pack(">HH", 0x1E, len(named)) + named + struct.pack(">HHB", 0x427, 1, STATES[stat])
        if self.network_error:
            more += struct.pack(">HHBH", 0x423, 3, 3, self.network_error)
        more += struct.pack(">HH", 0x1400, 2) + b"xx"  # a parameter of this maker's own
        return self._arrival(submit.destination, submit.source, 4, 0, octets, more)

    def _arrival(self, source: str, dest: str, esm: int, coding: int, octets: bytes, more: bytes = b"") -> bytes:
        ends = b"\0\x01\x01" + source.encode() + b"\0\x01\x01" + dest.encode() + b"\0"
        return ends + bytes([esm, 0, 0, 0, 0, 0, 0, coding, 0, len(octets)]) + octets + more

    async def _deliver(self, body: bytes) -> None:
        self._deliver_now(body)

    def _deliver_now(self, body: bytes) -> None:
        self._sequence += 1
        self._unanswered[self._sequence] = body
        if self.writers:
            self._say(self.writers[-1], DELIVER, 0, self._sequence, body)

    def _say(self, writer: asyncio.StreamWriter, command: int, status: int, number: int, body: bytes = b"") -> None:
        writer.write(struct.pack(">4L", 16 + len(body), command, status, number) + body)


def parse(body: bytes, number: int) -> Submit:
    """A submit_sm, field by field as 4.4.1 of the standard lists them."""
    _service, at = text_at(body, 0)
    source, at = text_at(body, at + 2)
    destination, at = text_at(body, at + 2)
    esm_class = body[at]
    _schedule, at = text_at(body, at + 3)
    validity, at = text_at(body, at)
    registered, _replace, coding, _canned, length = body[at : at + 5]
    octets = body[at + 5 : at + 5 + length]
    at += 5 + length
    parameters: dict[int, bytes] = {}
    while at < len(body):
        tag, size = struct.unpack(">HH", body[at : at + 4])
        parameters[tag] = body[at + 4 : at + 4 + size]
        at += 4 + size
    return Submit("", number, source, destination, esm_class, coding, registered, validity, octets, parameters)


def text_at(body: bytes, at: int) -> tuple[str, int]:
    end = body.index(b"\0", at)
    return body[at:end].decode("latin-1"), end + 1


if __name__ == "__main__":
    centre = Centre()
    centre.keep = False
    print(centre.port, flush=True)
    sys.stdin.read()
