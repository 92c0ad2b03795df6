"""Blocks in words and tables: what the renderers of Markdown, HTML and workbooks share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from segtui.api import Axis, Bars, Delivery, Figure, Flow, Grid, Heatmap, Lines, Scatter, Segmentation, Text
from segtui.api.report import Value
from segtui.api.text import NONE, file_name, number, percents, safe

LONGEST = 2_000
MARKS = {-1: " ▼", 0: "", 1: " ▲"}

TableBlock = Grid | Bars | Heatmap | Lines | Scatter | Flow


@dataclass(frozen=True)
class Cell:
    """One cell: its value, and how it is shown."""

    value: Value
    shown: str
    decimals: int | None = None


@dataclass(frozen=True)
class Sheet:
    """A block as a table with one header row and labels in its first column; all its texts are safe."""

    title: str
    header: tuple[str, ...]
    labels: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]


def shown(value: Value, decimals: int | None = None, unit: str = "") -> str:
    """A value in words: numbers with thousands marks and unit, dates in ISO form, texts safe."""
    if isinstance(value, bool) or value is None or isinstance(value, (str, date)):
        words = safe(value, LONGEST)
    else:
        words = number(float(value), 0 if decimals is None and isinstance(value, int) else decimals)
    return f"{words} {safe(unit)}" if unit and words != NONE else words


def figure_words(figure: Figure) -> str:
    """A figure's value with its unit."""
    return shown(figure.value, figure.decimals, figure.unit)


def text_words(text: Text) -> str:
    """A text with its figures filled in."""
    parts = re.split(r"\{(\w+)\}", text.template)
    return "".join(
        figure_words(text.figures[part]) if place % 2 else safe(part, 20_000) for place, part in enumerate(parts)
    )


def title_of(block: Any) -> str:
    """The safe title of a block, empty where it has none."""
    return safe(getattr(block, "title", ""))


def named(text: str, unit: str) -> str:
    """A label with its unit."""
    return f"{safe(text)} ({safe(unit)})" if unit else safe(text)


def as_sheet(block: TableBlock) -> Sheet:
    """Any block with numbers, as one table."""
    match block:
        case Grid() | Heatmap():
            return _grid(block)
        case Bars():
            bars = tuple((_cell(value, None),) for value in block.values)
            return Sheet(title_of(block), ("", safe(block.unit) or "value"), _safe(block.labels), bars)
        case Flow():
            cells = tuple(tuple(_cell(count, 0) for count in row) for row in block.counts)
            return Sheet(title_of(block), ("from \\ to", *_safe(block.targets)), _safe(block.sources), cells)
        case Lines():
            columns: list[tuple[str, Sequence[Value]]] = []
            for series in block.series:
                columns.append((safe(series.name), series.values))
                if series.low is not None and series.high is not None:
                    columns += [(f"{safe(series.name)}, low", series.low), (f"{safe(series.name)}, high", series.high)]
            cells = tuple(tuple(_cell(values[row], None) for _, values in columns) for row in range(len(block.x)))
            header = (safe(block.x_title), *(name for name, _ in columns))
            return Sheet(title_of(block) or safe(block.y_title), header, tuple(shown(x) for x in block.x), cells)
        case Scatter():
            groups = block.groups or ("",) * len(block.x)
            points = tuple((_cell(x, None), _cell(y, None)) for x, y in zip(block.x, block.y, strict=True))
            header = ("group", safe(block.x_title) or "x", safe(block.y_title) or "y")
            return Sheet(title_of(block), header, _safe(groups), points)


def _grid(block: Grid | Heatmap) -> Sheet:
    marks = block.marks if isinstance(block, Grid) else None
    rows = []
    for row, values in enumerate(block.values):
        cells = []
        for column, value in enumerate(values):
            of_row, of_column = _decimals(block.rows, row), _decimals(block.columns, column)
            decimals = of_column if of_column is not None else of_row
            cells.append(_cell(value, decimals, MARKS[marks[row][column]] if marks else ""))
        rows.append(tuple(cells))
    return Sheet(title_of(block), (safe(block.rows.title), *_labels(block.columns)), _labels(block.rows), tuple(rows))


def _cell(value: Value, decimals: int | None, mark: str = "") -> Cell:
    return Cell(value, shown(value, decimals) + mark, 0 if decimals is None and isinstance(value, int) else decimals)


def _decimals(axis: Axis, place: int) -> int | None:
    return axis.decimals[place] if axis.decimals else None


def _labels(axis: Axis) -> tuple[str, ...]:
    units = axis.units or ("",) * len(axis.labels)
    return tuple(named(label, unit) for label, unit in zip(axis.labels, units, strict=True))


def _safe(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(safe(text) for text in texts)


def account_lines(segmentation: Segmentation) -> list[tuple[str, int]]:
    """The account of a segmentation, line by line: total, what was left out and why, what was used."""
    account = segmentation.account
    left = [(safe(count.text), -count.rows) for count in account.dropped]
    return [(safe(account.what) or "customers", account.total), *left, ("assigned to a segment", account.used)]


def shares(segmentation: Segmentation) -> list[str]:
    """Each segment's share of the customers that were assigned, adding up to 100."""
    return percents([segment.size for segment in segmentation.segments], 1)


def written_name(delivery: Delivery, what: str) -> str:
    """The file name of `what` in a delivery, after its title."""
    return file_name(f"{delivery.title[:100]}-{what}")
