"""Starts of k-means, and exchanges of single centres that lift the best start out of a poor optimum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from segtui_clusters.lloyd import Points, lloyd

_FAILURES = 12
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
    points: Points, centres: np.ndarray, within: float, random: np.random.Generator, passes: Passes
) -> tuple[np.ndarray, float]:
    """The same or a better optimum: again and again the centre that is missed least moves into the group that is
    spread most, and what comes of it is kept where the within sum of squares falls."""
    k, failures, tried = len(centres), 0, 0
    while k > 1 and failures < _FAILURES and tried < _EXCHANGES:
        better = None
        labels, best, missed = _missed(points.matrix, centres)
        spread = np.bincount(labels, weights=best, minlength=k)
        costs = [
            (missed[gone] - spread[into] / 2, gone, into) for gone in range(k) for into in range(k) if gone != into
        ]
        for _, gone, into in sorted(costs):
            members = np.flatnonzero((labels == into) & (best > 0))
            if failures == _FAILURES or tried == _EXCHANGES or not len(members):
                break
            tried += 1
            weights = np.cumsum(best[members], dtype=np.float64)
            drawn = members[min(int(np.searchsorted(weights, random.random() * weights[-1])), len(members) - 1)]
            moved = centres.copy()
            moved[gone] = points.matrix[drawn]
            moved, now = passes.run(points, moved, _LOOK)
            if now <= within * _HOPELESS:
                moved, now = passes.run(points, moved)
            if now < within * (1 - 1e-7):
                better = moved, now
                break
            failures += 1
        if better is None:
            break
        (centres, within), failures = better, 0
    return centres, within


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
