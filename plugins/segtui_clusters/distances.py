"""Distances to centres, computed row by row: a customer's label never depends on who else is in the batch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_ROWS = 4_096


def _squared(block: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Shape (k, rows), float64. Elementwise and feature after feature: a matrix product would round by its blocking."""
    columns = np.ascontiguousarray(block.T, dtype=np.float64)
    total = np.zeros((len(centres), len(block)))
    step = np.empty(len(block))
    for row, centre in zip(total, centres, strict=True):
        for values, middle in zip(columns, centre, strict=True):
            np.subtract(values, middle, out=step)
            np.multiply(step, step, out=step)
            row += step
    return total


def squared_distances(matrix: np.ndarray, centres: np.ndarray) -> Iterator[np.ndarray]:
    """Squared Euclidean distances of a few thousand rows at a time, each of shape (k, rows)."""
    for start in range(0, len(matrix), _ROWS):
        yield _squared(matrix[start : start + _ROWS], centres)


def nearest(matrix: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, float]:
    """The nearest centre of each row (the lowest code where several are), int32, and the sum of squared distances."""
    labels = np.empty(len(matrix), dtype=np.int32)
    within, start = 0.0, 0
    for distances in squared_distances(matrix, centres):
        best = distances[0].copy()
        found = labels[start : start + len(best)]
        found[:] = 0
        for code in range(1, len(centres)):
            closer = distances[code] < best
            found[closer] = code
            np.minimum(best, distances[code], out=best)
        within += float(best.sum())
        start += len(best)
    return labels, within


def memberships(matrix: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """How strongly each row belongs to each centre: shares of 1 / squared distance, shape (rows, k).

    The membership of fuzzy c-means with its usual exponent 2. A row on a centre belongs to it alone.
    """
    shares = np.empty((len(matrix), len(centres)))
    start = 0
    for distances in squared_distances(matrix, centres):
        least = np.minimum.reduce(distances, axis=0)
        weights = np.where(distances == least, 1.0, 0.0)
        np.divide(least, distances, out=weights, where=(distances > 0) & (least > 0))
        total = np.zeros(distances.shape[1])
        for row in weights:
            total += row
        shares[start : start + distances.shape[1]] = (weights / total).T
        start += distances.shape[1]
    return shares
