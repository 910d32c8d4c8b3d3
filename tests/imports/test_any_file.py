"""Whatever the bytes and the cells: a file is refused in a sentence, or every row of it is accounted for."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.errors import BadInput
from desk.imports import Report, import_file, read_rows
from desk.imports.columns import TABLES, official
from desk.place import Place

ON_A_FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def accounted_for(report: Report) -> bool:
    rejected = len({reason.row for reason in report.rejected})
    return report.read == report.created + report.updated + report.unchanged + rejected


def xlsx_bytes() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["户号", "户名", "台区编号"])
    book.active.append(["1", "张三", "TQ1"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


XLSX = xlsx_bytes()
STARTS = [
    b"",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"{",
    b"[",
    "户号,户名,台区编号\n".encode(),
    b"PK\x03\x04",
    XLSX,
]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@ON_A_FIXTURE
@given(st.sampled_from([*STARTS, OLE]), st.binary(max_size=400))
def test_any_bytes_are_refused_or_counted(county: Place, tmp_path: Path, start: bytes, rest: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(start + rest)
    try:
        assert accounted_for(import_file(county, "customers", path))
    except BadInput as refused:
        assert "\n" not in str(refused)  # noqa: PT017 - both ends are good


@ON_A_FIXTURE
@given(st.integers(0, len(XLSX) - 1), st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_is_refused_or_counted(county: Place, tmp_path: Path, at: int, damage: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(XLSX[:at] + damage + XLSX[at + len(damage) :])
    try:
        assert accounted_for(import_file(county, "customers", path))
    except BadInput as refused:
        assert "\n" not in str(refused)  # noqa: PT017 - both ends are good


letters = st.characters(exclude_categories=["Cs"], exclude_characters=map(chr, range(9)))
WORDS = ["1001", "TQ1", "城东线", "是", "计划停电", "2026-12-01T08:00", "2026-12-02T08:00", "10kV", "医院", "合计", "-"]
cell = st.text(letters, max_size=12) | st.sampled_from([*WORDS, "1.3E+9"])


@pytest.mark.parametrize("what", TABLES)
@ON_A_FIXTURE
@given(data=st.data())
def test_any_cells_of_a_csv_are_counted(county: Place, tmp_path: Path, what: str, data: st.DataObject) -> None:
    header = [official(field, what) for field in TABLES[what]]
    rows = data.draw(st.lists(st.lists(cell, min_size=len(header), max_size=len(header) + 1), max_size=4))
    path = tmp_path / "file"
    with path.open("w", encoding="utf-8", newline="", errors="replace") as file:
        csv.writer(file).writerows([header, *rows])
    report = import_file(county, what, path)
    assert accounted_for(report)
    again = import_file(county, what, path)
    assert (again.created, again.updated) == (0, 0)
    assert len(again.rejected) == len(report.rejected)


json_cell = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | cell,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(cell, inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize("what", TABLES)
@ON_A_FIXTURE
@given(data=st.data())
def test_any_json_rows_are_counted(county: Place, tmp_path: Path, what: str, data: st.DataObject) -> None:
    keys = st.sampled_from([*TABLES[what], "else"])
    lines = data.draw(st.lists(st.dictionaries(keys, json_cell) | json_cell, min_size=1, max_size=4))
    path = tmp_path / "file"
    path.write_bytes(b"\n".join(msgspec.json.encode(line) for line in lines))
    try:
        assert accounted_for(import_file(county, what, path))
    except BadInput as refused:
        assert str(refused)  # noqa: PT017 - both ends are good


@ON_A_FIXTURE
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file"
    path.write_text("户号,户名,台区编号\n" + text, encoding="utf-8", errors="replace", newline="")
    try:
        numbers = [row for row, _cells in read_rows(path)]
        assert numbers == sorted(numbers)
    except BadInput as refused:
        assert str(refused)  # noqa: PT017 - both ends are good
