"""Keep the chapters of docs/plugins.md beside the channels that ship: `update` writes them, `check` compares.

python tools/channels.py update
python tools/channels.py check      exit 1 when the document tells something else than the code
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

from desk.config import Config
from desk.i18n import in_language, set_language
from desk.plugins import Channel
from desk.plugins.declared import DeclaredChannel
from desk.plugins.host import PluginHost
from desk.plugins.settings import Setting, table, toml_value

DOCUMENT = Path(__file__).resolve().parent.parent / "docs/plugins.md"
START, END = "<!-- channels: written by tools/channels.py -->\n", "<!-- end of channels -->\n"
HOW = {
    "webhook": "a webhook",
    "command": "a command",
    "apprise": "Apprise",
    "human": "a person's work",
    "file": "files",
}


def main(arguments: list[str]) -> int:
    """Run `update` or `check`; the exit code is 0 when document and code agree."""
    if arguments == ["update"]:
        DOCUMENT.write_text(with_chapters(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
        return 0
    if arguments == ["check"]:
        text = DOCUMENT.read_text(encoding="utf-8")
        if text == with_chapters(text):
            return 0
        print("docs/plugins.md is behind the code: python tools/channels.py update")
        return 1
    print(__doc__)
    return 2


def with_chapters(text: str) -> str:
    """The document with the chapters as the code has them."""
    head, found, rest = text.partition(START)
    _old, closed, tail = rest.partition(END)
    if not found or not closed:
        raise SystemExit(f"{DOCUMENT} has lost the lines {START.strip()} and {END.strip()}")
    return "".join((head, START, *chapters(), END, tail))


def chapters() -> Iterator[str]:
    """Every shipped type of channel with its settings, in Markdown."""
    set_language("en")
    host = PluginHost.open(Config(data=Path(mkdtemp()), store_url="sqlite:///:memory:"), environ={})
    places = {part: row.from_ for row in host.listed() for part in row.parts}
    for name, kind in sorted(host.channel_types.items()):
        yield from _chapter(kind, places[name])


def _chapter(kind: type[Channel], place: str) -> Iterator[str]:
    usual = "a person's work" if kind.can.needs_human else "a class"
    about = in_language(getattr(kind, "about", {}))
    yield f"\n### `{kind.name}`: {in_language(kind.labels)}\n\n"
    yield f"[{place}](../{place}), family `{kind.can.family}`, {HOW.get(getattr(kind, 'kind', ''), usual)}."
    yield f" {about[0].upper()}{about[1:]}." if about else ""
    set_up = re.search(r"docs/([\w-]+\.md)", _told(kind))
    yield f" Set-up: [{set_up[1]}]({set_up[1]}).\n\n" if set_up else "\n\n"
    settings = table(kind.Settings)
    yield "| setting | default | |\n|---|---|---|\n" if settings else "No settings.\n"
    yield from (f"| `{each.name}` | {_default(each)} | {each.words} |\n" for each in settings)


def _told(kind: type[Channel]) -> str:
    """What stands at the top of the channel's file."""
    if issubclass(kind, DeclaredChannel):
        return kind.path.read_text(encoding="utf-8")
    return sys.modules[kind.__module__].__doc__ or ""


def _default(setting: Setting) -> str:
    if setting.secret:
        return "**needed**, a secret" if setting.needed else "a secret"
    return "**needed**" if setting.needed else f"`{toml_value(setting.default)}`"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
