"""What tests of the command line share: a small county as files, what a command left, a command as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

REPO = Path(__file__).parents[2]

NETWORK = """台区编号,台区名称,支线,线路,变电站,公变/专变,供电所
T1,东一台区,一支线,城东线,城关变,公变,城关所
T2,东二台区,一支线,城东线,城关变,公变,城关所
T3,西一台区,,城西线,城关变,专变,城西所
"""
CUSTOMERS = """户号,户名,用电地址,联系电话,台区编号,特殊,重要,重要等级,行业
100001,张三,城关镇和平路1号,13800138001,T1,否,否,,
100002,人民医院,城关镇和平路2号,0951-5550003转801（办）,T2,是,是,一级,医院
100003,李四,西湾镇1号,13800138003；13900139000,T3,否,否,,
"""


class Ran(NamedTuple):
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


def process(*arguments: str, environ: Mapping[str, str] | None = None, **settings: Any) -> subprocess.Popen[bytes]:
    """The command as a process of its own."""
    known = {**os.environ, "PYTHONPATH": str(REPO), **(environ or {})}
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-m", "desk", *arguments], env=known, **{**pipes, **settings})
