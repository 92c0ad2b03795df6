"""What one streaming pass over a typed frame tells of every column: nulls, range, how many different values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from segtui.api.run import PartOfRun, Run
from segtui.api.table import Kind
from segtui.read.reading import ColumnReading
from segtui.read.waiting import collected

_COLUMNS_A_PASS = 400
EXTRA = "extra\x1f"
WORDS = (Kind.IDENTIFIER, Kind.CATEGORY, Kind.TEXT)
MANY_ROWS = 2_000_000
FIRST_ROWS = 1_000_000
PLAINLY = 0.7


@dataclass(frozen=True)
class Measured:
    """`distinct`, of words and flags only, is approximate (within about 3 %) unless `exact`; `smallest` and `largest`
    of numbers and dates; `doubtful` words that are empty or start with a blank; `missed` values that were there and
    could not be read, infinite and out of range ones among them."""

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
    missed: int = 0

    @property
    def valid(self) -> int:
        """Values that are there."""
        return self.rows - self.nulls


def measured(
    frame: pl.LazyFrame,
    readings: Mapping[str, ColumnReading],
    today: date,
    rows: int,
    run: Run,
    extra: Iterable[pl.Expr] = (),
) -> tuple[dict[str, Measured], dict[str, Any]]:
    """Measures of every column of a typed frame of about `rows` rows, and the values of the `extra` expressions by
    name. In a long frame, words are told apart in its first rows, and only those that hardly repeat there in all."""
    words = [name for name, reading in readings.items() if reading.kind in WORDS]
    repeating = _repeating(frame, words, run) if rows > MANY_ROWS else {}
    names = list(readings)
    found: dict[str, Measured] = {}
    others: dict[str, Any] = {}
    for start in range(0, len(names), _COLUMNS_A_PASS):
        part = names[start : start + _COLUMNS_A_PASS]
        expressions = [pl.len().alias("rows")]
        for index, name in enumerate(part):
            expressions += _expressions(index, name, readings[name], today, name not in repeating)
        if start == 0:
            expressions += extra
        share = PartOfRun(run, start / len(names), min((start + _COLUMNS_A_PASS) / len(names), 1.0))
        row = collected(frame.select(expressions), share, "looking at every column").row(0, named=True)
        rows = int(row["rows"])
        for index, name in enumerate(part):
            found[name] = _measured(index, row | _known(index, repeating.get(name)), rows)
        others |= {name: value for name, value in row.items() if name.startswith(EXTRA)}
    return found, others


def exact_distinct(frame: pl.LazyFrame, names: Sequence[str], run: Run) -> dict[str, int]:
    """How many different values (nulls apart) some columns have, exactly."""
    if not names:
        return {}
    hashed = [pl.col(name).drop_nulls().hash(1).n_unique().alias(str(index)) for index, name in enumerate(names)]
    row = collected(frame.select(hashed), run, "counting different values").row(0)
    return dict(zip(names, map(int, row), strict=True))


def _repeating(frame: pl.LazyFrame, names: Sequence[str], run: Run) -> dict[str, int]:
    """The columns whose values plainly repeat in the first rows, with how many values differ there."""
    if not names:
        return {}
    first = frame.head(FIRST_ROWS).select(
        expression
        for index, name in enumerate(names)
        for expression in (
            pl.col(name).approx_n_unique().alias(f"{index}\x1fdistinct"),
            pl.col(name).count().alias(f"{index}\x1fvalid"),
        )
    )
    row = collected(first, PartOfRun(run, 0.0, 0.1), "looking at the first rows").row(0, named=True)
    counts = {name: (row[f"{index}\x1fdistinct"], row[f"{index}\x1fvalid"]) for index, name in enumerate(names)}
    return {name: int(distinct) for name, (distinct, valid) in counts.items() if distinct < PLAINLY * valid}


def _known(index: int, distinct: int | None) -> dict[str, int]:
    return {} if distinct is None else {f"{index}\x1fdistinct": distinct}


def _expressions(index: int, name: str, reading: ColumnReading, today: date, count_distinct: bool) -> list[pl.Expr]:
    column = pl.col(name)
    found = [column.null_count().alias(f"{index}\x1fnulls")]
    if reading.kind is Kind.FLAG:
        return [*found, column.drop_nulls().n_unique().alias(f"{index}\x1fdistinct")]
    if reading.kind in WORDS:
        found += [column.approx_n_unique().alias(f"{index}\x1fdistinct")] if count_distinct else []
        found.append((column < "!").sum().alias(f"{index}\x1fdoubtful"))
    if reading.kind is Kind.NUMBER:
        found += [
            (column < 0).sum().alias(f"{index}\x1fnegative"),
            pl.when(column.is_finite()).then(column).min().alias(f"{index}\x1fsmallest"),
            pl.when(column.is_finite()).then(column).max().alias(f"{index}\x1flargest"),
            column.is_infinite().sum().alias(f"{index}\x1finfinite"),
            column.is_nan().sum().alias(f"{index}\x1fnan"),
        ]
        if reading.decimals is not None and not reading.whole:
            found.append(misfits(column, reading.decimals).alias(f"{index}\x1fmisfits"))
    elif reading.kind is Kind.DATE:
        found += [
            column.min().cast(pl.Datetime("us")).alias(f"{index}\x1fsmallest"),
            column.max().cast(pl.Datetime("us")).alias(f"{index}\x1flargest"),
            (column.cast(pl.Date) > today).sum().alias(f"{index}\x1ffuture"),
        ]
    return found


def misfits(column: pl.Expr, decimals: int) -> pl.Expr:
    """How many values have more decimals, or more than 15 digits in all. (Dividing by 10 ** decimals would not do:
    polars multiplies by the reciprocal.)"""
    number = column.cast(pl.Float64)
    return ((number.round(decimals) != number) | (number.abs() >= 10.0 ** (15 - decimals))).sum()


def _measured(index: int, row: Mapping[str, Any], rows: int) -> Measured:
    def value(what: str, default: Any = 0) -> Any:
        found = row.get(f"{index}\x1f{what}", default)
        return default if found is None else found

    nulls = int(value("nulls")) + int(value("nan")) + int(value("infinite"))
    distinct = int(value("distinct"))
    return Measured(
        rows,
        nulls,
        max(distinct - (1 if nulls and distinct > 1 and nulls < rows else 0), 0) if nulls < rows else 0,
        smallest=value("smallest", None),
        largest=value("largest", None),
        negative=int(value("negative")),
        future=int(value("future")),
        infinite=int(value("infinite")),
        nan=int(value("nan")),
        misfits=int(value("misfits")),
        doubtful=int(value("doubtful")),
    )
