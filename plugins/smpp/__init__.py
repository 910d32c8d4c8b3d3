"""短信（SMPP 3.4）— text messages over the session that a short message centre keeps open for the county.

    [channels.sms]
    type = "smpp"
    host = "smsc.example.cn"
    port = 2775
    system_id = "desk95598"
    password = { env = "SMS_PASSWORD" }
    source = "10690000"
    sign = "某某供电公司"

The protocol's words are in dialect.py, a centre's refusals in statuses.py, its receipts in receipts.py; the session
itself (window, drops, receipts answered only when stored) is `desk.plugins.sessions`. Set-up: docs/sms.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from desk.plugins import Capabilities, Channel, ChannelSettings, ConfigProblem, Secret, described, hookimpl, in_language
from desk.plugins.sessions import Dialect, SessionChannel, SessionSettings

Ids = Literal["as_is", "hex", "decimal"]

NO_LIBRARY = {
    "zh_CN": "缺少 smpplib，请执行 pip install smpplib",
    "en": "smpplib is missing: pip install smpplib",
}


class Settings(SessionSettings, frozen=True, kw_only=True):
    port: Annotated[int, described({"zh_CN": "短信中心端口", "en": "the centre's port"}, least=1, most=65535)] = 2775
    system_id: Annotated[str, described({"zh_CN": "账号 system_id", "en": "the account"}, longest=15)]
    password: Annotated[Secret, described({"zh_CN": "密码，最长 8 位", "en": "its password, at most 8 characters"})]
    system_type: Annotated[str, described({"zh_CN": "system_type，多数可空", "en": "mostly empty"}, longest=12)] = ""
    source: Annotated[
        str, described({"zh_CN": "主叫（接入号），如 1069…", "en": "the number it comes from"}, longest=20)
    ] = ""
    source_ton: Annotated[int, described({"zh_CN": "主叫号码类型 TON", "en": "its type"}, least=0, most=6)] = 0
    source_npi: Annotated[int, described({"zh_CN": "主叫编号方案 NPI", "en": "its plan"}, least=0, most=18)] = 1
    dest_ton: Annotated[int, described({"zh_CN": "被叫号码类型 TON", "en": "type of mobiles"}, least=0, most=6)] = 0
    dest_npi: Annotated[int, described({"zh_CN": "被叫编号方案 NPI", "en": "plan of mobiles"}, least=0, most=18)] = 1
    country: Annotated[
        str,
        described({"zh_CN": "手机号前加的国家码，如 86", "en": "put before mobiles, like 86"}, pattern="^[0-9]{0,3}$"),
    ] = ""
    service_type: Annotated[str, described({"zh_CN": "service_type，多数可空", "en": "mostly empty"}, longest=5)] = ""
    sign: Annotated[str, described({"zh_CN": "签名，发送时加【】", "en": "the sign, put in 【】 before the text"})] = ""
    receipts: Annotated[bool, described({"zh_CN": "要状态报告", "en": "ask for receipts"})] = True
    answer_ids: Annotated[
        Ids,
        described({"zh_CN": "应答中消息号的写法：as_is、hex 或 decimal", "en": "ids in answers: as_is, hex, decimal"}),
    ] = "as_is"
    receipt_ids: Annotated[
        Ids, described({"zh_CN": "状态报告中消息号的写法：as_is、hex 或 decimal", "en": "ids in receipts"})
    ] = "as_is"
    long_text: Annotated[
        Literal["udh", "sar"],
        described({"zh_CN": "长短信拼接方式：udh 或 sar", "en": "how parts are joined: udh or sar"}),
    ] = "udh"
    time_zone: Annotated[str, described({"zh_CN": "状态报告中时间的时区", "en": "time zone of times in receipts"})] = (
        "Asia/Shanghai"
    )
    window: Annotated[
        int, described({"zh_CN": "滑动窗口：未应答条数上限", "en": "messages unanswered at once"}, least=1, most=1000)
    ] = 64


class Smpp(SessionChannel):
    name = "smpp"
    labels = {"zh_CN": "短信（SMPP）", "en": "SMS (SMPP)"}
    Settings = Settings
    can = Capabilities(
        family="sms",
        address="mobile",
        two_way=True,
        receipts="handset",
        encoding="sms",
        max_parts=10,
        overflow="split",
        intrusive=True,
        bulk=64,
    )

    def __init__(self, settings: ChannelSettings | None = None) -> None:
        super().__init__(settings)
        if not self.settings.receipts:
            self.can = msgspec.structs.replace(self.can, receipts="none")

    def dialect(self) -> Dialect:
        try:
            from .dialect import SmppDialect
        except ImportError as error:
            raise ConfigProblem(in_language(NO_LIBRARY), why=str(error)) from None
        return SmppDialect(self.settings)


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [Smpp]
