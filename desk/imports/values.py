"""The words of the network's and the customers' columns, and what each stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from desk.i18n import N_, _
from desk.imports.cells import Reader, folded, identifier, one_of, text
from desk.imports.report import Wrong


def _words(table: Mapping[Any, Iterable[str]]) -> dict[str, Any]:
    return {folded(word): value for value, words in table.items() for word in words}


FLAGS = _words(
    {
        True: ("是", "Y", "yes", "true", "1", "√", "✓", "✔", "对", "有", "T", "on"),
        False: ("", "否", "N", "no", "false", "0", "×", "x", "✗", "✕", "不是", "非", "F", "off"),
    }
)
KINDS = _words(
    {
        "": ("",),
        "public": ("public", "公变", "公用", "公用变", "公", "公用变压器", "公变台区", "公用台区", "01"),
        "dedicated": ("dedicated", "专变", "专用", "专用变", "专", "专用变压器", "专变台区", "专用台区", "02"),
    }
)
MEDALS = _words(
    {
        "": ("", "否", "0", "N", "普通"),
        "gold": ("gold", "金", "金牌", "金牌客户"),
        "silver": ("silver", "银", "银牌", "银牌客户"),
        "bronze": ("bronze", "铜", "铜牌", "铜牌客户"),
    }
)
# The grades of GB/T 29328.
GRADES = _words(
    {
        "": ("", "否", "0", "N", "普通", "一般"),
        "special": ("special", "特级", "特", "特级重要", "特级重要客户", "特级重要用户"),
        "first": ("first", "一级", "1级", "1", "Ⅰ级", "Ⅰ", "一级重要", "一级重要客户", "一级重要用户"),
        "second": ("second", "二级", "2级", "2", "Ⅱ级", "Ⅱ", "二级重要", "二级重要客户", "二级重要用户"),
        "temporary": ("temporary", "临时", "临时性", "临时级", "临时重要", "临时性重要客户", "临时性重要用户"),
    }
)
SECTORS = _words(
    {
        "mine": ("mine", "矿山", "煤矿", "非煤矿山", "矿井", "采矿", "采矿业", "煤炭", "金属矿"),
        "hospital": ("hospital", "医院", "卫生院", "诊所", "医疗", "卫生", "医疗卫生", "卫生室", "clinic"),
        "special_need": ("special_need", "特殊需求", "家用医疗设备", "家庭医疗"),
        "water": ("water", "供水", "自来水", "水厂", "供排水", "污水处理", "污水", "排水", "给排水", "sewage"),
        "chemical": ("chemical", "化工", "化工厂", "化学", "危险化学品", "危化品"),
        "metallurgy": ("metallurgy", "冶金", "冶炼", "钢铁", "电解铝", "铁合金", "连续生产", "铸造"),
        "residential_tower": ("residential_tower", "高层住宅", "高层小区", "高层居民", "高层建筑", "电梯小区"),
        "crowd_place": (
            *(
                "crowd_place",
                "人员密集场所",
                "商场",
                "大型商场",
                "车站",
                "体育场",
                "体育馆",
                "影院",
                "超市",
                "交通枢纽",
            ),
            *("宾馆", "市场", "集贸市场"),
        ),
        "fire_service": ("fire_service", "消防", "消防救援", "消防队", "消防站"),
        "telecom": ("telecom", "通信", "电信", "通信基站", "基站", "移动通信", "邮电通信"),
        "broadcast": ("broadcast", "广播电视", "广电", "广播", "电视台", "融媒体"),
        "government": ("government", "政府", "机关", "党政机关", "政府机关", "行政机关", "公安", "政务"),
        "data_centre": ("data_centre", "data_center", "数据中心", "机房", "IDC"),
        "school": ("school", "学校", "教育", "考点", "幼儿园", "中小学", "高校"),
        "residential": (
            "residential",
            "居民",
            "居民生活",
            "城镇居民",
            "乡村居民",
            "城镇居民生活",
            "乡村居民生活",
            "居民生活用电",
        ),
        "commerce": ("commerce", "商业", "一般商业", "批发和零售业", "住宿和餐饮业", "餐饮"),
        "industry": ("industry", "工业", "一般工业", "普通工业", "大工业", "制造业"),
        "farm": (
            *("farm", "农业", "养殖", "养殖业", "水产养殖", "畜禽养殖", "畜牧", "畜牧业", "大棚", "温室", "设施农业"),
            *("渔业", "农业生产", "种植", "种植业"),
        ),
    }
)

# The Chinese an export writes for an id; reading it again gives the id.
SHOWN: Mapping[str, Mapping[Any, str]] = {
    "special": {True: "是", False: "否"},
    "important": {True: "是", False: "否"},
    "kind": {"public": "公变", "dedicated": "专变"},
    "grade": {"special": "特级", "first": "一级", "second": "二级", "temporary": "临时"},
    "medal": {"gold": "金牌", "silver": "银牌", "bronze": "铜牌"},
    "sector": {
        "mine": "矿山",
        "hospital": "医院",
        "special_need": "特殊需求",
        "water": "供水",
        "chemical": "化工",
        "metallurgy": "冶金",
        "residential_tower": "高层住宅",
        "crowd_place": "人员密集场所",
        "fire_service": "消防",
        "telecom": "通信",
        "broadcast": "广播电视",
        "government": "政府",
        "data_centre": "数据中心",
        "school": "学校",
        "residential": "居民",
        "commerce": "商业",
        "industry": "工业",
        "farm": "养殖",
    },
}

# Billing systems write alternating voltages as codes.
_CODES = {"AC00021": 220, "AC00031": 380, "AC00061": 6000, "AC00101": 10_000, "AC00201": 20_000, "AC00351": 35_000}
_CODES |= {"AC00661": 66_000, "AC01101": 110_000, "AC02201": 220_000}
_VOLTAGE = re.compile(r"(?:交流|ac)?(\d+(?:\.\d+)?)(kv|千伏|v|伏)?(?:/\d+(?:\.\d+)?(?:kv|千伏|v|伏)?)?")
_LOW = frozenset({220, 230, 240, 380, 400, 415})
_BARE_KILOVOLTS = frozenset({0.22, 0.23, 0.38, 0.4, 6.0, 10.0, 20.0, 35.0, 66.0, 110.0})

flag = one_of(FLAGS, N_("is neither yes nor no; write 是 or 否"))
kind = one_of(KINDS, N_("is neither 公变 nor 专变"))
medal = one_of(MEDALS, N_("is not a medal; write 金, 银 or 铜"))
grade = one_of(GRADES, N_("is not a grade; write 特级, 一级, 二级 or 临时"))


def voltage(cell: str) -> str:
    """10kV, 0.4kV, 35kV … from the ways offices write them; other writings of a voltage stay as written."""
    written = text(cell)
    key = folded(written)
    if key.upper() in _CODES:
        return _kilovolts(_CODES[key.upper()])
    if match := _VOLTAGE.fullmatch(key):
        return _kilovolts(_volts(float(match[1]), match[2] or ""))
    if key in ("低压", "低压用户", "民用"):
        return "0.4kV"
    if not key or "压" in key or "伏" in key or "kv" in key or key.startswith("ac"):
        return written
    raise Wrong(_("is not a voltage; write it like 10kV or 0.4kV"))


def _volts(number: float, unit: str) -> float:
    if unit in ("kv", "千伏") or (not unit and number in _BARE_KILOVOLTS):
        return number * 1000
    return number


def _kilovolts(volts: float) -> str:
    if round(volts) in _LOW:
        return "0.4kV"
    return f"{volts / 1000:g}kV"


def sector(cell: str) -> str:
    """A sector's id; a trade the desk has no words for stays as written, a mistyped id is refused."""
    written = text(cell)
    key = folded(written)
    if key in SECTORS:
        return str(SECTORS[key])
    if key.isascii() and (close := get_close_matches(key, set(SECTORS.values()), 1, 0.75)):
        raise Wrong(_("is not a sector; did you mean {name}?").format(name=close[0]))
    return written


def days(cell: str) -> int | None:
    """A number of days, 0 to 365; None when nothing is written."""
    number = identifier(cell).removesuffix("天").removesuffix("日")
    if not number:
        return None
    if number.isascii() and number.isdigit() and len(number) < 4 and int(number) <= 365:
        return int(number)
    raise Wrong(_("is not a number of days between 0 and 365"))


READERS: Mapping[str, Reader] = {
    "special": flag,
    "important": flag,
    "kind": kind,
    "medal": medal,
    "grade": grade,
    "sector": sector,
    "voltage": voltage,
    "contract_notice_days": days,
}
