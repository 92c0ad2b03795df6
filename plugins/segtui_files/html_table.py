"""Tables for a page: numbers aligned on the decimal mark, cells shaded by their distance from the middle."""

from __future__ import annotations

import math
from dataclasses import dataclass

from segtui_files.words import HIDDEN, MARKS, Cell, PlainTable

_FIGURE_SPACE, _PUNCTUATION_SPACE = "\u2007", "\u2008"
_SHADES = 4


@dataclass(frozen=True)
class HtmlCell:
    """A cell: its words, its classes, and its mark ("" in a column that has marks elsewhere, None in others)."""

    words: str
    look: str = ""
    mark: str | None = None


@dataclass(frozen=True)
class HtmlRow:
    """A row with its label."""

    label: str
    cells: tuple[HtmlCell, ...]


def html_rows(table: PlainTable) -> tuple[HtmlRow, ...]:
    """The rows of a table."""
    columns = range(len(table.header) - 1)
    decimals = [[0 if table.by_rows else row[column].decimals for row in table.cells] for column in columns]
    tails = [max(column, default=0) for column in decimals]
    marked = [any(row[column].mark for row in table.cells) for column in columns]
    reaches = [table.reach(column) if table.middles else 0.0 for column in columns]
    return tuple(
        HtmlRow(
            label.shown,
            tuple(
                HtmlCell(
                    _aligned(cell, tails[column]),
                    _look(cell, table.middles[column] if table.middles else None, reaches[column]),
                    MARKS[cell.mark] if marked[column] else None,
                )
                for column, cell in enumerate(cells)
            ),
        )
        for label, cells in zip(table.labels, table.cells, strict=True)
    )


def _aligned(cell: Cell, tail: int) -> str:
    """The words with spaces as wide as the digits that others in the column have after the decimal mark."""
    if cell.number is None or cell.decimals >= tail:
        return cell.shown
    return cell.shown + _PUNCTUATION_SPACE * (cell.decimals == 0) + _FIGURE_SPACE * (tail - cell.decimals)


def _look(cell: Cell, middle: float | None, reach: float) -> str:
    if cell.value == HIDDEN:
        return "hidden"
    if middle is None or cell.number is None or reach <= 0:
        return ""
    level = min(math.ceil(_SHADES * abs(cell.number - middle) / reach - 0.25), _SHADES)
    return f"{'u' if cell.number > middle else 'd'}{level}" if level > 0 else ""
