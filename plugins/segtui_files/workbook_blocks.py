"""The blocks of a report on a sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from segtui.api import Bars, Block, Figures, Flow, Lines, Outcome, Report, Scatter, Text, Tone, Verdict
from segtui.api.text import NONE, safe
from segtui_files.words import (
    HIDDEN,
    MARKS,
    OUTCOMES,
    Cell,
    PlainTable,
    as_table,
    figure_words,
    is_drawable,
    text_words,
)
from segtui_files.workbook_book import SOFT, Page
from segtui_files.workbook_charts import chart

_ABOVE, _BELOW, _MIDDLE = "#7FB3D5", "#EDB183", "#FFFFFF"
_TONES: dict[Tone, dict[str, Any]] = {
    Tone.NOTE: {"italic": True, "font_color": SOFT},
    Tone.WARNING: {"bg_color": "#FFF3D6"},
}
_COLOURS = {Outcome.PASS: "#DDF3EA", Outcome.WARN: "#FFF3D6", Outcome.FAIL: "#FBE0D2"}
_MOST_DECIMALS = 4
_EM_SPACE = "\u2003"
"""As wide as a mark."""


def draw_report(page: Page, report: Report) -> None:
    """All blocks, then the notes."""
    lead: int | None = None
    for block in report.blocks:
        start = page.row
        _draw(page, block)
        if isinstance(block, (Verdict, Figures)) or (isinstance(block, Text) and block.tone is Tone.HEADING):
            lead = start if lead is None else lead
        else:
            page.keep(start if lead is None else lead)
            lead = None
    for note in report.notes:
        page.paragraph(text_words(note), italic=True, font_color=SOFT)
    tables = [block for block in report.blocks if not isinstance(block, (Text, Verdict, Figures))]
    if len(tables) == 1 and page.first_cell is not None:
        page.sheet.freeze_panes(page.first_cell, 1)
        page.sheet.repeat_rows(0, page.first_cell - 1)


def first_words(report: Report) -> str:
    """What a report begins with, for the list of sheets."""
    said = (block for block in report.blocks if isinstance(block, Text) and block.tone is Tone.BODY)
    return safe(next((text_words(text) for text in said), "report"), 90)


def _draw(page: Page, block: Block) -> None:
    match block:
        case Text(tone=Tone.HEADING):
            page.row += 1
            page.heading(text_words(block), 14)
        case Text():
            careful = f"{OUTCOMES[Outcome.WARN]} " if block.tone is Tone.WARNING else ""
            page.paragraph(careful + text_words(block), **_TONES.get(block.tone, {}))
        case Verdict():
            words = f"{OUTCOMES[block.outcome]} {text_words(block.text)}"
            page.paragraph(words, bg_color=_COLOURS[block.outcome])
            page.row += 1
        case Figures():
            _figures(page, block)
        case _:
            page.row += 1
            table = as_table(block)
            if table.title:
                page.heading(table.title)
            top = page.row
            draw_table(page, table, has_gaps=isinstance(block, Lines))
            if isinstance(block, (Bars, Lines, Scatter, Flow)) and table.labels:
                page.row = max(page.row, chart(page, block, table, top))
            page.row += 1


def _figures(page: Page, block: Figures) -> None:
    if block.title:
        page.heading(safe(block.title))
    for figure in block.figures:
        page.text(0, safe(figure.name), font_color=SOFT)
        gone = {"italic": True, "font_color": SOFT} if figure.value == HIDDEN else {"bold": True}
        page.text(1, figure_words(figure), most=24, align="right", **gone)
        page.next_row()


def draw_table(page: Page, table: PlainTable, has_gaps: bool = False) -> None:
    """Header, labels and cells; with gaps, unknown cells stay empty, so that a chart breaks its line there."""
    page.header(table.header)
    top, columns = page.row, range(len(table.header) - 1)
    marked = [any(row[column].mark for row in table.cells) for column in columns]
    decimals = [None if table.by_rows else _decimals([row[column] for row in table.cells]) for column in columns]
    page.first_cell = page.first_cell or top
    for place, (label, cells) in enumerate(zip(table.labels, table.cells, strict=True)):
        is_sum = table.has_sums and place == len(table.labels) - 1
        look: dict[str, Any] = {"bold": True, "top": 1, "top_color": SOFT} if is_sum else {}
        _label(page, label, **look)
        for column in columns:
            if cells[column].value is not None or not has_gaps:
                _cell(page, column + 1, cells[column], decimals[column], marked[column], **look)
        page.next_row()
    for column in columns if table.middles and table.cells else ():
        middle, reach = table.middles[column], table.reach(column)
        if middle is not None and reach > 0:
            page.sheet.conditional_format(top, column + 1, page.row - 1, column + 1, _scale(middle, reach))


def _scale(middle: float, reach: float) -> dict[str, Any]:
    ends = {"min_color": _BELOW, "mid_color": _MIDDLE, "max_color": _ABOVE}
    types = {f"{end}_type": "num" for end in ("min", "mid", "max")}
    return {
        "type": "3_color_scale",
        "min_value": middle - reach,
        "mid_value": middle,
        "max_value": middle + reach,
        **ends,
        **types,
    }


def _label(page: Page, label: Cell, **look: Any) -> None:
    if isinstance(label.value, date):
        page.need(0, 14)
        page.sheet.write_datetime(page.row, 0, label.value, page.book.look(num_format="yyyy-mm-dd", align="left"))
    elif label.number is not None:
        page.number(0, label.number, number_format(label.decimals), **{**look, "align": "left"})
    else:
        page.text(0, label.shown, **look)


def _cell(page: Page, column: int, cell: Cell, decimals: int | None, is_marked: bool, **look: Any) -> None:
    if cell.number is not None and is_drawable(cell.number):
        shape = number_format(cell.decimals if decimals is None else decimals, cell.mark, is_marked)
        page.number(column, cell.number, shape, **look)
    elif cell.value == HIDDEN or cell.shown == NONE:
        page.text(column, cell.shown, align="right", italic=cell.value == HIDDEN, font_color=SOFT)
    else:
        page.text(column, cell.shown, most=24, align="right", **look)


def _decimals(cells: Sequence[Cell]) -> int:
    """The decimals of a column: of all its cells where they agree, else so many that the largest number has three
    digits, and the smallest one at least."""
    numbers = [abs(cell.number) for cell in cells if cell.number]
    used = {cell.decimals for cell in cells if cell.number is not None}
    if len(used) < 2 or not numbers:
        return max(used, default=0)
    decimals = min(max(2 - math.floor(math.log10(max(numbers))), 0), _MOST_DECIMALS)
    while decimals < _MOST_DECIMALS and round(min(numbers), decimals) == 0:
        decimals += 1
    return decimals


def number_format(decimals: int, mark: int = 0, is_marked: bool = False) -> str:
    """A number format with thousands marks and so many decimals; in a marked column the mark, or as much room, stands
    behind the number."""
    shape = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{shape}" {MARKS[mark] or _EM_SPACE}"' if is_marked else shape
