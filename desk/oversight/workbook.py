"""The self-check as a workbook of three sheets: violations, duties by article, coverage by outage.

No cell of it is ever run by a spreadsheet, whatever a name or a reason begins with.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.access import Access
from desk.errors import BadInput
from desk.i18n import _
from desk.oversight.compliance import Compliance
from desk.oversight.coverage import Coverage
from desk.oversight.words import article
from desk.privacy.approvals import Approvals
from desk.privacy.watermark import watermark

if TYPE_CHECKING:
    from desk.place import Place

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run at the start of a cell
EXCEL_ROWS = 1_048_576

Cells = Sequence[object]
Table = tuple[str, Cells, Iterable[Cells], Sequence[int]]  # title, head, rows, widths in characters


def write_workbook(place: Place, found: Compliance, path: str | Path) -> None:
    """Write the self-check to an .xlsx file; who took it is in the audit.

    The file appears whole or not at all. Raises NotAllowed without the right to export, BadInput when it
    cannot be written.
    """
    access, path = Access(place), Path(path)
    access.require("export")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.touch()  # openpyxl makes a mess of a folder that cannot be written: it is found out first
        taken = Approvals(place).taken("compliance", f"{found.since:%Y-%m-%d} – {found.until:%Y-%m-%d}")
        _save(part, place.config.county.name, found, watermark(place, taken))
        with place.store.transaction():
            access.note("report.compliance", path.name, {"rows": len(found.rows)})
            part.replace(path)  # last: if it fails, the audit line is taken back
    except OSError as problem:
        raise BadInput(_("{path} cannot be written").format(path=path), why=str(problem)) from None
    finally:
        with suppress(OSError):
            part.unlink()


def _save(path: Path, county: str, found: Compliance, mark: str) -> None:
    from openpyxl import Workbook  # type: ignore[import-untyped]

    book = Workbook(write_only=True)
    for title, head, rows, widths in tables(found):
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A3"
        for column, width in zip("ABCDEFGHIJ", widths, strict=False):
            sheet.column_dimensions[column].width = width
        sheet.append([_cell(sheet, who_and_when(county, found))])
        sheet.append([_cell(sheet, name) for name in head])
        for number, cells in enumerate(rows, 3):
            if number >= EXCEL_ROWS:
                raise BadInput(_("Excel holds {limit} rows; choose a shorter period").format(limit=EXCEL_ROWS))
            sheet.append([_cell(sheet, cell) for cell in cells])
        sheet.append([_cell(sheet, mark)])
    book.save(path)


def who_and_when(county: str, found: Compliance) -> str:
    """The line that says what this is: whose, of which period, made when and by whom."""
    words = {
        "county": county,
        "since": f"{found.since:%Y-%m-%d %H:%M}",
        "until": f"{found.until:%Y-%m-%d %H:%M}",
        "at": f"{found.made_at:%Y-%m-%d %H:%M}",
        "by": found.made_by or "–",
    }
    return _("{county}: self-check from {since} to {until}, made {at} by {by}").format(**words)


def tables(found: Compliance) -> list[Table]:
    """The three tables of the report, each with its title, its head, its rows and the widths of its columns."""
    return [
        (
            _("violations"),
            (_("outage"), _("article"), _("at"), _("what")),
            ((row.outage or "", article(row.article), f"{row.at:%Y-%m-%d %H:%M}", row.what) for row in found.rows),
            (10, 10, 18, 80),
        ),
        (
            _("duties by article"),
            (_("article"), *count_head()),
            ((article(name), *count_cells(one)) for name, one in found.by_article.items()),
            (12, *[10] * 7),
        ),
        (
            _("coverage by outage"),
            (_("outage"), *count_head(), _("share told"), _("still open")),
            (
                (outage or "–", *count_cells(one), f"{one.share:.0%}", open_names(one, 50))
                for outage, one in found.by_outage.items()
            ),
            (10, *[10] * 7, 10, 80),
        ),
    ]


def count_head() -> tuple[str, ...]:
    return _("owed"), _("done"), _("refused"), _("unreachable"), _("open"), _("overdue"), _("late")


def count_cells(one: Coverage) -> tuple[int, ...]:
    return one.owed, one.done, one.refused, one.unreachable, one.open, one.overdue, one.late


def open_names(one: Coverage, most: int) -> str:
    """The names still open, as many as fit; how many more there are."""
    shown = one.open_names[:most]
    more = one.open - len(shown)
    return "、".join(shown) + (_(" and {count} more").format(count=more) if more and shown else "")


def _cell(sheet: Any, value: object) -> Any:
    if not isinstance(value, str):
        return value
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell  # type: ignore[import-untyped]

    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    if value.startswith(FORMULA):
        cell.data_type = "s"  # text, never a formula
        cell.style = _text_style(sheet)
    return cell


def _text_style(sheet: Any) -> Any:
    """The style of a cell that shows what was written: Excel keeps it as text also when it is edited."""
    from openpyxl.styles import NamedStyle  # type: ignore[import-untyped]

    book = sheet.parent
    if "as written" not in book.named_styles:
        book.add_named_style(NamedStyle(name="as written", number_format="@"))
    return "as written"
