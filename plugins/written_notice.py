"""书面通知 — the written notice: printed with a slip to sign; a person delivers it and brings the slip back."""

from collections.abc import Sequence

from desk.plugins import BadAddress, Capabilities, Channel, Message, Receipt, hookimpl, in_language

NO_PLACE = {
    "zh_CN": "{recipient}没有送达地址，请补充地址或改用其他方式",
    "en": "there is no address to deliver to for {recipient}; add one or use another channel",
}
STEPS = (
    {
        "zh_CN": "打印通知书：desk paper notices {outage} --out 目录",
        "en": "print: desk paper notices {outage} --out DIR",
    },
    {
        "zh_CN": "盖章，按送达单送到{address}，交给{recipient}",
        "en": "stamp it, take it to {address}, hand it to {recipient}",
    },
    {"zh_CN": "请对方在回执上签名，写清职务和时间", "en": "have the slip signed, with post and time"},
    {
        "zh_CN": "对方拒签的，请在场人员见证并签名；无人的，另约时间再送",
        "en": "refused: have a witness sign; nobody there: come again",
    },
    {
        "zh_CN": "裁下回执带回，扫描后登记结果",
        "en": "tear the slip off, bring it back, scan it and write down what came of it",
    },
)


class WrittenNotice(Channel):
    name = "written_notice"
    labels = {"zh_CN": "书面通知", "en": "written notice"}
    can = Capabilities(family="written_notice", address="place", needs_human=True, attachments=True)

    def send(self, message: Message, timeout: float) -> Receipt:
        if not message.address:
            raise BadAddress(in_language(NO_PLACE).format(recipient=message.recipient))
        return Receipt(state="with_agent")

    def steps(self, message: Message) -> Sequence[str]:
        blanks = {"recipient": message.recipient, "address": message.address, "outage": message.outage}
        return [in_language(step).format(**blanks) for step in STEPS]


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [WrittenNotice]
