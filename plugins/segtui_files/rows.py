"""Many rows into the sheets of a workbook.

xlsxwriter makes the workbook and all about its sheets but the rows, in memory. These go straight into the XML of their
sheets while the file is written, since a call for each cell takes ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP64_LIMIT, ZIP_DEFLATED, ZipFile

import polars as pl

from segtui.api import LimitError, Run
from segtui.api.text import plural

if TYPE_CHECKING:
    from xlsxwriter import Workbook

CREATED = datetime(2000, 1, 1)
"""A fixed date of creation, so that the same delivery gives the same bytes."""
ROWS_A_SHEET = 1_000_000
_MOST_COLUMNS = 16_384
_SLICE = 20_000


@dataclass(frozen=True)
class SheetRows:
    """The rows a sheet gets once its workbook is closed; `part` is the file in the workbook that holds the sheet."""

    part: str
    rows: pl.DataFrame


def new_workbook(into: BytesIO, **options: Any) -> Workbook:
    """A workbook in which no text becomes a formula, a link or a number."""
    from xlsxwriter import Workbook

    refused = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(into, {**refused, "nan_inf_to_errors": False, "in_memory": True, **options})
    book.set_properties({"created": CREATED, "title": "", "author": "segtui"})
    return book


def write_rows(frame: pl.LazyFrame, path: Path, run: Run) -> None:
    """The frame as a workbook of its own."""
    made = BytesIO()
    book = new_workbook(made)
    names = (f"assignments {number}" if number > 1 else "assignments" for number in count(1))
    sheets = add_rows(book, frame, names)
    book.close()
    write_workbook(made, sheets, path, run)


def add_rows(book: Workbook, frame: pl.LazyFrame, names: Iterator[str], footer: str = "") -> list[SheetRows]:
    """A sheet for the frame, or several where it is longer than a sheet, each with the next of `names`.

    Raises LimitError for more columns than a sheet has.
    """
    rows = frame.collect(engine="streaming")
    if rows.width > _MOST_COLUMNS:
        raise LimitError(f"A sheet of a workbook has {_MOST_COLUMNS:,} columns.", next_step="Export as CSV.")
    bold = {"bold": True, "bottom": 1}
    left, right = book.add_format({**bold, "indent": 1}), book.add_format({**bold, "align": "right"})
    text = book.add_format({"indent": 1})
    sheets = []
    for start in range(0, max(len(rows), 1), ROWS_A_SHEET):
        piece = rows.slice(start, ROWS_A_SHEET)
        sheet = book.add_worksheet(next(names))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.set_paper(9)
        sheet.set_footer(footer)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        if not rows.columns:
            continue
        for column, header in enumerate(rows.columns):
            is_number = rows[header].dtype.is_numeric()
            sheet.set_column(column, column, 16 if is_number else 34)
            sheet.write_blank(0, column, None, right if is_number else left)
        sheet.autofilter(0, 0, len(piece), rows.width - 1)
        if len(piece):
            sheet.write_blank(1, rows.width - 1, None, text)
        sheets.append(SheetRows(f"xl/worksheets/sheet{len(book.worksheets())}.xml", piece))
    return sheets


def write_workbook(made: BytesIO, sheets: Sequence[SheetRows], path: Path, run: Run) -> None:
    """The workbook that was made, as a file, with the rows in their sheets.

    Raises LimitError for a text too long for a cell, and for a sheet too large for a workbook.
    """
    waiting = {sheet.part: sheet.rows for sheet in sheets}
    total, done = sum(map(len, waiting.values())), 0
    with ZipFile(made) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            with target.open(name, "w") as part:
                if name not in waiting:
                    part.write(source.read(name))
                    continue
                size = 0
                for rows, xml in _filled(source.read(name), waiting[name]):
                    run.progress(done / max(total, 1), f"writing {plural(total, 'row')}")
                    done, size = done + rows, size + len(xml)
                    _check_size(size)
                    part.write(xml)


def _filled(sheet: bytes, rows: pl.DataFrame) -> Iterator[tuple[int, bytes]]:
    """The XML of a sheet with the rows, piece by piece, each with the number of rows in it.

    What the sheet holds are blank cells: the header's, and below it one with the style of texts. xlsxwriter goes
    through all rows up to the last that it knows of, so it is told of these two; the sheet's extent is corrected here.
    """
    from segtui_files.sheet_xml import rows_as_xml

    start, opening, rest = sheet.partition(b"<sheetData>")
    blank, closing, end = rest.partition(b"</sheetData>")
    start = re.sub(rb'(?<=<dimension ref="A1:)([A-Z]+)\d+', rb"\g<1>%d" % (len(rows) + 1), start)
    styles = [style.decode() for style in re.findall(rb'<c r="\w+" s="(\d+)"/>', blank)]
    header = pl.DataFrame({name: [name] for name in rows.columns})
    yield 0, start + opening + rows_as_xml(header, 1, styles)
    for at in range(0, len(rows), _SLICE):
        piece = rows.slice(at, _SLICE)
        yield len(piece), rows_as_xml(piece, at + 2, [styles[-1]] * rows.width)
    yield 0, closing + end


def _check_size(size: int) -> None:
    """Larger parts need ZIP64, and a workbook with ZIP64 is one that Excel wants to repair."""
    if size > ZIP64_LIMIT:
        raise LimitError("A sheet of a workbook holds 2 GiB.", next_step="Export as CSV, or with fewer columns.")
