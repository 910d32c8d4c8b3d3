"""The centre on npm's `smpp` as a process; skipped with the reason where node or the package is not to be had."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

PACKAGE, VERSION = "smpp", "0.5.1"
HERE = Path(__file__).parent
CACHE = Path(os.environ.get("DESK_TEST_CACHE") or Path(tempfile.gettempdir()) / "desk95598-tests")


def modules() -> Path:
    """The folder of installed packages, outside the repository; installed once, by whoever comes first."""
    folder = CACHE / f"{PACKAGE}-{VERSION}"
    reason = "" if folder.is_dir() else why_not(folder)
    if reason:
        pytest.skip(reason)
    return folder / "node_modules"


@lru_cache
def why_not(folder: Path) -> str:
    """Install the package into `folder`, or say why that cannot be; tried once in a run."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        return "node and npm are not installed here"
    CACHE.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=CACHE))
    options = (
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--prefer-offline",
        "--fetch-retries=0",
        "--loglevel=error",
    )
    command = [npm, "install", "--prefix", str(fresh), *options, f"{PACKAGE}@{VERSION}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    except subprocess.TimeoutExpired:
        return f"npm did not install {PACKAGE} within 90 s"
    if done.returncode:
        return f"npm cannot install {PACKAGE}: {done.stderr.strip()[:200]}"
    with suppress(OSError):  # another test process was first
        fresh.rename(folder)
    shutil.rmtree(fresh, ignore_errors=True)
    return ""


class NpmCentre:
    """The running process; `set` changes how it acts, `log` is what it took."""

    def __init__(self, port: int = 0) -> None:
        packages = modules()
        if not shutil.which("node"):
            pytest.skip("node is not installed here")
        environ = {**os.environ, "NODE_PATH": str(packages), "CENTRE_PORT": str(port)}
        self._process = subprocess.Popen(
            ["node", str(HERE / "centre.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        places = json.loads(line)
        self.port: int = places["port"]
        self._control = f"http://127.0.0.1:{places['control']}"

    def set(self, **values: Any) -> None:
        self.act("/set", values)

    @property
    def log(self) -> dict[str, Any]:
        return self.act("/log")

    @property
    def taken(self) -> list[dict[str, Any]]:
        return list(self.log["taken"])

    def act(self, path: str, body: Any = None) -> Any:
        request = Request(self._control + path, data=json.dumps(body or {}).encode(), method="POST")
        with urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait(5)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
