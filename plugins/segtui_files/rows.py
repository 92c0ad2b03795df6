"""Many rows into the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from segtui.api import LimitError, Run
from segtui.api.text import plural

if TYPE_CHECKING:
    from xlsxwriter import Workbook

CREATED = datetime(2000, 1, 1)
"""A fixed date of creation, so that the same delivery gives the same bytes."""
ROWS_A_SHEET = 1_000_000
_LONGEST_CELL = 32_767
_SLICE = 20_000


def new_workbook(path: Path, **options: Any) -> Workbook:
    """A workbook in which no text becomes a formula, a link or a number."""
    from xlsxwriter import Workbook

    refused = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(str(path), {**refused, "nan_inf_to_errors": False, **options})
    book.set_properties({"created": CREATED, "title": "", "author": "segtui"})
    return book


def write_rows(frame: pl.LazyFrame, path: Path, run: Run) -> None:
    """The frame as a workbook of its own."""
    book = new_workbook(path, constant_memory=True, tmpdir=str(path.parent))
    names = (f"assignments {number}" if number > 1 else "assignments" for number in count(1))
    add_rows(book, frame, names, run)
    book.close()


def add_rows(book: Workbook, frame: pl.LazyFrame, names: Iterator[str], run: Run, footer: str = "") -> None:
    """The frame as one sheet, or several where it is longer than a sheet, each with the next of `names`.

    Raises LimitError for a text too long for a cell.
    """
    rows = frame.collect(engine="streaming")
    longest = max((rows[c].str.len_chars().max() or 0 for c in rows.columns if rows[c].dtype == pl.String), default=0)
    if isinstance(longest, int) and longest > _LONGEST_CELL:
        raise LimitError(f"A cell of a workbook holds {_LONGEST_CELL:,} characters.", next_step="Export as CSV.")
    bold = {"bold": True, "bottom": 1}
    left, right = book.add_format({**bold, "indent": 1}), book.add_format({**bold, "align": "right"})
    text = book.add_format({"indent": 1})
    for start in range(0, max(len(rows), 1), ROWS_A_SHEET):
        sheet = book.add_worksheet(next(names))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.set_paper(9)
        sheet.set_footer(footer)
        for column, header in enumerate(rows.columns):
            is_number = rows[header].dtype.is_numeric()
            sheet.set_column(column, column, 16 if is_number else 34)
            sheet.write_string(0, column, header, right if is_number else left)
        piece = rows.slice(start, ROWS_A_SHEET)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        if rows.columns:
            sheet.autofilter(0, 0, len(piece), len(rows.columns) - 1)
        for at in range(0, len(piece), _SLICE):
            run.progress(at / len(piece), f"writing {plural(len(rows), 'row')}")
            for row, values in enumerate(piece.slice(at, _SLICE).iter_rows(), start=at + 1):
                for column, value in enumerate(values):
                    if isinstance(value, (int, float)):
                        sheet.write_number(row, column, value)
                    elif value is not None:
                        sheet.write_string(row, column, str(value), text)
