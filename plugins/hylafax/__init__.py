"""HylaFAX 传真 — faxes through a HylaFAX server: submitted once, followed until the last page is confirmed.

    [channels.fax]
    type = "hylafax"
    host = "fax.example.cn"

An attachment (PDF, PostScript, TIFF) is the fax; a message without one becomes an A4 page. The desk's own key stands
in the job's tag, so a job whose answer was lost is found again and is not sent twice. Set-up: docs/fax.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from desk.plugins import (
    BadAddress,
    Capabilities,
    Channel,
    ChannelSettings,
    Message,
    Problem,
    Receipt,
    Report,
    Secret,
    SendError,
    Unsupported,
    described,
    hookimpl,
    in_language,
)

DOCUMENTS = ("application/pdf", "application/postscript", "image/tiff")
DOWN = ("come ready", "Down", "Not running")  # a modem that cannot send; one that is busy can, later
NOT_A_NUMBER = {"zh_CN": "“{address}”不是传真号码，请核对", "en": "“{address}” is no fax number; look it up"}
NOT_A_DOCUMENT = {
    "zh_CN": "传真只能发 PDF、PostScript 和 TIFF，发不了{name}",
    "en": "a fax can be PDF, PostScript or TIFF, not {name}",
}
NO_SCHEDULER = {
    "zh_CN": "传真服务器的调度程序 faxq 没有运行，请启动它",
    "en": "the fax server's scheduler (faxq) is not running; start it",
}
NO_LINE = {
    "zh_CN": "传真服务器没有可用的线路，请检查调制解调器（faxstat）",
    "en": "the fax server has no line in service; look at its modems (faxstat)",
}


class Settings(ChannelSettings, frozen=True, kw_only=True):
    host: Annotated[str, described({"zh_CN": "HylaFAX 服务器地址", "en": "where HylaFAX runs"})]
    port: Annotated[int, described({"zh_CN": "端口", "en": "its port"}, least=1, most=65535)] = 4559
    user: Annotated[str, described({"zh_CN": "登录名，作业归其所有", "en": "who owns the jobs"})] = "desk"
    password: Annotated[
        Secret | None, described({"zh_CN": "密码；hosts.hfaxd 不要求时可省", "en": "where hosts.hfaxd asks for one"})
    ] = None
    prefix: Annotated[str, described({"zh_CN": "出局前缀，如 9,", "en": "dialled first, like 9,"})] = ""
    dials: Annotated[int, described({"zh_CN": "最多拨号次数", "en": "dials at most"}, least=1)] = 12
    tries: Annotated[int, described({"zh_CN": "接通后最多重发次数", "en": "tries once answered"}, least=1)] = 3
    hours: Annotated[float, described({"zh_CN": "几小时内有效", "en": "given up after hours"}, least=0.1)] = 0.5
    sender: Annotated[str, described({"zh_CN": "传真页上的发送单位", "en": "the sender on the page"})] = "供电公司"


class HylaFax(Channel):
    name = "hylafax"
    labels = {"zh_CN": "传真（HylaFAX）", "en": "fax (HylaFAX)"}
    can = Capabilities(
        family="fax",
        address="fax",
        receipts="handset",  # T.30: the far machine confirms each page
        intrusive=True,
        idempotency=True,
        cancel=True,
        attachments=True,
        timeout=60,
    )
    Settings = Settings

    def send(self, message: Message, timeout: float) -> Receipt:
        from .jobs import parameters, tag_of
        from .session import Session

        number = self._number(message)
        pages = self._pages(message)
        with Session(self.settings, timeout) as session:
            job = session.find(tag_of(message)) or session.submit(parameters(message, number, self.settings), pages)
        return Receipt(state="accepted", external_id=job)

    def poll(self, ids: Sequence[str], timeout: float) -> Sequence[Report]:
        if not ids:
            return ()
        from .jobs import report
        from .session import Session

        wanted = frozenset(ids)
        with Session(self.settings, timeout) as session:
            return [report(job) for job in session.jobs() if job.number in wanted]

    def cancel(self, id: str, timeout: float) -> bool:
        from .session import Session

        with Session(self.settings, timeout) as session:
            return session.kill(id)

    def check(self, timeout: float) -> Problem | None:
        from .session import Session

        try:
            with Session(self.settings, timeout) as session:
                lines = session.status()
        except SendError as error:
            return Problem(text=str(error))
        if any("scheduler" in line and "Not running" in line for line in lines):
            return Problem(text=in_language(NO_SCHEDULER))
        working = any(line.startswith("Modem") and not any(word in line for word in DOWN) for line in lines)
        return None if working else Problem(text=in_language(NO_LINE))

    def _number(self, message: Message) -> str:
        digits = message.address.translate({ord(sign): None for sign in " -()"})
        if not digits.removeprefix("+").isdigit() or not digits.isascii():
            raise BadAddress(in_language(NOT_A_NUMBER).format(address=message.address))
        return str(self.settings.prefix) + digits

    def _pages(self, message: Message) -> list[bytes]:
        """What goes over the line: the attachments, or the message on a page of its own."""
        from pathlib import Path

        from .page import page

        for attachment in message.attachments:
            if attachment.type not in DOCUMENTS:
                raise Unsupported(in_language(NOT_A_DOCUMENT).format(name=attachment.name))
        try:
            return [Path(each.path).read_bytes() for each in message.attachments] or [
                page(message, self.settings.sender)
            ]
        except OSError as error:
            raise Unsupported(why=str(error)) from None


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [HylaFax]
