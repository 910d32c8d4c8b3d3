"""Every document is found from the README, in both languages, and the house is drawn as it is built."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:)([^)#]+\.md)")


def reached_from(readme: Path) -> set[Path]:
    seen: set[Path] = set()
    ahead = [readme]
    while ahead:
        here = ahead.pop()
        if here not in seen and here.is_file():
            seen.add(here)
            ahead += [(here.parent / name).resolve() for name in LINK.findall(here.read_text(encoding="utf-8"))]
    return seen


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_document_is_reached_from_the_readme(readme: str) -> None:
    documents = set((ROOT / "docs").glob("*.md"))
    assert sorted(path.name for path in documents - reached_from(ROOT / readme)) == []


def test_the_house_is_drawn_with_the_arrows_that_are_held() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    built = [re.sub(r"[()]", "", row) for row in tool["importlinter"]["contracts"][0]["layers"]]
    drawn = re.search(r"```text\n(.*?)```", (ROOT / "docs" / "house.md").read_text(encoding="utf-8"), re.DOTALL)
    assert drawn is not None
    assert drawn[1].split("\n")[:-1] == built
