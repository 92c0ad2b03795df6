"""Which cells of a table of counts are hidden: the small ones, and complements that keep them from being solved for.

Along a line that adds up to a shown total a small cell needs company. In a table that adds up both ways each small
cell is one corner of a rectangle of hidden cells: along it the true numbers can be shifted and no total changes, so
that totals and shown cells together fit several numbers (Cox 1980). As no total changes, what else is told about the
totals does not matter, and tables that share them need not be looked at together.
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
    if additive is not Additive.COLUMNS:
        _protect_lines(counts, hidden, small, fixed, threshold)
    if additive is not Additive.ROWS:
        _protect_lines(counts.T, hidden.T, small.T, fixed.T, threshold)
    if additive is Additive.BOTH and not _protect_cells(counts, hidden, small, fixed):
        hidden[:] = ~fixed
    return hidden


def _protect_lines(
    counts: np.ndarray, hidden: np.ndarray, small: np.ndarray, fixed: np.ndarray, threshold: int
) -> None:
    """Hide cells of each row with a small one, `hidden` in place, until two or more and no small group are hidden."""
    for place in np.flatnonzero(small.any(axis=1)).tolist():
        line, gone = counts[place], hidden[place]
        free = np.flatnonzero(~gone & ~fixed[place])
        for cell in free[np.lexsort((line[free], line[free] == 0))].tolist():
            if gone.sum() > 1 and line[gone].sum() >= threshold + gone.sum():
                break
            gone[cell] = True


def _protect_cells(counts: np.ndarray, hidden: np.ndarray, small: np.ndarray, fixed: np.ndarray) -> bool:
    """Hide, in place, the cheapest rectangle around each small cell; False where there is none for one of them."""
    price = np.where(fixed, np.inf, np.where(counts == 0, _ZERO_CELL, counts))
    full = counts > 0
    for row, column in np.argwhere(small & ~_in_rectangles(hidden, full)).tolist():
        opposite = hidden & full & hidden[row][None, :] & hidden[:, column][:, None]
        opposite[row, :] = opposite[:, column] = False
        if opposite.any():
            continue
        cost = np.where(hidden, 0.0, price)
        total = cost[row][None, :] + cost[:, column][:, None] + cost
        can_rise = full[row][None, :] & full[:, column][:, None]
        total = np.where(can_rise | full, total, np.inf)
        total[row, :] = np.inf
        total[:, column] = np.inf
        other_row, other_column = np.unravel_index(int(np.argmin(total)), total.shape)
        if not np.isfinite(total[other_row, other_column]):
            return False
        hidden[row, other_column] = hidden[other_row, column] = hidden[other_row, other_column] = True
    return True


def _in_rectangles(hidden: np.ndarray, full: np.ndarray) -> np.ndarray:
    """True for each hidden cell that has hidden cells in its row and its column with a full hidden one opposite."""
    beside = hidden.astype(np.float64)
    opposite = (hidden & full).astype(np.float64)
    ways = beside @ opposite.T @ beside
    own = opposite.sum(axis=1)[:, None] + opposite.sum(axis=0)[None, :] - opposite
    return np.asarray(hidden & (ways - own > 0.5))
