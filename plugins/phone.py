"""电话 — the telephone as a channel: the desk shows the steps, an agent dials, reads and writes down who listened."""

from collections.abc import Sequence

from desk.plugins import BadAddress, Capabilities, Channel, Message, Receipt, hookimpl, in_language

NO_NUMBER = {
    "zh_CN": "{recipient}没有可拨打的电话号码，请查找号码或改用其他方式",
    "en": "there is no number to dial for {recipient}; look one up or use another channel",
}
STEPS = (
    {"zh_CN": "拨打 {address}（{recipient}）", "en": "dial {address} ({recipient})"},
    {"zh_CN": "报单位和工号，确认对方身份", "en": "say who is calling, and make sure who answers"},
    {"zh_CN": "读：{body}", "en": "read out: {body}"},
    {"zh_CN": "请对方复述时间，询问有何需要", "en": "have the times said back, and ask what they need"},
    {"zh_CN": "记下接听人姓名、职务和结果；无人接听也要记录", "en": "write down name, post and outcome; no answer too"},
)


class Phone(Channel):
    name = "phone"
    labels = {"zh_CN": "电话", "en": "telephone"}
    can = Capabilities(family="phone", address="phone", needs_human=True, two_way=True, intrusive=True)

    def send(self, message: Message, timeout: float) -> Receipt:
        if not message.address:
            raise BadAddress(in_language(NO_NUMBER).format(recipient=message.recipient))
        return Receipt(state="with_agent")

    def steps(self, message: Message) -> Sequence[str]:
        blanks = {"recipient": message.recipient, "address": message.address, "body": message.body}
        return [in_language(step).format(**blanks) for step in STEPS]


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [Phone]
