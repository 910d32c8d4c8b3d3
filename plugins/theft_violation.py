"""违章用电、窃电停电 — supply suspended on the spot, once theft or misuse is established."""

from desk.plugins import Fact, OutageType, hookimpl

THEFT_VIOLATION = OutageType(
    id="theft_violation",
    labels={"zh_CN": "违章用电、窃电停电", "en": "theft or violation"},
    shorts={"zh_CN": "窃电", "en": "THFT"},
    also=("窃电停电", "违章用电停电", "违章用电、窃电停电 (中止供电)"),
    causes={"zh_CN": "违章用电或窃电", "en": "theft or misuse of electricity"},
    articles=("14", "16c", "21"),
    planned=False,
    private=True,
    script="theft",
    statuses={
        "scheduled": {"zh_CN": "待中止供电", "en": "to be suspended"},
        "confirmed": {"zh_CN": "已中止供电", "en": "suspended"},
        "restored": {"zh_CN": "已恢复供电", "en": "reconnected"},
        "cancelled": {"zh_CN": "已撤销", "en": "called off"},
    },
    facts=(
        Fact(
            name="form_number",
            labels={"zh_CN": "通知书编号", "en": "form number"},
            needed="soon",
            help={"zh_CN": "《违章用电、窃电通知书》，现场开具", "en": "of the notice written on the spot"},
            article="14",
        ),
        Fact(
            name="customer_copy",
            labels={"zh_CN": "客户联", "en": "the customer's copy"},
            kind="choice",
            needed="soon",
            choices={
                "signed": {"zh_CN": "已签收", "en": "signed for"},
                "refused": {"zh_CN": "拒签", "en": "signature refused"},
            },
            article="14",
        ),
        Fact(
            name="signer",
            labels={"zh_CN": "签收人", "en": "signed by"},
            needed="soon",
            only={"customer_copy": ("signed",)},
            article="14",
        ),
        Fact(
            name="witness",
            labels={"zh_CN": "见证人", "en": "witness of the refusal"},
            needed="soon",
            only={"customer_copy": ("refused",)},
            article="14",
        ),
        Fact(
            name="desk_copy",
            labels={"zh_CN": "存根联已收回", "en": "our copy is back"},
            kind="flag",
            needed="soon",
            article="14",
        ),
        Fact(name="inspector", labels={"zh_CN": "用电检查人员", "en": "inspector"}, article="14"),
    ),
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [THEFT_VIOLATION]
