"""The words that stand on paper besides those of the forms, and which duty is written on which form.

They are in the language of the county's notices, so they are looked up here and not in the catalogue of the screen.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk.records import Duty

# notice of a duty → the form it is written on; every other written duty takes the customers' notice.
FORMS: Mapping[str, str] = {
    "plan_form": "plan_notice",
    "arrears_notice": "arrears_notice",
    "theft_form": "theft_notice",
}
NOTICE_FORM = "written_notice"
# notice of a duty → what kind of news it is; any other is news of the outage itself, by its type.
KINDS: Mapping[str, str] = {
    "times_changed": "changed",
    "correction": "correction",
    "cancellation": "cancelled",
    "explanation": "explanation",
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "draft": {"zh": "样稿：未经核准，不得送达", "en": "DRAFT: not approved, not to be delivered"},
    "draft_page": {"zh": "样稿：未经核准，不得发布", "en": "DRAFT: not approved, not to be published"},
    "about": {"zh": "{span}（约{length}）", "en": "{span} (about {length})"},
    "customers": {
        "zh": "{customers}户，其中特殊客户{special}户、重要客户{important}户",
        "en": "{customers}, of which {special} special and {important} important",
    },
    "more": {"zh": "等{count}个", "en": " and more, {count} in all"},
    "and": {"zh": "、", "en": ", "},
    "or": {"zh": "；", "en": "; "},
    "sites": {"zh": "（{count}处）", "en": " ({count} sites)"},
    "made": {"zh": "{county}　制单时间：{at}", "en": "{county}, made {at}"},
    "title": {"zh": "《{title}》{article}", "en": "{title}, {article}"},
}
PLACES: Mapping[str, Mapping[str, str]] = {
    "office": {"zh": "局办", "en": "the office"},
    "marketing": {"zh": "市营部", "en": "marketing"},
    "95598": {"zh": "95598客服中心", "en": "95598"},
    "leader": {"zh": "主管领导", "en": "the leader in charge"},
    "dispatch": {"zh": "调度", "en": "dispatch"},
    "fire_service": {"zh": "消防救援机构", "en": "the fire service"},
    "power_authority": {"zh": "电力管理部门", "en": "the power authority"},
}
# What a form is called in the name of a file; empty: who belongs to no branch.
TITLES: Mapping[str, Mapping[str, str]] = {
    "written_notice": {"zh_CN": "停电通知书", "en": "outage notice"},
    "plan_notice": {"zh_CN": "计划检修停电通知书", "en": "notice of the plan"},
    "arrears_notice": {"zh_CN": "欠费停电通知书", "en": "arrears notice"},
    "theft_notice": {"zh_CN": "违章用电、窃电通知书", "en": "theft notice"},
    "approval_form": {"zh_CN": "停电预告审批表", "en": "approval form"},
    "media_page": {"zh_CN": "停电公告", "en": "announcement"},
    "delivery_round": {"zh_CN": "送达单", "en": "delivery round"},
    "fax_letter": {"zh_CN": "传真", "en": "fax"},
    "": {"zh_CN": "部门和单位", "en": "departments"},
}
SUBJECT: Mapping[str, str] = {"zh_CN": "停电通知", "en": "power outage"}


def form_of(duty: Duty) -> str:
    """The form that a written duty is printed on."""
    return FORMS.get(duty.notice, NOTICE_FORM)
