"""计划检修停电 — planned maintenance: announced days ahead, with a start and an end."""

from collections.abc import Iterator

from desk.plugins import Affected, Fact, OutageRequest, OutageType, Problem, hookimpl, in_language

NOT_ANNOUNCED = {
    "zh_CN": "计划检修须由局办提前 7 天在媒体公告（第九条），“是否公告”不应为否",
    "en": "planned maintenance is announced in the media 7 days ahead (Art. 9.1); “announced” should not be no",
}


class PlannedMaintenance(OutageType, frozen=True):
    def problems(self, request: OutageRequest, affected: Affected) -> Iterator[Problem]:
        if request.facts.get("public_announcement") is False:
            text = in_language(NOT_ANNOUNCED)
            yield Problem(text, field="facts.public_announcement", refuses=False, article="9.1")


PLANNED_MAINTENANCE = PlannedMaintenance(
    id="planned_maintenance",
    labels={"zh_CN": "计划检修停电", "en": "planned maintenance"},
    shorts={"zh_CN": "计检", "en": "PLAN"},
    also=("计划检修", "计划停电"),
    causes={"zh_CN": "供电设施计划检修", "en": "planned maintenance of the supply equipment"},
    articles=("9", "16", "17"),
    planned=True,
    needs=("planned_start", "planned_end"),
    script="planned",
    facts=(
        Fact(
            name="work_unit",
            labels={"zh_CN": "检修单位", "en": "work unit"},
            help={
                "zh_CN": "提前停电或延时送电由它提前 30 分钟通知",
                "en": "it calls 30 min before an earlier start or later end",
            },
            article="9.5",
        ),
        Fact(
            name="notice_form",
            labels={"zh_CN": "通知书编号", "en": "notice form number"},
            help={"zh_CN": "《计划检修停电通知书》", "en": "the form that dispatch fills in"},
            article="9.1",
        ),
        Fact(
            name="public_announcement",
            labels={"zh_CN": "是否公告", "en": "announced to the public"},
            kind="flag",
            article="5",
        ),
        Fact(
            name="announcement_decided_by",
            labels={"zh_CN": "公告由谁决定", "en": "announcement decided by"},
            article="5",
        ),
        Fact(
            name="live_line",
            labels={"zh_CN": "能否带电作业", "en": "live-line work possible"},
            kind="flag",
            help={"zh_CN": "能带电作业就不必停电", "en": "work on live lines needs no outage"},
        ),
    ),
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [PLANNED_MAINTENANCE]
