"""The silhouette of a segmentation of a million customers in twelve figures, against scikit-learn's sampled one.

Time is that of a million customers in eight groups: segtui measures 12,000 customers against 8,000, scikit-learn
10,000 against each other. The error of each is taken where the exact value can be had: on 40,000 customers, over
twenty seeds, the root of the mean squared difference from scikit-learn's exact value. Samples are as large there as
with a million, which helps both. Equal: the matrix, the labels, the seeds. Not equal: segtui also gives the error it
expects, and the silhouette of each group.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import customers_data
from benchmarks.line import OURS, Line, Must, Place, times_faster
from benchmarks.side import Clock, command

OTHER = "scikit-learn, sample_size=10,000"
GROUPS = 8


def lines(place: Place) -> list[Line]:
    """One line for the time, one for the error."""
    rows, fewer, seeds = place.rows(1_000_000, 5_000), place.rows(40_000, 2_000), place.rows(20, 3)
    large, small = (customers_data.matrix_file(place, count) for count in (rows, fewer))
    samples = {"points": 600, "references": 400} if place.quick else {"points": 12_000, "references": 8_000}
    size = 1_000 if place.quick else 10_000

    def both(source: str, seeds: int) -> dict[str, list[str]]:
        return {
            OURS: command(__name__, "segtui", source=source, seeds=seeds, **samples),
            OTHER: command(__name__, "scikit_learn", source=source, seeds=seeds, size=size),
        }

    error = Must("error, as a share of the other's,", _error_ratio, 1.0, form="{:.2f}")
    return [
        Line(f"silhouette, {rows:,} x {customers_data.FIGURES}", both(large, 0), {OTHER: [times_faster(3.0)]}),
        Line(
            f"error of the silhouette, {fewer:,} customers",
            both(small, seeds),
            {OTHER: [error]},
            rounds=1,
            warm_up=False,
        ),
    ]


def _error_ratio(ours: Any, other: Any) -> float:
    found: float = ours.figures["error"] / other.figures["error"]
    return found


def segtui(clock: Clock, source: str, seeds: int, points: int, references: int) -> dict[str, Any]:
    """The measure that every method and analysis uses."""
    from segtui.api.measures import silhouette_sampled

    def measure(values: Any, labels: Any, seed: int) -> float:
        return silhouette_sampled(values, labels, seed, points=points, references=references, exact=0).value

    return _measured(clock, source, seeds, measure)


def scikit_learn(clock: Clock, source: str, seeds: int, size: int) -> dict[str, Any]:
    """The score of a sample."""
    from sklearn.metrics import silhouette_score

    def measure(values: Any, labels: Any, seed: int) -> float:
        return float(silhouette_score(values, labels, sample_size=size, random_state=seed))

    return _measured(clock, source, seeds, measure)


def _measured(clock: Clock, source: str, seeds: int, measure: Callable[[Any, Any, int], float]) -> dict[str, Any]:
    """Its time with one seed, or its error over several."""
    import numpy as np
    from sklearn.cluster import KMeans

    values = np.load(source)
    fitted = KMeans(GROUPS, n_init=1, random_state=1).fit(values[:100_000])
    labels = fitted.predict(values)
    if not seeds:
        with clock:
            value = measure(values, labels, 42)
        return {"silhouette": value}
    from sklearn.metrics import silhouette_score

    exact = float(silhouette_score(values, labels))
    with clock:
        differences = [measure(values, labels, seed) - exact for seed in range(seeds)]
    return {"exact": exact, "error": float(np.sqrt(np.mean(np.square(differences))))}
