"""Sheets of one look: formats, legal names, page set-up, widths from content, paragraphs as high as they need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format

from segtui.api import Run
from segtui.api.text import safe
from segtui_files.neutral import neutral
from segtui_files.rows import CREATED, SheetRows, add_rows, new_workbook, write_workbook
from segtui_files.workbook_layout import column_points, line_count, page_breaks, text_width

BLUE, SOFT, RULE = "#0072B2", "#5B6675", "#C9D1DA"
FONT = {"font_name": "Arial", "font_size": 10}
LINE = 13.5
"""Points a line of text takes."""
PIXELS_A_ROW = 20
_TEXT_WIDTH = 110.0
_DEFAULT_WIDTH = 8.43
FIRST = 2
"""The row below the title in which drawing begins."""
_LEAST_WIDTH, _MOST_WIDTH = 10.0, 46.0
_LONGEST_CELL = 32_000
_LONGEST_NAME = 28


@dataclass
class Book:
    """One workbook while it is drawn. `held` lists its sheets with what they hold."""

    path: Path
    title: str
    made: date | None = None
    held: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._made = BytesIO()
        self.file: Workbook = new_workbook(self._made, default_format_properties=dict(FONT))
        created = datetime(self.made.year, self.made.month, self.made.day) if self.made else CREATED
        self.file.set_properties(
            {"title": self.title[:200], "subject": "Customer segmentation", "author": "segtui", "created": created}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._pages: list[Page] = []
        self._rows: list[SheetRows] = []

    @property
    def footer(self) -> str:
        """The title on the left, the page on the right; an ampersand would start a code."""
        title = re.sub(r"&(?=[G\[])", "＆", safe(self.title, 60)).replace("&", "&&")
        return f'&L&8&"Arial,Regular"{title}&R&8&"Arial,Regular"&P of &N'

    def look(self, **facts: Any) -> Format:
        """A format, made once."""
        key = tuple(sorted(facts.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format({**FONT, "valign": "vcenter", **facts})
        return self._formats[key]

    def free_name(self, wanted: str) -> str:
        """A name for a sheet: not taken, of characters Excel allows, and at most 31 of its UTF-16 units long."""
        kept = "".join("_" if character in "[]:*?/\\'" else character for character in safe(wanted)).strip()
        kept = _cut(kept, _LONGEST_NAME) or "sheet"
        if kept.casefold() == "history":
            kept = "history_"
        taken = {name.casefold() for name, _ in self.held}
        name, number = kept, 2
        while name.casefold() in taken:
            name, number = f"{_cut(kept, _LONGEST_NAME - 4)} {number}", number + 1
        return name

    def free_names(self, wanted: str, holds: str) -> Iterator[str]:
        """Names for as many sheets as are asked for."""
        while True:
            name = self.free_name(wanted)
            self.held.append((name, holds))
            yield name

    def page(self, wanted: str, holds: str) -> Page:
        """A new sheet."""
        name = next(self.free_names(wanted, holds))
        page = Page(self, name, safe(wanted))
        self._pages.append(page)
        return page

    def rows(self, wanted: str, holds: str, frame: pl.LazyFrame) -> None:
        """The frame on a sheet of its own, or on several where it is longer than a sheet."""
        self._rows += add_rows(self.file, frame, self.free_names(wanted, holds), self.footer)

    def close(self, run: Run) -> None:
        """Lay out every page, and write the file."""
        for page in self._pages:
            page.lay_out()
        self.file.close()
        write_workbook(self._made, self._rows, self.path, run)


def _shown(words: str) -> str:
    """The words as no formula and no markup: what stands between <r> and </r> xlsxwriter would write as it is."""
    words = neutral(words)
    return f"{words} " if words.startswith("<r>") and words.endswith("</r>") else words


def _cut(name: str, units: int) -> str:
    while len(name.encode("utf-16-le", "replace")) > 2 * units:
        name = name[:-1]
    return name.strip()


class Page:
    """One sheet, drawn from top to bottom; `row` is the next free one."""

    def __init__(self, book: Book, name: str, title: str) -> None:
        self.book, self.name, self.row = book, name, FIRST
        self.widths: dict[int, float] = {}
        self.heights: dict[int, float] = {}
        self.first_cell: int | None = None
        """The first row with cells of a table, below its header."""
        self._lines = 1
        self._blocks: list[tuple[int, int]] = []
        self._charts: list[tuple[int, float]] = []
        self._paragraphs: list[tuple[int, int, int, str, dict[str, Any]]] = []
        self.sheet = book.file.add_worksheet(name)
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.set_margins(0.5, 0.5, 0.55, 0.65)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer(book.footer)
        self.sheet.repeat_rows(0)
        self.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self.title(title)

    def title(self, words: str, size: int = 16) -> None:
        """The title in the first row."""
        self._height(0, size * 1.6)
        self.sheet.write_string(0, 0, _shown(words), self.book.look(bold=True, font_size=size, font_color=BLUE))

    def text(self, column: int, words: str, most: float = _MOST_WIDTH, **look: Any) -> None:
        """A text in the current row, wrapped within `most`; its column becomes as wide as it needs."""
        room = (2.0 if look.get("indent") else 0.0) + 1.5
        self.need(column, min(text_width(words) + room, most))
        self._lines = max(self._lines, line_count(words, most - room))
        look = {"text_wrap": True, **look}
        self.sheet.write_string(self.row, column, _shown(words[:_LONGEST_CELL]), self.book.look(**look))

    def number(self, column: int, value: float, shape: str = "#,##0", **look: Any) -> None:
        """A number in the current row."""
        self.need(column, len(f"{value:,.0f}") + len(shape.partition(".")[2]) + 4)
        self.sheet.write_number(
            self.row, column, value, self.book.look(**{"num_format": shape, "align": "right", **look})
        )

    def next_row(self) -> None:
        """The current row is done, and as high as its texts."""
        self._height(self.row, LINE * self._lines + 2.5)
        self.row, self._lines = self.row + 1, 1

    def heading(self, words: str, size: int = 12) -> None:
        """A heading, in a row of its own."""
        self._height(self.row, size * 1.7)
        look = self.book.look(bold=True, font_size=size, valign="vcenter")
        self.sheet.write_string(self.row, 0, _shown(words), look)
        self.row += 1

    def header(self, names: tuple[str, ...], left: frozenset[int] = frozenset({0}), room: float = 13.0) -> None:
        """A row of names above a table, wrapped within `room`; those in `left` stand to the left."""
        for column, name in enumerate(names):
            longest = max(map(text_width, re.split(r"[ -]", name)))
            self.need(column, min(max(min(text_width(name), room), longest) * 1.1 + 2, _MOST_WIDTH))
            side = {"align": "left", "indent": min(column, 1)} if column in left else {"align": "right"}
            ruled = {"bold": True, "font_color": SOFT, "bottom": 1, "bottom_color": SOFT}
            self.text(column, name, self.widths[column], valign="bottom", **ruled, **side)
        self.next_row()

    def need(self, column: int, width: float) -> None:
        """Make a column at least so wide."""
        self.widths[column] = max(self.widths.get(column, _LEAST_WIDTH), width)

    def paragraph(self, words: str, first: int = 0, **look: Any) -> None:
        """A text across the columns from `first` on, in a row of its own as high as it needs."""
        self._paragraphs.append((self.row, first, self._lines, words[:_LONGEST_CELL], look))
        self.row, self._lines = self.row + 1, 1

    def keep(self, first: int) -> None:
        """What was drawn from row `first` on stays on one printed page where it fits."""
        self._blocks.append((first, self.row))

    def insert_chart(self, column: int, drawn: Chart, description: str) -> int:
        """A chart at the current row; returns the row below it."""
        place = {"x_offset": 18, "y_offset": 6, "description": description, "object_position": 1}
        self.sheet.insert_chart(self.row, column, drawn, place)
        self._charts.append((column, (int(drawn.width) + 18) * 0.75))
        return self.row + 2 + int(drawn.height) // PIXELS_A_ROW

    def lay_out(self) -> None:
        """Set widths, write the paragraphs, whose height depends on them, and end printed pages between blocks."""
        for column, width in self.widths.items():
            self.sheet.set_column(column, column, width)
        for paragraph in self._paragraphs:
            self._write_paragraph(*paragraph)
        ends = [self._across(column) + wide for column, wide in self._charts]
        across = max([self._across(max(self.widths, default=0) + 1), *ends])
        breaks = page_breaks(self._blocks, self.heights, across, repeated=1, drawn=FIRST)
        if breaks:
            self.sheet.set_h_pagebreaks(breaks)

    def _write_paragraph(self, row: int, first: int, least: int, words: str, look: dict[str, Any]) -> None:
        last, width = first, self._width(first)
        while width < _TEXT_WIDTH - sum(self._width(column) for column in range(first)):
            last += 1
            width += self._width(last)
        shape = self.book.look(text_wrap=True, **look)
        if last > first:
            self.sheet.merge_range(row, first, row, last, "", shape)
        self.sheet.write_string(row, first, _shown(words), shape)
        size = look.get("font_size", FONT["font_size"]) / FONT["font_size"]
        lines = max(line_count(words, (width - 1) / size), least)
        self._height(row, min(LINE * size * lines + (4 if lines > 1 else 2.5), 400))

    def _width(self, column: int) -> float:
        return self.widths.get(column, _DEFAULT_WIDTH)

    def _across(self, columns: int) -> float:
        return sum(column_points(self._width(column)) for column in range(columns))

    def _height(self, row: int, points: float) -> None:
        self.heights[row] = points
        self.sheet.set_row(row, points)
