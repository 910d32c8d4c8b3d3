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

_LIVING = """
曾 zeng ceng, 单 shan dan, 解 xie jie, 仇 qiu chou, 区 ou qu, 查 zha cha, 朴 piao pu, 覃 qin tan, 尉 wei yu,
盖 gai ge, 翟 zhai di, 乐 le yue, 员 yuan yun, 缪 miao mou, 洗 xi xian, 薄 bo bao, 卜 bu bo, 召 zhao shao,
种 zhong chong, 秘 mi bi, 晟 sheng cheng, 盛 sheng cheng, 万 wan mo, 俟 qi si, 长 chang zhang,
重 chong zhong, 行 xing hang, 朝 chao zhao, 都 du dou, 乘 cheng sheng, 传 chuan zhuan, 弹 dan tan,
调 diao tiao, 降 jiang xiang, 角 jiao jue, 卡 ka qia, 壳 ke qiao, 率 lv shuai, 模 mo mu, 牟 mou mu, 娜 na nuo,
粘 zhan nian, 圈 quan juan, 色 se shai, 厦 xia sha, 省 sheng xing, 属 shu zhu, 宿 su xiu, 系 xi ji,
校 xiao jiao, 削 xiao xue, 择 ze zhai, 扎 zha za, 著 zhu zhe, 幢 zhuang chuang, 藏 zang cang, 车 che ju,
参 can shen cen, 差 cha chai, 称 cheng chen, 澄 cheng deng, 畜 chu xu, 地 di de, 囤 tun dun, 柏 bai bo,
伯 bo bai, 蚌 bang beng, 堡 bao bu pu, 辟 pi bi, 便 bian pian, 剥 bo bao, 泊 bo po, 番 fan pan, 繁 fan po,
贾 jia gu, 句 ju gou, 龟 gui jun, 桧 gui hui, 虾 xia ha, 巷 xiang hang, 勒 le lei, 埋 mai man, 弄 nong long,
屏 ping bing, 栖 qi xi, 铅 qian yan, 塞 sai se, 杉 shan sha, 禅 chan shan, 拓 tuo ta, 谷 gu yu, 柜 gui ju,
炅 jiong gui, 郇 xun huan, 隗 wei kui, 郗 xi chi, 乜 nie, 蔚 wei yu
"""
LIVING_POLYPHONES = {char: tuple(spellings) for char, *spellings in map(str.split, _LIVING.split(","))}
MOST_READINGS = 4  # of one name; 曾重行 has eight


def readings(name: str) -> tuple[list[str], list[str]]:
    """The initials and the full spellings of `name`, the likeliest first, at most MOST_READINGS of each.

    Letters and digits stand for themselves; ü is spelled both `v` and `u`. Text without anything
    that can be spelled gives two empty lists.
    """
    spelled = [found for found in map(_table().__getitem__, name) if found]
    if not spelled:
        return [], []
    if max(map(len, spelled)) == 1:
        only = [found[0] for found in spelled]
        return ["".join([spelling[0] for spelling in only])], ["".join(only)]
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
