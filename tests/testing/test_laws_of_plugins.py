"""Laws of what ships and what is written about it: hooks with their arguments, methods, errors, cheap imports."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import desk.plugins
from desk.plugins import Capabilities, Channel
from desk.plugins.send_errors import SEND_ERRORS
from desk.plugins.specs import HOOKS, Hooks
from desk.testing import RULES
from desk.testing.bench import MODES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PLUGINS = (DOCS / "plugins.md").read_text(encoding="utf-8")
KIT = (DOCS / "testing-plugins.md").read_text(encoding="utf-8")
METHODS = [name for name, _value in inspect.getmembers(Channel, inspect.isfunction) if not name.startswith("_")]
# Loaded when something is sent, printed or asked for, never to know what there is.
HEAVY = ("apprise", "asyncio", "http.client", "httpx2", "keyring", "smpplib", "ssl", "textual", "tomlkit", "typst")


def called(function) -> str:
    names = [name for name in inspect.signature(function).parameters if name != "self"]
    return f"{function.__name__}({', '.join(names)})"


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented_with_its_exact_arguments(hook):
    assert f"`{called(getattr(Hooks, hook))}`" in PLUGINS


def test_no_hook_is_documented_that_does_not_exist():
    assert set(re.findall(r"`(desk_\w+)\(", PLUGINS)) <= set(HOOKS)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_a_channel_is_documented_with_its_exact_arguments(method):
    assert f"`{called(getattr(Channel, method))}`" in PLUGINS


@pytest.mark.parametrize("name", [field.name for field in msgspec.structs.fields(Capabilities)])
def test_every_capability_is_documented(name):
    assert f"`{name}`" in PLUGINS


@pytest.mark.parametrize("kind", SEND_ERRORS, ids=lambda kind: kind.code)
def test_every_send_error_is_documented_by_name_and_offered(kind):
    assert f"`{kind.__name__}`" in PLUGINS
    assert kind.__name__ in desk.plugins.__all__


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_of_the_kit_is_documented_as_it_reads(rule):
    assert f"| `{rule.id}` | {rule.sentence} |" in KIT


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_of_a_gateway_is_documented(mode):
    assert f"| `{mode}` | {MODES[mode]} |" in KIT


def test_knowing_every_part_that_ships_loads_no_library_that_only_sending_needs(tmp_path):
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from desk.config import Config\nfrom desk.plugins.host import PluginHost\n"
        f"host = PluginHost.open(Config(data=Path({str(tmp_path)!r}), store_url='sqlite:///:memory:'), environ={{}})\n"
        "assert host.channel_types\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""


def test_the_test_in_the_document_passes_as_it_stands(tmp_path):
    (block,) = re.findall(r"```python\n(.*?)```", KIT, re.DOTALL)
    (tmp_path / "test_pager.py").write_text(block, encoding="utf-8")
    (tmp_path / "pager.py").write_text(Path(__file__).with_name("kit_pager.py").read_text("utf-8"), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
