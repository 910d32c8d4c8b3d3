"""事故停电 — a fault of the grid: the power is off when the desk hears of it."""

from collections.abc import Iterator

from desk.plugins import Affected, Fact, OutageRequest, OutageType, Problem, hookimpl, in_language

OUT_OF_ORDER = {
    "zh_CN": "不按序位拉闸：{skipped}排在前面而未停（第十一条）",
    "en": "cut out of order: {skipped} stand before it and stay on (Art. 11.3)",
}


class GridFault(OutageType, frozen=True):
    def problems(self, request: OutageRequest, affected: Affected) -> Iterator[Problem]:
        skipped = request.facts.get("skipped")
        if skipped:
            text = in_language(OUT_OF_ORDER).format(skipped="、".join(skipped))
            yield Problem(text, field="facts.skipped", refuses=False, article="11.3")


GRID_FAULT = GridFault(
    id="grid_fault",
    labels={"zh_CN": "事故停电", "en": "grid fault"},
    shorts={"zh_CN": "事故", "en": "FLT"},
    also=("事故", "故障停电", "电网故障"),
    causes={"zh_CN": "电网故障，正在查找原因", "en": "a fault of the grid; its cause is being looked for"},
    articles=("11", "15", "19"),
    planned=False,
    script="fault",
    facts=(
        Fact(
            name="cause_cleared_at",
            labels={"zh_CN": "原因消除时间", "en": "cause cleared at"},
            kind="time",
            help={"zh_CN": "与送电时间分别记录", "en": "a moment of its own, beside the one of restoration"},
            article="11.3",
        ),
        Fact(
            name="shed",
            labels={"zh_CN": "是否拉闸限电", "en": "load was shed"},
            kind="flag",
            help={"zh_CN": "线路自身故障为否", "en": "no where the line itself failed"},
            article="11.3",
        ),
        Fact(
            name="order_list",
            labels={"zh_CN": "依据的序位表", "en": "order table in force"},
            needed="soon",
            only={"shed": ("yes",)},
            help={"zh_CN": "《电网事故紧急拉闸序位表》编号和版本", "en": "its id and version"},
            article="11.3",
        ),
        Fact(
            name="order_position",
            labels={"zh_CN": "序位", "en": "position in it"},
            kind="number",
            only={"shed": ("yes",)},
            least=1,
            article="11.3",
        ),
        Fact(
            name="skipped",
            labels={"zh_CN": "越过的线路", "en": "feeders passed over"},
            kind="list",
            only={"shed": ("yes",)},
            help={"zh_CN": "序位在前而未停的线路", "en": "those that stand before it and stay on"},
            article="11.3",
        ),
    ),
)


@hookimpl
def desk_outage_types() -> list[OutageType]:
    return [GRID_FAULT]
