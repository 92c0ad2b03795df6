"""Run in a process of its own, with its own number of threads: prints a hash of the labels of each method."""

from __future__ import annotations

import hashlib
import sys
from typing import Any

import numpy as np
import polars as pl
from laws import customers_of, fitted

from segtui.api import Customers, Method, ScaledFeature, Scaling
from segtui_behaviour.rfm import Rfm
from segtui_clusters.kmeans import KMeans


def purchases(count: int) -> pl.DataFrame:
    """Purchases full of ties: few days, few amounts, and amounts that are not exact in binary."""
    random = np.random.default_rng(11)
    customers = random.integers(0, count // 8, count)
    return pl.DataFrame(
        {
            "id": customers,
            "day": random.integers(0, 60, count) // (1 + customers % 4),
            "cents": random.choice([110, 230, 499, 499, 1001], count) * (1 + customers % 3),
        }
    )


def customers(count: int) -> Customers:
    frame = (
        purchases(count)
        .group_by("id")
        .agg(
            recency=60 - pl.col("day").max(),
            frequency=pl.len().cast(pl.Int64),
            monetary=pl.col("cents").sum() / 100,
            days=pl.col("day").n_unique().cast(pl.Int64),
        )
        .sort("id")
        .with_columns(pl.col("id").cast(pl.String))
    )
    found = customers_of(frame)
    features = []
    for name in found.features:
        values = frame[name].to_numpy().astype(np.float64)
        features.append(ScaledFeature(name, centre=(float(values.mean()),), spread=(float(values.std()),)))
    return Customers(frame, "id", found.columns, found.features, Scaling(tuple(features)))


def main(count: int) -> None:
    everyone = customers(count)
    runs: list[tuple[Method[Any, Any], dict[str, Any]]] = [
        (Rfm(), {}),
        (Rfm(), {"binning": "nested"}),
        (KMeans(), {"k": 6, "starts": 5, "sample": max(1_000, len(everyone) // 3)}),
        (KMeans(), {"k": "2..5", "starts": 3}),
    ]
    for method, params in runs:
        labels = fitted(method, everyone, **params).assign(everyone)
        print(hashlib.sha256(labels.to_numpy().tobytes()).hexdigest())


if __name__ == "__main__":
    main(int(sys.argv[1]))
