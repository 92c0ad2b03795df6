"""Figures of a customer that need the lines in order: descriptors, and the days between purchases. polars alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from segtui.api.params import ColumnName


class Descriptor(BaseModel):
    """One value of a column for each customer. Of equally frequent values the first in the alphabet is taken, of
    several on the latest day the last in the file; missing ones are passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: ColumnName = Field(description="such as country or channel")
    by: Literal["most frequent", "latest"] = Field("most frequent", description="which value to take")


def gaps_of(lines: pl.LazyFrame, key: str, day: str) -> pl.LazyFrame:
    """Median and 90th percentile (linear between ranks) of the days between a customer's distinct purchase days."""
    days = lines.select(key, day).unique().sort(key, day)
    gap = pl.col(day).diff().dt.total_days().cast(pl.Float64)
    same = pl.col(key) == pl.col(key).shift()
    return (
        days.with_columns(pl.when(same).then(gap).alias("gap"))
        .group_by(key)
        .agg(
            pl.col("gap").median().alias("median_gap"),
            pl.col("gap").quantile(0.9, interpolation="linear").alias("gap_90"),
        )
    )


def with_descriptors(
    customers: pl.LazyFrame, lines: pl.LazyFrame, key: str, date: str, row: str, wanted: Sequence[Descriptor]
) -> pl.LazyFrame:
    """`customers` with one column for each descriptor."""
    for descriptor in wanted:
        name = descriptor.column
        known = lines.filter(pl.col(name).is_not_null()).select(key, name, date, row)
        if descriptor.by == "latest":
            found = known.sort(key, date, row).group_by(key, maintain_order=True).agg(pl.col(name).last())
        else:
            counted = known.group_by(key, name).len().sort([key, "len", name], descending=[False, True, False])
            found = counted.group_by(key, maintain_order=True).agg(pl.col(name).first())
        customers = customers.join(found, on=key, how="left")
    return customers
