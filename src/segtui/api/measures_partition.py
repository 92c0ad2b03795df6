"""Labels as the measures see them: whole numbers, the unassigned apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from segtui.api.errors import DataError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Labels = NDArray[Any] | pl.Series


def codes(labels: Labels) -> Whole:
    """Labels as int64, -1 where unassigned. Raises ValueError for labels that are not whole numbers."""
    if isinstance(labels, pl.Series):
        labels = labels.cast(pl.Int64).fill_null(-1).to_numpy()
    found = np.ma.filled(labels, -1) if isinstance(labels, np.ma.MaskedArray) else np.asarray(labels)
    if found.ndim != 1 or found.dtype.kind not in "iub":
        raise ValueError("labels are one row of whole numbers")
    whole: Whole = np.maximum(found.astype(np.int64), -1)
    return whole


@dataclass(frozen=True, eq=False)
class Partition:
    """The assigned rows of a matrix: their places in the matrix, their segments as 0..k-1, and the codes of those."""

    places: Whole
    segments: Whole
    names: Whole
    sizes: Whole

    @property
    def rows(self) -> int:
        """How many rows are assigned."""
        return len(self.places)


def partition_of(labels: Labels, rows: int, at_least: int = 2) -> Partition:
    """The partition that `labels` make of `rows` rows; DataError where it has fewer than `at_least` segments."""
    found = codes(labels)
    if len(found) != rows:
        raise ValueError(f"{len(found)} labels for {rows} rows")
    places = np.flatnonzero(found >= 0)
    names, segments = np.unique(found[places], return_inverse=True)
    if len(names) < at_least:
        raise DataError(
            f"This measure needs {at_least} segments with customers in them, and there are {len(names)}.",
            next_step="Choose a segmentation with more segments.",
        )
    return Partition(places, segments.astype(np.int64), names, np.bincount(segments, minlength=len(names)))
