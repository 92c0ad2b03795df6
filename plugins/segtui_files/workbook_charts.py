"""Native charts beside or below the cells they draw."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from xlsxwriter.chart import Chart

from segtui.api import Bars, Flow, Lines, Scatter
from segtui.api.text import safe
from segtui_files.neutral import neutral
from segtui_files.sizes import SizeRow
from segtui_files.words import HIDDEN, PlainTable, is_drawable
from segtui_files.workbook_book import BLUE, FONT, RULE, SOFT, Page

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8A6FC9", "#7F8A97")
_FONT = {"name": FONT["font_name"], "size": 9, "color": SOFT}
_GRID = {"visible": True, "line": {"color": RULE}}
_SIZE = (640, 320)
_MOST_BARS = 40
_MOST_SERIES = 40
"""Beyond so many a chart says nothing; its table is there."""


def chart(page: Page, block: Bars | Lines | Scatter | Flow, table: PlainTable, top: int) -> int:
    """Draw a block to the right of its table, whose header is in row `top`; returns the row below the chart."""
    first, last = top + 1, top + len(table.labels)
    match block:
        case Bars():
            drawn = _bars(page, first, last)
            values = [0.0, *filter(is_drawable, block.values)]
            low, high = min(values), max(values)
            if low < 0:
                room = 0.15 * (high - low)
                drawn.set_x_axis(_axis(visible=False, min=low - room, max=high + room))
        case Flow():
            drawn = _flow(page, table, first, last)
        case Lines():
            drawn = _lines(page, block, table, first, last)
        case Scatter():
            drawn = _scatter(page, table, first)
    if not 0 < len(drawn.series) <= _MOST_SERIES:
        return page.row
    end, page.row = page.row, top
    below = page.insert_chart(len(table.header), drawn, table.title or "Chart")
    page.row = end
    return below


def sizes_chart(page: Page, rows: tuple[SizeRow, ...], first: int) -> None:
    """Customers by segment, below the table that starts in row `first`; a size that is hidden says so."""
    said = [{"value": HIDDEN} if row.customers is None else None for row in rows]
    drawn = _bars(page, first, first + len(rows) - 1, label=1, said=said if any(said) else [])
    page.row = page.insert_chart(0, drawn, "Customers by segment")


def _new(page: Page, kind: str, subtype: str | None = None, height: int = _SIZE[1]) -> Chart:
    drawn = page.book.file.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})
    drawn.set_size({"width": _SIZE[0], "height": height})
    drawn.set_chartarea({"border": {"none": True}})
    drawn.set_title({"none": True})
    drawn.set_legend({"position": "bottom", "font": _FONT})
    return drawn


def _axis(title: str = "", **facts: Any) -> dict[str, Any]:
    name = {"name": neutral(safe(title, 120)), "name_font": {**_FONT, "bold": False}} if title else {}
    return {"num_font": _FONT, "line": {"color": RULE}, "major_gridlines": {"visible": False}, **name, **facts}


def _bars(page: Page, first: int, last: int, label: int = 0, said: list[dict[str, str] | None] | None = None) -> Chart:
    """A bar for each row, with its value; `said` replaces values by words."""
    drawn = _new(page, "bar", height=36 + 18 * min(last - first + 1, _MOST_BARS))
    labels = {"value": True, "font": _FONT, **({"custom": said} if said else {})}
    drawn.add_series(
        {
            "categories": [page.name, first, label, last, label],
            "values": [page.name, first, label + 1, last, label + 1],
            "fill": {"color": BLUE},
            "gap": 45,
            "data_labels": labels,
        }
    )
    drawn.set_legend({"none": True})
    drawn.set_y_axis(_axis(reverse=True, label_position="low", major_tick_mark="none"))
    drawn.set_x_axis(_axis(visible=False))
    return drawn


def _flow(page: Page, table: PlainTable, first: int, last: int) -> Chart:
    """A bar for each source, divided by target."""
    drawn = _new(page, "bar", "stacked", 90 + 24 * min(last - first + 1, _MOST_BARS))
    for column in range(1, len(table.header))[: _MOST_SERIES + 1]:
        drawn.add_series(
            {
                "name": [page.name, first - 1, column],
                "categories": [page.name, first, 0, last, 0],
                "values": [page.name, first, column, last, column],
                "fill": {"color": COLOURS[(column - 1) % len(COLOURS)]},
                "gap": 45,
            }
        )
    drawn.set_y_axis(_axis(reverse=True, label_position="low", major_tick_mark="none", crossing="max"))
    drawn.set_x_axis(_axis(major_gridlines=_GRID, num_format="#,##0"))
    return drawn


def _lines(page: Page, block: Lines, table: PlainTable, first: int, last: int) -> Chart:
    """A line for each series, its band as two thin ones; over dates an axis of dates."""
    over_dates = any(isinstance(x, date) for x in block.x)
    drawn = _new(page, *(("line",) if over_dates else ("scatter", "straight_with_markers")))
    column = 1
    for place, series in enumerate(block.series[: _MOST_SERIES + 1]):
        colour = COLOURS[place % len(COLOURS)]
        thin = {"line": {"color": colour, "width": 0.75, "dash_type": "dash"}, "marker": {"type": "none"}}
        mark = {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"color": colour}}
        _series(drawn, page, first, last, column, line={"color": colour, "width": 2}, marker=mark)
        column += 1
        for _ in range(2 if series.low is not None and series.high is not None else 0):
            _series(drawn, page, first, last, column, **thin)
            column += 1
    dates = {"date_axis": True, "num_format": "yyyy-mm"} if over_dates else {"num_format": "General"}
    drawn.set_x_axis(_axis(block.x_title, **dates))
    largest = max((abs(cell.number or 0) for row in table.cells for cell in row), default=0)
    drawn.set_y_axis(_axis(block.y_title, major_gridlines=_GRID, num_format="#,##0" if largest >= 100 else "General"))
    drawn.show_blanks_as("gap")
    if len(block.series) == 1 and column == 2:
        drawn.set_legend({"none": True})
    return drawn


def _series(drawn: Chart, page: Page, first: int, last: int, column: int, **look: Any) -> None:
    places = {"categories": [page.name, first, 0, last, 0], "values": [page.name, first, column, last, column]}
    drawn.add_series({"name": [page.name, first - 1, column], **places, **look})


def _scatter(page: Page, table: PlainTable, first: int) -> Chart:
    """Points of each group, which lie together in the table."""
    drawn = _new(page, "scatter")
    groups = [(name, len(list(rows))) for name, rows in groupby(label.shown for label in table.labels)]
    for place, (_, rows) in enumerate(groups[: _MOST_SERIES + 1]):
        last, colour = first + rows - 1, COLOURS[place % len(COLOURS)]
        mark = {"type": "circle", "size": 7, "fill": {"color": colour}, "border": {"color": colour}}
        drawn.add_series(
            {
                "name": [page.name, first, 0],
                "categories": [page.name, first, 1, last, 1],
                "values": [page.name, first, 2, last, 2],
                "marker": mark,
            }
        )
        first = last + 1
    across, up = table.header[1:]
    drawn.set_x_axis(_axis(across))
    drawn.set_y_axis(_axis(up, major_gridlines=_GRID))
    if len(groups) == 1:
        drawn.set_legend({"none": True})
    return drawn
