"""无法预告的停电 — nobody could announce it: a cause of the closed list of Article 15."""

from desk.plugins import Fact, OutageType, hookimpl

CAUSES = {
    "customer_fault": {"zh_CN": "客户自身过错", "en": "the customer's own fault"},
    "third_party": {"zh_CN": "第三人责任", "en": "a third party"},
    "force_majeure": {"zh_CN": "不可抗力", "en": "force majeure"},
    "emergency_avoidance": {"zh_CN": "紧急避险", "en": "emergency avoidance"},
    "against_industrial_policy": {"zh_CN": "违反国家产业政策", "en": "against industrial policy"},
    "government_request": {"zh_CN": "政府部门书面要求", "en": "written request of government"},
}

UNFORESEEABLE = OutageType(
    id="unforeseeable",
    labels={"zh_CN": "无法预告的停电", "en": "unforeseeable outage"},
    shorts={"zh_CN": "突发", "en": "SUDN"},
    causes={"zh_CN": "突发情况", "en": "an event that nobody could announce"},
    articles=("15", "16c"),
    planned=False,
    script="unforeseeable",
    facts=(
        Fact(
            name="cause_code",
            labels={"zh_CN": "原因类别", "en": "kind of cause"},
            kind="choice",
            needed="soon",
            choices=CAUSES,
            article="15",
        ),
        Fact(
            name="document",
            labels={"zh_CN": "政府文件", "en": "document of the government"},
            needed="open",
            only={"cause_code": ("government_request",)},
            help={"zh_CN": "机关和文号", "en": "who wrote it, and its number"},
            article="15",
            also=("government_document", "document_no", "文号"),
        ),
        Fact(
            name="responsible",
            labels={"zh_CN": "责任方", "en": "who is responsible"},
            only={"cause_code": ("customer_fault", "third_party")},
            article="15",
        ),
    ),
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [UNFORESEEABLE]
