"""配合市政工程停电 — a road is dug up, and the builder asks for the lines beside it to be off."""

from collections.abc import Iterator
from datetime import datetime

from desk.plugins import Affected, Fact, Outage, OutageRequest, OutageType, Problem, hookimpl, in_language

PERMIT_ENDS = {
    "zh_CN": "占道许可 {day} 到期，早于计划送电时间",
    "en": "the permit to dig ends on {day}, before the outage does",
}
ASK_FIRST = {
    "zh_CN": "涉及 {count} 个重要客户：先问施工方能否避开",
    "en": "{count} important customers: ask the builder first whether it can be avoided",
}
NO_BRIEFING = {
    "zh_CN": "施工方还没有接受安全交底",
    "en": "the builder has not been briefed on safety",
}


class RoadWorks(OutageType, frozen=True):
    def problems(self, request: OutageRequest, affected: Affected) -> Iterator[Problem]:
        """What is wrong when it is opened: refused, unless `refuses=False` makes it a warning."""
        if affected.important:
            yield Problem(in_language(ASK_FIRST).format(count=affected.important), refuses=False)
        ends = request.facts.get("permit_ends")
        if ends and request.planned_end and datetime.fromisoformat(ends) < request.planned_end:
            yield Problem(in_language(PERMIT_ENDS).format(day=ends[:10]), field="facts.permit_ends")

    def may_start(self, outage: Outage) -> Iterator[Problem]:
        """What stands against it when it is to begin; `excusable`: a reason lets it begin as a recorded violation."""
        if not outage.facts.get("briefed"):
            yield Problem(in_language(NO_BRIEFING), field="facts.briefed", article="21", excusable=True)


ROAD_WORKS = RoadWorks(
    id="road_works",
    labels={"zh_CN": "配合市政工程停电", "en": "road works"},
    shorts={"zh_CN": "市政", "en": "ROAD"},
    also=("市政停电", "配合施工停电"),
    causes={"zh_CN": "配合市政道路施工", "en": "road works beside the line"},
    articles=("9", "16", "17"),
    planned=True,
    needs=("planned_start", "planned_end"),
    script="planned",
    statuses={"confirmed": {"zh_CN": "施工停电中", "en": "off for the works"}},
    facts=(
        Fact(name="builder", labels={"zh_CN": "施工单位", "en": "builder"}, needed="open", also=("建设单位",)),
        Fact(
            name="permit_ends",
            labels={"zh_CN": "占道许可截止", "en": "permit ends"},
            kind="time",
            needed="soon",
            help={"zh_CN": "不早于计划送电时间", "en": "not before the planned end"},
        ),
        Fact(
            name="digging",
            labels={"zh_CN": "开挖方式", "en": "how they dig"},
            kind="choice",
            choices={
                "by_hand": {"zh_CN": "人工", "en": "by hand"},
                "by_machine": {"zh_CN": "机械", "en": "by machine"},
            },
        ),
        Fact(
            name="watcher",
            labels={"zh_CN": "现场监护人", "en": "who watches on site"},
            needed="start",
            only={"digging": ("by_machine",)},
        ),
        Fact(name="briefed", labels={"zh_CN": "已安全交底", "en": "briefed on safety"}, kind="flag"),
    ),
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [ROAD_WORKS]
