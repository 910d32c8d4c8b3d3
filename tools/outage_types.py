"""Keep the tables of docs/outage-types.md beside the shipped types: `update` writes them, `check` compares.

python tools/outage_types.py update
python tools/outage_types.py check      exit 1 when the document tells something else than the code
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import mkdtemp

from desk.config import Config
from desk.i18n import set_language
from desk.plugins import Fact, OutageType
from desk.plugins.facts import COMMON
from desk.plugins.host import PluginHost

DOCUMENT = Path(__file__).resolve().parent.parent / "docs/outage-types.md"
START, END = "<!-- facts: written by tools/outage_types.py -->\n", "<!-- end of facts -->\n"
NEEDED = {"no": "", "soon": "asked for", "start": "to begin", "open": "to open"}


def main(arguments: list[str]) -> int:
    """Run `update` or `check`; the exit code is 0 when document and code agree."""
    if arguments == ["update"]:
        DOCUMENT.write_text(with_tables(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
        return 0
    if arguments == ["check"]:
        text = DOCUMENT.read_text(encoding="utf-8")
        if text == with_tables(text):
            return 0
        print("docs/outage-types.md is behind the code: python tools/outage_types.py update")
        return 1
    print(__doc__)
    return 2


def with_tables(text: str) -> str:
    """The document with the tables as the code has them."""
    head, found, rest = text.partition(START)
    _old, closed, tail = rest.partition(END)
    if not found or not closed:
        raise SystemExit(f"{DOCUMENT} has lost the lines {START.strip()} and {END.strip()}")
    return "".join((head, START, *tables(), END, tail))


def tables() -> Iterator[str]:
    """Every shipped type with its facts, in Markdown."""
    set_language("en")
    host = PluginHost.open(Config(data=Path(mkdtemp()), store_url="sqlite:///:memory:"), environ={})
    for kind in host.outage_types.values():
        yield from _type(kind)
    yield "\n### every type\n\n"
    yield from _rows(COMMON)


def _type(kind: OutageType) -> Iterator[str]:
    begins = "planned: it begins when somebody says so" if kind.planned else "off when it is opened"
    yield f"\n### `{kind.id}` {kind.labels['zh_CN']} ({kind.shorts['zh_CN']})\n\n"
    needs = ", ".join(f"`{name}`" for name in kind.needs) or "nothing"
    yield f"Art. {', '.join(kind.articles)}; {begins}; needs {needs}.\n\n"
    yield from _rows(kind.facts)


def _rows(facts: Iterable[Fact]) -> Iterator[str]:
    yield "| fact | 中文 | kind | needed | Art. | |\n|---|---|---|---|---|---|\n"
    for fact in facts:
        cells = (f"`{fact.name}`", fact.labels["zh_CN"], fact.kind, NEEDED[fact.needed], fact.article, _notes(fact))
        yield f"| {' | '.join(cells)} |\n"


def _notes(fact: Fact) -> str:
    notes = [fact.hint] if fact.hint else []
    notes += [", ".join(f"`{name}` {words['zh_CN']}" for name, words in fact.choices.items())] if fact.choices else []
    notes += [f"when `{name}` is {' or '.join(values)}" for name, values in fact.only.items()]
    notes += [f"at least {fact.least:g}"] if fact.least is not None else []
    return "; ".join(notes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
