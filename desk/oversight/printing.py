"""Puts a page on paper: typst with the fonts of the extra `print`, loaded when the first page is printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from desk.errors import Refused
from desk.i18n import _
from desk.oversight.page import Page

TEMPLATE = Path(__file__).with_name("proof.typ")

_compilers: dict[Path, Any] = {}  # one is kept: the first page costs 0.3 s, every further one a few ms


def pdf(page: Page) -> bytes:
    """The page as PDF; raises Refused where the extra `print` is not installed or a text cannot be set."""
    return bytes(_printed(page, "pdf"))


def pictures(page: Page, ppi: float = 110) -> list[bytes]:
    """The page as PNG pictures, one a sheet: to look at."""
    made = _printed(page, "png", ppi=ppi)
    return made if isinstance(made, list) else [made]


def _printed(page: Page, format: str, **how: Any) -> Any:
    compiler = _compiler()
    given = {"page": msgspec.json.encode(page).decode()}
    try:
        return compiler.compile(input=str(TEMPLATE), format=format, sys_inputs=given, **how)
    except RuntimeError as problem:
        raise Refused(_("the page cannot be printed; write it to a .md file instead"), why=str(problem)) from None


def _compiler() -> Any:
    if TEMPLATE not in _compilers:
        try:
            import pylopdf_fonts_zh_cn
            import typst
        except ImportError as problem:
            text = _("printing needs the extra “print”: pip install 'desk95598[print]'; .md needs nothing")
            raise Refused(text, why=str(problem)) from None
        fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
        _compilers[TEMPLATE] = typst.Compiler(
            input=str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=[str(fonts)], ignore_system_fonts=True
        )
    return _compilers[TEMPLATE]
