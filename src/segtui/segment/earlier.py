"""An earlier segmentation as a column, so that methods which combine segmentations are methods like any other."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from segtui.api.customers import Customers
from segtui.api.segmentation import ShownSegment
from segtui.api.table import Column, Kind, Role


def with_segmentation(
    customers: Customers, name: str, labels: pl.Series, segments: Sequence[ShownSegment]
) -> Customers:
    """The customers with a category column `name` (role segment) of the names of their segments, null where unassigned.

    A column of that name is replaced.
    """
    codes = pl.Series([segment.code for segment in segments], dtype=pl.Int32)
    names = pl.Series([segment.name for segment in segments], dtype=pl.String)
    values = labels.replace_strict(codes, names, default=None, return_dtype=pl.String).alias(name)
    column = Column(
        name, Kind.CATEGORY, Role.SEGMENT, reason="segments of an earlier segmentation", levels=tuple(names.to_list())
    )
    return Customers(
        customers.frame.with_columns(values),
        customers.id,
        {**customers.columns, name: column},
        customers.features,
        customers.scaling,
        customers.as_of,
        customers.tables,
    )
