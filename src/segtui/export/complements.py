"""Which cells of a table of counts are hidden: the small ones, and complements that keep them from being solved for.

Along a line that adds up to a shown total a small cell needs company. In a table that adds up both ways each small
cell is one corner of a rectangle of hidden cells: along it the true numbers can be shifted and no total changes, so
that totals and shown cells together fit several numbers (Cox 1980).
"""

from __future__ import annotations

import numpy as np

from segtui.api.report import Additive

_ZERO_CELL = 1e12
"""The cost of hiding an empty cell: it hides little, and stands out."""


def hidden_cells(counts: np.ndarray, additive: Additive, threshold: int) -> np.ndarray:
    """A bool for each cell of the (rows, columns) `counts`: True where it is hidden.

    A table in which nothing would protect a small cell is hidden whole.
    """
    small = (counts > 0) & (counts < threshold)
    hidden = small.copy()
    if not small.any() or additive is Additive.NO:
        return hidden
    if additive is not Additive.COLUMNS:
        _protect_lines(counts, hidden, threshold)
    if additive is not Additive.ROWS:
        _protect_lines(counts.T, hidden.T, threshold)
    if additive is Additive.BOTH and not _protect_cells(counts, hidden, small):
        hidden[:] = True
    return hidden


def _protect_lines(counts: np.ndarray, hidden: np.ndarray, threshold: int) -> None:
    """Hide cells of each row, `hidden` in place, until what is hidden there is two cells or more and no small group."""
    for line, gone in zip(counts, hidden, strict=True):
        if not gone.any():
            continue
        order = sorted(np.flatnonzero(~gone).tolist(), key=lambda place: (line[place] == 0, line[place], place))
        for place in order:
            if gone.sum() > 1 and line[gone].sum() >= threshold + gone.sum():
                break
            gone[place] = True


def _protect_cells(counts: np.ndarray, hidden: np.ndarray, small: np.ndarray) -> bool:
    """Hide, in place, the cheapest rectangle around each small cell; False where there is none for one of them."""
    for row, column in np.argwhere(small).tolist():
        cost = np.where(hidden, 0.0, np.where(counts == 0, _ZERO_CELL, counts))
        beside, below = cost[row][None, :], cost[:, column][:, None]
        total = beside + below + cost
        can_rise = (counts[row] > 0)[None, :] & (counts[:, column] > 0)[:, None]
        total = np.where(can_rise | (counts > 0), total, np.inf)
        total[row, :] = np.inf
        total[:, column] = np.inf
        other_row, other_column = np.unravel_index(int(np.argmin(total)), total.shape)
        if not np.isfinite(total[other_row, other_column]):
            return False
        hidden[row, other_column] = hidden[other_row, column] = hidden[other_row, other_column] = True
    return True
