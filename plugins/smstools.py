"""短信（smstools）— texts over a modem through the spool of SMS Server Tools 3: a file in, files out.

    [channels.sms-modem]
    type = "smstools"
    spool = "/var/spool/sms"

A text is written beside `outgoing/` and moved in; smsd moves the file on, to `sent/` or `failed/`, and puts what the
network reports into `report/` (or `incoming/`). The file's name comes from the desk's key, so a text that is there
already is not written twice. Set-up: docs/modem.md. Source: smstools 3.1.21, its file format, and what it really does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Annotated

from desk.plugins import (
    AttemptState,
    BadAddress,
    Capabilities,
    Channel,
    ChannelSettings,
    ConfigProblem,
    GatewayTrouble,
    Message,
    NoConnection,
    Problem,
    Receipt,
    Report,
    described,
    hookimpl,
    in_language,
)

# Else smsd would guess: of a text in UTF-8 it drops everything from the first emoji on, and says it was sent.
GSM7 = re.compile(r"[\n\r -_a-~£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€]*")
NUMBER = re.compile(r"\+?\d{3,15}", re.ASCII)
STILL_TRYING, EXPIRED = range(32, 64), 70  # TP-Status; source: 3GPP TS 23.040, 9.2.3.15
LONGEST = 1 << 16  # bytes of a file of the spool that are looked at
STUCK = 300  # seconds after which a file that nobody fetched means that smsd does not run
NOT_A_NUMBER = {"zh_CN": "“{address}”不是手机号码", "en": "“{address}” is no mobile number"}
NO_SPOOL = {
    "zh_CN": "找不到短信目录 {folder}，请检查 smstools 是否安装、spool 是否写对",
    "en": "the folder {folder} is not there: is smstools installed, is `spool` right?",
}
NOT_OURS = {
    "zh_CN": "不能写入短信目录 {folder}，请把本用户加入 smsd 组",
    "en": "the folder {folder} cannot be written; put this user into the group smsd",
}
NOT_FETCHED = {
    "zh_CN": "短信在 {folder} 中无人取走，请检查 smsd 是否在运行",
    "en": "texts lie in {folder} and nobody fetches them: is smsd running?",
}
DELIVERED = {"zh_CN": "{number} 已收到，网络状态 {status}", "en": "received by {number}, network status {status}"}


class Settings(ChannelSettings, frozen=True, kw_only=True):
    spool: Annotated[Path, described({"zh_CN": "短信目录，其下有 outgoing", "en": "the folder with outgoing/ in it"})]
    country: Annotated[str, described({"zh_CN": "国家代码", "en": "country code"}, pattern=r"^\d{1,3}$")] = "86"
    sign: Annotated[str, described({"zh_CN": "短信签名，不带括号", "en": "sign before each text, no brackets"})] = ""


class SmsTools(Channel):
    name = "smstools"
    labels = {"zh_CN": "短信（smstools 调制解调器）", "en": "texts (smstools modem)"}
    can = Capabilities(
        family="sms",
        address="mobile",
        receipts="handset",
        encoding="sms",
        overflow="split",
        max_parts=10,
        intrusive=True,
        idempotency=True,
        timeout=10,
    )
    Settings = Settings

    def send(self, message: Message, timeout: float) -> Receipt:
        text = written(message, _number(message, self.settings.country))
        try:
            return Receipt(state="accepted", external_id=self._put(_name(message), text))
        except FileNotFoundError:
            raise NoConnection(in_language(NO_SPOOL).format(folder=self._folder("outgoing"))) from None
        except PermissionError:
            raise ConfigProblem(in_language(NOT_OURS).format(folder=self._folder("outgoing"))) from None
        except OSError as error:  # the disk is full, the share is gone: nothing was moved in
            raise GatewayTrouble(why=str(error)) from None

    def poll(self, ids: Sequence[str], timeout: float) -> Sequence[Report]:
        sent = {id: read(self._folder("sent") / id) for id in ids}
        reports = [report for id in ids for report in self._handed_over(id, sent[id])]
        by_text = {_text(text, "To"): id for id, text in sent.items() if text}
        return reports + [report for file in self._network_reports() for report in _arrived(file, by_text)]

    def stored(self, reports: Sequence[Report]) -> None:
        """The network's report has done its work; a text that did not arrive lies with the failed ones from now on."""
        for report in reports:
            if report.token:
                _remove(Path(report.token))
                if report.state in (AttemptState.UNDELIVERED, AttemptState.EXPIRED):
                    _move(self._folder("sent") / report.external_id, self._folder("failed"))

    def check(self, timeout: float) -> Problem | None:
        outgoing = self._folder("outgoing")
        if not outgoing.is_dir():
            return Problem(text=in_language(NO_SPOOL).format(folder=outgoing))
        if not os.access(outgoing, os.W_OK):
            return Problem(text=in_language(NOT_OURS).format(folder=outgoing))
        waiting = min((file.stat().st_mtime for file in _files(outgoing)), default=time())
        return Problem(text=in_language(NOT_FETCHED).format(folder=outgoing)) if time() - waiting > STUCK else None

    def _put(self, name: str, text: bytes) -> str:
        """The name under which the text is in the spool now; one that failed gives way to a new file."""
        while (self._folder("failed") / name).exists():
            stem, _dot, number = name.partition(".")
            name = f"{stem}.{int(number or 1) + 1}"
        if not self._there(name):
            draft = Path(self.settings.spool) / f".{name}"
            draft.write_bytes(text)
            draft.chmod(0o664)  # smsd reads it, and adds its headers to it
            draft.replace(self._folder("outgoing") / name)
        return name

    def _there(self, name: str) -> bool:
        # In the order in which smsd moves a file on: so it cannot slip past.
        queues = sorted(folder.name for folder in Path(self.settings.spool).iterdir() if folder.is_dir())
        order = ("outgoing", "checked", *queues, "sent")
        return any((self._folder(folder) / name).exists() for folder in order)

    def _handed_over(self, id: str, sent: Mapping[str, str]) -> Iterator[Report]:
        if sent:
            proof = f"{sent.get('Modem', '')} {sent.get('Message_id', '')}".strip()
            yield Report(external_id=id, state=AttemptState.SENT, at=_time(self._folder("sent") / id), proof=proof)
        elif failed := read(self._folder("failed") / id):
            words = failed.get("Fail_reason", "")
            code = re.search(r"\d{1,9}", words)
            error = f"modem_{code[0]}" if code else "modem"
            yield Report(external_id=id, state=AttemptState.FAILED, error=error, words=words)

    def _network_reports(self) -> Iterator[Path]:
        for folder in ("report", "incoming"):
            yield from _files(self._folder(folder))

    def _folder(self, name: str) -> Path:
        return Path(self.settings.spool) / name


def written(message: Message, number: str) -> bytes:
    """The file that smsd reads: headers, an empty line, the text without a newline behind it."""
    wide = not GSM7.fullmatch(message.body)
    head = [f"To: {number}", f"Alphabet: {'UCS2' if wide else 'UTF-8'}", "Report: yes"]
    if message.valid_until:
        minutes = max(int((message.valid_until - datetime.now(UTC)).total_seconds() // 60), 5)
        head.append(f"Validity: {minutes} min")
    if message.parts > 1:
        parts = (5, 0, 3, message.reference % 256, message.parts, message.part)
        head.append("UDH-DATA: " + " ".join(f"{octet:02X}" for octet in parts))
    body = message.body.encode("utf-16-be" if wide else "utf-8", "replace")
    return "\n".join([*head, "", ""]).encode() + body


def read(file: Path) -> dict[str, str]:
    """The headers of a file in the spool, and of a report the lines of its text; empty when it is not there."""
    try:
        with file.open("rb") as opened:
            head, _empty, text = opened.read(LONGEST).partition(b"\n\n")
    except OSError:
        return {}
    if text.startswith(b"SMS STATUS REPORT"):
        head += b"\n" + text
    lines = (line.partition(": ") for line in head.decode("utf-8", "replace").splitlines())
    return {name: value.strip() for name, colon, value in lines if colon}


def _arrived(file: Path, by_text: Mapping[tuple[str, ...], str]) -> Iterator[Report]:
    """What the network says in this file of one of our texts; files about anything else are left alone."""
    said = read(file)
    status = re.match(r"(\d{1,3}),(.*)", said.get("Status", ""), re.ASCII)
    id = by_text.get(_text(said, "From"))
    if status is None or id is None:
        return
    code = int(status[1])
    state = _state(code)
    arrived = state is AttemptState.DELIVERED
    yield Report(
        external_id=id,
        state=state,
        at=_time(file),
        error="" if code < 64 else f"network_{code}",
        words="" if arrived else status[2].rpartition(",")[2],
        proof=in_language(DELIVERED).format(number=said.get("From", ""), status=code) if arrived else "",
        token=str(file) if code not in STILL_TRYING else "",
    )


def _text(said: Mapping[str, str], number: str) -> tuple[str, ...]:
    """What a text and the report on it have in common: the modem counts its texts from 0 to 255, over and over."""
    return said.get(number, ""), said.get("Modem", ""), said.get("Message_id", "")


def _state(code: int) -> AttemptState:
    if code == 0:
        return AttemptState.DELIVERED
    if code < 64:
        return AttemptState.SENT  # forwarded without proof, replaced, or the network is still trying
    return AttemptState.EXPIRED if code == EXPIRED else AttemptState.UNDELIVERED


def _number(message: Message, country: str) -> str:
    """The number as smsd takes it: with its country and without a plus."""
    written = message.address.translate({ord(sign): None for sign in " -()"})
    if not NUMBER.fullmatch(written):
        raise BadAddress(in_language(NOT_A_NUMBER).format(address=message.address))
    national = not written.startswith(("+", f"00{country}")) and not (written.startswith(country) and len(written) > 11)
    return country + written if national else written.lstrip("+").removeprefix("00")


def _name(message: Message) -> str:
    key = message.key or f"{message.id}-{message.part}"
    return "desk-" + re.sub(r"[^\w-]", lambda sign: f"_{ord(sign[0]):x}", key, flags=re.ASCII)


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []


def _time(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    except OSError:
        return None


def _remove(file: Path) -> None:
    try:
        file.unlink()
    except OSError:
        return  # gone already, or in a folder with the sticky bit: then it is read again, which does no harm


def _move(file: Path, folder: Path) -> None:
    try:
        file.replace(folder / file.name)
    except OSError:
        return  # gone already, or not ours to move


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [SmsTools]
