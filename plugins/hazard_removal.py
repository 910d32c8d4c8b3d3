"""排除隐患停电 — the power is cut to remove a danger: the start is set, the end depends on the work."""

from desk.plugins import OutageType, hookimpl

HAZARD_REMOVAL = OutageType(
    id="hazard_removal",
    labels={"zh_CN": "排除隐患停电", "en": "hazard removal"},
    also=("排除隐患",),
    causes={"zh_CN": "排除用电安全隐患", "en": "removal of a safety hazard"},
    articles=("15", "16", "21"),
    planned=True,
    needs=("planned_start",),
    script="planned",
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [HAZARD_REMOVAL]
