"""计划限电 — the grid cannot supply everyone: feeders are cut by an order fixed beforehand."""

from desk.plugins import OutageType, hookimpl

SUPPLY_SHORTAGE = OutageType(
    id="supply_shortage",
    labels={"zh_CN": "计划限电", "en": "supply shortage"},
    also=("超供电能力限电", "计划限电 / 超供电能力限电", "有序用电"),
    causes={"zh_CN": "电力供应紧张，按批准的序位限电", "en": "too little supply: load is cut in the approved order"},
    articles=("11.2", "12", "19"),
    planned=True,
    needs=("planned_start", "planned_end"),
    script="planned",
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [SUPPLY_SHORTAGE]
