"""How good a partition is, and how much two of them agree. numpy alone, in blocks, with float64 sums in a fixed order.

Everywhere `matrix` is (n, p), float32 or float64, finite; `labels` holds n whole numbers, as an array, a masked array
or a polars Series. Customers with a negative, masked or null label are unassigned and left out. A measure that needs
two segments raises DataError where there are fewer; arrays that do not fit each other raise ValueError.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segtui.api.errors import DataError
from segtui.api.measures_agreement import (
    Contingency,
    adjusted_mutual_information,
    adjusted_rand,
    contingency,
    jaccard,
    jaccard_by_segment,
)
from segtui.api.measures_partition import Floats, Labels, Partition, Whole, codes, partition_of
from segtui.api.measures_silhouette import Silhouette, silhouette_sampled

__all__ = [
    "Contingency",
    "Silhouette",
    "adjusted_mutual_information",
    "adjusted_rand",
    "calinski_harabasz",
    "codes",
    "contingency",
    "davies_bouldin",
    "jaccard",
    "jaccard_by_segment",
    "population_stability_index",
    "silhouette_sampled",
    "variance_explained",
    "within_ss",
]

_BLOCK = 65_536


def _blocks(matrix: NDArray[Any], partition: Partition) -> Iterator[tuple[Floats, Whole]]:
    for start in range(0, partition.rows, _BLOCK):
        chosen = slice(start, start + _BLOCK)
        yield np.asarray(matrix[partition.places[chosen]], dtype=np.float64), partition.segments[chosen]


def _centres(matrix: NDArray[Any], partition: Partition) -> Floats:
    """Means by segment, (k, p)."""
    segments, features = len(partition.names), matrix.shape[1]
    origin = np.asarray(matrix[partition.places[0]], dtype=np.float64) if partition.rows else np.zeros(features)
    sums = np.zeros((segments, features))
    for block, found in _blocks(matrix, partition):
        for feature in range(features):
            shifted = block[:, feature] - origin[feature]
            sums[:, feature] += np.bincount(found, weights=shifted, minlength=segments)
    return sums / partition.sizes[:, None] + origin


def _spreads(matrix: NDArray[Any], partition: Partition, centres: Floats) -> tuple[Floats, Floats]:
    """By segment, the sum of distances to its centre, and of squared ones."""
    segments = len(partition.names)
    distances, squares = np.zeros(segments), np.zeros(segments)
    for block, found in _blocks(matrix, partition):
        offsets = block - centres[found]
        squared = np.einsum("ij,ij->i", offsets, offsets)
        squares += np.bincount(found, weights=squared, minlength=segments)
        distances += np.bincount(found, weights=np.sqrt(squared), minlength=segments)
    return distances, squares


def _checked(matrix: NDArray[Any]) -> NDArray[Any]:
    if matrix.ndim != 2:
        raise ValueError("a matrix has rows and columns")
    return matrix


def _between(partition: Partition, centres: Floats) -> float:
    middle = partition.sizes @ centres / partition.rows
    return float(partition.sizes @ np.square(centres - middle).sum(axis=1))


def within_ss(matrix: NDArray[Any], labels: Labels) -> float:
    """The sum of squared Euclidean distances of customers to the mean of their segment, in squared units."""
    partition = partition_of(labels, len(_checked(matrix)), at_least=1)
    return float(_spreads(matrix, partition, _centres(matrix, partition))[1].sum())


def variance_explained(matrix: NDArray[Any], labels: Labels) -> float:
    """The share of the total sum of squares that lies between segments, 0 to 1 (eta squared over all features).

    0 where all customers are equal.
    """
    partition = partition_of(labels, len(_checked(matrix)), at_least=1)
    centres = _centres(matrix, partition)
    between = _between(partition, centres)
    total = between + float(_spreads(matrix, partition, centres)[1].sum())
    return between / total if total > 0 else 0.0


def calinski_harabasz(matrix: NDArray[Any], labels: Labels) -> float:
    """Variance between over variance within, each by its degrees of freedom; higher is better, from 0 to infinity.

    (B / (k - 1)) / (W / (n - k)), Calinski and Harabasz 1974, "A dendrite method for cluster analysis". 1 where all
    customers sit on their centres, as in scikit-learn. Raises DataError below 2 segments or 1 customer more than these.
    """
    partition = partition_of(labels, len(_checked(matrix)))
    count = len(partition.names)
    if partition.rows <= count:
        raise DataError("This measure needs more customers than segments.")
    centres = _centres(matrix, partition)
    within = float(_spreads(matrix, partition, centres)[1].sum())
    if within == 0:
        return 1.0
    return _between(partition, centres) / (count - 1) / (within / (partition.rows - count))


def davies_bouldin(matrix: NDArray[Any], labels: Labels) -> float:
    """The mean over segments of their likeness to the most alike other one; lower is better, 0 at best.

    Likeness is (s_i + s_j) / d_ij with s the mean distance to the centre and d the distance of centres, Davies and
    Bouldin 1979, "A cluster separation measure", q = 1, p = 2. Infinite where two segments share a centre and are not
    both points. Raises DataError below 2 segments.
    """
    partition = partition_of(labels, len(_checked(matrix)))
    centres = _centres(matrix, partition)
    spread = _spreads(matrix, partition, centres)[0] / partition.sizes
    worst = np.zeros(len(spread))
    for segment in range(len(spread)):
        apart = np.sqrt(np.square(centres - centres[segment]).sum(axis=1))
        together = spread + spread[segment]
        likeness = np.where(together > 0, np.inf, 0.0)
        np.divide(together, apart, out=likeness, where=apart > 0)
        likeness[segment] = 0.0
        worst[segment] = likeness.max()
    return float(worst.mean())


def population_stability_index(expected: NDArray[Any], actual: NDArray[Any]) -> float:
    """How far a distribution over the same groups has moved: the sum of (a - e) ln(a / e) over shares; 0 where equal.

    `expected` and `actual` are counts by group, in the same order. An empty group counts as half a customer. Symmetric.
    The divergence of Jeffreys 1946; in use (Siddiqi 2006, "Credit risk scorecards") below .1 is stable, above .25 not.
    Raises ValueError for shapes that differ or negative counts, DataError where a side has no customers.
    """
    before, after = np.asarray(expected, dtype=np.float64), np.asarray(actual, dtype=np.float64)
    if before.shape != after.shape or before.ndim != 1 or not min(before.min(initial=0), after.min(initial=0)) >= 0:
        raise ValueError("two rows of counts of the same groups are needed")
    if before.sum() <= 0 or after.sum() <= 0:
        raise DataError("There are no customers to compare.")
    either = (before > 0) | (after > 0)
    shares = [np.maximum(counts[either], 0.5) / counts.sum() for counts in (before, after)]
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
