"""Asterisk 拨号 — the desk dials for the agent: Asterisk rings the agent's phone, then the customer's.

    [channels.dial]
    type = "asterisk"
    host = "pbx.example.cn"
    user = "desk"
    secret = { file = "secrets/ami" }
    phone = "PJSIP/8001"

A person still talks, and writes down what came of it: nothing is dialled unless somebody asks for this call. What
Asterisk says of the call (busy, nobody there, how long it lasted) comes back as a hint. Set-up: docs/asterisk.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Annotated

from desk.plugins import (
    BadAddress,
    Capabilities,
    Channel,
    ChannelSettings,
    ConfigProblem,
    Message,
    NoConnection,
    Problem,
    Receipt,
    Refused,
    Report,
    Secret,
    SendError,
    described,
    hookimpl,
    in_language,
)

if TYPE_CHECKING:
    from .calls import Calls
    from .session import Session

NUMBER = re.compile(r"\+?\d{3,20}", re.ASCII)
NOT_A_NUMBER = {"zh_CN": "“{address}”不能拨打，请核对号码", "en": "“{address}” cannot be dialled; look the number up"}
NOT_ALLOWED = {
    "zh_CN": "Asterisk 不允许本用户外呼，请在 manager.conf 中加上 originate 写权限",
    "en": "Asterisk does not let this user dial; give it `originate` under `write` in manager.conf",
}
STEPS = (
    {
        "zh_CN": "请拿起话机，系统随后拨打 {address}（{recipient}）",
        "en": "pick up your phone; then {address} ({recipient}) is dialled",
    },
    {"zh_CN": "报单位和工号，确认对方身份", "en": "say who is calling, and make sure who answers"},
    {"zh_CN": "读：{body}", "en": "read out: {body}"},
    {"zh_CN": "请对方复述时间，询问有何需要", "en": "have the times said back, and ask what they need"},
    {"zh_CN": "记下接听人姓名、职务和结果；无人接听也要记录", "en": "write down name, post and outcome; no answer too"},
)


class Settings(ChannelSettings, frozen=True, kw_only=True):
    host: Annotated[str, described({"zh_CN": "Asterisk 服务器地址", "en": "where Asterisk runs"})]
    user: Annotated[str, described({"zh_CN": "manager.conf 中的用户", "en": "a user of manager.conf"})]
    secret: Annotated[Secret, described({"zh_CN": "该用户的密码", "en": "the user's secret"})]
    phone: Annotated[str, described({"zh_CN": "坐席话机，如 PJSIP/8001", "en": "the agent's phone, like PJSIP/8001"})]
    port: Annotated[int, described({"zh_CN": "端口", "en": "port"}, least=1, most=65535)] = 5038
    context: Annotated[str, described({"zh_CN": "拨号规则 context", "en": "context of the dial plan"})] = (
        "from-internal"
    )
    prefix: Annotated[str, described({"zh_CN": "出局前缀", "en": "dialled first"}, pattern=r"^\d*$")] = ""
    caller: Annotated[str, described({"zh_CN": "外显号码", "en": "the number that is shown"})] = "95598"
    ring: Annotated[int, described({"zh_CN": "话机振铃秒数", "en": "seconds the phone rings"}, least=5, most=120)] = 25


class Asterisk(Channel):
    name = "asterisk"
    labels = {"zh_CN": "电话（Asterisk 拨号）", "en": "telephone (dialled by Asterisk)"}
    can = Capabilities(
        family="phone", address="phone", needs_human=True, two_way=True, receipts="gateway", intrusive=True, timeout=10
    )
    Settings = Settings

    def __init__(self, settings: ChannelSettings | None = None) -> None:
        super().__init__(settings)
        self._session: Session | None = None
        self._calls: Calls | None = None
        self._one_at_a_time = Lock()

    def send(self, message: Message, timeout: float) -> Receipt:
        number = message.address.translate({ord(sign): None for sign in " -()"})
        if not NUMBER.fullmatch(number):
            raise BadAddress(in_language(NOT_A_NUMBER).format(address=message.address))
        until = monotonic() + timeout
        with self._one_at_a_time:
            session = self._open(until)
            answer = session.ask(self._originate(number, message), until - monotonic())
            if answer.get("response") != "Success":
                raise _refusal(answer)
            self._known().began(answer["actionid"], number)
        return Receipt(state="with_agent", external_id=answer["actionid"])

    def poll(self, ids: Sequence[str], timeout: float) -> Sequence[Report]:
        """What Asterisk said since the session was opened; what happened while it was away nobody tells."""
        with self._one_at_a_time:
            if self._session is not None:
                self._session.look(0.0)
                self._hear()
            return self._known().news()

    def stored(self, reports: Sequence[Report]) -> None:
        self._known().forget(report.token for report in reports)

    def check(self, timeout: float) -> Problem | None:
        try:
            with self._one_at_a_time:
                self._open(monotonic() + timeout)
        except SendError as error:
            return Problem(text=str(error))
        return None

    def steps(self, message: Message) -> Sequence[str]:
        blanks = {"recipient": message.recipient, "address": message.address, "body": message.body}
        return [in_language(step).format(**blanks) for step in STEPS]

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _open(self, until: float) -> Session:
        """A session that answers: the one there is, or a new one where it was cut meanwhile."""
        from .session import Session

        if self._session is not None:
            try:
                self._session.ask({"Action": "Ping"}, (until - monotonic()) / 2, lost=NoConnection)
                return self._session
            except NoConnection:
                self._hear()
                self.close()
        self._session = Session(self.settings, until - monotonic())
        return self._session

    def _originate(self, number: str, message: Message) -> dict[str, str]:
        return {
            "Action": "Originate",
            "Channel": self.settings.phone,
            "Context": self.settings.context,
            "Exten": self.settings.prefix + number,
            "Priority": "1",
            "CallerID": self.settings.caller,
            "Timeout": str(self.settings.ring * 1000),
            "Variable": f"DESK_MESSAGE={message.id}",
            "Async": "true",
        }

    def _hear(self) -> None:
        if self._session is not None:
            for event in self._session.taken():
                self._known().hear(event)

    def _known(self) -> Calls:
        from .calls import Calls

        if self._calls is None:
            self._calls = Calls()
        return self._calls


def _refusal(answer: Mapping[str, str]) -> SendError:
    words = answer.get("message", "")
    if "permission" in words.lower():
        return ConfigProblem(in_language(NOT_ALLOWED), why=words)
    return Refused(why=words)


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [Asterisk]
