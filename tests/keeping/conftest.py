"""A desk to keep, made once; a copy of it for each test; and the engines it may be kept on."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept_county import copy_of, make, opened

from desk.keeping.backup import back_up


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a desk that no test writes to."""
    data = tmp_path_factory.mktemp("keeping") / "county"
    make(data)
    return data


@pytest.fixture
def data(county: Path, tmp_path: Path) -> Path:
    """The data folder of a desk of one's own."""
    return copy_of(county, tmp_path / "data")


@pytest.fixture(scope="session")
def backup(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup that no test writes to."""
    folder = tmp_path_factory.mktemp("backups")
    with opened(copy_of(county, folder / "data")) as desk:
        return back_up(desk.place, folder / "desk.backup").file


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/other/desk.db"
    pytest.importorskip("desk.store.postgres")
    url: str = request.getfixturevalue("postgres_url")
    return url
