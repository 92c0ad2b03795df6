"""k-means with ten starts on a million customers in twelve figures, against scikit-learn.

Equal: the same float32 matrix in memory, ten starts, a label for every customer, and in the end the within sum of
squares over all customers, which is measured outside the time. Not equal: scikit-learn runs each start on all
customers; segtui runs its starts on 50,000 of them, tries to improve the best by exchanges of centres, and goes on
over all customers from there. So what is compared is what comes out for the time.
"""

from __future__ import annotations

import warnings
from typing import Any

from benchmarks import customers_data
from benchmarks.line import OURS, Line, Must, Place, times_faster
from benchmarks.side import Clock, command

OTHER = "scikit-learn, n_init=10"
KS = (4, 8, 12)


def lines(place: Place) -> list[Line]:
    """A line for each number of groups."""
    rows = place.rows(1_000_000, 5_000)
    source = customers_data.matrix_file(place, rows)
    musts = [times_faster(10.0), at_most_above(1.001)]
    return [
        Line(
            f"k-means, ten starts, {rows:,} x {customers_data.FIGURES}, k = {k}",
            {
                OURS: command(__name__, "segtui", source=source, k=str(k)),
                OTHER: command(__name__, "scikit_learn", source=source, k=k),
            },
            {OTHER: musts},
            rounds=3,
            warm_up=False,
        )
        for k in (KS[:1] if place.quick else KS)
    ]


def at_most_above(limit: float) -> Must:
    """The within sum of squares, as a share of the other's."""
    return Must(
        "within sum of squares",
        lambda ours, other: ours.figures["within"] / other.figures["within"],
        limit,
        form="{:.5f} of the other's",
    )


def segtui(clock: Clock, source: str, k: str) -> dict[str, Any]:
    """The method's own fit, and the labels."""
    import numpy as np
    import polars as pl

    from segtui.api import Column, Customers, Kind, QuietRun, ScaledFeature, Scaling
    from segtui_clusters.kmeans import KMeans, KMeansParams

    values = np.load(source)
    names = [f"figure_{number + 1}" for number in range(values.shape[1])]
    frame = pl.DataFrame({"customer": pl.int_range(len(values), eager=True).cast(pl.String)}).with_columns(
        pl.Series(name, values[:, number]) for number, name in enumerate(names)
    )
    columns = {name: Column(name, Kind.NUMBER) for name in names}
    scaling = Scaling(tuple(ScaledFeature(name) for name in names))
    customers = Customers(
        frame, "customer", {"customer": Column("customer", Kind.IDENTIFIER), **columns}, tuple(names), scaling
    )
    assert np.array_equal(customers.matrix, values)
    with clock:
        model = KMeans().fit(customers, KMeansParams.model_validate({"k": k}), QuietRun())
        labels = model.assign(customers)
    return {"within": within(values, model.centres), "k": len(model.centres), "labels": labels.len()}


def scikit_learn(clock: Clock, source: str, k: int) -> dict[str, Any]:
    """The estimator with its defaults but for the starts."""
    import numpy as np
    from sklearn.cluster import KMeans

    warnings.simplefilter("ignore")
    values = np.load(source)
    with clock:
        fitted = KMeans(k, n_init=10, random_state=42).fit(values)
    return {"within": within(values, fitted.cluster_centers_), "k": k, "labels": len(fitted.labels_)}


def within(values: Any, centres: Any) -> float:
    """The sum of squared distances to the nearest centre, in float64."""
    import numpy as np

    total = 0.0
    for start in range(0, len(values), 50_000):
        block = values[start : start + 50_000].astype(np.float64)
        squares = (block**2).sum(1)[:, None] - 2 * block @ centres.T + (centres**2).sum(1)
        total += float(squares.min(1).sum())
    return total
