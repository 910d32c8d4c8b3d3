"""欠费停电 — supply suspended for unpaid bills: it ends when they are paid, so only the start is announced."""

from desk.plugins import OutageType, hookimpl

ARREARS = OutageType(
    id="arrears",
    labels={"zh_CN": "欠费停电", "en": "arrears"},
    also=("欠费停电 (中止供电)",),
    causes={"zh_CN": "电费逾期未交", "en": "unpaid electricity bills"},
    articles=("13", "16", "20"),
    planned=True,
    needs=("planned_start",),
    script="suspension",
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [ARREARS]
