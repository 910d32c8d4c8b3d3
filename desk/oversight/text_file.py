"""Writes a report to a file of text, with the line that says who took it; who did is in the audit too."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from desk.access import Access
from desk.errors import BadInput
from desk.i18n import _
from desk.privacy.approvals import Approvals
from desk.privacy.watermark import watermark

if TYPE_CHECKING:
    from desk.place import Place

ENDING = ".txt"


def write_text(place: Place, what: str, period: str, text: str, path: Path) -> None:
    """Write the report `what` of a period; the file appears whole or not at all.

    Raises NotAllowed without the right to export, BadInput when it cannot be written.
    """
    access = Access(place)
    access.require("export")
    if path.suffix.lower() != ENDING:
        raise BadInput(_("{path} must end in {endings}").format(path=path.name, endings=ENDING))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with place.store.transaction():
            mark = watermark(place, Approvals(place).taken(what, period))
            part.write_text(f"{text}\n{mark}\n", encoding="utf-8")
            access.note(f"report.{what}", path.name)
            part.replace(path)  # last: if it fails, the audit line is taken back
    except OSError as problem:
        raise BadInput(_("{path} cannot be written").format(path=path), why=str(problem)) from None
    finally:
        with suppress(OSError):
            part.unlink()
