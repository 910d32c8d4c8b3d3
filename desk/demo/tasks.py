"""Whom the made-up county's crews went to, what callers complained of, and the note of the shift. Minutes from now."""

from __future__ import annotations

from msgspec import Struct

from desk.records import Topic

HOUR = 60
DAY = 24 * HOUR


class Trip(Struct, frozen=True):
    """A work order: the call at `at`, each step so many minutes after it, and how it ended."""

    at: int
    code: str
    note: str
    hazard: str = ""
    crew: str = ""
    steps: tuple[tuple[str, int], ...] = ()
    hurried: tuple[int, ...] = ()
    ended: int = 0
    signed: bool = False
    reason: str = ""


ORDERS: tuple[Trip, ...] = (
    Trip(-96, "low_voltage", "电压低，电灯发红，冰箱启动不了", hurried=(50, 80)),
    Trip(-9, "partial_supply", "三相电缺一相，水泵转不了"),
    Trip(-17, "flicker", "灯光忽明忽暗，表箱有响声", crew="城区抢修一班", steps=(("assigned", 5),)),
    Trip(
        -21,
        "wire_down",
        "导线断落在村道边，已请村干部看守",
        hazard="wire_down",
        crew="柳河抢修班",
        steps=(("assigned", 2), ("en_route", 4)),
    ),
    Trip(
        -48,
        "partial_supply",
        "半边房间没电",
        crew="城区抢修二班",
        steps=(("assigned", 6), ("en_route", 9), ("arrived", 34)),
    ),
    Trip(
        -90,
        "low_voltage",
        "接户线接头发热，电压不稳",
        crew="石桥抢修班",
        steps=(("assigned", 4), ("en_route", 8), ("arrived", 37), ("field_complete", 81)),
    ),
    Trip(
        -4 * HOUR,
        "flicker",
        "进户线被树枝磨破",
        crew="城区抢修一班",
        steps=(("assigned", 5), ("en_route", 9), ("arrived", 40), ("field_complete", 95)),
        ended=110,
        signed=True,
        reason="更换进户线12米，供电正常",
    ),
    Trip(-3 * HOUR, "partial_supply", "空开跳闸", ended=12, reason="客户自行合闸后恢复，不用派人"),
)

PROMISES: tuple[tuple[int, str], ...] = (
    (-2, "家中有老人，来电后请告知"),
    (-3, "商户，等来电后开门营业"),
    (-4, "要求送电后回电"),
)


class Complaint(Struct, frozen=True):
    """What a caller wants answered."""

    at: int
    kind: str
    topic: Topic
    about: str
    article: str = ""
    owner: str = ""
    answer: str = ""


CASES: tuple[Complaint, ...] = (
    Complaint(-6 * DAY, "complaint", Topic.COMPLAINT, "检修停电没有提前通知，冷库货物受损", "9.3", owner="市营部"),
    Complaint(-2 * HOUR, "complaint", Topic.COMPLAINT, "一个月内停电三次，要求书面答复"),
    Complaint(-DAY, "report_of_misconduct", Topic.REPORT_OF_MISCONDUCT, "反映抢修人员向客户收费"),
    Complaint(-3 * DAY, "suggestion", Topic.SUGGESTION, "建议停电通知同时发村微信群", owner="市营部"),
    Complaint(-5 * HOUR, "opinion", Topic.OPINION, "认为95598排队时间长"),
    Complaint(
        -2 * DAY, "praise", Topic.PRAISE, "表扬石桥抢修班雨夜抢修", owner="局办", answer="已转告抢修班，感谢来电"
    ),
)

NOTE = "雷雨天气，10kV线路仍可能跳闸。断线一处有人看守，盯住到场时间。"
