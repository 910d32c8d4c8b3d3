"""Puts forms on paper: typst, loaded when the first page is printed; one compiler for all forms.

    Press(county_folder).printed("written_notice", papers, "pdf")    → bytes

A form is `NAME.typ`, looked for in the county's folder (`forms` in the data folder) and then among those that ship
(`desk/paper/forms`). It takes its data as JSON and may import any other form's file by name. A form of the county's
that fails gives way to the shipped one: a notice that is due never waits for a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Literal

import msgspec
from msgspec import Struct

from desk.errors import NotFound, Refused
from desk.i18n import _

SHIPPED = Path(__file__).with_name("forms")
SOURCES = (".typ", ".png", ".svg", ".jpg", ".jpeg")  # what a form may be made of: a seal or a letterhead too
PIXELS = 110  # a sheet of A4 is then 910 × 1286 pixels: to look at

_PLACE = re.compile(r"─ (?P<file>\S+):(?P<line>\d+):\d+")  # as the compiler points at it

Paper = Mapping[str, Any]


class Printed(Struct, frozen=True, kw_only=True):
    """What came off the press: the PDF, or a picture of each page; and why the county's own form was not used."""

    pages: tuple[bytes, ...]
    warning: str = ""


class Press:
    """The forms of one county. Thread-safe; a page takes 7–8 ms once the first is printed (0.3 s)."""

    def __init__(self, own: Path) -> None:
        self.own = own
        self._lock = Lock()

    def pdf(self, form: str, papers: Sequence[Paper]) -> Printed:
        """All `papers` in one PDF; raises Refused where the extra `print` is missing or a form cannot be set."""
        return self._printed(form, papers, "pdf", None)

    def pictures(self, form: str, papers: Sequence[Paper], ppi: float = PIXELS) -> Printed:
        """A PNG for each page."""
        return self._printed(form, papers, "png", ppi)

    def names(self) -> dict[str, Path]:
        """Every form by name, with the file that is used for it."""
        found = {path.stem: path for path in sorted(SHIPPED.glob("*.typ"))}
        found |= {path.stem: path for path in sorted(self.own.glob("*.typ"))}
        return {name: path for name, path in found.items() if name != "frame"}

    def words(self, name: str) -> tuple[Path, ...]:
        """The files of a template of plain words, the county's own first."""
        return tuple(path for path in (self.own / name, SHIPPED / name) if path.is_file())

    def source(self, form: str) -> bytes:
        """The text of a form, for the fingerprint of what it prints."""
        try:
            return self.names()[form].read_bytes()
        except (KeyError, OSError):
            return b""

    def _printed(self, form: str, papers: Sequence[Paper], format: Literal["pdf", "png"], ppi: float | None) -> Printed:
        if form not in self.names():
            words = {"form": form, "forms": ", ".join(self.names())}
            raise NotFound(_("there is no form {form}; choose one of: {forms}").format(**words))
        given = {"papers": msgspec.json.encode(papers).decode()}
        warning = ""
        with _together(SHIPPED, self.own) as own:
            for folder in (own, SHIPPED):
                if folder is None or not (folder / f"{form}.typ").exists():
                    continue
                try:
                    return Printed(pages=self._set(folder / f"{form}.typ", format, ppi, given), warning=warning)
                except RuntimeError as problem:  # TypstError: where in which form stands in its text
                    words = {"form": form, "problem": _told(problem)}
                    warning = _("the form {form} cannot be used: {problem}").format(**words)
        raise Refused(warning)

    def _set(self, file: Path, format: str, ppi: float | None, given: dict[str, str]) -> tuple[bytes, ...]:
        with self._lock:  # one compiler for all threads
            made = self._compiler.compile(
                input=str(file), root=str(file.parent), format=format, ppi=ppi, sys_inputs=given
            )
        return tuple(made) if isinstance(made, list) else (bytes(made),)

    @cached_property
    def _compiler(self) -> Any:
        try:
            import pylopdf_fonts_zh_cn
            import typst
        except ImportError as problem:
            text = _("printing needs the extra “print”: pip install 'desk95598[print]'")
            raise Refused(text, why=str(problem)) from None
        fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
        return typst.Compiler(root=str(SHIPPED), font_paths=[str(fonts)], ignore_system_fonts=True)


@contextmanager
def _together(shipped: Path, own: Path) -> Iterator[Path | None]:
    """A folder with the county's files over the shipped ones, as a form imports by name; None where it has none."""
    files = _sources(own)
    if not files:
        yield None
        return
    with TemporaryDirectory(prefix="desk-forms-") as folder:
        for name, file in {**_sources(shipped), **files}.items():
            copyfile(file, Path(folder) / name)
        yield Path(folder)


def _sources(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    return {path.name: path for path in sorted(folder.iterdir()) if path.suffix.lower() in SOURCES}


def _told(problem: Exception) -> str:
    """What is wrong and where: file and line, then the compiler's words."""
    found = _PLACE.search(getattr(problem, "diagnostic", ""))
    words = getattr(problem, "message", "") or str(problem) or type(problem).__name__
    if found is None:
        return words
    file = Path(found["file"]).name
    return _("{file} line {line}: {problem}").format(file=file, line=found["line"], problem=words)
