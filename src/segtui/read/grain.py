"""What one row stands for: a customer, an order, an order line, or something else."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from segtui.api.run import Run
from segtui.api.table import Grain, Role
from segtui.read.distinct import exact_distinct
from segtui.read.measures import Measured

_NEARLY = 0.9


def found(
    frame: pl.LazyFrame, roles: Mapping[Role, str], measures: Mapping[str, Measured], run: Run
) -> tuple[Grain, dict[str, int]]:
    """The grain by which identifier has no value twice; counted exactly where the estimate comes near. Also returns
    the exact counts."""
    customer, order = roles.get(Role.CUSTOMER), roles.get(Role.ORDER)
    close = [name for name in (customer, order) if name and measures[name].distinct >= measures[name].valid * _NEARLY]
    exact = {name: measures[name].distinct for name in close if measures[name].exact}
    exact |= exact_distinct(frame, [name for name in close if name not in exact], run)

    def unique(name: str | None) -> bool:
        return name is not None and name in exact and exact[name] == measures[name].rows

    if order is not None:
        return (Grain.ORDER if unique(order) else Grain.LINE), exact
    if unique(customer):
        return Grain.CUSTOMER, exact
    if customer is not None and Role.DATE in roles:
        return (Grain.LINE if Role.PRODUCT in roles else Grain.ORDER), exact
    return Grain.OTHER, exact
