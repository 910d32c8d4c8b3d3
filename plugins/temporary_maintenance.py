"""临时检修停电 — temporary maintenance: no days of notice, but a start and an end are known."""

from desk.plugins import Fact, OutageType, hookimpl

TEMPORARY_MAINTENANCE = OutageType(
    id="temporary_maintenance",
    labels={"zh_CN": "临时检修停电", "en": "temporary maintenance"},
    shorts={"zh_CN": "临检", "en": "TEMP"},
    also=("临时检修", "临时停电"),
    causes={"zh_CN": "供电设施临时检修", "en": "maintenance at short notice"},
    articles=("10", "16", "18"),
    planned=True,
    needs=("planned_start", "planned_end"),
    script="planned",
    facts=(
        Fact(
            name="why_now",
            labels={"zh_CN": "不能等的原因", "en": "why it cannot wait"},
            help={"zh_CN": "为何不能列入计划检修", "en": "why it was not planned days ahead"},
            article="10",
            also=("defect", "缺陷"),
        ),
        Fact(name="work_unit", labels={"zh_CN": "检修单位", "en": "work unit"}, article="10.1"),
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
    return [TEMPORARY_MAINTENANCE]
