"""The columns that one row per customer gets from purchases: their names, formulas, units and roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw

from segtui.api.expression import parse
from segtui.api.table import Column, Kind, Role

if TYPE_CHECKING:
    from segtui.prepare.steps.purchases import Purchases

PERIOD_DAYS = {"days": 1, "weeks": 7}


def names(step: Purchases) -> tuple[str, ...]:
    """The names of the figures, the customer's id left out."""
    return tuple(described(step, {}))[1:]


def share_name(column: str, level: str) -> str:
    """The name of a share: channel and online give online_share; a level that says nothing alone keeps its column."""
    word = "_".join(level.lower().split())
    return f"{word}_share" if word.isidentifier() else f"{column}_{word}_share"


def finished(customers: nw.LazyFrame[Any], step: Purchases, as_of: date) -> nw.LazyFrame[Any]:
    """The figures made from the sums and counts of each customer."""
    day = as_of.isoformat()
    made: dict[str, Any] = {
        "recency": _days(f"days_between(last_date, {day})"),
        "tenure": _days(f"days_between(first_date, {day})"),
        "frequency": _distinct("__order", step) if step.order else nw.col("lines").cast(nw.Int64),
    }
    made["lines"] = nw.col("lines").cast(nw.Int64)
    if step.product:
        made["products"] = _distinct("__product", step)
    if step.amount:
        made["monetary"] = _money("__spent", step)
    customers = customers.with_columns(**made)
    made = {}
    if step.amount:
        made["average_order"] = _divided(nw.col("monetary"), nw.col("frequency").cast(nw.Float64))
    if step.returns:
        made["returns"] = nw.col("__returned").cast(nw.Int64)
        if step.amount:
            made["returned"] = _money("__money_back", step).abs()
    if step.repeats != "no":
        period = PERIOD_DAYS[step.repeats]
        made["x"] = _distinct("__days", step) - 1
        made["t_x"] = (parse("days_between(first_date, last_date)").to(nw) / period).cast(nw.Float64)
        made["T"] = (parse(f"days_between(first_date, {day})").to(nw) / period).cast(nw.Float64)
    whole = nw.col("__spent") if step.amount else nw.col("lines")
    for place, share in enumerate(step.shares):
        for level_place, level in enumerate(share.levels):
            part = nw.col(f"__share_{place}_{level_place}").cast(nw.Float64)
            made[share_name(share.column, level)] = _divided(part, whole.cast(nw.Float64))
    return customers.with_columns(**made) if made else customers


def described(step: Purchases, before: Mapping[str, Column]) -> dict[str, Column]:
    """What the new columns hold, the customer's id first."""
    unit = before[step.amount].unit if step.amount and before else ""
    known = before.get(step.customer)
    found = [
        Column(
            step.customer,
            Kind.IDENTIFIER,
            Role.CUSTOMER,
            "one row each",
            personal=known.personal if known else None,
            sensitive=known.sensitive if known else False,
        ),
        Column(
            "recency", Kind.NUMBER, Role.RECENCY, "days from the last purchase to the as-of day", "days", decimals=0
        ),
        Column("frequency", Kind.NUMBER, Role.FREQUENCY, "orders" if step.order else "purchases", "orders", decimals=0),
    ]
    if step.amount:
        found += [
            Column("monetary", Kind.NUMBER, Role.MONETARY, "amount of all purchases", unit, decimals=step.decimals),
            Column("average_order", Kind.NUMBER, None, "monetary by frequency", unit),
        ]
    found += [
        Column("tenure", Kind.NUMBER, None, "days from the first purchase to the as-of day", "days", decimals=0),
        Column("first_date", Kind.DATE, None, "first purchase"),
        Column("last_date", Kind.DATE, None, "last purchase"),
        Column("lines", Kind.NUMBER, None, "purchase lines", decimals=0),
    ]
    if step.quantity:
        found.append(Column("items", Kind.NUMBER, None, "quantity of all purchases", "items"))
    if step.product:
        found.append(Column("products", Kind.NUMBER, None, "distinct products", decimals=0))
    if step.returns:
        found.append(Column("returns", Kind.NUMBER, None, "lines of returns", decimals=0))
        found += (
            [Column("returned", Kind.NUMBER, None, "amount of returns", unit, decimals=step.decimals)]
            if step.amount
            else []
        )
    if step.repeats != "no":
        found += [
            Column("x", Kind.NUMBER, None, "days with a repeat purchase", decimals=0),
            Column("t_x", Kind.NUMBER, None, "from the first to the last purchase", step.repeats),
            Column("T", Kind.NUMBER, None, "from the first purchase to the as-of day", step.repeats),
        ]
    for share in step.shares:
        of = "spend" if step.amount else "lines"
        found += [
            Column(share_name(share.column, level), Kind.NUMBER, None, f"share of {of}, by {share.column}", "share")
            for level in share.levels
        ]
    if step.gaps:
        found += [
            Column("median_gap", Kind.NUMBER, None, "median of the days between purchases", "days"),
            Column("gap_90", Kind.NUMBER, None, "90th percentile of the days between purchases", "days"),
        ]
    found += [_descriptor(before, item.column, item.by) for item in step.descriptors]
    return {column.name: column for column in found}


def _descriptor(before: Mapping[str, Column], column: str, by: str) -> Column:
    known = before.get(column, Column(column, Kind.CATEGORY))
    return replace(known, role=None, reason=f"the {by} value")


def _distinct(name: str, step: Purchases) -> Any:
    """A number of distinct values; returns are missing values, and those count as one."""
    missing = nw.when(nw.col("__returned") > 0).then(nw.lit(1)).otherwise(nw.lit(0)) if step.returns else nw.lit(0)
    return nw.col(name).cast(nw.Int64) - missing


def _days(formula: str) -> Any:
    return parse(formula).to(nw).cast(nw.Int64)


def _money(name: str, step: Purchases) -> Any:
    decimals = step.decimals or 0
    return (nw.col(name).cast(nw.Float64) / float(10**decimals)).round(decimals)


def _divided(part: Any, whole: Any) -> Any:
    return nw.when(whole != 0).then(part / whole)
