"""违章用电、窃电停电 — supply suspended on the spot, once theft or misuse is established."""

from desk.plugins import OutageType, hookimpl

THEFT_VIOLATION = OutageType(
    id="theft_violation",
    labels={"zh_CN": "违章用电、窃电停电", "en": "theft or violation"},
    also=("窃电停电", "违章用电停电", "违章用电、窃电停电 (中止供电)"),
    causes={"zh_CN": "违章用电或窃电", "en": "theft or misuse of electricity"},
    articles=("14", "16c", "21"),
    planned=False,
    script="suspension",
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [THEFT_VIOLATION]
