"""The sheets around the reports: cover, sizes and notes."""

from __future__ import annotations

from typing import Any

from segtui.api import LeavingSegmentation
from segtui_files.cover import Cover, Fact
from segtui_files.neutral import neutral
from segtui_files.sizes import SizeRow, size_rows, total_row
from segtui_files.words import HIDDEN, named
from segtui_files.workbook_book import BLUE, SOFT, Page
from segtui_files.workbook_charts import sizes_chart

_LINK = "internal:'{}'!A1"
_FACTS = 1
_MANY_SHEETS = 25
_LETTER = 5.0
BARS = {
    "type": "data_bar",
    "bar_color": "#A9CCE3",
    "bar_solid": True,
    "bar_no_border": True,
    "min_type": "num",
    "min_value": 0,
}


def draw_cover(page: Page, around: Cover) -> None:
    """Title, brief, dates, all sheets, the account, inputs and privacy. Drawn last, when all sheets are known."""
    page.sheet.set_portrait()
    page.sheet.fit_to_pages(1, 1 if len(page.book.held) < _MANY_SHEETS else 0)
    page.title(around.title, 22)
    page.row = 1
    page.text(0, "Customer segmentation", font_color=SOFT)
    page.row = 3
    page.need(0, 34)
    page.need(1, 15)
    for words in around.brief:
        page.paragraph(words, font_size=12)
    page.row += bool(around.brief)
    _facts(page, around.facts)
    page.heading("What this workbook holds")
    for name, holds in page.book.held[1:]:
        look = page.book.look(font_color=BLUE, underline=1)
        page.sheet.write_url(page.row, 0, _LINK.format(name), look, neutral(name))
        page.paragraph(holds, first=_FACTS, font_color=SOFT)
    page.row += 1
    for lines in around.accounts:
        page.heading(f"How the number of {lines[-1].words.partition(' ')[0]} comes about")
        for place, line in enumerate(lines):
            last: dict[str, Any] = {"bold": True, "top": 1, "top_color": SOFT} if place == len(lines) - 1 else {}
            page.text(0, line.words, **last)
            page.number(1, line.rows, **last)
            page.next_row()
        page.row += 1
    if around.inputs:
        _inputs(page, around)
    if around.privacy:
        page.heading("What may leave")
        _facts(page, around.privacy)


def _facts(page: Page, facts: tuple[Fact, ...]) -> None:
    for fact in facts:
        page.text(0, fact.name, font_color=SOFT)
        page.paragraph(fact.words, first=_FACTS)
    page.row += bool(facts)


def _inputs(page: Page, around: Cover) -> None:
    page.heading("Files that were read")
    page.header(("file", "rows", "unreadable rows", "size", "SHA-256 starts with"), frozenset({0, 4}))
    for line in around.inputs:
        words = line.file if line.file == line.name else f"{line.file} ({line.name})"
        page.text(0, words)
        for column, rows in ((1, line.rows), (2, line.rejected)):
            if rows is not None:
                page.number(column, rows)
        page.text(3, line.size, align="right")
        page.text(4, line.digest, indent=1)
        page.next_row()
    page.row += 1


def draw_sizes(page: Page, segmentations: tuple[LeavingSegmentation, ...], around: Cover) -> None:
    """One table a segmentation, with bars in the cells, and a chart below it."""
    page.title("Segments and their sizes")
    for one in segmentations:
        first = page.row
        page.heading(named(around.heading(one.id), one.method_title))
        top, rows = page.row + 1, size_rows(one)
        says = [any(row.rule for row in rows), any(row.description for row in rows)]
        names = ("", "segment", "customers", "share", "rule", "description")
        page.header(names[: 6 if says[1] else 5 if says[0] else 4], frozenset({0, 1, 4, 5}))
        for row in rows:
            _size(page, row)
        if rows:
            page.sheet.conditional_format(top, 2, page.row - 1, 2, BARS)
        _size(page, total_row(one), bold=True, top=1, top_color=SOFT)
        page.row += 1
        if rows:
            sizes_chart(page, rows, top)
        page.keep(first)
        page.row += 1
    page.need(2, 16)
    page.widths[0] = _LETTER
    if len(segmentations) == 1:
        page.sheet.freeze_panes(top, 0)


def _size(page: Page, row: SizeRow, **look: Any) -> None:
    gone = {**look, "align": "right", "italic": True, "font_color": SOFT}
    page.text(0, row.letter, **{"bold": True, **look})
    page.text(1, row.name, most=34, **look)
    if row.customers is None:
        page.text(2, HIDDEN, **gone)
    else:
        page.number(2, row.customers, **look)
    if row.percent is None:
        page.text(3, row.shown_share, **gone)
    else:
        page.number(3, round(row.percent / 100, 5), "0.0%" if row.decimals else "0%", **look)
    if row.rule:
        page.text(4, row.rule, most=60, indent=1, **look)
    if row.description:
        page.text(5, row.description, most=40, indent=1, **look)
    page.next_row()


def draw_notes(page: Page, around: Cover) -> None:
    """Steps of the recipe, methods with parameters and notes, notes on the data, versions."""
    page.title("Notes")
    page.need(0, 34)
    if around.steps:
        page.heading("Steps of the recipe")
        page.header(("step", "rows in", "rows out", "table"), frozenset({0, 3}))
        for step in around.steps:
            page.text(0, step.words)
            for column, rows in ((1, step.rows_in), (2, step.rows_out)):
                if rows is not None:
                    page.number(column, rows)
            page.text(3, step.table, indent=1)
            page.next_row()
        page.row += 1
    for method in around.methods:
        first = page.row
        page.heading(f"Segmentation: {method.name}")
        _facts(page, method.facts)
        for note in method.notes:
            page.paragraph(note, italic=True, font_color=SOFT)
        page.row += bool(method.notes)
        page.keep(first)
    if around.notes:
        page.heading("Notes on the data")
        for note in around.notes:
            page.paragraph(note)
        page.row += 1
    if around.versions:
        first = page.row
        page.heading("Versions")
        _facts(page, around.versions)
        page.keep(first)
