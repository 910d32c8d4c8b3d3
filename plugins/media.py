"""媒体公告 — the announcement: text and page come from the desk; a person has it published and notes where."""

from collections.abc import Sequence

from desk.plugins import Capabilities, Channel, Message, Receipt, hookimpl, in_language

STEPS = (
    {
        "zh_CN": "取公告文字和公告页：desk paper page {outage} --out 公告.pdf",
        "en": "take text and page: desk paper page {outage} --out page.pdf",
    },
    {
        "zh_CN": "核对原因、范围、时间三项齐全，并已核准",
        "en": "check that reason, area and times are there, and that it is approved",
    },
    {"zh_CN": "公告内容：{body}", "en": "the words: {body}"},
    {
        "zh_CN": "交电视、广播、报纸或张贴，请对方确认刊播时间",
        "en": "give it to television, radio, newspaper or put it up; have the time confirmed",
    },
    {
        "zh_CN": "刊播后登记媒体名称、时间和期号或网址；未能刊播也要登记",
        "en": "once published write down medium, time and issue or address; if it failed, that too",
    },
)


class MediaAnnouncement(Channel):
    name = "media_announcement"
    labels = {"zh_CN": "媒体公告", "en": "media announcement"}
    can = Capabilities(family="media_announcement", needs_human=True, attachments=True)

    def send(self, message: Message, timeout: float) -> Receipt:
        return Receipt(state="with_agent")

    def steps(self, message: Message) -> Sequence[str]:
        return [in_language(step).format(outage=message.outage, body=message.body) for step in STEPS]


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [MediaAnnouncement]
