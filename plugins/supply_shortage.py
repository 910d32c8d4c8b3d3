"""计划限电 — the grid cannot supply everyone: feeders are cut by an order fixed beforehand."""

from collections.abc import Iterator

from desk.plugins import Affected, Fact, OutageRequest, OutageType, Problem, hookimpl, in_language

OUT_OF_ORDER = {
    "zh_CN": "不按序位限电：{skipped}排在前面而未停（第十二条）",
    "en": "cut out of order: {skipped} stand before it and stay on (Art. 12.1)",
}


class SupplyShortage(OutageType, frozen=True):
    def problems(self, request: OutageRequest, affected: Affected) -> Iterator[Problem]:
        skipped = request.facts.get("skipped")
        if skipped:
            text = in_language(OUT_OF_ORDER).format(skipped="、".join(skipped))
            yield Problem(text, field="facts.skipped", refuses=False, article="12.1")


SUPPLY_SHORTAGE = SupplyShortage(
    id="supply_shortage",
    labels={"zh_CN": "计划限电", "en": "supply shortage"},
    shorts={"zh_CN": "限电", "en": "LOAD"},
    also=("超供电能力限电", "计划限电 / 超供电能力限电", "有序用电"),
    causes={"zh_CN": "电力供应紧张，按批准的序位限电", "en": "too little supply: load is cut in the approved order"},
    articles=("11.2", "12", "19"),
    planned=True,
    needs=("planned_start", "planned_end"),
    script="shortage",
    statuses={
        "scheduled": {"zh_CN": "待限电", "en": "to be cut"},
        "confirmed": {"zh_CN": "限电中", "en": "cut"},
        "restored": {"zh_CN": "已解除限电", "en": "lifted"},
    },
    facts=(
        Fact(
            name="order_list",
            labels={"zh_CN": "依据的序位表", "en": "order table in force"},
            needed="soon",
            help={"zh_CN": "《超电网供电能力限电序位表》编号和版本", "en": "its id and version"},
            article="12.1",
        ),
        Fact(
            name="order_position",
            labels={"zh_CN": "序位", "en": "position in it"},
            kind="number",
            least=1,
            article="12.1",
        ),
        Fact(
            name="skipped",
            labels={"zh_CN": "越过的线路", "en": "feeders passed over"},
            kind="list",
            help={"zh_CN": "序位在前而未停的线路", "en": "those that stand before it and stay on"},
            article="12.1",
        ),
        Fact(
            name="needed_mw",
            labels={"zh_CN": "需限负荷（MW）", "en": "load to shed (MW)"},
            kind="number",
            least=0,
        ),
    ),
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [SUPPLY_SHORTAGE]
