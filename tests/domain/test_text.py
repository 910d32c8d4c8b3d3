"""Text measured in cells as the screen measures it, cut and padded to a width, and made safe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from desk.text import cell_width, clean, cut, fit, fit_right, table

# What stands in the data of a county: Chinese, full-width forms, Latin, digits, signs.
written = st.text(st.characters(codec="gb18030", categories=["L", "N", "P", "Zs"], max_codepoint=0xFFEF), max_size=12)
plain = st.text(st.sampled_from("城东线０９Ａ（）、。abc XYZ019-—·½é"), max_size=20)


@given(plain)
def test_a_width_is_what_the_screen_makes_of_it(text: str) -> None:
    assert cell_width(text) == cell_len(text)


@given(written, st.integers(0, 30))
def test_fitted_text_takes_exactly_its_cells(text: str, width: int) -> None:
    assert cell_width(fit(text, width)) == width
    assert cell_width(fit_right(text, width)) == width


@given(written, st.integers(0, 30))
def test_cut_text_never_takes_more_and_is_whole_where_it_fits(text: str, width: int) -> None:
    assert cell_width(cut(text, width)) <= width
    if cell_width(text) <= width:
        assert cut(text, width) == text


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("城东线路", 6, "城东.."), ("城东线路", 7, "城东.. "), ("城东线", 6, "城东线"), ("abc", 2, ".."), ("abc", 0, "")],
)
def test_what_does_not_fit_ends_in_two_stops(text: str, width: int, shown: str) -> None:
    assert fit(text, width) == shown


@given(st.text())
def test_cleaned_text_holds_nothing_a_terminal_obeys(text: str) -> None:
    assert not any(char < " " or "\x7f" <= char <= "\x9f" or char in "\u202e\u2028" for char in clean(text))


def test_an_escape_becomes_visible() -> None:
    assert clean("a\x1b[31m\tb\nc") == "a␛[31m b c"


@given(st.lists(st.tuples(written, written, written), min_size=1, max_size=5))
def test_the_columns_of_a_table_line_up(rows: list[tuple[str, ...]]) -> None:
    widths = [max(cell_width(row[column]) for row in rows) for column in (0, 1)]
    for row, line in zip(rows, table(rows), strict=True):
        assert line == f"{fit(row[0], widths[0])}  {fit(row[1], widths[1])}  {row[2]}".rstrip()
