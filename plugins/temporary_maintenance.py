"""临时检修停电 — temporary maintenance: no days of notice, but a start and an end are known."""

from desk.plugins import OutageType, hookimpl

TEMPORARY_MAINTENANCE = OutageType(
    id="temporary_maintenance",
    labels={"zh_CN": "临时检修停电", "en": "temporary maintenance"},
    also=("临时检修", "临时停电"),
    causes={"zh_CN": "供电设施临时检修", "en": "maintenance at short notice"},
    articles=("10", "16", "18"),
    planned=True,
    needs=("planned_start", "planned_end"),
    script="planned",
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [TEMPORARY_MAINTENANCE]
