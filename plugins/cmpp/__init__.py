"""短信（移动 CMPP）— text messages over China Mobile's CMPP 2.0 or 3.0, straight to the province's gateway (ISMG).

    [channels.sms-mobile]
    type = "cmpp"
    host = "10.1.2.3"
    company = "901234"                       # 企业代码
    password = { env = "CMPP_PASSWORD" }
    source = "10690000"                      # 服务代码（接入号）
    service = "HELP"                         # 业务代码
    sign = "某某供电公司"

The frames are in codec.py, the protocol's words in dialect.py, the gateway's answers in results.py; the session
itself is `desk.plugins.sessions`. Set-up: docs/sms.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from desk.plugins import Capabilities, Channel, ChannelSettings, Secret, described, hookimpl
from desk.plugins.sessions import Dialect, SessionChannel, SessionSettings


class Settings(SessionSettings, frozen=True, kw_only=True):
    port: Annotated[int, described({"zh_CN": "网关端口", "en": "the gateway's port"}, least=1, most=65535)] = 7890
    version: Annotated[
        Literal["2.0", "3.0"], described({"zh_CN": "协议版本：2.0 或 3.0", "en": "of the protocol: 2.0 or 3.0"})
    ] = "2.0"
    company: Annotated[str, described({"zh_CN": "企业代码（登录账号），6 位", "en": "the account"}, longest=6)]
    password: Annotated[Secret, described({"zh_CN": "登录密码（共享密钥）", "en": "the shared secret"})]
    source: Annotated[
        str, described({"zh_CN": "服务代码（接入号），如 1069…", "en": "the number it comes from"}, longest=20)
    ]
    service: Annotated[str, described({"zh_CN": "业务代码", "en": "the service's code"}, longest=10)] = ""
    payer: Annotated[
        int, described({"zh_CN": "计费用户类型：2 为企业付费", "en": "who pays; 2: the company"}, least=0, most=3)
    ] = 2
    fee_type: Annotated[str, described({"zh_CN": "资费类别，01 免费", "en": "kind of fee; 01: none"}, longest=2)] = "01"
    fee: Annotated[str, described({"zh_CN": "资费代码（分）", "en": "fee in fen"}, longest=6)] = "000000"
    sign: Annotated[str, described({"zh_CN": "签名，发送时加【】", "en": "the sign, put in 【】 before the text"})] = ""
    receipts: Annotated[bool, described({"zh_CN": "要状态报告", "en": "ask for receipts"})] = True
    time_zone: Annotated[str, described({"zh_CN": "状态报告中时间的时区", "en": "time zone of times in receipts"})] = (
        "Asia/Shanghai"
    )


class Cmpp(SessionChannel):
    name = "cmpp"
    labels = {"zh_CN": "短信（移动 CMPP）", "en": "SMS (CMPP)"}
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
        from .dialect import CmppDialect

        return CmppDialect(self.settings)


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [Cmpp]
