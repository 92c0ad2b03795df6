"""Columns of a wide table: every one can be brought into view whole, and numbers are written alike in a column."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from rich.cells import cell_len

from segtui.tui.widgets.frame_cells import cells, fit, format_of
from segtui.tui.widgets.frame_layout import ColumnLayout

WIDTHS = [8, 3, 32, 5, 12, 20, 3, 3, 17, 9] * 5


@pytest.mark.parametrize("view", [20, 37, 80, 200])
@pytest.mark.parametrize(("margin", "fixed"), [(0, 0), (0, 1), (9, 1), (0, 3)])
def test_every_column_comes_into_view_from_everywhere(view: int, margin: int, fixed: int) -> None:
    layout = ColumnLayout(WIDTHS, margin, fixed)
    last = max(layout.width - view, 0)
    for scroll_x in range(0, last + 1, 7):
        for column, width in enumerate(WIDTHS):
            x = min(layout.scroll_to(column, scroll_x, view), last)
            placed = {one.column: one for one in layout.visible(x, view)}
            room = view - placed[column].x
            assert placed[column].width == min(width + 2, room)
            assert room >= width + 2 or placed[column].x == layout.visible(x, view)[layout.fixed(view)].x


@pytest.mark.parametrize("view", [1, 5, 20, 80])
def test_columns_stand_side_by_side_and_never_beyond_the_view(view: int) -> None:
    layout = ColumnLayout(WIDTHS, 0, 2)
    for scroll_x in range(0, layout.width, 5):
        placed = layout.visible(scroll_x, view)
        assert placed[0].x == 0
        for before, after in pairwise(placed):
            assert after.x == before.x + before.width and after.column > before.column
        assert placed[-1].x + placed[-1].width <= view
        for x in range(placed[-1].x + placed[-1].width):
            column = layout.column_at(x, scroll_x, view)
            assert column in [one.column for one in placed]


def test_a_layout_without_columns_shows_none() -> None:
    layout = ColumnLayout([], 0, 1)
    assert layout.visible(0, 80) == [] and layout.width == 0
    assert layout.column_at(0, 0, 80) is None


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([1.0, 20.0], ["1", "20"]),
        ([1.5, 2.25], ["1.50", "2.25"]),
        ([1 / 3, 2 / 3], ["0.3333", "0.6667"]),
        ([100 / 3, 1e16], ["33.33", "1e16"]),
        ([12_345 / 7, -0.0], ["1,763.57", "0.00"]),
        ([1e-9, 2e-9], ["1e-9", "2e-9"]),
        ([float("inf"), float("nan"), None], ["∞", "NaN", None]),
    ],
)
def test_numbers_of_a_column_have_the_decimals_they_need(values: list[float], written: list[str]) -> None:
    assert cells(values, format_of(pl.Float64(), values)) == written


@pytest.mark.parametrize("width", range(12))
@pytest.mark.parametrize("text", ["", "a", "abcdefghij", "日本茶煎茶", "👩👩👩👩", "e\u0301" * 12])
def test_a_text_fits_exactly(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width
    assert cell_len(fit(text, width, is_right_aligned=True, is_whole=True)) == width
