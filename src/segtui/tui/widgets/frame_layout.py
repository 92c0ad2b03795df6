"""Where the columns of a wide table stand: widths, a fixed part at the left, and whole columns to scroll through."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

PADDING = 1
"""Blank cells on either side of a column."""

_LEAST = 8
"""A column of which fewer cells than these are seen at the right end is left out."""


class Placed(NamedTuple):
    """A column on the screen: its number, where it starts, and its width with padding, cut at the right end."""

    column: int
    x: int
    width: int


class ColumnLayout:
    """Widths of columns, and which of them are seen.

    The first `fixed` columns stay where they are, unless they would take more than half of the view. The others scroll
    by whole columns: the first one shown is the first that starts at or after `scroll_x`, so none is cut at its left.
    """

    def __init__(self, widths: Sequence[int], margin: int = 0, fixed: int = 0) -> None:
        self.widths = list(widths)
        self.margin = margin
        self._fixed = min(fixed, len(self.widths))
        self._starts = [*accumulate((width + 2 * PADDING for width in self.widths), initial=margin)]

    def with_widths(self, widths: Sequence[int]) -> ColumnLayout:
        """The same with other widths."""
        return ColumnLayout(widths, self.margin, self._fixed)

    @property
    def width(self) -> int:
        """Of the whole table."""
        return self._starts[-1]

    def fixed(self, view: int) -> int:
        """How many columns stay in a view of that width."""
        fixed = self._fixed
        while fixed and 2 * self._starts[fixed] > view:
            fixed -= 1
        return fixed

    def visible(self, scroll_x: int, view: int) -> list[Placed]:
        """The columns seen, from left to right."""
        fixed = self.fixed(view)
        placed = [Placed(column, self._starts[column], self._padded(column)) for column in range(fixed)]
        column, x = self._first(scroll_x, fixed), self._starts[fixed]
        while column < len(self.widths) and x < view:
            width = min(self._padded(column), view - x)
            if width < min(self._padded(column), _LEAST) and len(placed) > fixed:
                break
            placed.append(Placed(column, x, width))
            x += width
            column += 1
        return placed

    def _padded(self, column: int) -> int:
        return self.widths[column] + 2 * PADDING

    def _first(self, scroll_x: int, fixed: int) -> int:
        first = bisect_left(self._starts, self._starts[fixed] + scroll_x, fixed)
        return min(first, max(len(self.widths) - 1, fixed))

    def column_at(self, x: int, scroll_x: int, view: int) -> int | None:
        """The column at a place of the view, or None beside the table."""
        for placed in self.visible(scroll_x, view):
            if placed.x <= x < placed.x + placed.width:
                return placed.column
        return None

    def scroll_to(self, column: int, scroll_x: int, view: int) -> int:
        """The nearest `scroll_x` from which the whole column is seen (its start where it is wider than the view)."""
        fixed = self.fixed(view)
        if column < fixed:
            return scroll_x
        start = self._starts[column] - self._starts[fixed]
        if column < self._first(scroll_x, fixed):
            return start
        first_start = self._starts[self._first(scroll_x, fixed)]
        if self._starts[column + 1] - first_start + self._starts[fixed] <= view:
            return scroll_x
        return min(max(self._starts[column + 1] - view, 0), start)

    def first(self, scroll_x: int, view: int) -> int:
        """The first column seen that scrolls."""
        return self._first(scroll_x, self.fixed(view))

    def scroll_of(self, column: int, view: int) -> int:
        """The `scroll_x` from which that column (or the nearest there is) is the first one seen."""
        fixed = self.fixed(view)
        column = min(max(column, fixed), max(len(self.widths) - 1, fixed))
        return self._starts[column] - self._starts[fixed]
