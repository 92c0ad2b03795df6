"""RFM as one would write it by hand in polars: the other side of the benchmark of RFM."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import polars as pl

from benchmarks.side import Clock

RULES = [
    ("Champions", 5, 5, 5, 5, 5, 5),
    ("Potential Loyalist", 3, 5, 3, 5, 2, 5),
    ("Loyal Customers", 2, 4, 2, 4, 2, 4),
    ("Promising", 3, 4, 1, 2, 3, 5),
    ("New Customers", 4, 5, 1, 3, 1, 4),
    ("Can't Lose Them", 1, 2, 3, 4, 4, 5),
    ("At Risk", 1, 2, 2, 5, 4, 5),
    ("Need Attention", 1, 1, 3, 5, 3, 3),
    ("About To Sleep", 2, 3, 1, 3, 1, 4),
    ("Lost", 1, 1, 1, 5, 1, 5),
]


def measured(clock: Clock, source: str, figures: str) -> dict[str, int]:
    """The whole job, with "bare" figures or the "same" as segtui's."""
    with tempfile.TemporaryDirectory(prefix="segtui-benchmarks-") as folder, clock:
        scored = _scored(Path(source), figures)
        scored.write_csv(Path(folder) / "by_hand.csv")
    return {"customers": scored.height}


def _scored(source: Path, figures: str) -> pl.DataFrame:
    customers = (bare if figures == "bare" else same)(pl.scan_parquet(source)).collect(engine="streaming")
    customers = customers.filter(pl.col("last").is_not_null()).sort("customer")
    as_of = customers.select(pl.col("last").max() + timedelta(days=1)).item()
    customers = customers.with_columns(
        (pl.lit(as_of) - pl.col("last")).dt.total_days().alias("recency"), (pl.col("cents") / 100).alias("monetary")
    )
    if figures == "same":
        customers = customers.with_columns(
            (pl.lit(as_of) - pl.col("first")).dt.total_days().alias("tenure"),
            (pl.col("monetary") / pl.col("frequency")).alias("average_order"),
            (pl.col("returned") / 100).abs(),
        )
    scored = customers.with_columns(
        (6 - score(customers, "recency")).alias("R"),
        score(customers, "frequency").alias("F"),
        score(customers, "monetary").alias("M"),
    )
    segment: pl.Expr = pl.lit("Others")
    for name, r_low, r_high, f_low, f_high, m_low, m_high in reversed(RULES):
        inside = (
            pl.col("R").is_between(r_low, r_high)
            & pl.col("F").is_between(f_low, f_high)
            & pl.col("M").is_between(m_low, m_high)
        )
        segment = pl.when(inside).then(pl.lit(name)).otherwise(segment)
    return scored.select("customer", segment.alias("segment"))


def bare(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Last date, orders and spend of each customer, of purchases alone."""
    return (
        lines.filter(pl.col("customer").is_not_null() & (pl.col("amount") > 0))
        .group_by("customer")
        .agg(
            pl.col("order_date").max().alias("last"),
            pl.col("order_id").n_unique().alias("frequency"),
            cents().sum().alias("cents"),
        )
    )


def same(lines: pl.LazyFrame) -> pl.LazyFrame:
    """The figures of a customer that segtui's recipe makes: also first date, lines, returns and their sum."""
    bought = pl.col("amount") > 0
    return (
        lines.filter(pl.col("customer").is_not_null())
        .with_columns(
            pl.when(bought).then("order_date").alias("day"),
            pl.when(bought).then("order_id").alias("order"),
            pl.when(bought).then(cents()).alias("spent"),
            pl.when(~bought).then(cents()).otherwise(0).alias("back"),
            (~bought).cast(pl.Int32).alias("is_return"),
        )
        .group_by("customer")
        .agg(
            pl.col("day").max().alias("last"),
            pl.col("day").min().alias("first"),
            pl.col("order").drop_nulls().n_unique().alias("frequency"),
            pl.col("spent").sum().alias("cents"),
            pl.col("back").sum().alias("returned"),
            pl.col("is_return").sum().alias("returns"),
            pl.len().alias("lines"),
        )
    )


def cents() -> pl.Expr:
    """Amounts as whole cents, so that sums are exact."""
    return (pl.col("amount") * 100).round().cast(pl.Int64)


def score(customers: pl.DataFrame, name: str) -> pl.Expr:
    """Quintile scores, ties together."""
    expression: pl.Expr = pl.lit(1)
    for share in (0.2, 0.4, 0.6, 0.8):
        cut = customers[name].quantile(share, interpolation="linear")
        expression = expression + (pl.col(name) > cut).cast(pl.Int32)
    return expression
