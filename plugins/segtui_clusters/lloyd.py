"""Lloyd's algorithm on float32 rows: fixed blocks, sums added up in the order of the blocks, float64 accumulators.

The result depends on the data, the start and the block size alone, never on the number of threads, provided that the
caller holds BLAS to one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from segtui_clusters.distances import PIECE, Spread

BLOCK = 65_536


@dataclass(frozen=True)
class Sums:
    """By centre, the sum of the rows nearest to it and their number; `within` is the sum of squared distances."""

    totals: np.ndarray
    counts: np.ndarray
    within: float


class Points:
    """Rows, seen from their mean: float32 loses less there."""

    def __init__(self, matrix: np.ndarray, mean: np.ndarray | None = None) -> None:
        self.matrix = matrix
        self.mean = mean_of(matrix) if mean is None else mean
        self._shift = self.mean.astype(np.float32)
        self._centred = len(matrix) <= BLOCK
        if self._centred:
            self.matrix = matrix - self._shift

    def __len__(self) -> int:
        return len(self.matrix)

    @property
    def blocks(self) -> range:
        """Where the blocks start."""
        return range(0, len(self.matrix), BLOCK)

    def pieces(self, block: int) -> Iterator[np.ndarray]:
        """The rows of a block, centred, in pieces that fit the processor's cache."""
        for start in range(block, min(block + BLOCK, len(self.matrix)), PIECE):
            piece = self.matrix[start : min(start + PIECE, block + BLOCK)]
            yield piece if self._centred else piece - self._shift

    def sums(self, block: int, centres: np.ndarray) -> Sums:
        """One block's share of a pass; `centres` are seen from the mean too."""
        narrow = centres.astype(np.float32)
        norms = np.einsum("ij,ij->i", narrow, narrow)[:, None]
        doubled = -2 * narrow
        totals, counts, within = np.zeros(centres.shape), np.zeros(len(centres), dtype=np.int64), 0.0
        for piece in self.pieces(block):
            distances = doubled @ piece.T
            distances += norms
            best = np.minimum.reduce(distances, axis=0)
            nearest = distances == best
            found = np.array([np.count_nonzero(row) for row in nearest])
            if found.sum() != len(piece):
                nearest[1:] &= ~np.logical_or.accumulate(nearest[:-1], axis=0)
                found = np.array([np.count_nonzero(row) for row in nearest])
            totals += nearest.astype(np.float32) @ piece
            counts += found
            within += float(np.sum(best, dtype=np.float64)) + float(np.vdot(piece, piece))
        return Sums(totals, counts, within)

    def one_pass(self, centres: np.ndarray, spread: Spread) -> Sums:
        """All blocks, added up in their order."""
        totals, counts, within = np.zeros(centres.shape), np.zeros(len(centres), dtype=np.int64), 0.0
        for part in spread(lambda block: self.sums(block, centres), self.blocks):
            totals += part.totals
            counts += part.counts
            within += part.within
        return Sums(totals, counts, within)

    def farthest(self, centres: np.ndarray, count: int) -> np.ndarray:
        """The `count` rows farthest from their nearest centre, each at another place, farthest first."""
        narrow = centres.astype(np.float32)
        norms = np.einsum("ij,ij->i", narrow, narrow)[:, None]
        distances, rows = [], []
        for block in self.blocks:
            for piece in self.pieces(block):
                best = np.minimum.reduce(norms - 2 * narrow @ piece.T, axis=0) + np.einsum("ij,ij->i", piece, piece)
                first = np.argsort(-best, kind="stable")[: 20 * count]
                distances.append(best[first])
                rows.append(piece[first])
        order = np.argsort(-np.concatenate(distances), kind="stable")
        chosen: list[np.ndarray] = []
        for row in np.concatenate(rows)[order]:
            if not any(np.array_equal(row, other) for other in chosen):
                chosen.append(row)
            if len(chosen) == count:
                break
        return np.asarray(chosen, dtype=np.float64)


def mean_of(matrix: np.ndarray, spread: Spread = map) -> np.ndarray:
    """The mean of each column, float64, summed piece by piece."""

    def piece(start: int) -> np.ndarray:
        rows = matrix[start : start + PIECE].astype(np.float64)
        return np.ones(len(rows)) @ rows

    return sum(spread(piece, range(0, len(matrix), PIECE)), np.zeros(matrix.shape[1])) / len(matrix)


def deviation_of(matrix: np.ndarray, mean: np.ndarray, spread: Spread = map) -> np.ndarray:
    """The standard deviation of each column, float64."""

    def piece(start: int) -> np.ndarray:
        away = matrix[start : start + PIECE] - mean
        squares: np.ndarray = np.ones(len(away)) @ (away * away)
        return squares

    total = sum(spread(piece, range(0, len(matrix), PIECE)), np.zeros(matrix.shape[1]))
    deviation: np.ndarray = np.sqrt(total / len(matrix))
    return deviation


def lloyd(
    points: Points,
    centres: np.ndarray,
    *,
    iterations: int,
    tolerance: float,
    between: Callable[[int], None],
    gain: float = 0.0,
    spread: Spread = map,
) -> tuple[np.ndarray, float]:
    """Passes from `centres` (seen from the mean) until they move by at most `tolerance` (squared, summed) or the within
    sum of squares falls by at most the share `gain`; with that sum as the last pass found it. `between` is called
    before each pass. An empty centre moves to the farthest row."""
    within = np.inf
    for iteration in range(iterations):
        between(iteration)
        sums = points.one_pass(centres, spread)
        empty = sums.counts == 0
        moved = sums.totals / np.maximum(sums.counts, 1)[:, None]
        if empty.any():
            far = points.farthest(centres, int(empty.sum()))
            moved[np.flatnonzero(empty)[: len(far)]] = far
        shift = float(((moved - centres) ** 2).sum())
        settled = shift <= tolerance or (gain > 0 and within - sums.within <= gain * sums.within)
        centres, within = moved, sums.within
        if settled and not empty.any():
            break
    return centres, within
