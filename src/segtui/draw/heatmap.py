"""Numbers on cells that are shaded by how far they lie from the middle."""

from __future__ import annotations

from segtui.api.report import HIDDEN, Heatmap
from segtui.api.text import NONE, number, safe
from segtui.draw.grid import most_shown, not_shown, row_name
from segtui.draw.line import DIM, LABEL, STRONG, Line, Piece, line, wrapped
from segtui.draw.table import Cell, Column, table
from segtui.draw.values import bounded, written

LEVELS = 4
MARKS = {-1: ("", "▽", "▽", "▼", "▼"), 1: ("", "△", "△", "▲", "▲")}
"""What is far from the middle is told by a mark too, so that it reads without colour."""


def draw_heatmap(block: Heatmap, width: int) -> list[Line]:
    """The table of shaded cells, and what the marks mean."""
    cells = [value for row in block.values for value in row]
    offsets = [bounded(value) - bounded(block.middle) for value in cells if isinstance(value, (int, float))]
    farthest = max((abs(offset) for offset in offsets), default=0.0)
    decimals = 2 if farthest < 10 else 1 if farthest < 50 else 0
    rows, shown = most_shown(block.rows, block.columns)
    columns = [
        Column(
            safe(name, LABEL),
            safe(block.columns.units[place], 20) if block.columns.units else "",
            [_cell(row[place], block.middle, farthest, decimals) for row in block.values[:rows]],
            shaded=True,
        )
        for place, name in enumerate(block.columns.labels[:shown])
    ]
    lines = table([row_name(block.rows, place) for place in range(rows)], columns, width)
    middle = number(block.middle)
    words = [f"△▽ away from {middle}, ▲▼ far from it"]
    if HIDDEN in cells:
        words.append(f"{HIDDEN}: about too few customers, or such that it would reveal them")
    if None in cells:
        words.append(f"{NONE} not known")
    legend = [one for each in words for one in wrapped(line(Piece(each, DIM)), width)]
    return [*lines, *not_shown(block.rows, block.columns), *legend]


def _cell(value: float | str | None, middle: float, farthest: float, decimals: int) -> Cell:
    if value is None:
        return Cell(NONE)
    if isinstance(value, str):
        return Cell(safe(value, LABEL), look=DIM)
    offset = bounded(value) - bounded(middle)
    level = min(round(LEVELS * abs(offset) / farthest), LEVELS) if farthest > 0 else 0
    side = 1 if offset > 0 else -1
    sign = "+" if offset > 0 and not middle and float(f"{value:.{decimals}f}") else ""
    look = f"{'above' if side > 0 else 'below'}-{level}" if level else ""
    return Cell(f"{sign}{written(value, decimals)}", MARKS[side][level], f"{STRONG} {look}" if level > 2 else look)
