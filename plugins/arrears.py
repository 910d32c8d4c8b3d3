"""欠费停电 — supply suspended for unpaid bills: it ends when they are paid, so only the start is announced."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from desk.plugins import Affected, Fact, Outage, OutageRequest, OutageType, Problem, hookimpl, in_language

DAYS = 30  # 电力供应与使用条例, art. 39: more than so many days overdue
NOTICE = timedelta(days=7)  # the county's measures, Art. 13
WORDS = {
    "overdue_days": {
        "zh_CN": "逾期 {days} 天：超过 30 天并经催交仍未交付的，才可停电（条例第三十九条）",
        "en": "{days} days overdue: supply may be cut only after more than 30, and demands made (Reg. Art. 39)",
    },
    "unknown_days": {
        "zh_CN": "逾期天数没有写明：超过 30 天才可停电（条例第三十九条）",
        "en": "the days overdue are not known: supply may be cut only after more than 30 (Reg. Art. 39)",
    },
    "demands": {
        "zh_CN": "尚未催交：经催交仍未交付的，才可停电（条例第三十九条）",
        "en": "no demand was made: supply may be cut only after demands (Reg. Art. 39)",
    },
    "filing": {
        "zh_CN": "重要客户欠费停电须报电力管理部门备案，备案号还没有写（第十三条）",
        "en": "an important customer: the filing with the power authority is not yet written down (Art. 13)",
    },
    "notice_served_at": {
        "zh_CN": "通知书送达距停电不足 7 天，只有供用电合同另有约定才可以（第十三条）",
        "en": "the notice was served less than 7 days before the start; only a contract may allow that (Art. 13)",
    },
}


def problem(word: str, *, refuses: bool, article: str, **blanks: object) -> Problem:
    text = in_language(WORDS[word]).format(**blanks)
    return Problem(text, field=f"facts.{word}", refuses=refuses, article=article)


class Arrears(OutageType, frozen=True):
    def problems(self, request: OutageRequest, affected: Affected) -> Iterator[Problem]:
        facts, start = request.facts, request.planned_start
        days = facts.get("overdue_days")
        if days is not None and days <= DAYS:
            yield problem("overdue_days", refuses=True, article="39", days=days)
        if facts.get("demands") == 0:
            yield problem("demands", refuses=True, article="39")
        if affected.important and not facts.get("filing"):
            yield problem("filing", refuses=False, article="13")
        served = facts.get("notice_served_at")
        if start and served and datetime.fromisoformat(served) > start - NOTICE:
            yield problem("notice_served_at", refuses=False, article="13")

    def may_start(self, outage: Outage) -> Iterator[Problem]:
        if outage.facts.get("overdue_days") is None:
            text = in_language(WORDS["unknown_days"])
            yield Problem(text, field="facts.overdue_days", article="39", excusable=True)


ARREARS = Arrears(
    id="arrears",
    labels={"zh_CN": "欠费停电", "en": "arrears"},
    shorts={"zh_CN": "欠费", "en": "DEBT"},
    also=("欠费停电 (中止供电)",),
    causes={"zh_CN": "电费逾期未交", "en": "unpaid electricity bills"},
    articles=("13", "16", "20"),
    planned=True,
    private=True,
    needs=("planned_start",),
    script="arrears",
    statuses={
        "scheduled": {"zh_CN": "待中止供电", "en": "to be suspended"},
        "confirmed": {"zh_CN": "已中止供电", "en": "suspended"},
        "restored": {"zh_CN": "已恢复供电", "en": "reconnected"},
        "cancelled": {"zh_CN": "已撤销", "en": "called off"},
    },
    facts=(
        Fact(
            name="overdue_days",
            labels={"zh_CN": "逾期天数", "en": "days overdue"},
            kind="number",
            needed="start",
            least=0,
            help={"zh_CN": "须超过 30 天", "en": "more than 30"},
            article="39",
        ),
        Fact(
            name="demands",
            labels={"zh_CN": "催交次数", "en": "demands made"},
            kind="number",
            needed="soon",
            least=0,
            article="39",
        ),
        Fact(
            name="application",
            labels={"zh_CN": "书面申请", "en": "written application"},
            needed="soon",
            help={"zh_CN": "停电催费申请的编号", "en": "the number of the branch's application"},
            article="20",
        ),
        Fact(name="amount", labels={"zh_CN": "欠费金额（元）", "en": "amount owed (yuan)"}, kind="number", least=0),
        Fact(
            name="notice_served_at",
            labels={"zh_CN": "通知书送达时间", "en": "notice served at"},
            kind="time",
            help={"zh_CN": "停电前 7 天，或按合同约定", "en": "7 days before the start, or as the contract says"},
            article="13",
        ),
        Fact(
            name="filing",
            labels={"zh_CN": "备案号", "en": "filing reference"},
            help={"zh_CN": "重要客户须报电力管理部门备案", "en": "for an important customer, with the power authority"},
            article="13",
        ),
    ),
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [ARREARS]
