"""A small county as its offices write it, and how to see that nothing in a store moved."""

from __future__ import annotations

import msgspec

from desk.place import Place

NETWORK = [
    ["台区编号", "台区名称", "支线", "线路", "变电站", "公变/专变", "供电所"],
    ["TQ1", "王家庄1号公变", "王家支线", "城东线", "城关变", "公变", "城关供电所"],
    ["TQ2", "李家湾1号公变", "", "城东线", "城关变", "公变", "城关供电所"],
    ["TQ3", "水泥厂专变", "", "城西线", "城关变", "专变", "城关供电所"],
]
CUSTOMERS = [
    ["户号", "户名", "用电地址", "联系电话", "台区编号", "特殊", "重要", "重要等级", "行业"],
    ["1001", "张三", "王家庄1号", "13800138000", "TQ1", "否", "否", "", "居民"],
    ["1002", "县医院", "城关镇人民路", "0951-5550000转801（值班）；13900139000", "TQ2", "是", "是", "一级", "医院"],
    ["1003", "水泥厂", "城关镇", "", "TQ3", "", "", "", ""],
]


def everything(place: Place) -> dict[str, bytes]:
    """The stored network, customers and outages with their revisions, to see that nothing moved."""
    tables = {"network": place.network, "customers": place.customers, "outages": place.outages_table}
    found = {name: msgspec.json.encode(list(records.all())) for name, records in tables.items()}  # type: ignore[attr-defined]
    revisions = {name: records.revisions() for name, records in tables.items()}  # type: ignore[attr-defined]
    return {**found, "revisions": msgspec.json.encode(revisions, order="sorted")}
