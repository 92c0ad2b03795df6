"""Many rows into the sheets of a workbook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from segtui.api import LimitError, Run
from segtui.api.text import plural

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

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
    add_rows(book, frame, "assignments", run)
    book.close()


def add_rows(book: Workbook, frame: pl.LazyFrame, name: str, run: Run) -> None:
    """The frame as one sheet, or several where it is longer than a sheet. Raises LimitError for a text too long."""
    rows = frame.collect(engine="streaming")
    longest = max((rows[c].str.len_chars().max() or 0 for c in rows.columns if rows[c].dtype == pl.String), default=0)
    if isinstance(longest, int) and longest > _LONGEST_CELL:
        raise LimitError(f"A cell of a workbook holds {_LONGEST_CELL:,} characters.", next_step="Export as CSV.")
    bold = book.add_format({"bold": True, "bottom": 1})
    for part, start in enumerate(range(0, max(len(rows), 1), ROWS_A_SHEET)):
        sheet = book.add_worksheet(name if not part else f"{name[:27]} {part + 1}")
        sheet.freeze_panes(1, 0)
        for column, header in enumerate(rows.columns):
            sheet.set_column(column, column, 24)
            sheet.write_string(0, column, header, bold)
        piece = rows.slice(start, ROWS_A_SHEET)
        for at in range(0, len(piece), _SLICE):
            run.progress(at / len(piece), f"writing {plural(len(rows), 'row')}")
            for row, values in enumerate(piece.slice(at, _SLICE).iter_rows(), start=at + 1):
                for column, value in enumerate(values):
                    if isinstance(value, (int, float)):
                        sheet.write_number(row, column, value)
                    elif value is not None:
                        sheet.write_string(row, column, str(value))
