"""Pictures of the real screen for the README and for looking at: Textual's SVG, mended for Chinese by cells.

    python tests/tui/picture.py OUT.svg --data DIR --size 120x40 --theme light --keys "f2 幸福 enter"

Textual writes `textLength` by characters, so that a browser squeezes Chinese to half its width. Here every
run of wide or narrow signs is a text of its own, as long as its cells; the foreign font is left out.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from html import escape, unescape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from desk.text import cell_width

if TYPE_CHECKING:
    from textual.app import App

FONTS = "'Noto Sans Mono CJK SC','Sarasa Mono SC','WenQuanYi Micro Hei Mono','Microsoft YaHei Mono',monospace"
_TEXT = re.compile(
    r'<text class="(?P<look>[^"]+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="[\d.]+"(?P<rest>[^>]*)>'
    r"(?P<words>[^<]*)</text>"
)
_FONT_FACE = re.compile(r"@font-face\s*{[^}]*}")
_CHAR_WIDTH = 12.2


def mended(svg: str) -> str:
    """`svg` with every text as long as its cells, and no font fetched from elsewhere."""
    svg = _FONT_FACE.sub("", svg).replace("Fira Code, monospace", FONTS).replace("Fira Code,monospace", FONTS)
    return _TEXT.sub(_runs, svg)


def _runs(found: re.Match[str]) -> str:
    x, out = float(found["x"]), []
    for width, group in groupby(unescape(found["words"]), cell_width):
        words = "".join(group)
        length = len(words) * width * _CHAR_WIDTH
        if words.strip("\xa0 "):
            at = " ".join(f"{x + n * width * _CHAR_WIDTH:g}" for n in range(len(words)))
            text = escape(words).replace(" ", "&#160;")
            out.append(f'<text class="{found["look"]}" x="{at}" y="{found["y"]}"{found["rest"]}>{text}</text>')
        x += length
    return "".join(out)


def picture(app: App[None]) -> str:
    """What `app` shows now, as an SVG that browsers show with aligned columns."""
    return mended(app.export_screenshot(title=""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--keys", default="", help="keys and words, separated by spaces")
    asyncio.run(_take(parser.parse_args()))


async def _take(asked: argparse.Namespace) -> None:
    os.environ["DESK_THEME"] = asked.theme
    from desk.app import Desk
    from desk.config import load_config
    from desk.tui import prepare
    from desk.tui.commands import BY_ID

    prepare()
    from desk.tui.app import DeskApp

    width, height = map(int, asked.size.split("x"))
    with Desk.open(load_config(None, asked.data)) as desk:
        app = DeskApp(desk, desk.outages.board())
        async with app.run_test(size=(width, height)) as pilot:
            await pilot.pause(0.4)
            for word in asked.keys.split():
                if word in BY_ID:
                    app.perform_id(word)
                else:
                    await pilot.press(*([word] if _is_key(word) else word))
                await pilot.pause(0.4)
            asked.out.write_text(picture(app), encoding="utf-8")
        print(asked.out, file=sys.stderr)


def _is_key(word: str) -> bool:
    return bool(re.fullmatch(r"f\d+|(ctrl|shift)\+\w+|enter|escape|tab|up|down|left|right|slash|space|page\w+", word))


if __name__ == "__main__":
    main()
