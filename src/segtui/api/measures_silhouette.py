"""The silhouette of a segmentation, exact or sampled with its error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segtui.api.measures_partition import Floats, Labels, Partition, Whole, partition_of

_BATCHES = 10
_DISTANCES_AT_ONCE = 2_000_000
"""Enough for a matrix product to pay, few enough to stay near the processor."""
_ROUNDING = 500.0
"""Squared distances below so many units in the last place of a row's own square are what rounding leaves of 0."""


@dataclass(frozen=True)
class Silhouette:
    """The silhouette of a segmentation, -1 to 1.

    `value` is the mean over the assigned customers, `error` its standard error (0 where exact), `points` and
    `references` how many customers it was measured at and against, `by_segment` the mean by segment code, `unassigned`
    the customers left out.
    """

    value: float
    error: float
    points: int
    references: int
    by_segment: dict[int, float]
    unassigned: int

    @property
    def is_exact(self) -> bool:
        """Whether every customer was measured against every other."""
        return self.error == 0.0 and self.points == self.references


@dataclass(frozen=True, eq=False)
class _References:
    """Sampled rows in the order of segment, then batch; `starts` are the first rows of each pair that has any."""

    rows: Floats
    order: Whole
    counts: Whole
    sampled: NDArray[np.bool_]


def silhouette_sampled(
    matrix: NDArray[Any],
    labels: Labels,
    seed: int,
    points: int = 12_000,
    references: int = 8_000,
    exact: int = 20_000,
) -> Silhouette:
    """The ordinary silhouette (Euclidean), from samples where there are many customers.

    `matrix` is (n, p), float32 or float64, finite; `labels` n whole numbers, negative, masked or null where unassigned.
    With a the mean distance to the others of the own segment and b the least mean distance to another segment,
    s = (b - a) / max(a, b), and 0 in a segment of one (Rousseeuw 1987, "Silhouettes: a graphical aid").
    Exact, over all customers, where at most `exact` (or `references`) are assigned. Else the mean over about `points`
    customers, drawn from the segments in proportion, with a and b estimated from about `references` customers, of whom
    half are spread evenly over segments: of the same number of distances, more points and fewer references err less.
    `error` adds the variance between points and, by leaving out tenths of the references in turn (a jackknife), that of
    the references; both shrink by the share of customers drawn.
    Raises DataError below 2 segments, ValueError for values that are not finite.
    """
    partition = partition_of(labels, len(matrix))
    everyone = partition.rows <= max(exact, references)
    random = np.random.default_rng(seed)
    by_segment = _members(partition)
    ours = by_segment if everyone else _drawn(by_segment, _shared_out(partition.sizes, points, even=0.0), random)
    theirs = by_segment if everyone else _drawn(by_segment, _shared_out(partition.sizes, references, even=0.5), random)
    drawn = _gathered(matrix, partition, theirs)
    chosen = np.concatenate(ours)
    silhouettes, halves = _silhouettes(matrix, partition, drawn, chosen, jackknife=not everyone)
    segments = partition.segments[chosen]
    means = _means(silhouettes, segments, len(partition.names))
    weights = partition.sizes / partition.rows
    error = 0.0
    if not everyone:
        left = 1.0 - np.bincount(segments, minlength=len(weights)) / partition.sizes
        from_points = _variance_of_points(silhouettes, segments, weights, left)
        from_references = _variance_of_references(halves, segments, weights, partition, drawn)
        error = math.sqrt(from_points + from_references)
    return Silhouette(
        value=float(weights @ means),
        error=error,
        points=len(chosen),
        references=len(drawn.rows),
        by_segment={int(name): float(mean) for name, mean in zip(partition.names, means, strict=True)},
        unassigned=len(matrix) - partition.rows,
    )


def _members(partition: Partition) -> list[Whole]:
    """The assigned rows of each segment, as positions in the partition."""
    order = np.argsort(partition.segments, kind="stable")
    return np.split(order, np.cumsum(partition.sizes)[:-1])


def _shared_out(sizes: Whole, total: int, even: float) -> Whole:
    """How many to draw from each segment: the share `even` of `total` alike, the rest in proportion; at least 2 where
    there are 2."""
    shares = even * total / len(sizes) + (1 - even) * total * sizes / sizes.sum()
    counts: Whole = np.minimum(sizes, np.maximum(2, np.ceil(shares).astype(np.int64)))
    return counts


def _drawn(by_segment: list[Whole], counts: Whole, random: np.random.Generator) -> list[Whole]:
    return [random.permutation(rows)[:count] for rows, count in zip(by_segment, counts, strict=True)]


def _gathered(matrix: NDArray[Any], partition: Partition, by_segment: list[Whole]) -> _References:
    order = np.concatenate(
        [rows[batch::_BATCHES] for rows in by_segment for batch in range(_BATCHES)],
    )
    counts = np.array(
        [[len(rows[batch::_BATCHES]) for batch in range(_BATCHES)] for rows in by_segment], dtype=np.int64
    )
    rows = np.asarray(matrix[partition.places[order]], dtype=np.float64)
    if not np.isfinite(rows).all():
        raise ValueError("the matrix holds values that are not finite")
    sampled = counts.sum(axis=1) < partition.sizes
    return _References(rows, order, counts, sampled)


def _silhouettes(
    matrix: NDArray[Any], partition: Partition, references: _References, chosen: Whole, jackknife: bool
) -> tuple[Floats, Floats]:
    """Silhouettes of the chosen rows, and the same with each batch of references left out, (rows, batches)."""
    middle = references.rows.mean(axis=0)
    # Samples err by more than the digits of float32, and take half the time in them.
    digits = np.float32 if jackknife else np.float64
    others = (references.rows - middle).astype(digits)
    other_squares = np.einsum("ij,ij->i", others, others)
    batch_of = np.full(partition.rows, -1, dtype=np.int64)
    batch_of[references.order] = np.repeat(
        np.tile(np.arange(_BATCHES), len(partition.names)), references.counts.ravel()
    )
    values = np.empty(len(chosen))
    without = np.empty((len(chosen), _BATCHES if jackknife else 0))
    step = max(1, _DISTANCES_AT_ONCE // len(others))
    for start in range(0, len(chosen), step):
        block = chosen[start : start + step]
        rows = (np.asarray(matrix[partition.places[block]], dtype=np.float64) - middle).astype(digits)
        sums = _sums_of_distances(rows, others, other_squares, references.counts)
        own, batch = partition.segments[block], batch_of[block]
        values[start : start + step] = _of_sums(sums.sum(axis=2), references.counts.sum(axis=1), own, batch >= 0)
        for left_out in range(without.shape[1]):
            kept = np.arange(_BATCHES) != left_out
            counted = np.where(
                references.sampled, references.counts[:, kept].sum(axis=1), references.counts.sum(axis=1)
            )
            kept_sums = np.where(references.sampled, sums[:, :, kept].sum(axis=2), sums.sum(axis=2))
            itself = (batch >= 0) & ((batch != left_out) | ~references.sampled[own])
            without[start : start + step, left_out] = _of_sums(kept_sums, counted, own, itself)
    return values, without


def _sums_of_distances(rows: NDArray[Any], others: NDArray[Any], other_squares: NDArray[Any], counts: Whole) -> Floats:
    """Sums of Euclidean distances by segment and batch, (rows, segments, batches)."""
    row_squares = np.einsum("ij,ij->i", rows, rows)
    squared = rows @ others.T
    squared *= -2.0
    squared += row_squares[:, None]
    squared += other_squares
    squared *= squared > _ROUNDING * np.finfo(squared.dtype).eps * row_squares[:, None]
    distances = np.sqrt(squared, out=squared)
    flat = counts.ravel()
    ends = np.cumsum(flat)
    sums = np.zeros((len(rows), len(flat)))
    present = np.flatnonzero(flat)
    sums[:, present] = np.add.reduceat(distances, (ends - flat)[present], axis=1)
    return sums.reshape(len(rows), *counts.shape)


def _of_sums(sums: Floats, counts: Whole, own: Whole, itself: NDArray[np.bool_]) -> Floats:
    rows = np.arange(len(own))
    others = counts[own] - itself
    inner = sums[rows, own] / np.maximum(others, 1)
    means = sums / np.maximum(counts, 1)
    means[rows, own] = np.inf
    outer = means.min(axis=1)
    larger = np.maximum(inner, outer)
    found = np.divide(outer - inner, larger, out=np.zeros(len(own)), where=larger > 0)
    return np.where(others > 0, found, 0.0)


def _means(values: Floats, segments: Whole, count: int) -> Floats:
    sums = np.bincount(segments, weights=values, minlength=count)
    means: Floats = sums / np.bincount(segments, minlength=count)
    return means


def _variance_of_points(values: Floats, segments: Whole, weights: Floats, left: Floats) -> float:
    counts = np.bincount(segments, minlength=len(weights))
    offsets = np.square(values - _means(values, segments, len(weights))[segments])
    variances = np.bincount(segments, weights=offsets, minlength=len(weights)) / np.maximum(counts - 1, 1)
    return float((np.square(weights) * left * variances / counts).sum())


def _variance_of_references(
    without: Floats, segments: Whole, weights: Floats, partition: Partition, references: _References
) -> float:
    estimates = np.array([weights @ _means(batch, segments, len(weights)) for batch in without.T])
    spread = float(np.square(estimates - estimates.mean()).sum()) * (_BATCHES - 1) / _BATCHES
    return spread * float(weights @ (1.0 - references.counts.sum(axis=1) / partition.sizes))
