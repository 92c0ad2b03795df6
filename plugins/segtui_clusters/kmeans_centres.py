"""The last steps to the centres of a fit: exact means, rounded to what 32-bit numbers tell, the largest group first."""

from __future__ import annotations

import numpy as np

from segtui_clusters.distances import PIECE, Spread, nearest


def means_of(matrix: np.ndarray, labels: np.ndarray, groups: int, spread: Spread = map) -> np.ndarray:
    """The mean of the rows of each group that has any, float64, summed piece by piece.

    Sums in float32 go astray by more than their last digit, because equal values round alike."""

    def piece(start: int) -> np.ndarray:
        rows = matrix[start : start + PIECE].astype(np.float64)
        members = np.equal.outer(np.arange(groups), labels[start : start + PIECE]).astype(np.float64)
        totals: np.ndarray = members @ rows
        return totals

    totals = sum(spread(piece, range(0, len(matrix), PIECE)), np.zeros((groups, matrix.shape[1])))
    counts = np.bincount(labels, minlength=groups)
    means: np.ndarray = totals[counts > 0] / counts[counts > 0, None]
    return means


def last_digit(deviation: np.ndarray) -> np.ndarray:
    """The last of seven significant digits of each column's deviation, to which centres are rounded."""
    digit: np.ndarray = 10.0 ** (np.floor(np.log10(np.where(deviation > 0, deviation, 1.0))) - 6)
    return digit


def rounded(centres: np.ndarray, mean: np.ndarray, digit: np.ndarray) -> np.ndarray:
    """Centres to that digit, seen from the mean of their column: what is left of rounding in sums goes."""
    found: np.ndarray = np.round((centres - mean) / digit) * digit + mean
    return found


def ordered(matrix: np.ndarray, centres: np.ndarray, spread: Spread) -> np.ndarray:
    """Largest group first, then by the centres themselves; centres nearest to nobody are dropped."""
    labels = nearest(matrix, centres, spread)
    sizes = np.bincount(labels, minlength=len(centres))
    kept = np.flatnonzero(sizes)
    found: np.ndarray = centres[sorted(kept, key=lambda code: (-sizes[code], tuple(centres[code])))]
    return found
