"""无法预告的停电 — nobody could announce it: force majeure, a third party, the customer's own fault."""

from desk.plugins import OutageType, hookimpl

UNFORESEEABLE = OutageType(
    id="unforeseeable",
    labels={"zh_CN": "无法预告的停电", "en": "unforeseeable outage"},
    causes={"zh_CN": "无法预告的突发原因", "en": "an event that nobody could announce"},
    articles=("15", "16c"),
    planned=False,
    script="fault",
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [UNFORESEEABLE]
