"""Which column means which field: the names offices write above their tables, for each kind of import.

A name is compared without spaces, letter case, full-width forms, a trailing number (电话2) and what
stands in brackets (户号（必填）), so the tables hold each name once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from unicodedata import normalize

from desk.errors import BadInput
from desk.i18n import _

Names = Mapping[str, tuple[str, ...]]  # field -> the identifier's Chinese names, the official one first

NETWORK: Names = {
    "transformer_area": ("台区编号", "台区编码", "台区号", "台区代码", "台区标识", "台区ID"),
    "transformer_name": ("台区名称", "台区", "台区名", "配变名称", "变压器名称", "公变名称"),
    "lateral": ("支线", "支线名称", "分支线", "分支线路", "所属支线"),
    "feeder": ("线路", "线路名称", "10kV线路", "馈线", "馈线名称", "所属线路", "配电线路", "10kV线路名称"),
    "substation": ("变电站", "变电站名称", "变电所", "所属变电站"),
    "kind": (
        "公变/专变",
        "公变专变",
        "公专变",
        "公专变标志",
        "公变专变标志",
        "变压器类型",
        "台区类型",
        "类型",
        "专公变",
    ),
    "service_branch": ("供电所", "供电所名称", "营业所", "供电营业所", "管理单位", "供电单位", "所属供电所"),
}

CUSTOMERS: Names = {
    "account_no": ("户号", "用户编号", "客户编号", "用户号", "客户号", "用电户号", "用户户号", "客户户号", "总户号"),
    "name": ("户名", "用户名称", "客户名称", "用户名", "客户名", "用电户名", "用户户名", "名称"),
    "address": ("用电地址", "地址", "用户地址", "客户地址", "用电客户地址", "详细地址", "用电地点"),
    "phones": (
        *("联系电话", "电话", "手机", "手机号", "手机号码", "电话号码", "移动电话", "固定电话", "固话", "座机"),
        *("联系方式", "联系号码", "办公电话", "住宅电话", "备用电话", "联系手机", "联系人电话"),
    ),
    "fax": ("传真", "传真号", "传真号码"),
    "meter_no": (
        "表号",
        "电能表号",
        "电表号",
        "电表编号",
        "电能表编号",
        "表计编号",
        "电能表资产号",
        "资产号",
        "表计号",
    ),
    "meter_box": ("表箱", "表箱号", "表箱编号", "计量箱", "计量箱号", "计量箱编号"),
    "transformer_area": ("台区编号", "台区", "台区编码", "台区号", "台区代码", "台区标识", "所属台区", "台区ID"),
    "voltage": ("电压等级", "供电电压", "电压", "用电电压", "供电电压等级"),
    "special": ("特殊", "特殊客户", "特殊用户", "是否特殊", "特殊客户标志", "是否特殊客户"),
    "important": ("重要", "重要客户", "重要用户", "是否重要", "重要客户标志", "是否重要客户", "是否重要用户"),
    "grade": ("重要等级", "重要性等级", "重要客户等级", "重要用户等级", "等级", "重要级别"),
    "medal": ("金银铜牌", "金银铜牌客户", "牌级", "客户牌级", "奖牌", "金牌客户"),
    "sector": ("行业", "行业类别", "行业分类", "所属行业", "行业名称"),
    "group": ("集团", "集团客户", "所属集团", "集团名称", "集团户"),
    "special_need": ("特殊需求", "特殊需要", "特殊用电需求", "医疗设备"),
    "contract_notice_days": ("合同通知天数", "合同提前通知天数", "提前通知天数", "通知天数", "合同约定通知天数"),
}

OUTAGES: Names = {
    "reference": ("编号", "停电编号", "计划编号", "工单编号", "停电计划编号", "停电工单号", "申请单号"),
    "type": ("停电类型", "类型", "停电性质", "停电类别", "停电种类"),
    "feeders": ("停电线路", "线路", "线路名称", "停电线路名称", "馈线"),
    "laterals": ("停电支线", "支线", "支线名称", "停电支线名称"),
    "transformer_areas": ("停电台区", "台区", "台区编号", "停电台区编号", "停电配变", "停电公变"),
    "meter_boxes": ("停电表箱", "表箱", "表箱编号"),
    "accounts": ("停电户号", "户号", "停电用户", "停电客户", "用户编号", "客户编号"),
    "planned_start": (
        *("计划停电时间", "停电时间", "计划开始时间", "停电开始时间", "计划停电开始时间", "开始时间", "停电起始时间"),
        "拟停电时间",
    ),
    "planned_end": (
        *("计划送电时间", "送电时间", "计划结束时间", "停电结束时间", "计划复电时间", "复电时间", "结束时间"),
        *("预计送电时间", "恢复送电时间", "拟送电时间"),
    ),
    "cause": ("停电原因", "原因", "停电事由", "工作内容", "主要工作内容", "停电原因说明"),
    "area": ("停电范围", "停电区域", "影响范围", "停电影响范围", "停电地点", "受影响区域"),
    "received_at": ("接收时间", "收到时间", "接收日期", "登记时间", "通知时间"),
    "phases": ("阶段",),
    "facts": (),
}

ORDERS: Names = {
    "position": ("序位", "序号", "轮次", "限电序位", "拉闸序位", "拉限电序位", "顺序", "限电轮次", "拉闸轮次", "位次"),
    "feeder": ("线路", "线路名称", "10kV线路", "馈线", "馈线名称", "限电线路", "拉闸线路", "拉限电线路"),
    "load": (
        *("负荷", "可限负荷", "限电负荷", "拉闸负荷", "压限负荷", "预计负荷", "控制负荷", "拉限负荷", "可拉负荷"),
        *("线路负荷", "负荷MW", "负荷kW", "负荷万千瓦"),
    ),
    "protected": ("保安负荷", "是否保安负荷", "保电", "是否保电", "不限", "保护", "不参与", "保安"),
    "notes": ("备注", "说明", "注", "重要客户说明"),
}

TABLES: Mapping[str, Names] = {"network": NETWORK, "customers": CUSTOMERS, "outages": OUTAGES}
READ: Mapping[str, Names] = {**TABLES, "orders": ORDERS}  # an order table is read here, and kept by desk.orders

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "network": ("transformer_area", "feeder"),
    "customers": ("account_no", "name", "transformer_area"),
    "outages": ("type",),
    "orders": ("feeder", "position", "load"),
}

# Fields whose columns may stand several times: their cells are joined.
JOINED = frozenset({"phones", "feeders", "laterals", "transformer_areas", "meter_boxes", "accounts"})

# Loose names: they stand for a field only while no other column does.
WEAK = frozenset({"台区", "资产号", "电能表资产号", "等级", "类型", "名称"})

LONGEST = 200  # signs of a column's name, with all that is said in brackets
_BRACKETS = re.compile(r"[(\[【<].*?[)\]】>]")
_NOISE = re.compile(r"[\s*_:：\-.\u200b\ufeff'\"]+")
_REPEATED = re.compile(r"#\d+$")
_NUMBER = re.compile(r"(?:\d+|[一二三])$")


def folded(name: str) -> str:
    """A column's name without what does not tell fields apart."""
    return _NOISE.sub("", normalize("NFKC", name)).casefold()


def _index(tables: Iterable[Names]) -> dict[str, str]:
    index: dict[str, str] = {}
    for names in tables:
        for field, written in names.items():
            for name in (field, *written):
                index.setdefault(folded(name), field)
    return index


INDEX: Mapping[str, Mapping[str, str]] = {
    **{what: _index([names]) for what, names in READ.items()},
    "": _index(TABLES.values()),
}


def field_of(name: str, what: str = "") -> str | None:
    """The field a column stands for, or None; with no `what`, of any kind of import."""
    if len(name) > LONGEST:
        return None
    index = INDEX[what]
    name = _REPEATED.sub("", name)
    whole = folded(name)
    if whole in index:
        return index[whole]
    bare = folded(_BRACKETS.sub("", normalize("NFKC", name)))
    if bare in index:
        return index[bare]
    field = index.get(_NUMBER.sub("", bare))
    return field if field in JOINED else None


def recognised(names: Iterable[str], what: str = "") -> int:
    """How many different fields these names stand for: what makes a row look like a header."""
    return len({field for name in names if name and (field := field_of(name, what))})


def fields_of(columns: Iterable[str], what: str) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """(field -> its columns, unknown columns) of a table of kind `what`.

    Raises BadInput when two columns mean the same field that holds one value.
    """
    fields: dict[str, list[str]] = {}
    unknown: list[str] = []
    for column in columns:
        field = field_of(column, what)
        if field is None:
            unknown.append(column)
        else:
            fields.setdefault(field, []).append(column)
    for field, named in fields.items():
        if len(named) > 1 and field not in JOINED:
            unknown += _one_of(field, named)
    return fields, tuple(column for column in unknown if column.strip())


def _one_of(field: str, named: list[str]) -> list[str]:
    """Leaves the one column in `named` that stands for `field`; returns the loose ones put aside."""
    loose = [name for name in named if name in WEAK] if len(named) > sum(name in WEAK for name in named) else []
    named[:] = [name for name in named if name not in loose]
    if len(named) > 1:
        raise BadInput(
            _("the columns {one} and {other} both mean {field}; keep one of them").format(
                one=named[0], other=named[1], field=field
            )
        )
    return loose


def check_required(fields: Mapping[str, list[str]], what: str, path: object) -> None:
    """Raises BadInput that names the columns a file of kind `what` must have and this one has not."""
    missing = [official(field, what) for field in REQUIRED[what] if field not in fields]
    if missing:
        raise BadInput(
            _("{path} has no header row with the columns {missing}").format(path=path, missing="、".join(missing))
        )


def official(field: str, what: str) -> str:
    """The Chinese name of a field's column, as exports write it."""
    written = READ[what][field]
    return written[0] if written else field
