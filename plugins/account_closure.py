"""销户 — supply ends for good at the customer's own wish: there is a start and never an end."""

from desk.plugins import OutageType, hookimpl

ACCOUNT_CLOSURE = OutageType(
    id="account_closure",
    labels={"zh_CN": "销户", "en": "account closure"},
    also=("销户停电", "终止供电", "销户 (终止供电)"),
    causes={"zh_CN": "客户申请销户", "en": "the customer asked to close the account"},
    articles=("2", "16"),
    planned=True,
    needs=("planned_start",),
    script="suspension",
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [ACCOUNT_CLOSURE]
