"""docs/outage-types.md says what the code does: its file is the sample, its tables are the types'."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/outage-types.md").read_text(encoding="utf-8")


def test_the_file_in_the_document_is_the_sample_to_the_letter():
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    assert code == (ROOT / "docs/samples/road_works.py").read_text(encoding="utf-8")


def test_the_tables_of_facts_are_those_of_the_code():
    command = [sys.executable, str(ROOT / "tools/outage_types.py"), "check"]
    done = subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
