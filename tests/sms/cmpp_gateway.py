"""A CMPP gateway in Python with a codec of its own, for 2.0 and 3.0; each frame is read by offsets of the standard."""

from __future__ import annotations

import asyncio
import hashlib
import struct
from dataclasses import dataclass

from fake_servers import FakeServer

CONNECT, TERMINATE, SUBMIT, DELIVER, TEST, RESP = 1, 2, 4, 5, 8, 0x80000000
DECODED = {0: "ascii", 8: "utf-16-be", 15: "gbk"}


@dataclass
class Submit:
    """One CMPP_SUBMIT as the gateway read it."""

    id: str
    parts: int
    part: int
    receipt: int
    service: str
    header: bytes
    alphabet: int
    company: str
    valid_until: str
    source: str
    number: str
    octets: bytes
    rest: int

    @property
    def text(self) -> str:
        return self.octets[len(self.header) :].decode(DECODED[self.alphabet])


class Gateway(FakeServer):
    """Speaks the version of whoever logs in."""

    def __init__(self, company: str = "901234", password: str = "secret", *, port: int = 0) -> None:
        self.company, self.password = company, password
        self.version = 0
        self.stat = "DELIVRD"
        self._count = 0
        self._sequence = 0
        self._unanswered: dict[int, bytes] = {}
        self.answered_reports: list[int] = []
        super().__init__(port)

    @property
    def unanswered(self) -> int:
        return len(self._unanswered)

    def forget(self) -> None:
        self.taken.clear()
        self._unanswered.clear()
        self.answered_reports.clear()

    def settle(self, id: str, stat: str) -> None:
        """Send a status report now."""
        submit = next(each for each in self.taken if each.id == id)
        self.do(self._deliver(self._report(submit, stat)))

    def says(self, number: str, text: str, alphabet: int = 8) -> None:
        """A customer writes."""
        self.do(self._deliver(self._arrival(number, "10690000", 0, alphabet, text.encode(DECODED[alphabet]))))

    async def session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            data = await self.frame(reader)
            command, number = struct.unpack(">2L", data[:8])
            body = data[8:]
            if command == CONNECT:
                if not await self._connected(writer, number, body):
                    return
            elif command == SUBMIT:
                if not self._submitted(writer, number, body):
                    return
            elif command == TEST:
                self.pings += 1
                if self.pong:
                    self._say(writer, TEST | RESP, number, b"\0")
            elif command == TERMINATE:
                self._say(writer, TERMINATE | RESP, number)
                return
            elif command == DELIVER | RESP:
                self._confirmed(number, body)

    async def _connected(self, writer: asyncio.StreamWriter, number: int, body: bytes) -> bool:
        company, proof, self.version = body[:6], body[6:22], body[22]
        (stamp,) = struct.unpack(">L", body[23:27])
        wanted = hashlib.md5(company + b"\0" * 9 + self.password.encode() + b"%010d" % stamp).digest()
        result = self.refuse_login if self.logins_refused < self.refuse_logins else 0
        result = result or (2 if company.rstrip(b"\0").decode() != self.company else 3 if proof != wanted else 0)
        self.logins_refused += bool(result)  # counted before it is told: who hears of it may look at once
        self._say(writer, CONNECT | RESP, number, self._result(result) + bytes(16) + bytes([self.version]))
        if result:
            return False
        self.logins += 1
        again, self._unanswered = list(self._unanswered.values()), {}
        for body in again:
            await self._deliver(body)
        return True

    def _submitted(self, writer: asyncio.StreamWriter, number: int, body: bytes) -> bool:
        submit = parse(body, self.version)
        if self.hang_up == "before":
            return False
        result = self.answers(submit.number)
        if result:
            self._say(writer, SUBMIT | RESP, number, bytes(8) + self._result(result))
            return True
        self._count += 1
        id = struct.pack(">Q", 0xB4D5_0000_0000_0000 + self._count)
        submit.id = id.hex()
        self.taken.append(submit)
        if self.hang_up == "after":
            return False
        if self.junk:
            writer.write(b"\0\0\0\x01nonsense")
            return True
        if submit.receipt and self.receipts and self.receipts_first:
            self._deliver_now(self._report(submit, self.stat))
        if not self.swallow:
            self._say(writer, SUBMIT | RESP, number, id + self._result(0))
        if submit.receipt and self.receipts and not self.receipts_first:
            for _time in range(self.receipt_times):
                self._loop.call_later(self.receipt_delay, self._deliver_now, self._report(submit, self.stat))
        return True

    def _confirmed(self, number: int, body: bytes) -> None:
        result = int.from_bytes(body[8:], "big")
        self.answered_reports.append(result)
        if result == 0 and self._unanswered.get(number, b"")[:8] == body[:8]:
            del self._unanswered[number]

    def _report(self, submit: Submit, stat: str) -> bytes:
        number = submit.number.encode().ljust(32 if self.version >= 0x30 else 21, b"\0")
        body = bytes.fromhex(submit.id) + stat.encode().ljust(7, b"\0") + b"2612110900" + b"2612110901" + number
        return self._arrival(submit.number, submit.source, 1, 0, body + b"\0\0\0\1")

    def _arrival(self, number: str, destination: str, report: int, alphabet: int, octets: bytes) -> bytes:
        three = self.version >= 0x30
        self._count += 1
        head = struct.pack(">Q", self._count) + destination.encode().ljust(21, b"\0") + bytes(10)
        source = number.encode().ljust(32, b"\0") + b"\0" if three else number.encode().ljust(21, b"\0")
        return (
            head + bytes([0, 0, alphabet]) + source + bytes([report, len(octets)]) + octets + bytes(20 if three else 8)
        )

    def _result(self, result: int) -> bytes:
        return result.to_bytes(4 if self.version >= 0x30 else 1, "big")

    async def _deliver(self, body: bytes) -> None:
        self._deliver_now(body)

    def _deliver_now(self, body: bytes) -> None:
        self._sequence += 1
        self._unanswered[self._sequence] = body
        if self.writers:
            self._say(self.writers[-1], DELIVER, self._sequence, body)

    def _say(self, writer: asyncio.StreamWriter, command: int, number: int, body: bytes = b"") -> None:
        writer.write(struct.pack(">3L", 12 + len(body), command, number) + body)


def parse(body: bytes, version: int) -> Submit:
    """A CMPP_SUBMIT by the offsets of the standard's tables."""
    three = version >= 0x30
    phone = 32 if three else 21
    at = 23 + phone + three  # id, parts, part, receipt, level, service, payer, number that pays
    header_there, alphabet = body[at + 1], body[at + 2]
    company, valid_until = body[at + 3 : at + 9], body[at + 17 : at + 34]
    source = body[at + 51 : at + 72]
    at += 73
    number = body[at : at + phone]
    at += phone + three
    length = body[at]
    octets = body[at + 1 : at + 1 + length]
    plain = [each.rstrip(b"\0").decode() for each in (body[12:22], company, valid_until, source, number)]
    return Submit(
        id="",
        parts=body[8],
        part=body[9],
        receipt=body[10],
        service=plain[0],
        header=octets[: octets[0] + 1] if header_there else b"",
        alphabet=alphabet,
        company=plain[1],
        valid_until=plain[2],
        source=plain[3],
        number=plain[4],
        octets=octets,
        rest=len(body) - at - 1 - length,
    )
