"""TinyDB's own published tests pass on our store. They come from the source release of the version we pin."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import tinydb

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache"
ENGINES = ("sqlite", "postgres")
NAME = f"tinydb-{tinydb.__version__}"

#: It wants the storage's class to be called MemoryStorage or JSONStorage.
DIFFERENT = {"test_table_repr"}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """The folder with TinyDB's tests, our fixture in place of theirs."""
    archive = CACHE / f"{NAME}.tar.gz"
    if not archive.exists():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", ":all:", "--dest", str(CACHE)]
        done = subprocess.run([*command, NAME.replace("-", "==")], capture_output=True, text=True, check=False)
        if not archive.exists():
            pytest.skip(f"no registry gave the source of {NAME}: {done.stderr.strip()[-200:]}")
    with tarfile.open(archive) as files:
        files.extractall(tmp_path, filter="data")
    tests = tmp_path / NAME / "tests"
    shutil.copy(Path(__file__).with_name("own_suite_conftest.py"), tests / "conftest.py")
    # Their tests must meet the TinyDB that is installed, not the one beside them.
    shutil.rmtree(tmp_path / NAME / "tinydb")
    return tests


@pytest.mark.parametrize("engine", ENGINES)
def test_tinydbs_own_tests_pass_but_for_the_name_of_the_storage(
    suite: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres_url") if engine == "postgres" else ""
    report = suite.parent / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    command += [f"--rootdir={suite.parent}", f"--junitxml={report}", str(suite)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DESK_TEST_SERVER": server}
    subprocess.run(command, cwd=suite.parent, env=environment, capture_output=True, check=False)
    cases = list(ElementTree.parse(report).iter("testcase"))
    failed = {case.get("name") for case in cases if case.find("failure") is not None or case.find("error") is not None}
    assert failed == DIFFERENT
    assert len(cases) >= 150


def test_what_differs_is_only_the_name_of_the_class(store: object) -> None:
    assert repr(store.table("table4")).startswith(  # type: ignore[attr-defined]
        "<DocumentTable name='table4', total=0, storage=<desk.store.storage.EngineStorage object at "
    )
