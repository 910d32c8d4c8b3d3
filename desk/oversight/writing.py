"""Writes the proof of an outage to a file for an inspector, and leaves a line about it in the audit."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk.access import Access
from desk.errors import BadInput
from desk.i18n import _
from desk.oversight.dossier import Dossier, gathered
from desk.oversight.page import Page, markdown
from desk.oversight.proof import MOST, proof_page
from desk.privacy.approvals import Approvals
from desk.privacy.watermark import words

if TYPE_CHECKING:
    from desk.place import Place


def write_proof(place: Place, outage_id: str, path: str | Path) -> Page:
    """Write the proof of one outage to a .pdf or .md file; returns the page.

    The page names customers, as an inspector must see them: the right to export is needed. The file appears
    whole or not at all. Raises NotFound, NotAllowed, BadInput when the file cannot be written, and Refused for a
    .pdf where the extra `print` is not installed.
    """
    access, path = Access(place), Path(path)
    access.require("export")
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise BadInput(_("{path} must end in {endings}").format(path=path.name, endings=", ".join(WRITERS)))
    dossier = gathered(place, outage_id)
    page, content = write(dossier, words(place, Approvals(place).taken("proof", dossier.outage.id)))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        with place.store.transaction():
            access.note("outage.proof", dossier.outage.id, {"file": path.name, "sha256": page.mark})
            part.replace(path)  # last: if it fails, the audit line is taken back
    except OSError as problem:
        raise BadInput(_("{path} cannot be written").format(path=path), why=str(problem)) from None
    finally:
        with suppress(OSError):
            part.unlink()
    return page


def _as_markdown(dossier: Dossier, taken: str) -> tuple[Page, bytes]:
    page = _marked(proof_page(dossier, most=len(dossier.duties)), taken)
    return page, markdown(page).encode()


def _as_pdf(dossier: Dossier, taken: str) -> tuple[Page, bytes]:
    from desk.oversight.printing import pdf

    page = _marked(proof_page(dossier, most=MOST), taken)
    return page, pdf(page)


def _marked(page: Page, taken: str) -> Page:
    """The page with the line that says who took it; its fingerprint is of what it tells, whoever takes it."""
    return replace(page, foot=f"{page.foot} {taken}")


WRITERS: Mapping[str, Callable[[Dossier, str], tuple[Page, bytes]]] = {".pdf": _as_pdf, ".md": _as_markdown}
