"""Phrases for the note of a call: `::name` and a space becomes the words that the county wrote for it.

    snippets.expanded("::zl 楼道黑")      -> "整栋楼无电，邻居也停 楼道黑"

The county's own stand in `snippets.toml` in the data folder (or in `[call] script_folder`), over those that ship.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from desk.config import Config
from desk.i18n import _
from desk.text import clean

FILE_NAME = "snippets.toml"
MARK = "::"
_NAMED = re.compile(r"::([^\s:]+)(?=\s)")
_NAMED_AT_END = re.compile(r"::([^\s:]+)(?=\s|$)")
_BEGUN = re.compile(r"::([^\s:]*)$")


class Snippets(Struct, frozen=True, kw_only=True):
    """The phrases by name; `problem` says in one sentence what is wrong with the county's file."""

    phrases: Mapping[str, str]
    problem: str = ""

    def expanded(self, text: str, *, at_end: bool = False) -> str:
        """`text` with every known name that is followed by a space written out; `at_end`, the last one too."""
        pattern = _NAMED_AT_END if at_end else _NAMED
        return pattern.sub(lambda found: self.phrases.get(found[1].casefold(), found[0]), text)

    def begun(self, text: str) -> list[tuple[str, str]]:
        """The phrases whose name is being typed at the end of `text`, with their names."""
        found = _BEGUN.search(text)
        if found is None:
            return []
        start = found[1].casefold()
        return [(name, words) for name, words in self.phrases.items() if name.startswith(start)]


def read_snippets(config: Config, shipped: Path) -> Snippets:
    """The county's phrases over those in the folder `shipped`; never raises: a broken file is a problem told."""
    phrases = _read(shipped / FILE_NAME)
    own = (Path(config.call.script_folder) if config.call.script_folder else config.data) / FILE_NAME
    try:
        return Snippets(phrases=phrases | _read(own))
    except (OSError, ValueError) as problem:
        words = {"file": own, "problem": clean(str(problem))}
        return Snippets(phrases=phrases, problem=_("{file} cannot be used: {problem}").format(**words))


def _read(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    table = tomllib.loads(file.read_text(encoding="utf-8")).get("snippets", {})
    if not isinstance(table, dict) or not all(isinstance(words, str) for words in table.values()):
        raise ValueError(_('[snippets] holds lines of the form: name = "words"'))
    return {name.casefold(): " ".join(clean(words).split()) for name, words in table.items()}
