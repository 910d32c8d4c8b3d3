"""Where parts are found, in which order, and what config.toml says about it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path

import pytest

import desk
from desk.config import Plugins
from desk.plugins import folders


def test_parts_are_loaded_by_name_with_underscores_and_dots_left_alone(parts, good):
    parts.ship(b=good("b"), a=good("a"), _draft="1/0", __init__="1/0")
    (parts.shipped / ".hidden.py").write_text("1/0")
    (parts.shipped / "notes.txt").write_text("1/0")
    (parts.shipped / "scripts").mkdir()
    assert [row.name for row in parts.host().listed()] == ["a", "b"]


def test_a_package_is_one_part(parts, good):
    package = parts.shipped / "flood"
    package.mkdir()
    (package / "words.py").write_text("NAME = 'flood'\n")
    (package / "__init__.py").write_text("from .words import NAME\n" + good("flood"))
    row = parts.row("flood")
    assert (row.state, row.parts, row.from_) == ("on", ("flood",), "plugins/flood")


def test_folders_come_in_order_shipped_data_configured_environment(parts, good, tmp_path):
    parts.ship(shipped=good("shipped"))
    parts.drop(dropped=good("dropped"))
    for name in ("configured", "one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"in_{name}.py").write_text(good(name))
    parts.lists = Plugins(folders=(str(tmp_path / "configured"),))
    parts.environ["DESK_PLUGINS"] = os.pathsep.join([str(tmp_path / "one"), "", str(tmp_path / "two")])
    names = [row.name for row in parts.host().listed()]
    assert names == ["shipped", "dropped", "in_configured", "in_one", "in_two"]


def test_a_dropped_in_toml_file_comes_before_python(parts, good):
    parts.drop(a=good("a"))
    (parts.dropped / "z.toml").write_text('kind = "rule_pack"\nid = "z"\n', encoding="utf-8")
    assert [row.name for row in parts.host().listed()] == ["z", "a"]


def test_a_safe_desk_loads_only_what_ships_and_names_the_rest(parts, good):
    parts.ship(shipped=good("shipped"))
    parts.drop(dropped=good("dropped"))
    (parts.dropped / "city.toml").write_text('kind = "rule_pack"\nid = "city"\n', encoding="utf-8")
    parts.host().approve("dropped", "王芳", datetime(2026, 12, 1, tzinfo=UTC))
    parts.safe = True
    parts.lists = Plugins(allow=("vendor",))
    host = parts.host()
    assert (list(host.outage_types), dict(host.rule_packs)) == (["shipped"], {})
    assert [(row.name, row.state) for row in host.listed()][1:] == [
        ("vendor", "off"),
        ("city", "off"),
        ("dropped", "off"),
    ]
    assert {row.reason for row in host.listed()[2:]} == {"not loaded: the desk was opened with --safe"}


def test_the_shipped_folder_named_once_more_is_not_loaded_twice(parts, good):
    parts.ship(a=good("a"))
    parts.environ["DESK_PLUGINS"] = str(parts.shipped)
    assert [row.name for row in parts.host().listed()] == ["a"]


def test_a_configured_folder_that_is_not_there_is_named(parts, tmp_path):
    parts.lists = Plugins(folders=(str(tmp_path / "nowhere"),))
    row = parts.row("nowhere")
    assert (row.state, row.reason, row.from_) == ("off", "there is no such folder", str(tmp_path / "nowhere"))


def test_a_data_folder_without_plugins_is_nothing_to_tell(parts):
    parts.dropped.rmdir()
    assert parts.host().listed() == []


def test_a_blocked_part_is_off_and_not_run(parts):
    parts.ship(bad="raise ValueError\n")
    parts.lists = Plugins(block=("bad",))
    row = parts.row("bad")
    assert (row.state, row.reason) == ("off", "blocked in [plugins] of config.toml")


def test_a_required_part_that_is_missing_is_named(parts, good):
    parts.ship(a=good("a"))
    parts.lists = Plugins(required=("a", "pager"))
    rows = parts.host().listed()
    assert [(row.name, row.state) for row in rows] == [("a", "on"), ("pager", "off")]
    assert "required" in rows[1].reason


def test_a_checkout_finds_its_own_plugins():
    assert folders.shipped_folder() == Path(desk.__file__).parent.parent / "plugins"


def test_an_installed_wheel_finds_the_plugins_inside_it(tmp_path, monkeypatch, parts, good):
    package = tmp_path / "site-packages" / "desk"
    inside = package / "shipped" / "plugins"
    inside.mkdir(parents=True)
    (inside / "flood.py").write_text(good("flood"))
    stranger = package.parent / "plugins"
    stranger.mkdir()
    (stranger / "foreign.py").write_text("1/0")
    monkeypatch.setattr(folders, "__file__", str(package / "plugins" / "folders.py"))
    parts.shipped = folders.shipped_folder()
    assert parts.shipped == inside
    assert [row.name for row in parts.host().listed()] == ["flood"]


class FakePackage(Distribution):
    """An installed package that brings one part."""

    def __init__(self, name: str, entry: str) -> None:
        self._texts = {
            "METADATA": f"Name: {name}\nVersion: 1.0\n",
            "entry_points.txt": f"[desk]\nflood = {entry}\n",
        }

    def read_text(self, filename: str) -> str | None:
        return self._texts.get(filename)

    def locate_file(self, path: object) -> Path:
        return Path(str(path))


@pytest.fixture
def installed(monkeypatch, tmp_path, good):
    """Two packages with entry points: `vendor-flood` works, `vendor-broken` fails when imported."""
    (tmp_path / "vendor_flood_part.py").write_text(good("flood"))
    (tmp_path / "vendor_broken_part.py").write_text("import sys\nsys.exit()\n")
    monkeypatch.syspath_prepend(tmp_path)
    packages = {"Vendor.Flood": "vendor_flood_part", "vendor-broken": "vendor_broken_part"}

    def entry_points(group: str) -> list[EntryPoint]:
        assert group == "desk"
        return [e for name, module in packages.items() for e in FakePackage(name, module).entry_points]

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)


@pytest.mark.usefixtures("installed")
def test_a_package_not_on_the_allow_list_is_not_loaded(parts):
    parts.lists = Plugins(allow=("another",))
    (row,) = parts.host().listed()
    assert (row.name, row.state) == ("another", "off")


@pytest.mark.usefixtures("installed")
def test_a_package_on_the_allow_list_is_loaded_however_its_name_is_spelt(parts):
    parts.lists = Plugins(allow=("vendor-flood",))
    (row,) = parts.host().listed()
    assert (row.name, row.state, row.parts, row.from_) == (
        "flood",
        "on",
        ("flood",),
        "vendor-flood (vendor_flood_part)",
    )


@pytest.mark.usefixtures("installed")
def test_a_package_that_fails_is_off_with_file_and_line(parts, good):
    parts.ship(a=good("a"))
    parts.lists = Plugins(allow=("vendor-broken",))
    good_row, bad = parts.host().listed()
    assert good_row.state == "on"
    assert bad.state == "off"
    assert "vendor_broken_part.py line 2: tried to end the program" in bad.reason


def test_installed_packages_are_not_read_unless_one_is_allowed(parts, monkeypatch):
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: pytest.fail("scanned"))
    parts.host()
