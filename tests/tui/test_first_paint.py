"""The first board: painted before any plugin has run, true all the same, and with what is wrong named right after."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lake_county import build
from real_terminal import ROOT

from desk.app import Desk
from desk.config import load_config
from desk.plugins.folders import extra_folders, shipped_folder, sources
from desk.type_names import FILE_NAME, NotedTypes

if TYPE_CHECKING:
    from conftest import Hands

LATER = ("jinja2", "phonenumbers", "openpyxl", "calamine", "pluggy", "desk.plugins", "desk.regulation", "desk.scripts")
TENTH = """
from desk.plugins import OutageType, hookimpl

@hookimpl
def desk_outage_types():
    return [OutageType(id="grid_fault_2", labels={{"zh_CN": "{word}", "en": "{word}"}}, planned=False)]
"""


@pytest.fixture
def county(tmp_path: Path) -> Path:
    build(tmp_path / "county").close()
    return tmp_path / "county"


def noted(county: Path) -> NotedTypes:
    return NotedTypes(load_config(None, county), {})


def note(county: Path) -> None:
    """What a desk does once its board is painted."""
    with Desk.open(load_config(None, county)) as desk:
        assert desk.place.noted_types is not None
        desk.place.noted_types.read()
        desk.place.noted_types.write(desk.place.plugins.outage_types)


def test_a_board_with_noted_names_imports_no_plugin_and_no_rule(county: Path) -> None:
    note(county)
    script = (
        "import sys; from pathlib import Path; from desk.app import Desk; from desk.config import load_config\n"
        f"desk = Desk.open(load_config(None, Path({str(county)!r})))\n"
        "board = desk.outages.board()\n"
        "import desk.tui; desk_tui = desk; import desk.tui.app, desk.tui.screens.desk\n"
        "print([row.type_label for rows in board.rows.values() for row in rows])\n"
        f"print([name for name in sys.modules if name.startswith({LATER!r})])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    labels, imported = done.stdout.splitlines()
    assert "fault" in labels
    assert imported == "[]"


def test_noted_names_are_those_of_the_plugins_in_both_languages(county: Path) -> None:
    note(county)
    names = noted(county).read()
    with Desk.open(load_config(None, county)) as desk:
        for id, kind in desk.place.plugins.outage_types.items():
            for language in ("zh_CN", "en"):
                assert (names[id][0][language], names[id][1][language]) == kind.named(language)  # type: ignore[index]


@pytest.mark.parametrize("where", ["new file", "changed file", "approval", "settings"])
def test_nothing_is_noted_any_more_once_something_has_changed(county: Path, where: str) -> None:
    folder = county / "plugins"
    folder.mkdir()
    (folder / "road.py").write_text(TENTH.format(word="one"), encoding="utf-8")
    note(county)
    assert noted(county).read() is not None
    if where == "new file":
        (folder / "river.py").write_text("", encoding="utf-8")
    elif where == "changed file":
        (folder / "road.py").write_text(TENTH.format(word="two"), encoding="utf-8")
    elif where == "approval":
        (county / "plugins.lock").write_text('{"approved": []}', encoding="utf-8")
    else:
        with (county / "config.toml").open("a", encoding="utf-8") as file:
            file.write('\n[plugins]\nblock = ["grid_fault"]\n')
    assert noted(county).read() is None


def test_every_file_a_plugin_is_loaded_from_is_watched(county: Path, tmp_path: Path) -> None:
    config, listed = load_config(None, county), str(tmp_path / "more")
    (county / "plugins").mkdir()
    Path(listed).mkdir()
    for folder in (county / "plugins", Path(listed)):
        (folder / "a.py").touch()
    watched = {path for path, _time, _size in NotedTypes(config, {"DESK_PLUGINS": listed})._now()}
    for folder in [shipped_folder(), *extra_folders((), config.data, listed)]:
        for source in sources(folder):
            assert str(source.path) in watched or str(source.path / "__init__.py") in watched


def test_a_damaged_note_is_no_note(county: Path) -> None:
    note(county)
    (county / FILE_NAME).write_text("{", encoding="utf-8")
    assert noted(county).read() is None


async def test_a_broken_plugin_is_named_though_the_board_did_not_wait_for_it(
    desk: Desk, open_desk: Callable[..., AbstractAsyncContextManager[Hands]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk.plugins.host import PluginHost

    whole = PluginHost.listed
    broken = [whole(desk.place.plugins)[0].__class__(name="river", kind="unknown", from_="x", state="off", reason="!")]
    monkeypatch.setattr(PluginHost, "listed", lambda host: [*whole(host), *broken])
    del desk.place.__dict__["plugins"]
    async with open_desk() as hands:
        await hands.settle(0.2)
        assert "river" in hands.lines()[0]


async def test_the_open_desk_notes_the_names_for_the_next_start(
    desk: Desk, open_desk: Callable[..., AbstractAsyncContextManager[Hands]]
) -> None:
    async with open_desk() as hands:
        await hands.settle(0.3)
    assert noted(desk.place.config.data).read() is not None
