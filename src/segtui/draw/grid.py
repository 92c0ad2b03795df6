"""Tables of values."""

from __future__ import annotations

from collections.abc import Sequence

from segtui.api.report import Additive, Axis, Grid, Value
from segtui.api.text import safe
from segtui.draw.line import LABEL, STRONG, Line, Piece, label, line
from segtui.draw.table import Cell, Column, left_out, table
from segtui.draw.values import UNIT, parts_of_whole, total, written

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 500, 100, 6_000
"""What is painted of a large table; more would be felt."""
MARKS = {-1: "▼", 0: "", 1: "▲"}
LOOKS = {-1: f"{STRONG} below", 0: "", 1: f"{STRONG} above"}
SUM = "sum"


def draw_grid(grid: Grid, width: int) -> list[Line]:
    """The table; what sets a cell apart is marked, strong and coloured."""
    rows, shown = most_shown(grid.rows, grid.columns)
    row_sums = grid.additive in (Additive.ROWS, Additive.BOTH)
    column_sums = grid.additive in (Additive.COLUMNS, Additive.BOTH)
    names = [row_name(grid.rows, place) for place in range(rows)] + [line(SUM)] * column_sums
    columns = [_column(grid, place, rows, column_sums) for place in range(shown)]
    if row_sums:
        sums = [total(row) for row in grid.values]
        cells = [Cell(written(value, _decimals(grid, place, 0))) for place, value in enumerate(sums[:rows])]
        cells += [Cell(written(total(sums), _decimals(grid, 0, 0)))] * column_sums
        columns.append(Column(SUM, "", cells))
    corner = " \\ ".join(safe(title, LABEL) for title in (grid.rows.title, grid.columns.title) if title)
    apart = column_sums or (rows == len(grid.rows.labels) and ends_with_all(grid.rows))
    lines = table(names, columns, width, corner, apart)
    return [*lines, *not_shown(grid.rows, grid.columns)]


def most_shown(rows: Axis, columns: Axis) -> tuple[int, int]:
    """How many rows and columns of a table are shown."""
    across = min(len(columns.labels), MOST_COLUMNS)
    return min(len(rows.labels), MOST_ROWS, MOST_CELLS // max(across, 1)), across


def not_shown(rows: Axis, columns: Axis) -> list[Line]:
    """What to say of the rows and columns that are not; nothing where all are."""
    down, across = most_shown(rows, columns)
    return [*left_out(len(rows.labels) - down), *left_out(len(columns.labels) - across, "column")]


def row_name(axis: Axis, place: int) -> Line:
    """A row's label with its unit."""
    name = label(axis.labels[place], axis.about[place] if axis.about else ())
    unit = safe(axis.units[place], UNIT) if axis.units else ""
    return (*name, Piece(f", {unit}")) if unit else name


def ends_with_all(axis: Axis) -> bool:
    """Whether the last row is about everybody, and the others each about some."""
    return len(axis.about) > 1 and not axis.about[-1] and all(axis.about[:-1])


def _column(grid: Grid, place: int, rows: int, summed: bool) -> Column:
    values = [row[place] for row in grid.values]
    unit = safe(grid.columns.units[place], UNIT) if grid.columns.units else ""
    texts = _texts(grid, place, values, rows)
    marks = [row[place] for row in grid.marks[:rows]] if grid.marks else [0] * rows
    cells = [Cell(text, MARKS[mark], LOOKS[mark]) for text, mark in zip(texts, marks, strict=True)]
    known = [value for value in values if value is not None]
    words = bool(known) and all(isinstance(value, str) for value in known)
    if summed:
        cells.append(Cell("" if words else written(total(values), _decimals(grid, 0, place))))
    return Column(safe(grid.columns.labels[place], LABEL), unit, cells, words)


def _texts(grid: Grid, place: int, values: Sequence[Value], rows: int) -> list[str]:
    """The cells of a column; percentages of a whole are rounded so that they add up."""
    numbers = [value for value in values if isinstance(value, (int, float))]
    is_whole = grid.additive in (Additive.COLUMNS, Additive.BOTH) and bool(grid.columns.units)
    if is_whole and grid.columns.units[place] == "%" and len(numbers) == len(values):
        parts = parts_of_whole(numbers, _decimals(grid, 0, place))
        if parts:
            return parts[:rows]
    return [written(value, _decimals(grid, row, place)) for row, value in enumerate(values[:rows])]


def _decimals(grid: Grid, row: int, column: int) -> int | None:
    if grid.rows.decimals and grid.rows.decimals[row] is not None:
        return grid.rows.decimals[row]
    return grid.columns.decimals[column] if grid.columns.decimals else None
