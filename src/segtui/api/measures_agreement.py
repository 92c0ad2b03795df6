"""How much two partitions of the same customers agree."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from segtui.api.measures_partition import Floats, Labels, Whole, codes


@dataclass(frozen=True, eq=False)
class Contingency:
    """Customers by the segments of two partitions.

    `table` is (rows, columns) int64, `rows` and `columns` the codes, `left_out` the customers that one or both leave
    unassigned.
    """

    table: Whole
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    left_out: int


def contingency(first: Labels, second: Labels) -> Contingency:
    """Counts of customers by both partitions, codes in order. Raises ValueError where the lengths differ."""
    left, right = codes(first), codes(second)
    if len(left) != len(right):
        raise ValueError(f"{len(left)} labels against {len(right)}")
    both = (left >= 0) & (right >= 0)
    rows, row_of = np.unique(left[both], return_inverse=True)
    columns, column_of = np.unique(right[both], return_inverse=True)
    flat = np.bincount(row_of * len(columns) + column_of, minlength=len(rows) * len(columns))
    table = flat.astype(np.int64).reshape(len(rows), len(columns))
    return Contingency(table, tuple(rows.tolist()), tuple(columns.tolist()), int((~both).sum()))


def _pairs(counts: Whole) -> int:
    """How many pairs lie within groups of these sizes; exact."""
    return int((counts * (counts - 1) // 2).sum())


def adjusted_rand(first: Labels, second: Labels) -> float:
    """Agreement of two partitions over pairs of customers, 1 where equal, 0 as by chance. Symmetric.

    Hubert and Arabie 1985, "Comparing partitions". 1 where both have one segment, or both only segments of one.
    """
    table = contingency(first, second).table
    together, left, right = _pairs(table), _pairs(table.sum(axis=1)), _pairs(table.sum(axis=0))
    every = _pairs(np.array([table.sum()]))
    if left == right == together:
        return 1.0
    expected = left * right / every
    return (together - expected) / ((left + right) / 2 - expected)


def jaccard(first: Labels, second: Labels) -> float:
    """Pairs of customers together in both partitions over pairs together in either, 0 to 1. Symmetric.

    Jaccard 1901, over pairs. 1 where no pair is together in either.
    """
    table = contingency(first, second).table
    together, left, right = _pairs(table), _pairs(table.sum(axis=1)), _pairs(table.sum(axis=0))
    either = left + right - together
    return together / either if either else 1.0


def jaccard_by_segment(first: Labels, second: Labels) -> dict[int, float]:
    """For each segment of `first` its likeness to the most alike one of `second`: customers in both over customers in
    either. Hennig 2007, "Cluster-wise assessment of cluster stability": below .5 dissolved, .75 and more stable.
    """
    found = contingency(first, second)
    table = found.table
    either = table.sum(axis=1)[:, None] + table.sum(axis=0) - table
    best = (table / np.maximum(either, 1)).max(axis=1, initial=0.0)
    return {code: float(likeness) for code, likeness in zip(found.rows, best, strict=True)}


def adjusted_mutual_information(first: Labels, second: Labels) -> float:
    """Information that two partitions share, above chance, over the mean of their entropies; 1 where equal. Symmetric.

    Vinh, Epps and Bailey 2010, "Information theoretic measures for clusterings comparison", arithmetic mean.
    1 where both have one segment, or no customer has both.
    """
    table = contingency(first, second).table
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    if max(table.shape) <= 1 or (table.shape[0] == table.shape[1] == table.sum()):
        return 1.0
    if min(table.shape) == 1:
        return 0.0
    total = int(table.sum())
    shared, expected = _mutual_information(table), _expected_information(rows, columns, total)
    denominator = (_entropy(rows) + _entropy(columns)) / 2 - expected
    tiny = np.finfo(np.float64).eps
    return (shared - expected) / (min(denominator, -tiny) if denominator < 0 else max(denominator, tiny))


def _entropy(counts: Whole) -> float:
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())


def _mutual_information(table: Whole) -> float:
    total = table.sum()
    row, column = np.nonzero(table)
    joint = table[row, column]
    surprise = np.log(joint) + math.log(total) - np.log(table.sum(axis=1)[row]) - np.log(table.sum(axis=0)[column])
    return float((joint / total * surprise).sum())


def _expected_information(rows: Whole, columns: Whole, total: int) -> float:
    """The mean mutual information of partitions with these sizes drawn at random; pairs of sizes are taken once."""
    row_sizes, row_times = np.unique(rows, return_counts=True)
    column_sizes, column_times = np.unique(columns, return_counts=True)
    return math.fsum(
        float(row_time * column_time) * _expected_cell(int(row), int(column), total)
        for row, row_time in zip(row_sizes, row_times, strict=True)
        for column, column_time in zip(column_sizes, column_times, strict=True)
    )


def _expected_cell(row: int, column: int, total: int) -> float:
    """The term of one cell: a sum over its hypergeometric distribution, its far tails (below 1e-25) left out."""
    mean = row * column / total
    deviation = math.sqrt(mean * (1 - row / total) * max(total - column, 0) / max(total - 1, 1))
    reach = 12 * deviation + 50
    low = max(1, row + column - total, math.floor(mean - reach))
    high = min(row, column, math.ceil(mean + reach))
    joint = np.arange(low, high + 1, dtype=np.float64)
    fixed = sum(math.lgamma(count + 1) for count in (row, column, total - row, total - column)) - math.lgamma(total + 1)
    logarithm = fixed - sum(
        _log_factorial(count) for count in (joint, row - joint, column - joint, total - row - column + joint)
    )
    surprise = np.log(joint) + (math.log(total) - math.log(row) - math.log(column))
    return float((joint / total * surprise * np.exp(logarithm)).sum())


_SMALL_LOG_FACTORIALS = np.array([math.lgamma(count + 1) for count in range(32)])


def _log_factorial(counts: Floats) -> Floats:
    """The logarithm of count!, by Stirling's series from 32 on (error below 1e-15)."""
    large = np.maximum(counts, 31.0) + 1.0
    inverse = 1.0 / large
    square = inverse * inverse
    correction = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    series = (large - 0.5) * np.log(large) - large + 0.5 * math.log(2 * math.pi) + correction
    small = _SMALL_LOG_FACTORIALS[np.minimum(counts, 31).astype(np.int64)]
    return np.where(counts < 32, small, series)
