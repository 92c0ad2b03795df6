"""A few numbers side by side, each under its name."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from segtui.api.report import Figures
from segtui.api.text import safe
from segtui.draw.line import DIM, LABEL, STRONG, Line, Piece, left, line, plain, wrapped
from segtui.draw.values import shown

GAP = 3
NAME = 28


def draw_figures(block: Figures, width: int) -> list[Line]:
    """Numbers in rows of as many as fit, all in columns of one width."""
    names = [[plain(one) for one in wrapped(line(safe(one.name, LABEL)), NAME)] for one in block.figures]
    values = [[plain(one) for one in wrapped(line(shown(one)), NAME)] for one in block.figures]
    widths = [max(map(cell_len, (*name, *value)), default=0) for name, value in zip(names, values, strict=True)]
    columns = _columns(widths, width)
    lines: list[Line] = []
    for start in range(0, len(names), len(columns)):
        lines += [()] if start else []
        row = slice(start, start + len(columns))
        lines += _side_by_side(names[row], columns, DIM, at_top=False)
        lines += _side_by_side(values[row], columns, STRONG, at_top=True)
    return lines


def _side_by_side(cells: Sequence[list[str]], columns: Sequence[int], look: str, at_top: bool) -> list[Line]:
    height = max(map(len, cells), default=0)
    blank = [[""] * (height - len(cell)) for cell in cells]
    filled = [cell + rest if at_top else rest + cell for cell, rest in zip(cells, blank, strict=True)]
    lines = []
    for place in range(height):
        cells_here = [left(cell[place], width) for cell, width in zip(filled, columns, strict=False)]
        lines.append(line(Piece((" " * GAP).join(cells_here), look)))
    return lines


def _columns(widths: Sequence[int], width: int) -> list[int]:
    """The widths of as many columns as fit beside each other."""
    for across in range(len(widths), 1, -1):
        columns = [max(widths[place::across]) for place in range(across)]
        if sum(columns) + GAP * (across - 1) <= width:
            return columns
    return [width]
