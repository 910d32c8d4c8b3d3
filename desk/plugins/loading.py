"""Running one part's file under guard: it gives a module, or a `Fault` that says where and why not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import TypeVar
from zlib import crc32

from desk.i18n import _
from desk.plugins.faults import Fault, standing, told
from desk.plugins.folders import Source
from desk.plugins.printing import keep_screen, printed

T = TypeVar("T")
LOAD_SECONDS = 5.0


@contextmanager
def guarded(root: Path | None) -> Iterator[None]:
    """Whatever happens inside becomes a `Fault`; nothing is printed, nothing is read from the keyboard.

    SystemExit and KeyboardInterrupt too: Ctrl-C gets the desk past a part that never ends.
    """
    try:
        with printed(str(root or "")):
            yield
    except BaseException as error:
        raise Fault(told(error, root)) from error


def in_time(call: Callable[[], T], root: Path | None, seconds: float = 0.0) -> T:
    """What `call` returns, under guard on a thread of its own; raises Fault when it takes longer than `seconds` (or 5).

    A thread cannot be ended from outside: it is left behind, and does not keep the desk from closing.
    """
    keep_screen()
    found: list[T] = []
    faults: list[Fault] = []

    def run() -> None:
        try:
            with guarded(root):
                found.append(call())
        except Fault as fault:
            faults.append(fault)

    thread = Thread(target=run, name=f"desk loads {root}", daemon=True)
    with guarded(root):
        thread.start()
        thread.join(seconds or LOAD_SECONDS)
    if faults:
        raise faults[0]
    if not found:
        text = _("not ready after {seconds:g} seconds; it was left behind").format(seconds=seconds or LOAD_SECONDS)
        raise Fault(told(Fault(text, *standing(thread, root)), root))
    return found[0]


def load_shipped(source: Source) -> ModuleType:
    """The module of a part that ships; Python's bytecode cache is used."""
    package = source.path.is_dir()
    file = source.path / "__init__.py" if package else source.path
    places = [str(source.path)] if package else None
    spec = spec_from_file_location(module_name(source.name, source.path), file, submodule_search_locations=places)
    if spec is None:
        raise ImportError(file)
    return _run(spec)


def load_approved(source: Source, files: Mapping[str, bytes]) -> ModuleType:
    """The module of an approved part, from the very bytes that were hashed: no cache, no second reading."""
    loader = ApprovedCode(module_name(source.name, source.path), source.path, files)
    spec = loader.find_spec(loader.name)
    if spec is None:
        raise ImportError(source.path)
    if source.path.is_dir():
        sys.meta_path[:] = [finder for finder in sys.meta_path if getattr(finder, "name", "") != loader.name]
        sys.meta_path.insert(0, loader)  # its own modules are imported from the same bytes, later ones too
    return _run(spec)


class ApprovedCode:
    """Finds and loads the modules of one part in memory; by shape, as importlib.abc costs 8 ms to import."""

    def __init__(self, name: str, root: Path, files: Mapping[str, bytes]) -> None:
        self.name = name
        self._root = root
        self._files = files

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The spec of the part or of a module in it, None for anyone else's."""
        if fullname != self.name and not fullname.startswith(self.name + "."):
            return None
        inner = fullname[len(self.name) + 1 :].replace(".", "/")
        for file, package in ((inner, False), (f"{inner}.py", False), (f"{inner}/__init__.py".lstrip("/"), True)):
            if file in self._files:
                spec = ModuleSpec(fullname, self, origin=str(self._root / file), is_package=package)  # type: ignore[arg-type]
                spec.has_location = True
                spec.loader_state = self._files[file]
                return spec
        return None

    def create_module(self, spec: ModuleSpec) -> None:
        """The usual module object will do."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's bytes."""
        spec = module.__spec__
        assert spec is not None
        code = compile(spec.loader_state, spec.origin or spec.name, "exec", dont_inherit=True)
        exec(code, module.__dict__)


def _run(spec: ModuleSpec) -> ModuleType:
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and relative imports look there
    try:
        spec.loader.exec_module(module)  # type: ignore[union-attr]
    except BaseException:
        sys.modules.pop(spec.name, None)
        raise
    return module


def module_name(name: str, path: Path) -> str:
    """The name under which a part's module is kept: no other module has it, no two parts share it."""
    word = "".join(sign if sign.isalnum() else "_" for sign in name)
    return f"_desk_part_{crc32(str(path).encode()):08x}_{word}"
