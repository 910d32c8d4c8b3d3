"""计划检修停电 — planned maintenance: announced days ahead, with a start and an end."""

from desk.plugins import OutageType, hookimpl

PLANNED_MAINTENANCE = OutageType(
    id="planned_maintenance",
    labels={"zh_CN": "计划检修停电", "en": "planned maintenance"},
    also=("计划检修", "计划停电"),
    causes={"zh_CN": "供电设施计划检修", "en": "planned maintenance of the supply equipment"},
    articles=("9", "16", "17"),
    planned=True,
    needs=("planned_start", "planned_end"),
    script="planned",
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [PLANNED_MAINTENANCE]
