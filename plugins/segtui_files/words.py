"""Blocks in words and tables: what the renderers of Markdown, HTML and workbooks share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeGuard

from segtui.api import Additive, Axis, Bars, Figure, Flow, Grid, Heatmap, Lines, Outcome, Scatter, Text
from segtui.api.report import Value
from segtui.api.text import NONE, file_name, number, percents, safe

LONGEST = 2_000
MARKS = {-1: "▼", 0: "", 1: "▲"}
HIDDEN = "hidden"
"""What the privacy gate puts in place of a value that does not leave, and renderers in place of a size."""
OUTCOMES = {Outcome.PASS: "Passes.", Outcome.WARN: "Careful.", Outcome.FAIL: "Fails."}
INDEX_MIDDLE = 100.0
SUM = "sum"
_LARGEST = 1e300

TableBlock = Grid | Bars | Heatmap | Lines | Scatter | Flow


@dataclass(frozen=True)
class Cell:
    """One cell: its value, how it is shown, how many decimals are shown of a number, and its mark (-1, 0 or 1)."""

    value: Value
    shown: str
    decimals: int = 0
    mark: int = 0

    @property
    def number(self) -> float | None:
        """The value where it is a finite number."""
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)) or not math.isfinite(self.value):
            return None
        return self.value


@dataclass(frozen=True)
class PlainTable:
    """A block as a table with one header row and labels in its first column; all its texts are safe.

    `middles` holds for each column the value around which its cells are shaded, None where they are not. `has_sums`
    says that the last row holds sums, `by_rows` that each row has a unit of its own.
    """

    title: str
    header: tuple[str, ...]
    labels: tuple[Cell, ...]
    cells: tuple[tuple[Cell, ...], ...]
    middles: tuple[float | None, ...] = ()
    has_sums: bool = False
    by_rows: bool = False

    def reach(self, column: int) -> float:
        """How far from its middle a cell of a shaded column is shaded most: an index runs to twice its middle, other
        numbers as far as the farthest."""
        middle = self.middles[column]
        if middle is None:
            return 0.0
        if middle == INDEX_MIDDLE:
            return INDEX_MIDDLE
        known = [cell.number for row in self.cells for cell in row if cell.number is not None]
        return max((abs(value - middle) for value in known), default=0.0)


def is_drawable(value: float | None) -> TypeGuard[float]:
    """Whether a chart can show a number: finite, and with room for the arithmetic of a scale."""
    return value is not None and math.isfinite(value) and abs(value) < _LARGEST


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
    return safe(text.filled(figure_words), 40_000)


def title_of(block: Any) -> str:
    """The safe title of a block, empty where it has none."""
    return safe(getattr(block, "title", ""))


def named(text: str, unit: str) -> str:
    """A label with its unit."""
    return f"{safe(text)} ({safe(unit)})" if unit else safe(text)


def as_table(block: TableBlock) -> PlainTable:
    """Any block with numbers, as one table."""
    match block:
        case Grid():
            return _grid(block)
        case Heatmap():
            cells = tuple(tuple(_cell(value, 2) for value in row) for row in block.values)
            header = (safe(block.rows.title), *_labels(block.columns))
            middles = (block.middle,) * len(block.columns.labels)
            return PlainTable(title_of(block), header, _words(_labels(block.rows)), cells, middles)
        case Bars():
            is_rounded = all(float(value).is_integer() for value in block.values)
            decimals = None if block.unit != "%" else 0 if is_rounded else 1
            is_whole = block.unit == "%" and block.additive is not Additive.NO
            parts = _parts(block.values, decimals or 0) if is_whole else []
            values = parts or [_cell(value, decimals) for value in block.values]
            header = ("", safe(block.unit) or "value")
            return PlainTable(title_of(block), header, _texts(block.labels), tuple((cell,) for cell in values))
        case Flow():
            cells = tuple(tuple(_cell(count, 0) for count in row) for row in block.counts)
            header = ("from \\ to", *(safe(target) for target in block.targets))
            return PlainTable(title_of(block), header, _texts(block.sources), cells)
        case Lines():
            return _lines(block)
        case Scatter():
            return _scatter(block)


def _lines(block: Lines) -> PlainTable:
    columns: list[tuple[str, Sequence[Value]]] = []
    for series in block.series:
        columns.append((safe(series.name), series.values))
        if series.low is not None and series.high is not None:
            columns += [(f"{safe(series.name)}, low", series.low), (f"{safe(series.name)}, high", series.high)]
    cells = tuple(tuple(_cell(values[row], None) for _, values in columns) for row in range(len(block.x)))
    header = (safe(block.x_title), *(name for name, _ in columns))
    places = tuple(_cell(int(x) if isinstance(x, float) and x.is_integer() else x, None) for x in block.x)
    return PlainTable(lines_title(block), header, places, cells)


def lines_title(block: Lines) -> str:
    """The title of a block of lines, made of those of its axes where it has none."""
    axes = " by ".join(safe(title) for title in (block.y_title, block.x_title) if title)
    return title_of(block) or axes


def _scatter(block: Scatter) -> PlainTable:
    """Points by group, so that a chart finds each group in one piece."""
    groups = block.groups or ("",) * len(block.x)
    order = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    points = sorted(zip(groups, block.x, block.y, strict=True), key=lambda point: order[point[0]])
    cells = tuple((_cell(x, None), _cell(y, None)) for _, x, y in points)
    header = ("group" if block.groups else "", safe(block.x_title) or "x", safe(block.y_title) or "y")
    return PlainTable(title_of(block), header, _texts(group for group, _, _ in points), cells)


def _grid(block: Grid) -> PlainTable:
    rows = [
        [
            _cell(value, _decimals(block, row, column), block.marks[row][column] if block.marks else 0)
            for column, value in enumerate(values)
        ]
        for row, values in enumerate(block.values)
    ]
    labels, header = list(_words(_labels(block.rows))), [safe(block.rows.title), *_labels(block.columns)]
    down, across = (block.additive in (way, Additive.BOTH) for way in (Additive.COLUMNS, Additive.ROWS))
    if down and block.columns.units:
        _round_parts(block, rows)
    can_add = any(rows) and all(cell.number is not None for row in rows for cell in row)
    if across and can_add:
        header.append(SUM)
        rows = [[*row, _sum(row)] for row in rows]
    if down and can_add:
        labels.append(Cell(SUM, SUM))
        rows.append([_sum(cells) for cells in zip(*rows, strict=True)])
    is_index = safe(block.title).casefold().startswith("index")
    middles = tuple(INDEX_MIDDLE if is_index or name.casefold() == "index" else None for name in header[1:])
    cells = tuple(tuple(row) for row in rows)
    return PlainTable(
        title_of(block), tuple(header), tuple(labels), cells, middles, down and can_add, bool(block.rows.decimals)
    )


def _round_parts(block: Grid, rows: list[list[Cell]]) -> None:
    """Percentages of a whole, in place: rounded so that they add up."""
    for column, unit in enumerate(block.columns.units):
        numbers = [row[column].number for row in rows]
        known = [value for value in numbers if value is not None]
        parts = _parts(known, rows[0][column].decimals) if unit == "%" and len(known) == len(rows) > 0 else []
        for row, part in zip(rows, parts, strict=False):
            row[column] = Cell(part.value, part.shown, part.decimals, row[column].mark)


def _parts(values: Sequence[float], decimals: int) -> list[Cell]:
    """Percentages whose shown digits add up to 100, or nothing where they are no parts of a whole."""
    if min(values, default=-1) < 0 or abs(math.fsum(values) - 100) > 1e-6:
        return []
    return [Cell(float(one[:-2]), one[:-2], decimals) for one in percents(values, decimals)]


def _sum(cells: Sequence[Cell]) -> Cell:
    decimals = max(cell.decimals for cell in cells)
    numbers = [cell.value for cell in cells if isinstance(cell.value, (int, float))]
    whole = all(isinstance(value, int) for value in numbers)
    total = sum(numbers) if whole else round(math.fsum(numbers), decimals)
    return Cell(total, number(float(total), decimals), decimals)


def _cell(value: Value, decimals: int | None, mark: int = 0) -> Cell:
    words = shown(value, decimals)
    return Cell(value, words, len(words.partition(".")[2]) if _is_number(value) and "e" not in words else 0, mark)


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _decimals(block: Grid, row: int, column: int) -> int | None:
    if block.rows.decimals and block.rows.decimals[row] is not None:
        return block.rows.decimals[row]
    return block.columns.decimals[column] if block.columns.decimals else None


def _labels(axis: Axis) -> tuple[str, ...]:
    units = axis.units or ("",) * len(axis.labels)
    return tuple(named(label, unit) for label, unit in zip(axis.labels, units, strict=True))


def _texts(texts: Iterable[str]) -> tuple[Cell, ...]:
    return _words(safe(text) for text in texts)


def _words(words: Iterable[str]) -> tuple[Cell, ...]:
    return tuple(Cell(one, one) for one in words)


def written_name(title: str, what: str) -> str:
    """The file name of `what` in a delivery of that title: the one way names are made."""
    return file_name(f"{title[:100]}-{what}")
