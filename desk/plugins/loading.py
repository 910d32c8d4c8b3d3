"""Running one part's file under guard: it gives a module, or a `Fault` that says where and why not."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from zlib import crc32

from desk.plugins.faults import Fault, told
from desk.plugins.folders import Source


@contextmanager
def guarded(root: Path | None) -> Iterator[None]:
    """Whatever happens inside becomes a `Fault`; nothing is printed, nothing is read from the keyboard.

    SystemExit and KeyboardInterrupt too: Ctrl-C gets the desk past a part that never ends.
    """
    stdin, sys.stdin = sys.stdin, io.StringIO()
    printed = io.StringIO()
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            yield
    except BaseException as error:
        raise Fault(told(error, root)) from error
    finally:
        sys.stdin = stdin
        _log(root, printed.getvalue())


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


def _log(root: Path | None, text: str) -> None:
    if text.strip():
        import logging

        logging.getLogger("desk.plugins").info("%s printed: %s", root, text.strip())
