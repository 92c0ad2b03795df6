"""What the values of a column amount to: asked cheaply first, and counted apart where something shows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from segtui.api.run import Run
from segtui.api.table import Kind
from segtui.read import distinct
from segtui.read.reading import ColumnReading
from segtui.read.waiting import collected


@dataclass(frozen=True)
class Measured:
    """`distinct` is of words and flags only; `exact` where it was counted over all rows; `smallest` and `largest`
    of numbers and dates; `doubtful` words that are empty or start with a blank; `early` order numbers that sort before
    D, as those of cancellations and plain numbers do; `missed` values that were there and could not be read, infinite
    and out of range ones among them."""

    rows: int
    nulls: int
    distinct: int
    exact: bool = False
    smallest: Any = None
    largest: Any = None
    negative: int = 0
    future: int = 0
    infinite: int = 0
    nan: int = 0
    misfits: int = 0
    doubtful: int = 0
    early: int = 0
    missed: int = 0
    endless: bool = False
    """Whether some values may be infinite or no number, which are yet to be counted apart."""

    @property
    def valid(self) -> int:
        """Values that are there."""
        return self.rows - self.nulls


def asked(
    index: int, name: str, reading: ColumnReading, today: date, *, count_distinct: bool, is_order: bool
) -> Iterator[pl.Expr]:
    """What one pass asks of a column, each under a name that starts with its `index`."""
    column = pl.col(name)

    def called(what: str, expression: pl.Expr) -> pl.Expr:
        return expression.alias(_key(index, what))

    yield called("nulls", column.null_count())
    if reading.kind is Kind.FLAG:
        yield called("distinct", distinct.counted(column))
    elif reading.kind is Kind.NUMBER:
        yield called("negative", (column < 0).sum())
        yield called("smallest", column.min())
        yield called("largest", column.max())
        yield called("sum", column.sum())
        if reading.decimals is not None and not reading.whole:
            yield called("misfits", misfits(column, reading.decimals))
    elif reading.kind is Kind.DATE:
        yield called("smallest", column.min().cast(pl.Datetime("us")))
        yield called("largest", column.max().cast(pl.Datetime("us")))
        yield called("future", (column.cast(pl.Date) > today).sum())
    else:
        if count_distinct:
            yield called("distinct", distinct.counted(column))
        yield called("doubtful", (column < "!").sum())
        if is_order:
            yield called("early", (column < "D").sum())


def measured(index: int, answers: Mapping[str, Any], rows: int) -> Measured:
    """The measures of a column of `rows` rows."""

    def value(what: str, default: Any = 0) -> Any:
        found = answers.get(_key(index, what), default)
        return default if found is None else found

    nulls = int(value("nulls"))
    return Measured(
        rows,
        nulls,
        int(value("distinct")),
        exact=_key(index, "distinct") in answers,
        smallest=value("smallest", None),
        largest=value("largest", None),
        negative=int(value("negative")),
        future=int(value("future")),
        misfits=int(value("misfits")),
        doubtful=int(value("doubtful")),
        early=int(value("early")),
        endless=not math.isfinite(value("sum")),
    )


def without_the_endless(frame: pl.LazyFrame, measures: Mapping[str, Measured], run: Run) -> dict[str, Measured]:
    """The measures of the columns some of whose values may be infinite or no number: these are missing."""
    doubtful = [name for name, measure in measures.items() if measure.endless]
    if not doubtful:
        return {}
    expressions = []
    for index, name in enumerate(doubtful):
        column = pl.col(name)
        finite = pl.when(column.is_finite()).then(column)
        counts = {"infinite": column.is_infinite().sum(), "nan": column.is_nan().sum()}
        counts |= {"smallest": finite.min(), "largest": finite.max()}
        expressions += [expression.alias(_key(index, what)) for what, expression in counts.items()]
    row = collected(frame.select(expressions), run, "looking at infinite numbers").row(0, named=True)
    found = {}
    for index, name in enumerate(doubtful):
        infinite, nan = (int(row[_key(index, what)] or 0) for what in ("infinite", "nan"))
        smallest, largest = (row[_key(index, what)] for what in ("smallest", "largest"))
        nulls = measures[name].nulls + infinite + nan
        found[name] = replace(
            measures[name], nulls=nulls, infinite=infinite, nan=nan, smallest=smallest, largest=largest, endless=False
        )
    return found


def misfits(column: pl.Expr, decimals: int) -> pl.Expr:
    """How many values have more decimals, or more than 15 digits in all. (Dividing by 10 ** decimals would not do:
    polars multiplies by the reciprocal.)"""
    number = column.cast(pl.Float64)
    return ((number.round(decimals) != number) | (number.abs() >= 10.0 ** (15 - decimals))).sum()


def _key(index: int, what: str) -> str:
    return f"{index}\x1f{what}"
