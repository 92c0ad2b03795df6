"""Starts of k-means, and exchanges of single centres that lift the best start out of a poor optimum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from segtui_clusters.distances import Spread
from segtui_clusters.lloyd import Points, lloyd

_FAILURES = 12
_AT_ONCE = 4
_EXCHANGES = 60
_LOOK = 8
_HOPELESS = 1.005


@dataclass(frozen=True)
class Passes:
    """How far Lloyd's algorithm goes: most passes, and the movement (squared) below which it stops. `pause` is called
    before each pass and raises where the work has been cancelled."""

    iterations: int
    tolerance: float
    pause: Callable[[], None]

    def run(self, points: Points, centres: np.ndarray, most: int | None = None) -> tuple[np.ndarray, float]:
        """Centres and within sum of squares after at most `most` passes."""
        return lloyd(
            points,
            centres,
            iterations=min(self.iterations, most or self.iterations),
            tolerance=self.tolerance,
            between=lambda _: self.pause(),
        )


def one_start(points: Points, k: int, random: np.random.Generator, passes: Passes) -> tuple[np.ndarray, float]:
    """Centres (seen from the mean) and within sum of squares from one random start."""
    return passes.run(points, _seeds(points.matrix, k, random))


def exchanged(
    points: Points,
    centres: np.ndarray,
    within: float,
    random: np.random.Generator,
    passes: Passes,
    spread: Spread = map,
) -> tuple[np.ndarray, float]:
    """The same or a better optimum: again and again the centre that is missed least moves into the group that is
    spread most, and what comes of it is kept where the within sum of squares falls. `spread` maps over exchanges."""
    tried = 0
    while tried < _EXCHANGES:
        round_ = _Round.of(points, centres, within, random, passes)
        better = None
        for start in range(0, min(len(round_.exchanges), _FAILURES, _EXCHANGES - tried), _AT_ONCE):
            for found in spread(round_.after, range(start, start + _AT_ONCE)):
                tried += 1
                if found is not None and found[1] < within * (1 - 1e-7):
                    better = found
                    break
            if better is not None:
                break
        if better is None:
            break
        centres, within = better
    return centres, within


@dataclass(frozen=True, eq=False)
class _Round:
    """Exchanges of a centre for a row in the group of another, the most promising first."""

    points: Points
    centres: np.ndarray
    within: float
    exchanges: tuple[tuple[int, int], ...]
    passes: Passes

    @classmethod
    def of(
        cls, points: Points, centres: np.ndarray, within: float, random: np.random.Generator, passes: Passes
    ) -> _Round:
        k = len(centres)
        labels, best, missed = _missed(points.matrix, centres)
        cost = np.bincount(labels, weights=best, minlength=k)
        members = [np.flatnonzero((labels == into) & (best > 0)) for into in range(k)]
        ranked = sorted(
            (missed[gone] - cost[into] / 2, gone, into)
            for gone in range(k)
            for into in range(k)
            if gone != into and len(members[into])
        )
        exchanges = []
        for (_, gone, into), draw in zip(ranked[:_FAILURES], random.random(_FAILURES), strict=False):
            weights = np.cumsum(best[members[into]], dtype=np.float64)
            drawn = min(int(np.searchsorted(weights, draw * weights[-1])), len(weights) - 1)
            exchanges.append((gone, int(members[into][drawn])))
        return cls(points, centres, within, tuple(exchanges), passes)

    def after(self, number: int) -> tuple[np.ndarray, float] | None:
        """Centres and within sum of squares after an exchange; None where there is none of that number."""
        if number >= len(self.exchanges):
            return None
        gone, row = self.exchanges[number]
        moved = self.centres.copy()
        moved[gone] = self.points.matrix[row]
        moved, now = self.passes.run(self.points, moved, _LOOK)
        return self.passes.run(self.points, moved) if now <= self.within * _HOPELESS else (moved, now)


def _seeds(rows: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """k-means++ with several candidates a step: `count` of `rows`, far from each other."""
    norms = np.einsum("ij,ij->i", rows, rows)
    chosen = [int(random.integers(len(rows)))]
    closest = _between(rows, norms, np.array(chosen))[0]
    trials = 2 + int(np.log(count))
    for _ in range(1, count):
        cumulated = np.cumsum(closest, dtype=np.float64)
        drawn = np.searchsorted(cumulated, random.random(trials) * cumulated[-1])
        candidates = np.minimum(drawn, len(rows) - 1)
        distances = np.minimum(_between(rows, norms, candidates), closest)
        best = int(distances.sum(axis=1, dtype=np.float64).argmin())
        chosen.append(int(candidates[best]))
        closest = distances[best]
    found: np.ndarray = rows[chosen].astype(np.float64)
    return found


def _between(rows: np.ndarray, norms: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    distances: np.ndarray = norms - 2 * rows[chosen] @ rows.T + norms[chosen][:, None]
    np.maximum(distances, 0, out=distances)
    return distances


def _missed(rows: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The nearest centre of each row, the squared distance to it, and by centre how much more its rows would add to
    the sum of squares without it."""
    narrow = centres.astype(np.float32)
    distances = np.einsum("ij,ij->i", narrow, narrow)[:, None] - 2 * narrow @ rows.T
    labels = np.zeros(len(rows), dtype=np.int64)
    best, second = distances[0].copy(), np.full(len(rows), np.inf, dtype=np.float32)
    for code, row in enumerate(distances[1:], start=1):
        closer = row < best
        second = np.where(closer, best, np.minimum(second, row))
        labels[closer] = code
        best = np.minimum(best, row)
    missed = np.bincount(labels, weights=second - best, minlength=len(centres))
    return labels, np.maximum(best + np.einsum("ij,ij->i", rows, rows), 0), missed
