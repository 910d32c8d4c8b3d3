"""销户 — supply ends for good at the customer's own wish: there is a start and never an end."""

from desk.plugins import Fact, OutageType, hookimpl

ACCOUNT_CLOSURE = OutageType(
    id="account_closure",
    labels={"zh_CN": "销户", "en": "account closure"},
    shorts={"zh_CN": "销户", "en": "CLOS"},
    also=("销户停电", "终止供电", "销户 (终止供电)"),
    causes={"zh_CN": "客户申请销户", "en": "the customer asked to close the account"},
    articles=("2", "16"),
    planned=True,
    private=True,
    needs=("planned_start",),
    script="closure",
    statuses={
        "scheduled": {"zh_CN": "待销户", "en": "to be closed"},
        "confirmed": {"zh_CN": "已终止供电", "en": "supply ended"},
        "restored": {"zh_CN": "已恢复供电", "en": "reconnected"},
        "cancelled": {"zh_CN": "已撤回", "en": "withdrawn"},
    },
    facts=(
        Fact(
            name="application",
            labels={"zh_CN": "客户销户申请", "en": "the customer's application"},
            needed="start",
            help={"zh_CN": "申请编号", "en": "its number"},
        ),
        Fact(
            name="settlement",
            labels={"zh_CN": "电费结清", "en": "the settlement"},
            needed="start",
            help={"zh_CN": "结算单编号", "en": "the number of the final bill"},
            also=("settled", "结清"),
        ),
    ),
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [ACCOUNT_CLOSURE]
