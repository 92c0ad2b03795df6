"""Distances to centres, computed row by row: a customer's label never depends on who else is in the batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

_ROWS = 4_096
PIECE = 16_384
_EPSILON, _TINY = np.finfo(np.float32).eps, np.finfo(np.float32).tiny

Spread = Callable[[Callable[[int], Any], Iterable[int]], Iterable[Any]]
"""Calls a function with each of some numbers, results in order: `map`, or the same in several threads."""


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


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def nearest(matrix: np.ndarray, centres: np.ndarray, spread: Spread = map) -> np.ndarray:
    """The nearest centre of each row (the lowest code where several are), int32. `spread` maps over pieces."""
    labels = np.empty(len(matrix), dtype=np.int32)
    shift = centres.mean(axis=0).astype(np.float32)

    def piece(start: int) -> None:
        labels[start : start + PIECE] = _nearest(matrix[start : start + PIECE], centres, shift)

    for _ in spread(piece, range(0, len(matrix), PIECE)):
        pass
    return labels


def within_of(matrix: np.ndarray, centres: np.ndarray, labels: np.ndarray, spread: Spread = map) -> float:
    """The sum of squared distances of the rows to their centres."""

    def piece(start: int) -> float:
        away = matrix[start : start + PIECE] - centres[labels[start : start + PIECE]]
        return float(np.einsum("ij,ij->", away, away))

    return sum(spread(piece, range(0, len(matrix), PIECE)))


def _nearest(rows: np.ndarray, centres: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """In float32 first. Where the nearest two are no farther apart than its rounding could make them, row by row."""
    moved, narrow = rows - shift, (centres - shift).astype(np.float32)
    norms = np.einsum("ij,ij->i", narrow, narrow)
    distances = (-2 * narrow) @ moved.T
    distances += norms[:, None]
    best = np.minimum.reduce(distances, axis=0)
    steps = 4 * (rows.shape[1] + 8)
    rounding = steps * _EPSILON * (np.einsum("ij,ij->i", moved, moved) + norms.max()) + steps * _TINY
    close = (distances <= best + rounding).astype(np.float32)
    codes = np.arange(len(centres), dtype=np.float32)
    found, codes_found = np.stack([np.ones_like(codes), codes]) @ close
    labels: np.ndarray = codes_found.astype(np.int32)
    doubtful = np.flatnonzero(found != 1)
    if len(doubtful):
        labels[doubtful] = _nearest_exactly(rows[doubtful], centres)
    return labels


def _nearest_exactly(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    labels = np.zeros(len(rows), dtype=np.int32)
    start = 0
    for distances in squared_distances(rows, centres):
        best = distances[0].copy()
        found = labels[start : start + len(best)]
        for code in range(1, len(centres)):
            closer = distances[code] < best
            found[closer] = code
            np.minimum(best, distances[code], out=best)
        start += len(best)
    return labels


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
