"""The pictures of the documents, taken from the running desk on the made-up county: `make pictures`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "pictures"
PICTURES = {
    "desk": ("120x36", "dark", "slash zhang down down down enter"),
    "lookup": ("120x36", "dark", "slash zhang"),
    "light": ("120x36", "light", "down down"),
    "small": ("80x24", "dark", ""),
}


def main() -> None:
    """Build the county once, then take each picture in a desk of its own."""
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "county")
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        make = [sys.executable, "-m", "desk", "demo", "--no-ui", "--seed", "7", "--data", data]
        subprocess.run(make, env=env, check=True, stdout=subprocess.DEVNULL)
        OUT.mkdir(parents=True, exist_ok=True)
        for name, (size, theme, keys) in PICTURES.items():
            take = [sys.executable, str(ROOT / "tests/tui/picture.py"), str(OUT / f"{name}.svg"), "--data", data]
            subprocess.run([*take, "--size", size, "--theme", theme, "--keys", keys], env=env, check=True)


if __name__ == "__main__":
    main()
