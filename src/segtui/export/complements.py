"""Which cells of a table of counts are hidden: the small ones, and complements that keep them from being solved for.

Along a line that adds up to a shown total a small cell needs company. In a table that adds up both ways each small
cell is one corner of a rectangle of hidden cells: along it the true numbers can be shifted and no total changes, so
that totals and shown cells together fit several numbers (Cox 1980). So is the company that a line gave a small cell:
could it be solved for, the rest of the line would tell of a small group. As no total changes, what else is told about
the totals does not matter, and tables that share them need not be looked at together.
"""

from __future__ import annotations

import numpy as np

from segtui.api.report import Additive

_ZERO_CELL = 1e12
"""The cost of hiding an empty cell: it hides little, and stands out."""


def hidden_cells(
    counts: np.ndarray,
    additive: Additive,
    threshold: int,
    already: np.ndarray | None = None,
    never: np.ndarray | None = None,
) -> np.ndarray:
    """A bool for each cell of the (rows, columns) `counts`: True where it is hidden.

    Cells that are `already` hidden serve as complements at no cost, cells that can `never` be hidden are none. A table
    in which nothing would protect a small cell is hidden whole.
    """
    small = (counts > 0) & (counts < threshold)
    fixed = np.zeros_like(small) if never is None else never & ~small
    hidden = small.copy() if already is None else small | (already & ~fixed)
    if not small.any() or additive is Additive.NO:
        return hidden
    price = np.where(fixed, np.inf, np.where(counts == 0, _ZERO_CELL, counts))
    before = hidden.copy()
    if additive is Additive.BOTH:
        price += np.where(_is_alone(counts > 0), _ZERO_CELL, 0.0)
    if additive is not Additive.COLUMNS:
        _protect_lines(counts, price, hidden, small, threshold)
    if additive is not Additive.ROWS:
        _protect_lines(counts.T, price.T, hidden.T, small.T, threshold)
    if additive is Additive.BOTH:
        company = hidden & ~before & (counts > 0)
        if not _protect_cells(counts, price, hidden, small):
            hidden[:] = ~fixed
        _protect_cells(counts, price, hidden, company)
    return hidden


def _is_alone(full: np.ndarray) -> np.ndarray:
    """The cells that alone are not empty in their row or column: their total gives them away."""
    alone: np.ndarray = full & ((full.sum(axis=0) == 1)[None, :] | (full.sum(axis=1) == 1)[:, None])
    return alone


def _protect_lines(
    counts: np.ndarray, price: np.ndarray, hidden: np.ndarray, small: np.ndarray, threshold: int
) -> None:
    """Hide the cheapest cells of each row with a small one, `hidden` in place, until two or more and no small group
    are hidden."""
    lines = np.flatnonzero(small.any(axis=1))
    while lines.size:
        gone = hidden[lines]
        cells, customers = gone.sum(axis=1), (counts[lines] * gone).sum(axis=1)
        left = np.where(gone, np.inf, price[lines])
        cheapest = left.argmin(axis=1)
        exposed = (cells < 2) | (customers < threshold + cells)
        exposed &= np.isfinite(left[np.arange(len(lines)), cheapest])
        lines, cheapest = lines[exposed], cheapest[exposed]
        hidden[lines, cheapest] = True


def _protect_cells(counts: np.ndarray, price: np.ndarray, hidden: np.ndarray, exposed: np.ndarray) -> bool:
    """Hide, in place, the cheapest rectangle around each exposed cell that is no corner of one yet, so that the cell
    opposite is not empty; False where there is none for one of them."""
    full = counts > 0
    has_empty = not full.all()
    cost = np.where(hidden, 0.0, price)
    corners, found_all = _Corners(hidden, full), True
    for row, column in np.argwhere(exposed).tolist():
        if corners.are_around(row, column):
            continue
        total = cost + cost[row] + cost[:, column, None]
        if has_empty:
            total[~full & ~(full[row] & full[:, column, None])] = np.inf
        total[row, :] = total[:, column] = np.inf
        opposite, across = divmod(int(total.argmin()), total.shape[1])
        if not np.isfinite(total[opposite, across]):
            found_all = False
            continue
        for corner in ((row, across), (opposite, column), (opposite, across)):
            hidden[corner], cost[corner] = True, 0.0
            corners.hide(*corner)
    return found_all


class _Corners:
    """Hidden cells as sets of columns by row, in bits: a rectangle is found by a few ANDs."""

    def __init__(self, hidden: np.ndarray, full: np.ndarray) -> None:
        self._full = full
        self._hidden, self._opposite = [0] * len(hidden), [0] * len(hidden)
        self._rows: list[list[int]] = [[] for _ in range(hidden.shape[1])]
        for row, column in np.argwhere(hidden).tolist():
            self.hide(row, column)

    def hide(self, row: int, column: int) -> None:
        bit = 1 << column
        if self._hidden[row] & bit:
            return
        self._hidden[row] |= bit
        self._opposite[row] |= bit if self._full[row, column] else 0
        self._rows[column].append(row)

    def are_around(self, row: int, column: int) -> bool:
        """Whether a hidden cell in the row and one in the column have a hidden one opposite that is not empty."""
        beside = self._hidden[row] & ~(1 << column)
        return any(self._opposite[other] & beside for other in self._rows[column] if other != row)
