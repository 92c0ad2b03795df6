"""Cut points and scores: a customer's score is one more than the number of cut points that the value passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

Edge = Literal["above the cut", "rfm package"]


@dataclass(frozen=True)
class CutPoints:
    """Cut points of one measure: one ascending vector, or one for each bin it is nested in.

    A value passes the cut q where it is greater ("above the cut"), or where it is at least q + 1 ("rfm package").
    """

    vectors: tuple[tuple[float, ...], ...]
    edge: Edge = "above the cut"

    @property
    def bins(self) -> int:
        """How many scores there are."""
        return len(self.vectors[0]) + 1

    def passed(self, values: np.ndarray, parents: np.ndarray | None = None) -> np.ndarray:
        """How many cut points each value passes, int64; `parents` is the bin each customer is nested in."""
        bounds = np.asarray(self.vectors, dtype=np.float64)
        counts = np.zeros(len(values), dtype=np.int8)
        for column in bounds.T:
            bound = column[0] if len(column) == 1 or parents is None else column[parents]
            counts += values > bound if self.edge == "above the cut" else values >= bound + 1
        return counts.astype(np.int64)


def quantile_cuts(values: np.ndarray, bins: int) -> tuple[float, ...]:
    """The `bins` - 1 quantiles of type 7 (linear between neighbours) that divide `values` evenly; ties exact."""
    ordered = pl.Series(values).sort().to_numpy()
    cuts = []
    for part in range(1, bins):
        below, rest = divmod((len(ordered) - 1) * part, bins)
        low, high = float(ordered[below]), float(ordered[min(below + 1, len(ordered) - 1)])
        cuts.append(min(low + (high - low) * (rest / bins), high) if rest else low)
    return tuple(cuts)


def nested_cuts(values: np.ndarray, parents: np.ndarray, parent_bins: int, bins: int) -> tuple[tuple[float, ...], ...]:
    """Cut points within each parent bin; a parent bin without customers takes those of all customers."""
    of_all = quantile_cuts(values, bins)
    vectors = []
    for parent in range(parent_bins):
        inside = values[parents == parent]
        vectors.append(quantile_cuts(inside, bins) if len(inside) else of_all)
    return tuple(vectors)
