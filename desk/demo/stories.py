"""What happens in the made-up county: outages of every type, told in minutes from now."""

from __future__ import annotations

from msgspec import Struct

HOUR = 60
DAY = 24 * HOUR


class Story(Struct, frozen=True):
    """One outage. `then` says what became of it; `start` and `end` are minutes from now, `end` of what is over
    is when supply came back."""

    type: str
    then: str  # scheduled | off | partly | restored | closed | cancelled
    on: str  # area | lateral | feeder | feeders | account | box
    start: int
    end: int | None
    cause: str
    reason: str = ""
    danger: bool = False


STORIES: tuple[Story, ...] = (
    # What moves while you watch.
    Story("planned_maintenance", "scheduled", "lateral", 2, 242, "支线更换老化绝缘导线"),
    Story("temporary_maintenance", "scheduled", "area", 1, 91, "公变低压出线开关发热处理"),
    Story("hazard_removal", "scheduled", "area", 3, 123, "清除线路通道内倾倒树木隐患"),
    Story("planned_maintenance", "scheduled", "area", -4, 236, "台区低压线路改造"),
    Story("planned_maintenance", "off", "area", -170, 3, "更换变压器高压跌落式熔断器"),
    Story("temporary_maintenance", "off", "area", -75, 5, "低压电缆头过热消缺"),
    Story("planned_maintenance", "off", "lateral", -310, -25, "支线断路器大修"),
    # What is off.
    Story("grid_fault", "off", "feeders", -38, 52, "雷击致10kV线路跳闸，正在分段试送"),
    Story("grid_fault", "off", "lateral", -12, 78, "大风刮倒树木压断导线", danger=True),
    Story("grid_fault", "off", "area", -3, None, "公变低压侧总开关跳闸，原因待查"),
    Story("grid_fault", "partly", "feeder", -95, 40, "电缆中间接头击穿，已转供部分台区"),
    Story("planned_maintenance", "partly", "lateral", -130, 170, "线路杆塔迁移，部分台区已恢复"),
    Story("unforeseeable", "off", "box", -20, 65, "车辆撞击表箱，接户线受损"),
    Story("unforeseeable", "partly", "lateral", -50, 95, "施工挖断电缆，正在抢修"),
    Story("supply_shortage", "off", "lateral", -45, 15, "用电负荷超供电能力，按序位限电"),
    Story("hazard_removal", "off", "area", -60, 120, "配合消防处置，隔离着火点电源"),
    Story("arrears", "off", "account", -DAY, None, "电费逾期未交，依规中止供电"),
    Story("theft_violation", "off", "account", -5 * HOUR, None, "绕越计量装置用电，依规中止供电"),
    Story("account_closure", "off", "account", -2 * DAY, None, "客户申请销户，已拆除计量装置"),
    # What is planned.
    Story("planned_maintenance", "scheduled", "feeder", DAY, DAY + 9 * HOUR, "110kV变电站10kV母线检修"),
    Story("planned_maintenance", "scheduled", "lateral", 2 * DAY, 2 * DAY + 8 * HOUR, "支线绝缘化改造"),
    Story("planned_maintenance", "scheduled", "area", 3 * DAY, 3 * DAY + 6 * HOUR, "变压器增容"),
    Story("planned_maintenance", "scheduled", "lateral", 5 * DAY, 5 * DAY + 10 * HOUR, "配合道路拓宽迁移杆线"),
    Story("planned_maintenance", "scheduled", "feeder", 7 * DAY, 7 * DAY + 9 * HOUR, "线路柱上开关自动化改造"),
    Story("planned_maintenance", "scheduled", "area", 8 * DAY, 8 * DAY + 5 * HOUR, "低压线路清障与表箱整治"),
    Story("temporary_maintenance", "scheduled", "lateral", 26 * HOUR, 30 * HOUR, "跌落式熔断器缺陷处理"),
    Story("supply_shortage", "scheduled", "feeder", 20 * HOUR, 22 * HOUR, "晚高峰电力缺口，有序用电"),
    Story("arrears", "scheduled", "account", 30 * HOUR, None, "电费逾期，已两次催交"),
    Story("theft_violation", "scheduled", "account", 4 * HOUR, None, "私自增容，限期未整改"),
    Story("hazard_removal", "scheduled", "lateral", 2 * DAY + 3 * HOUR, 2 * DAY + 5 * HOUR, "鸟巢清理及绝缘子更换"),
    Story("account_closure", "scheduled", "account", 3 * DAY, None, "客户申请销户"),
    Story("grid_fault", "scheduled", "area", 6 * HOUR, 7 * HOUR, "故障临时供电转回正常方式，需短时停电"),
    Story("unforeseeable", "scheduled", "area", 5 * HOUR, 6 * HOUR, "配合抢险救灾紧急停电"),
    # What is over.
    Story("planned_maintenance", "restored", "lateral", -9 * HOUR, -90, "支线加装分段开关"),
    Story("temporary_maintenance", "restored", "area", -5 * HOUR, -3 * HOUR, "接户线老化更换"),
    Story("grid_fault", "restored", "lateral", -55, -12, "鸟害引起线路跳闸，已巡线送电"),
    Story("grid_fault", "restored", "feeder", -20 * HOUR, -18 * HOUR, "雷击绝缘子击穿，已更换"),
    Story("supply_shortage", "restored", "lateral", -15 * HOUR, -13 * HOUR, "晚高峰负荷过载限电"),
    Story("unforeseeable", "restored", "area", -11 * HOUR, -8 * HOUR, "吊车碰线，导线已修复"),
    Story("hazard_removal", "restored", "area", -7 * HOUR, -6 * HOUR, "处理漏电隐患"),
    Story("arrears", "restored", "account", -3 * DAY, -4 * HOUR, "欠费已结清，恢复供电"),
    Story("theft_violation", "restored", "account", -2 * DAY, -10 * HOUR, "已补交电费并整改"),
    Story("account_closure", "restored", "account", -DAY, -2 * HOUR, "销户撤回，恢复供电"),
    *(
        Story(name, "closed", on, -4 * DAY, -4 * DAY + 3 * HOUR, cause)
        for name, on, cause in (
            ("planned_maintenance", "lateral", "变压器轮换检修"),
            ("temporary_maintenance", "area", "低压配电柜消缺"),
            ("grid_fault", "lateral", "大风异物搭挂导线"),
            ("supply_shortage", "lateral", "主变过载限电"),
            ("unforeseeable", "area", "洪水冲毁杆塔基础"),
            ("hazard_removal", "area", "拆除危险违章搭接线路"),
            ("arrears", "account", "欠费停电，已结清"),
            ("theft_violation", "account", "违约用电，已处理"),
            ("account_closure", "account", "客户销户"),
        )
    ),
    *(
        Story(name, "cancelled", on, start, start + 4 * HOUR, cause, reason)
        for name, on, start, cause, reason in (
            ("planned_maintenance", "lateral", 28 * HOUR, "线路消缺", "天气原因，改期进行"),
            ("temporary_maintenance", "area", 7 * HOUR, "更换刀闸", "改为带电作业，不再停电"),
            ("supply_shortage", "lateral", 9 * HOUR, "电力缺口限电", "负荷回落，取消限电"),
            ("unforeseeable", "area", 8 * HOUR, "配合抢险", "险情解除"),
            ("hazard_removal", "area", 10 * HOUR, "清理树障", "树障已由村委会清除"),
            ("grid_fault", "area", 6 * HOUR, "短时停电转回正常方式", "改为不停电倒供"),
            ("arrears", "account", 11 * HOUR, "电费逾期", "客户已交清电费"),
            ("theft_violation", "account", 12 * HOUR, "违约用电", "客户已整改"),
            ("account_closure", "account", 2 * DAY, "客户申请销户", "客户撤回申请"),
        )
    ),
)
