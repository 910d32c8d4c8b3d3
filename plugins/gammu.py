"""短信（gammu-smsd）— texts over a modem through gammu-smsd's SQLite database: a row in, its states out.

    [channels.sms-modem]
    type = "gammu"
    database = "/var/lib/gammu/smsd.db"

A text is a row of `outbox`; gammu moves it to `sentitems` and writes there what the network reports. The desk's key
stands in CreatorID, so a text that is there already is not entered twice. Set-up: docs/modem.md. Source: gammu 1.42,
database version 17.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    SendError,
    described,
    hookimpl,
    in_language,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

GSM7 = re.compile(r"[\n\r -_a-~£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€]*")
NUMBER = re.compile(r"\+?\d{3,15}", re.ASCII)
STATES = {
    "SendingOK": AttemptState.SENT,
    "SendingOKNoReport": AttemptState.SENT,
    "DeliveryPending": AttemptState.SENT,
    "DeliveryUnknown": AttemptState.SENT,
    "DeliveryOK": AttemptState.DELIVERED,
    "DeliveryFailed": AttemptState.UNDELIVERED,
    "SendingError": AttemptState.FAILED,
    "Error": AttemptState.FAILED,
}
EXPIRED = 70  # TP-Status; source: 3GPP TS 23.040, 9.2.3.15
LOST = tuple(name for name, state in STATES.items() if state in (AttemptState.FAILED, AttemptState.UNDELIVERED))
FIND = f"""
    SELECT ID FROM outbox WHERE CreatorID = :key
    UNION ALL SELECT ID FROM sentitems WHERE CreatorID = :key AND Status NOT IN {LOST} LIMIT 1
"""
ENTER = """
    INSERT INTO outbox (DestinationNumber, TextDecoded, Coding, UDH, RelativeValidity, DeliveryReport, CreatorID,
                        InsertIntoDB, SendingDateTime, SendingTimeOut)
    VALUES (?, ?, ?, ?, ?, 'yes', ?, datetime('now', 'localtime'), datetime('now', 'localtime'),
            datetime('now', 'localtime'))
"""
# gammu renews its row every few seconds, in the machine's own time.
LISTENING = "SELECT max(TimeOut) >= datetime('now', '-2 minutes', 'localtime') FROM phones"
NOT_A_NUMBER = {"zh_CN": "“{address}”不是手机号码", "en": "“{address}” is no mobile number"}
NO_DATABASE = {
    "zh_CN": "打不开 gammu 的数据库 {file}，请检查路径和权限",
    "en": "gammu's database {file} cannot be opened; look at the path and its rights",
}
NOT_GAMMUS = {
    "zh_CN": "{file} 不是 gammu-smsd 的数据库，或不能写入",
    "en": "{file} is no database of gammu-smsd, or cannot be written",
}
NO_PHONE = {
    "zh_CN": "gammu-smsd 没有连着调制解调器，请检查服务和设备",
    "en": "gammu-smsd has no modem; look at the service and the device",
}


class Settings(ChannelSettings, frozen=True, kw_only=True):
    database: Annotated[Path, described({"zh_CN": "gammu-smsd 的 SQLite 文件", "en": "gammu-smsd's SQLite file"})]
    country: Annotated[str, described({"zh_CN": "国家代码", "en": "country code"}, pattern=r"^\d{1,3}$")] = "86"
    sign: Annotated[str, described({"zh_CN": "短信签名，不带括号", "en": "sign before each text, no brackets"})] = ""


class Gammu(Channel):
    name = "gammu"
    labels = {"zh_CN": "短信（gammu 调制解调器）", "en": "texts (gammu modem)"}
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
        row = entered(message, _number(message, self.settings.country))
        with self._opened(timeout) as database:
            database.execute("BEGIN IMMEDIATE")
            found = database.execute(FIND, {"key": row[-1]}).fetchone()
            id = found[0] if found else database.execute(ENTER, row).lastrowid
            database.commit()
        return Receipt(state="accepted", external_id=str(id))

    def poll(self, ids: Sequence[str], timeout: float) -> Sequence[Report]:
        if not ids:
            return ()
        ask = (
            f"SELECT ID, Status, StatusError, StatusCode, TPMR FROM sentitems WHERE ID IN ({', '.join('?' * len(ids))})"
        )
        with self._opened(timeout) as database:
            return [_report(*row) for row in database.execute(ask, [*ids])]

    def check(self, timeout: float) -> Problem | None:
        try:
            with self._opened(timeout) as database:
                listening = database.execute(LISTENING).fetchone()[0]
        except SendError as error:
            return Problem(text=str(error))
        return None if listening else Problem(text=in_language(NO_PHONE))

    @contextmanager
    def _opened(self, timeout: float) -> Iterator[Connection]:
        """The database; what is not committed when it closes never was. A locked one is waited for."""
        import sqlite3

        file = Path(self.settings.database).absolute()
        try:
            database = sqlite3.connect(
                f"{file.as_uri()}?mode=rw", uri=True, timeout=timeout * 0.8, isolation_level=None
            )
        except sqlite3.OperationalError as error:
            raise NoConnection(in_language(NO_DATABASE).format(file=file), why=str(error)) from None
        try:
            yield database
        except sqlite3.Error as error:
            if "locked" in str(error) or "full" in str(error):
                raise GatewayTrouble(why=str(error)) from None
            raise ConfigProblem(in_language(NOT_GAMMUS).format(file=file), why=str(error)) from None
        finally:
            database.close()


def entered(message: Message, number: str) -> tuple[str, str, str, str, int, str]:
    """The row of a text, in the order of ENTER."""
    coding = "Default_No_Compression" if GSM7.fullmatch(message.body) else "Unicode_No_Compression"
    parts = (5, 0, 3, message.reference % 256, message.parts, message.part)
    header = bytes(parts).hex().upper() if message.parts > 1 else ""
    key = f"desk {message.key or f'{message.id}.{message.part}'}"
    return number, message.body, coding, header, validity(message.valid_until), key


def validity(until: datetime | None) -> int:
    """How long the network may try, as one octet, never past `until`; -1: as it likes. 3GPP TS 23.040, 9.2.3.12"""
    if until is None:
        return -1
    minutes = max(int((until - datetime.now(UTC)).total_seconds() // 60), 5)
    if minutes <= 720:
        return minutes // 5 - 1
    if minutes < 2880:
        return min(143 + (minutes - 720) // 30, 167)
    return 166 + min(minutes // 1440, 30)


def _report(id: Any, status: Any, *numbers: Any) -> Report:
    """SQLite keeps whatever it is given in a column: what is no number is none."""
    error, code, reference = (number if isinstance(number, int) else -1 for number in numbers)
    state = STATES.get(str(status), AttemptState.SENT)
    lost = state in (AttemptState.FAILED, AttemptState.UNDELIVERED)
    if state is AttemptState.UNDELIVERED and error == EXPIRED:
        state = AttemptState.EXPIRED
    number = max(error, code)
    return Report(
        external_id=str(id),
        state=state,
        error=(f"network_{number}" if number > 0 else "modem") if lost else "",
        words=str(status) if lost else "",
        proof=f"TP-MR {reference}" if reference >= 0 else "",
    )


def _number(message: Message, country: str) -> str:
    """The number with a plus and its country: reports come back under it."""
    written = message.address.translate({ord(sign): None for sign in " -()"})
    if not NUMBER.fullmatch(written):
        raise BadAddress(in_language(NOT_A_NUMBER).format(address=message.address))
    if written.startswith("+"):
        return written
    abroad = written.startswith(f"00{country}") or (written.startswith(country) and len(written) > 11)
    return "+" + written.removeprefix("00") if abroad else f"+{country}{written}"


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [Gammu]
