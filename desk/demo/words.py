"""The words a made-up county is built from: towns, families by how frequent they are, trades, causes."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

COUNTY = "青山县"
TOWNS = (
    "城关镇",
    "柳河镇",
    "石桥镇",
    "白马镇",
    "龙泉镇",
    "东坝乡",
    "清水乡",
    "西湾镇",
    "北山乡",
    "大营镇",
    "三岔镇",
    "杨树乡",
)
STREETS = ("人民路", "解放街", "文化路", "建设街", "滨河路", "迎宾大道", "朝阳路", "北环路", "新华街", "站前路")
ESTATES = ("幸福小区", "阳光花园", "锦绣家园", "滨河苑", "东方新城", "康乐小区", "金穗苑", "和平里")

# Surnames with their share among a thousand people.
SURNAMES: Mapping[str, int] = {
    "王": 72,
    "李": 72,
    "张": 68,
    "刘": 54,
    "陈": 45,
    "杨": 31,
    "黄": 22,
    "赵": 23,
    "吴": 20,
    "周": 21,
    "徐": 15,
    "孙": 15,
    "马": 13,
    "朱": 13,
    "胡": 12,
    "郭": 12,
    "何": 12,
    "林": 11,
    "高": 10,
    "罗": 10,
    "郑": 9,
    "梁": 9,
    "谢": 8,
    "宋": 8,
    "唐": 7,
    "许": 6,
    "韩": 7,
    "邓": 6,
    "冯": 6,
    "曹": 6,
    "彭": 5,
    "曾": 5,
    "肖": 5,
    "田": 5,
    "董": 5,
    "潘": 4,
    "袁": 4,
    "蔡": 4,
    "蒋": 4,
    "余": 4,
    "于": 4,
    "杜": 4,
    "叶": 4,
    "程": 4,
    "魏": 4,
    "苏": 4,
    "吕": 4,
    "丁": 4,
    "任": 4,
    "卢": 4,
    "姚": 4,
    "沈": 3,
    "钟": 3,
    "姜": 3,
    "崔": 3,
    "谭": 3,
    "陆": 3,
    "范": 3,
    "汪": 3,
    "廖": 3,
    "石": 3,
    "金": 3,
    "韦": 3,
    "贾": 3,
    "夏": 3,
    "付": 3,
    "方": 3,
    "邹": 3,
    "熊": 2,
    "白": 2,
    "孟": 2,
    "秦": 2,
    "邱": 2,
    "侯": 2,
    "江": 2,
    "尹": 2,
    "薛": 2,
    "闫": 2,
    "段": 2,
    "雷": 2,
    "龙": 2,
    "黎": 2,
    "史": 2,
    "陶": 2,
    "贺": 2,
    "欧阳": 1,
}
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英兰玉萍红梅建国华文志海燕春生永福荣贵林学成德宝山云峰"
    "东晓雪婷宇浩然欣怡子涵梓轩博瑞佳琪嘉俊思远天翔雨泽晨曦立新国庆卫民忠义长安来喜小龙凤莲翠花彩霞爱香"
)
HAMLETS = (
    *("家庄", "家湾", "家坪", "家沟", "家堡", "家桥", "家岭", "家坝"),
    *("家洼", "家河", "家店", "家寨", "家塬", "家渠", "家园", "家滩"),
)
BEFORE = ("", "上", "下", "前", "后", "东", "西", "南", "北", "新", "老", "大", "小")


class Trade(Struct, frozen=True):
    """A kind of big customer: its sector, how it is called, and how it is flagged."""

    sector: str
    names: tuple[str, ...]
    important: bool = False
    grade: str = ""
    medal: str = ""
    group: str = ""
    notice_days: int | None = None
    voltage: str = "10kV"


TRADES: tuple[Trade, ...] = (
    Trade("hospital", ("{county}人民医院", "{town}中心卫生院", "{county}中医院"), True, "first", "gold"),
    Trade("mine", ("{village}煤矿", "{town}大梁煤业有限公司"), True, "first", "gold", "青山矿业集团", 7),
    Trade("government", ("{county}人民政府", "{town}人民政府", "{county}公安局"), True, "second"),
    Trade("water", ("{county}自来水公司{town}水厂", "{town}污水处理厂"), True, "second", "", "青山水务集团"),
    Trade("chemical", ("{county}恒源化工有限公司", "{town}鑫磷化工厂"), True, "second", "silver", "", 7),
    Trade("school", ("{county}第一中学", "{town}中心小学", "{county}职业教育中心"), True, "temporary"),
    Trade("farm", ("{village}水产养殖场", "{town}惠民家禽养殖合作社", "{village}蔬菜大棚基地"), medal="bronze"),
    Trade("telecom", ("{county}移动公司{village}基站", "{county}电信公司{town}机房"), True, "second", "", "移动铁塔"),
    Trade("crowd_place", ("{county}汇丰购物广场", "{county}客运总站", "{town}集贸市场"), True, "second", "silver"),
    Trade("fire_service", ("{county}消防救援大队", "{town}消防站"), True, "second"),
    Trade("metallurgy", ("{county}宏达硅铁有限公司", "{town}精密铸造厂"), True, "second", "gold", "", 10, "35kV"),
    Trade("residential_tower", ("{estate}物业服务中心", "{estate}高层住宅物业"), medal="bronze"),
    Trade("broadcast", ("{county}融媒体中心", "{town}广播电视站"), True, "second"),
    Trade("data_centre", ("{county}政务云数据中心",), True, "first", "silver"),
    Trade("industry", ("{town}新型建材厂", "{county}通达机械厂", "{village}面粉加工厂"), group="青山实业"),
)
NEEDS = ("家用制氧机", "家用呼吸机", "家庭腹膜透析机", "电动吸痰器", "家用注射泵")
SHOPS = ("便民超市", "五金店", "理发店", "小吃店", "药店", "农资经营部", "修车铺", "粮油店")
CONTACTS = ("值班室", "电工班", "办公室", "动力科")

NOTES = (
    "客户反映家中停电，已告知停电原因及预计送电时间",
    "咨询明天计划停电几点送电，已答复",
    "催问何时来电，情绪较急，已安抚并催办",
    "反映电压低，空调无法启动",
    "反映表箱有焦味，已提醒远离并派抢修",
    "询问阶梯电价和本月电费",
    "家中老人使用制氧机，电池可撑四小时，已登记回拨",
    "邻居都停电，本户也停，已并入停电事件",
    "反映树枝压线打火，现场有人看守",
    "表扬抢修人员服务态度好",
    "建议停电通知提前发到村微信群",
    "投诉停电频繁，要求书面答复",
)
