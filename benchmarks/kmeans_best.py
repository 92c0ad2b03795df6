"""The best number of groups of 2 to 12, on a million customers in twelve figures, against scikit-learn.

Equal: the same float32 matrix in memory, the same numbers of groups tried, the one with the highest sampled silhouette
taken, a label for every customer. Not equal: scikit-learn is used as its default has it, with one k-means++ start for
each number (n_init="auto"), and the silhouette of 10,000 customers each; segtui takes ten starts for each, on samples,
and goes over all customers with the best number alone. The within sums of squares are compared at the number that
segtui takes.
"""

from __future__ import annotations

import warnings
from typing import Any

from benchmarks import customers_data, kmeans_starts
from benchmarks.line import OURS, Line, Must, Place, times_faster
from benchmarks.measuring import Runs
from benchmarks.side import Clock, command

OTHER = "scikit-learn, default"
SILHOUETTE_ROWS = 10_000


def lines(place: Place) -> list[Line]:
    """The one line."""
    rows = place.rows(1_000_000, 5_000)
    low, high = 2, 4 if place.quick else 12
    source = customers_data.matrix_file(place, rows)
    commands = {
        OURS: command("benchmarks.kmeans_starts", "segtui", source=source, k=f"{low}..{high}"),
        OTHER: command(__name__, "scikit_learn", source=source, low=low, high=high),
    }
    no_worse = Must("within sum of squares", _share, 1.0, form="{:.5f} of the other's")
    title = f"k-means, best of {low} to {high}, {rows:,} x {customers_data.FIGURES}"
    return [Line(title, commands, {OTHER: [times_faster(5.0), no_worse]}, rounds=3, warm_up=False)]


def _share(ours: Runs, other: Runs) -> float:
    """To five decimals, as ten-thousandths of a per cent are rounding of float32."""
    found: float = ours.figures["within"] / other.figures["within_by_k"][str(ours.figures["k"])]
    return round(found, 5)


def scikit_learn(clock: Clock, source: str, low: int, high: int) -> dict[str, Any]:
    """A fit and a silhouette for each number."""
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    warnings.simplefilter("ignore")
    values = np.load(source)
    scores, fits = {}, {}
    with clock:
        for k in range(low, high + 1):
            fits[k] = KMeans(k, random_state=42).fit(values)
            sample = min(SILHOUETTE_ROWS, len(values))
            scores[k] = silhouette_score(values, fits[k].labels_, sample_size=sample, random_state=42)
    found = {k: kmeans_starts.within(values, fit.cluster_centers_) for k, fit in fits.items()}
    return {"k": max(scores, key=lambda k: scores[k]), "within_by_k": found}
