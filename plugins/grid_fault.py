"""事故停电 — a fault of the grid: the power is off when the desk hears of it."""

from desk.plugins import OutageType, hookimpl

GRID_FAULT = OutageType(
    id="grid_fault",
    labels={"zh_CN": "事故停电", "en": "grid fault"},
    also=("事故", "故障停电", "电网故障"),
    causes={"zh_CN": "电网故障，正在查找原因", "en": "a fault of the grid; its cause is being looked for"},
    articles=("11", "15", "19"),
    planned=False,
    script="fault",
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [GRID_FAULT]
