"""How a Chinese name is typed in Latin letters: its initials and its full spelling.

    readings("曾国强") == (["zgq", "cgq"], ["zengguoqiang", "cengguoqiang"])

The first reading of a character comes from pypinyin's table of single characters; the few characters
that are read in several ways in names of today stand in LIVING_POLYPHONES (pypinyin also lists archaic
readings, which would only make noise: 王 as `yu`, 吴 as `tun`). The table is read when first asked for.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path

LIVING_POLYPHONES = {
    char: tuple(spellings.split())
    for char, spellings in (line.split(None, 1) for line in """
曾 zeng ceng|单 shan dan|解 xie jie|仇 qiu chou|区 ou qu|查 zha cha|朴 piao pu|覃 qin tan|尉 wei yu|盖 gai ge
翟 zhai di|乐 le yue|任 ren|华 hua|宁 ning|员 yuan yun|缪 miao mou|葛 ge|洗 xi xian|冼 xian|薄 bo bao|卜 bu bo
纪 ji|召 zhao shao|种 zhong chong|秘 mi bi|晟 sheng cheng|盛 sheng cheng|石 shi|万 wan mo|俟 qi si|尉 wei yu
长 chang zhang|重 chong zhong|行 xing hang|朝 chao zhao|都 dou du|大 da dai|会 hui kuai|乘 cheng sheng|传 chuan zhuan
弹 dan tan|调 diao tiao|度 du duo|恶 e wu|给 gei ji|更 geng|还 hai huan|好 hao|和 he|降 jiang xiang|角 jiao jue
结 jie|茄 jia qie|嚼 jiao jue|卡 ka qia|壳 ke qiao|累 lei|六 liu lu|陆 lu liu|率 lv lu shuai|绿 lv lu|露 lu lou
落 luo la|脉 mai mo|模 mo mu|牟 mou mu|那 na ne|娜 na nuo|粘 zhan nian|强 qiang jiang|切 qie|圈 quan juan
色 se shai|厦 xia sha|沈 shen|省 sheng xing|石 shi|识 shi zhi|属 shu zhu|数 shu|说 shuo|宿 su xiu|提 ti di|同 tong
吐 tu|系 xi ji|夏 xia|校 xiao jiao|血 xue xie|削 xiao xue|芯 xin|许 xu|叶 ye|应 ying|佣 yong|与 yu|尉 wei yu
乐 le yue|载 zai|择 ze zhai|扎 zha za|占 zhan|着 zhe zhao|中 zhong|轴 zhou|著 zhu zhe|幢 zhuang chuang|藏 zang cang
车 che ju|臧 zang|参 can shen cen|差 cha chai|颤 chan|场 chang|称 cheng chen|澄 cheng deng|臭 chou|畜 chu xu|创 chuang
伺 ci si|攒 zan cuan|打 da|逮 dai|待 dai|担 dan|当 dang|的 de di|地 di de|佃 dian|钉 ding|斗 dou|囤 tun dun|阿 a e
柏 bai bo|伯 bo bai|百 bai|膀 bang pang|蚌 bang beng|堡 bao bu pu|暴 bao|辟 pi bi|便 bian pian|骠 piao biao|剥 bo bao
泊 bo po|埠 bu|番 fan pan|繁 fan po|佛 fo fu|夹 jia|贾 jia gu|见 jian|嘉 jia|颈 jing|句 ju gou|菌 jun|龟 gui jun
桧 gui hui|虾 xia ha|巷 xiang hang|红 hong|虹 hong|侯 hou|糊 hu|济 ji|稽 ji|勒 le lei|俩 lia liang|令 ling
笼 long|偻 lou lv|隆 long|氓 mang meng|埋 mai man|蔓 man|没 mei mo|秘 mi bi|磨 mo|南 nan na|泥 ni|弄 nong long
疟 nve yao|区 ou qu|排 pai|胖 pang|刨 bao pao|炮 pao|屏 ping bing|迫 po|朴 piao pu|瀑 pu|栖 qi xi|奇 qi ji|其 qi
铅 qian yan|翘 qiao|悄 qiao|亲 qin qing|曲 qu|塞 sai se|散 san|丧 sang|杉 shan sha|禅 chan shan|汤 tang|什 shi shen
似 si shi|遂 sui|拓 tuo ta|洼 wa|委 wei|尾 wei yi|呱 gua|谷 gu yu|瓦 wa|亡 wang|为 wei|相 xiang|祭 ji zhai|殷 yin yan
柜 gui ju|炅 jiong gui|芮 rui|郇 xun huan|隗 wei kui|俞 yu|於 yu|麦 mai|黑 hei he|逄 pang|郗 xi chi|訾 zi|亓 qi|乜 nie
""".replace("|", "\n").split("\n") if line.strip())
}  # fmt: skip

MOST_READINGS = 4  # of one name; 曾重行 would have eight


def readings(name: str) -> tuple[list[str], list[str]]:
    """The initials and the full spellings of `name`, the likeliest first, at most MOST_READINGS of each.

    Letters and digits stand for themselves; ü is spelled both `v` and `u`. Text without anything
    that can be spelled gives two empty lists.
    """
    spelled = [found for found in map(_table().__getitem__, name) if found]
    if not spelled:
        return [], []
    if all(len(found) == 1 for found in spelled):
        return ["".join([found[0][0] for found in spelled])], ["".join([found[0] for found in spelled])]
    ways = list(islice(product(*spelled), MOST_READINGS))
    initials = dict.fromkeys("".join([spelling[0] for spelling in way]) for way in ways)
    return list(initials), ["".join(way) for way in ways]


def later_readings(name: str) -> tuple[list[str], list[str]]:
    """Initials and spellings from each later character on: `rmyy` of 青山县人民医院. Likeliest reading only."""
    spelled = [found[0] for found in map(_table().__getitem__, name) if found]
    initials = "".join([spelling[0] for spelling in spelled])
    return [initials[at:] for at in range(1, len(spelled))], ["".join(spelled[at:]) for at in range(1, len(spelled))]


class _Spellings(dict[str, tuple[str, ...]]):
    """Character -> its spellings without tones; looked up in the text of pypinyin's table when first met.

    The table stays text: as a dict it takes 25 ms and 8 MB, and a search meets a few dozen characters.
    """

    def __init__(self, table: bytes) -> None:
        self._table = table

    def __missing__(self, char: str) -> tuple[str, ...]:
        found = self[char] = self._spell(char)
        return found

    def _spell(self, char: str) -> tuple[str, ...]:
        if char.isascii():
            return (char.lower(),) if char.isalnum() else ()
        if char in LIVING_POLYPHONES:
            return _both_ways(LIVING_POLYPHONES[char])
        first = _toneless(self._listed(char).split(",", 1)[0])
        return _both_ways((first,)) if first else ()

    def _listed(self, char: str) -> str:
        entry = b'"%d"' % ord(char)
        at = self._table.find(entry)
        if at < 0:
            return ""
        start = self._table.index(b'"', at + len(entry))
        spellings: str = json.loads(self._table[start : self._table.index(b'"', start + 1) + 1])
        return spellings


def _both_ways(spellings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(way for each in spellings for way in (each, each.replace("v", "u"))))


def _toneless(spelling: str) -> str:
    letters = unicodedata.normalize("NFD", spelling).replace("u\u0308", "v")
    return "".join([letter for letter in letters if "a" <= letter <= "z"])


@cache
def _table() -> _Spellings:
    # pypinyin itself is not imported: its phrases would cost 2.5 MB of JSON that names do not need.
    package = find_spec("pypinyin")
    for folder in (package.submodule_search_locations or ()) if package else ():
        file = Path(folder, "pinyin_dict.json")
        if file.exists():
            return _Spellings(file.read_bytes())
    from pypinyin.pinyin_dict import pinyin_dict

    return _Spellings(json.dumps({str(code): spellings for code, spellings in pinyin_dict.items()}).encode())
