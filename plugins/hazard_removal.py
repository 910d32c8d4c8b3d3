"""排除隐患停电 — the power is cut to remove a danger: the start is set, the end depends on the work."""

from desk.plugins import Fact, OutageType, hookimpl

HAZARD_REMOVAL = OutageType(
    id="hazard_removal",
    labels={"zh_CN": "排除隐患停电", "en": "hazard removal"},
    shorts={"zh_CN": "隐患", "en": "HAZ"},
    also=("排除隐患",),
    causes={"zh_CN": "排除用电安全隐患", "en": "removal of a safety hazard"},
    articles=("15", "16", "21"),
    planned=True,
    needs=("planned_start",),
    script="hazard",
    facts=(
        Fact(
            name="hazard",
            labels={"zh_CN": "隐患", "en": "the hazard"},
            needed="soon",
            help={"zh_CN": "什么隐患，在哪里", "en": "what it is, and where"},
            article="21",
        ),
        Fact(
            name="inspection_report",
            labels={"zh_CN": "检查报告编号", "en": "inspection report"},
            needed="soon",
            article="21",
        ),
        Fact(name="work_unit", labels={"zh_CN": "处理单位", "en": "who removes it"}, article="21"),
    ),
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [HAZARD_REMOVAL]
