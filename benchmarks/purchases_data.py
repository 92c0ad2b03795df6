"""Purchases for benchmarks: as many lines as wanted, from a seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

FIRST_DAY, DAYS = 19_000, 730
LINES_PER_ORDER = 3


def write_parquet(path: Path, lines: int) -> None:
    """As Parquet, in row groups of the usual size."""
    purchases(lines).write_parquet(path, compression="zstd", row_group_size=500_000)


def write_csv(path: Path, lines: int) -> None:
    """As CSV, amounts with two decimals."""
    purchases(lines).write_csv(path, float_precision=2)


def purchases(lines: int, seed: int = 42) -> pl.DataFrame:
    """`lines` order lines of a tenth as many customers, whose habits differ; 1 % without one, 1 % negative."""
    random = np.random.default_rng(seed)
    customers = max(lines // 10, 1)
    weight = random.gamma(0.8, 1.0, customers)
    orders = lines // LINES_PER_ORDER + 1
    buyer = random.choice(customers, orders, p=weight / weight.sum())
    day = FIRST_DAY + (DAYS * random.beta(1.4, 1.0, orders)).astype(np.int32)
    order = np.repeat(np.arange(orders), LINES_PER_ORDER)[:lines]
    cents = np.rint(np.exp(random.normal(6.5, 1.0, lines))).astype(np.int64)
    cents[random.random(lines) < 0.01] *= -1
    return pl.DataFrame({"order": order, "buyer": buyer[order], "day": day[order], "cents": cents}).select(
        pl.format("O{}", pl.col("order").cast(pl.String).str.zfill(8)).alias("order_id"),
        pl.when(pl.int_range(pl.len()) % 97 > 0)
        .then(pl.format("C{}", pl.col("buyer").cast(pl.String).str.zfill(7)))
        .alias("customer"),
        pl.col("day").cast(pl.Date).alias("order_date"),
        pl.Series("amount", cents / 100),
    )
